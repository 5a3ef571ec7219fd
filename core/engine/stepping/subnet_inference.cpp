// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepping/subnet_inference.h"

#include <ATen/ATen.h>

#include <memory>

namespace bitscape {

FoldedNetwork foldedSubnets(const Graph& graph, const TensorMap& tensors, double pruneBelow)
{
    const at::NoGradGuard noGradient;
    TensorMap kept = tensors;
    for (const Node& node : graph.nodes) {
        if (node.op == Op::Conv2d || node.op == Op::Linear)
            kept[node.weight] = kept.at(node.weight) * kept.at(node.weight).abs().ge(pruneBelow);
    }
    return foldBatchNorm(graph, kept);
}

InferenceNetwork subnetNetwork(const FoldedNetwork& folded, SubnetPlan plan)
{
    const at::NoGradGuard noGradient;
    const auto shared = std::make_shared<const SubnetPlan>(std::move(plan));
    InferenceNetwork network { { folded.graph, placed(subnetTensors(folded.graph, *shared, folded.tensors, 0), at::kCPU) }, {}, {} };
    network.reader
        = [shared, read = readerOf(*shared)](int node, std::size_t operand, const at::Tensor& value) { return read(node, operand, value); };
    return network;
}

} // namespace bitscape
