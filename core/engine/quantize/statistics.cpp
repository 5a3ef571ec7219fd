// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/quantize/statistics.h"

#include <ATen/ATen.h>

namespace bitscape {

TensorMap recalibrated(
    const Graph& graph, const TensorMap& tensors, const std::vector<Batch>& images, const NodeHook& hook, JobContext& context)
{
    const at::NoGradGuard noGradient;
    TensorMap result = tensors;
    bool any = false;
    for (const Node& node : graph.nodes) {
        if (node.op != Op::BatchNorm)
            continue;
        any = true;
        for (const std::string& name : { node.mean, node.variance })
            result[name] = tensors.at(name).clone();
    }
    if (!any)
        return result;
    ExecutionOptions options;
    options.training = true;
    options.hook = hook;
    int batches = 0;
    for (const Batch& batch : images) {
        context.checkpoint();
        options.momentum = 1.0 / ++batches;
        execute(graph, result, batch.images, options);
    }
    return result;
}

} // namespace bitscape
