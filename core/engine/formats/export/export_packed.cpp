// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/export_packed.h"

#include "core/engine/formats/export/packed_bits.h"
#include "core/engine/network/fold.h"
#include "core/network/cost.h"
#include "core/network/graph_json.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace bitscape {
namespace {

constexpr std::size_t kHeadBytes = 28;

/// The folded network, its normalisations turned into the identities that they have become.
Graph foldedGraph(Graph graph)
{
    graph.tensors.clear();
    for (Node& node : graph.nodes) {
        if (node.op == Op::Identity)
            node.weight = node.bias = node.mean = node.variance = {};
        if (!node.inputs.empty())
            std::ranges::move(
                tensorsOf(node, graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape), std::back_inserter(graph.tensors));
    }
    checkGraph(graph);
    return graph;
}

/// What a batch normalisation directly behind the layer multiplies each filter with; 1 where there is none.
at::Tensor factors(const Deployable& network, const Layer& layer)
{
    if (layer.batchNorm < 0)
        return at::ones({ layer.filters });
    const Node& norm = network.graph.nodes[static_cast<std::size_t>(layer.batchNorm)];
    return network.tensors.at(norm.weight) / at::sqrt(network.tensors.at(norm.variance) + norm.epsilon);
}

class PackedWriter final {
public:
    explicit PackedWriter(const Deployable& network)
        : m_network(network)
        , m_folded(foldBatchNorm(network.graph, network.tensors))
        , m_graph(foldedGraph(m_folded.graph))
        , m_bits(network.isQuantized() ? network.bits : uniformBits(network.layers, kFullPrecisionBits, kFullPrecisionBits))
    {
    }

    std::string bytes()
    {
        for (std::size_t i = 0; i < m_network.layers.size(); ++i) {
            describe(i);
            pack(i);
        }
        const std::string text = description();
        appendNumber(m_layers, text.size(), 4);
        m_layers += text + otherTensors();
        const std::string codes = m_codes.bytes();
        const std::size_t header = kHeadBytes + m_layers.size();
        if (header > std::numeric_limits<std::uint32_t>::max())
            throw Error(
                ErrorCode::Unsupported, "The network has more than 4 GiB of parameters outside its layers, which cannot be packed.");
        std::string all = "BITSPACK";
        appendNumber(all, 1, 4);
        appendNumber(all, m_network.layers.size(), 4);
        appendNumber(all, header, 4);
        appendNumber(all, m_floats.size() * 8 + m_codes.count(), 8);
        return all + m_layers + m_floats + codes;
    }

private:
    void describe(std::size_t at)
    {
        const Layer& layer = m_network.layers[at];
        const std::string name = layer.name.substr(0, std::numeric_limits<std::uint16_t>::max());
        appendNumber(m_layers, name.size(), 2);
        m_layers += name;
        appendNumber(m_layers, m_network.quantizer.grid == Grid::Narrow ? 1 : 0, 1);
        appendNumber(m_layers, layer.hasBias ? 1 : 0, 1);
        appendNumber(m_layers, static_cast<std::uint64_t>(layer.filters), 4);
        appendNumber(m_layers, static_cast<std::uint64_t>(layer.weightsPerFilter()), 4);
        m_layers.append(m_bits[at].begin(), m_bits[at].end());
    }

    void pack(std::size_t at)
    {
        const Layer& layer = m_network.layers[at];
        const Node& node = m_folded.graph.nodes[static_cast<std::size_t>(layer.node)];
        const at::Tensor weight = m_folded.tensors.at(node.weight).contiguous(), factor = factors(m_network, layer).contiguous();
        const at::Tensor bias = layer.hasBias ? m_folded.tensors.at(node.bias).contiguous() : at::Tensor();
        const auto count = static_cast<std::size_t>(layer.weightsPerFilter());
        for (std::size_t f = 0; f < m_bits[at].size(); ++f) {
            const int bits = m_bits[at][f];
            if (bits == 0)
                continue;
            if (bits < kFullPrecisionBits)
                appendFloat(m_floats, m_network.weights[at].scales[f] * factor.data_ptr<float>()[f]);
            if (layer.hasBias)
                appendFloat(m_floats, bias.data_ptr<float>()[f]);
            for (std::size_t i = f * count; i < (f + 1) * count; ++i)
                m_codes.append(bits == kFullPrecisionBits ? patternOf(weight.data_ptr<float>()[i])
                                                          : codeOf(m_network.weights[at].levels[i], bits, m_network.quantizer.grid),
                    bits);
        }
    }

    std::string description() const
    {
        nlohmann::ordered_json text { { "name", m_network.name }, { "graph", nlohmann::ordered_json::parse(graphToJson(m_graph)) } };
        for (const auto& [node, grid] : activationGrids(m_network))
            text["activations"].push_back({ { "node", m_graph.nodes[static_cast<std::size_t>(node)].name },
                { "bits", m_network.activationBits }, { "scale", grid.scale }, { "lowest", grid.lowest }, { "highest", grid.highest } });
        if (!m_network.normalisation.mean.empty()) {
            text["mean"] = m_network.normalisation.mean;
            text["std"] = m_network.normalisation.stddev;
        }
        if (!m_network.classNames.empty())
            text["classes"] = m_network.classNames;
        return text.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    }

    std::string otherTensors() const
    {
        std::string raw;
        for (const std::string& name : tensorsOutsideLayers(m_graph)) {
            const at::Tensor plain = m_folded.tensors.at(name).contiguous();
            raw.append(reinterpret_cast<const char*>(plain.data_ptr<float>()), static_cast<std::size_t>(plain.numel()) * sizeof(float));
        }
        return raw;
    }

    const Deployable& m_network;
    FoldedNetwork m_folded;
    Graph m_graph;
    LayerBits m_bits;
    std::string m_layers, m_floats;
    BitStream m_codes;
};

} // namespace

std::string exportPacked(const Deployable& network)
{
    return PackedWriter(network).bytes();
}

} // namespace bitscape
