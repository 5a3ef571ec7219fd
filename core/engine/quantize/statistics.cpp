// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/quantize/statistics.h"

#include "core/base/error.h"

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
    for (const Batch& batch : images)
        requireStatistics(graph, batch.images.size(0));
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

void requireStatistics(const Graph& graph, std::int64_t images)
{
    for (const Node& node : graph.nodes) {
        if (node.op == Op::BatchNorm && images * node.shape.positions() < 2)
            throw Error(ErrorCode::BadArgument,
                "Batch normalisation '" + node.name + "' sees one value per channel in a batch of " + std::to_string(images)
                    + " image, which has no variance: use a larger batch or calibration split.");
    }
}

} // namespace bitscape
