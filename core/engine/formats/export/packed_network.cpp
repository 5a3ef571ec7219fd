// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/packed_network.h"

#include "core/engine/formats/export/packed_bits.h"
#include "core/engine/quantize/activations.h"
#include "core/network/graph_json.h"
#include "core/network/layers.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <bitscape_packed.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace bitscape {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "'" + file.string() + "' " + what + ": write it again.");
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::string all { std::istreambuf_iterator<char>(in), {} };
    if (!in)
        refuse(file, "cannot be read");
    return all;
}

/// Fills one layer's weights and bias.
void readLayer(const std::filesystem::path& file, bitscape_reader& reader, const Layer& layer, const Node& node, TensorMap& tensors)
{
    bitscape_layer found {};
    if (bitscape_next_layer(&reader, &found) != 1 || found.filters != layer.filters || found.weights != layer.weightsPerFilter())
        refuse(file, "does not hold the weights of layer '" + layer.name + "'");
    float* weights = tensors.at(node.weight).data_ptr<float>();
    float* biases = node.bias.empty() ? nullptr : tensors.at(node.bias).data_ptr<float>();
    for (std::uint32_t f = 0; f < found.filters; ++f) {
        float bias = 0;
        if (bitscape_next_filter(&reader, nullptr, &bias, nullptr, weights + std::size_t { f } * found.weights) != 0)
            refuse(file, "ends within layer '" + layer.name + "'");
        if (biases)
            biases[f] = bias;
    }
}

/// The tensors that stand behind the text in the header, from `at` on.
void readOthers(const std::filesystem::path& file, const Graph& graph, const std::string& all, std::size_t at, TensorMap& tensors)
{
    for (const std::string& name : tensorsOutsideLayers(graph)) {
        at::Tensor& tensor = tensors.at(name);
        const std::size_t size = static_cast<std::size_t>(tensor.numel()) * sizeof(float);
        if (all.size() - at < size)
            refuse(file, "ends within tensor '" + name + "'");
        std::memcpy(tensor.data_ptr(), all.data() + at, size);
        at += size;
    }
}

NodeHook quantizerOf(const Graph& graph, const nlohmann::json& description)
{
    std::map<int, ActivationGrid> grids;
    for (const nlohmann::json& each : description.value("activations", nlohmann::json::array())) {
        const auto found = std::ranges::find(graph.nodes, each.at("node").get<std::string>(), &Node::name);
        grids[static_cast<int>(found - graph.nodes.begin())]
            = { each.at("scale").get<float>(), each.at("lowest").get<float>(), each.at("highest").get<float>() };
    }
    return grids.empty() ? NodeHook() : activationQuantizer(grids);
}

} // namespace

InferenceNetwork readPacked(const std::filesystem::path& file)
{
    const std::string all = contentOf(file);
    bitscape_reader reader {};
    if (bitscape_open(&reader, all.data(), all.size()) != 0)
        refuse(file, "is no packed network, or is damaged");
    bitscape_reader ahead = reader; // the text stands behind the descriptions of all layers
    bitscape_layer skipped {};
    while (ahead.left > 0 && bitscape_next_layer(&ahead, &skipped) == 1)
        ahead.filter = skipped.filters;
    const std::size_t length = static_cast<std::size_t>(bitscape_number(ahead.data + ahead.at, 4));
    const std::size_t begin = ahead.at + 4;
    if (all.size() - begin < length)
        refuse(file, "ends within its description");
    InferenceNetwork network;
    try {
        const auto description = nlohmann::json::parse(
            all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(begin + length));
        network.folded.graph = graphFromJson(description.at("graph").dump());
        network.hook = quantizerOf(network.folded.graph, description);
    } catch (const nlohmann::json::exception& error) {
        refuse(file, std::string("has a damaged description (") + error.what() + ")");
    }
    const Graph& graph = network.folded.graph;
    for (const TensorInfo& tensor : graph.tensors)
        network.folded.tensors[tensor.name] = at::zeros(tensor.shape);
    for (const Layer& layer : layersOf(graph))
        readLayer(file, reader, layer, graph.nodes[static_cast<std::size_t>(layer.node)], network.folded.tensors);
    readOthers(file, graph, all, begin + length, network.folded.tensors);
    network.folded.tensors = placed(network.folded.tensors, at::kCPU);
    return network;
}

} // namespace bitscape
