// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/layers.h"

namespace bitscape {
namespace {

/// The only reader of a node, or -1.
int onlyReader(const std::vector<std::vector<int>>& readers, int node)
{
    const auto& all = readers[static_cast<std::size_t>(node)];
    return all.size() == 1 ? all.front() : -1;
}

Layer layerAt(const Graph& graph, const std::vector<std::vector<int>>& readers, int index)
{
    const Node& node = graph.nodes[static_cast<std::size_t>(index)];
    const Shape& input = graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape;
    Layer layer;
    layer.node = layer.tap = index;
    layer.name = node.name;
    layer.op = node.op;
    layer.filters = node.filters;
    layer.inputs = input.channels;
    layer.groups = node.groups;
    layer.kernelArea = node.kernel[0] * node.kernel[1];
    layer.positions = node.shape.positions();
    int next = onlyReader(readers, index);
    if (next >= 0 && graph.nodes[static_cast<std::size_t>(next)].op == Op::BatchNorm) {
        layer.batchNorm = layer.tap = next;
        next = onlyReader(readers, next);
    }
    if (next >= 0) {
        const Node& behind = graph.nodes[static_cast<std::size_t>(next)];
        if (isActivation(behind.op)) {
            layer.tap = next;
            layer.unsignedTap = isUnsigned(behind);
        }
    }
    layer.hasBias = !node.bias.empty() || layer.batchNorm >= 0;
    return layer;
}

/// The first layers have none in front of them, the last ones none behind.
void markEdges(const Graph& graph, std::vector<Layer>& layers, bool keepFirstLast)
{
    std::vector<bool> isBehind(graph.nodes.size()), isBefore(graph.nodes.size());
    const auto isLayer = [&](int node) {
        const Op op = graph.nodes[static_cast<std::size_t>(node)].op;
        return op == Op::Conv2d || op == Op::Linear;
    };
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const int input : graph.nodes[i].inputs)
            isBehind[i] = isBehind[i] || isLayer(input) || isBehind[static_cast<std::size_t>(input)];
    }
    for (std::size_t i = graph.nodes.size(); i-- > 0;) {
        for (const int input : graph.nodes[i].inputs)
            if (isBefore[i] || isLayer(static_cast<int>(i)))
                isBefore[static_cast<std::size_t>(input)] = true;
    }
    for (Layer& layer : layers) {
        layer.first = !isBehind[static_cast<std::size_t>(layer.node)];
        layer.last = !isBefore[static_cast<std::size_t>(layer.node)];
        layer.quantizable = !keepFirstLast || (!layer.first && !layer.last);
    }
}

} // namespace

std::vector<Layer> layersOf(const Graph& graph, bool keepFirstLast)
{
    const auto readers = readersOf(graph);
    std::vector<Layer> layers;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].op == Op::Conv2d || graph.nodes[i].op == Op::Linear)
            layers.push_back(layerAt(graph, readers, static_cast<int>(i)));
    }
    markEdges(graph, layers, keepFirstLast);
    return layers;
}

} // namespace bitscape
