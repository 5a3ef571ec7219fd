// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/export_subnets.h"

#include "core/engine/formats/export/export_onnx.h"
#include "core/network/cost.h"
#include "core/network/subnet_graph.h"

#include <algorithm>

namespace bitscape {
namespace {

/// Per node of the network, the first subnet that has it.
std::vector<std::size_t> firstSubnets(const Graph& graph)
{
    std::vector<std::size_t> first(graph.nodes.size(), graph.subnets.size());
    for (std::size_t k = graph.subnets.size(); k-- > 0;) {
        for (const int node : leadingTo(graph, graph.subnets[k]).nodes)
            first[static_cast<std::size_t>(node)] = k;
    }
    return first;
}

std::int64_t macsOf(const Deployable& network)
{
    const LayerBits full = uniformBits(network.layers, kFullPrecisionBits, kFullPrecisionBits);
    return costOf(network.graph, network.layers, network.isQuantized() ? network.bits : full).macs;
}

/// Nodes of this step that a later one reads.
std::vector<int> keptBy(std::size_t step, const Graph& graph, const std::vector<std::size_t>& first)
{
    std::vector<int> kept;
    const auto readers = readersOf(graph);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const bool isLogits = static_cast<int>(i) == graph.subnets[step];
        if (first[i] == step && !isLogits && graph.nodes[i].op != Op::Input
            && std::ranges::any_of(readers[i], [&](int reader) { return first[static_cast<std::size_t>(reader)] > step; }))
            kept.push_back(static_cast<int>(i));
    }
    return kept;
}

} // namespace

Deployable subnetOf(const Deployable& network, std::size_t subnet)
{
    PartialGraph part = leadingTo(network.graph, network.graph.subnets[subnet]);
    Deployable own = network;
    own.name += ".s" + std::to_string(subnet + 1);
    own.layers = layersOf(part.graph);
    own.bits.clear();
    own.weights.clear();
    own.ranges.clear();
    const auto positions = layersIn(part, own.layers, network.layers);
    for (std::size_t i = 0; i < positions.size(); ++i) {
        own.layers[i].quantizable = network.layers[positions[i]].quantizable;
        if (network.isQuantized()) {
            own.bits.push_back(network.bits[positions[i]]);
            own.weights.push_back(network.weights[positions[i]]);
        }
        if (!network.ranges.empty())
            own.ranges.push_back(network.ranges[positions[i]]);
    }
    own.graph = std::move(part.graph);
    return own;
}

std::vector<std::string> exportOnnxSteps(const Deployable& network)
{
    const Graph& whole = network.graph;
    const auto first = firstSubnets(whole);
    std::vector<std::string> names(whole.nodes.size()); // of what the steps so far have made
    std::vector<std::string> files;
    std::int64_t before = 0;
    for (std::size_t step = 0; step < whole.subnets.size(); ++step) {
        const Deployable own = subnetOf(network, step);
        const auto nodes = leadingTo(whole, whole.subnets[step]).nodes;
        const auto placeOf = [&](int node) { return static_cast<int>(std::ranges::find(nodes, node) - nodes.begin()); };
        OnnxCut cut;
        for (const int node : nodes)
            cut.given.push_back(first[static_cast<std::size_t>(node)] < step ? names[static_cast<std::size_t>(node)] : "");
        for (const int node : keptBy(step, whole, first))
            cut.outputs.push_back(placeOf(node));
        OnnxModel model;
        const auto made = writeOnnxNetwork(own, onnxDialect(own), model, &cut);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            std::string& name = names[static_cast<std::size_t>(nodes[i])];
            name = name.empty() ? made[i] : name;
        }
        const std::int64_t macs = macsOf(own);
        model.note("bitscape.step", std::to_string(step + 1));
        model.note("bitscape.steps", std::to_string(whole.subnets.size()));
        model.note("bitscape.macs", std::to_string(macs - before));
        before = macs;
        files.push_back(model.bytes());
    }
    return files;
}

} // namespace bitscape
