// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/network/fold.h"

#include "core/network/layers.h"

#include <ATen/ATen.h>

namespace bitscape {
namespace {

void foldOne(FoldedNetwork& network, const Layer& layer)
{
    Node& node = network.graph.nodes[static_cast<std::size_t>(layer.node)];
    Node& norm = network.graph.nodes[static_cast<std::size_t>(layer.batchNorm)];
    TensorMap& tensors = network.tensors;
    const at::Tensor factor = tensors.at(norm.weight) / at::sqrt(tensors.at(norm.variance) + norm.epsilon);
    at::Tensor shift = tensors.at(norm.bias) - tensors.at(norm.mean) * factor;
    if (!node.bias.empty())
        shift = shift + tensors.at(node.bias) * factor;
    std::vector<std::int64_t> perFilter(static_cast<std::size_t>(tensors.at(node.weight).dim()), 1);
    perFilter[0] = -1;
    tensors[node.weight] = tensors.at(node.weight) * factor.view(perFilter);
    node.bias = node.name + ".folded_bias";
    tensors[node.bias] = shift;
    norm.op = Op::Identity;
}

} // namespace

FoldedNetwork foldBatchNorm(const Graph& graph, const TensorMap& tensors)
{
    const at::NoGradGuard noGradient;
    FoldedNetwork network { graph, tensors };
    for (const Layer& layer : layersOf(graph)) {
        if (layer.batchNorm >= 0)
            foldOne(network, layer);
    }
    return network;
}

} // namespace bitscape
