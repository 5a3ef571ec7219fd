// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/evaluate.h"

#include "core/engine/network/fold.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

namespace bitscape {

Evaluation evaluate(
    const Graph& graph, const TensorMap& tensors, const std::vector<Batch>& images, const NodeHook& hook, JobContext& context)
{
    const c10::InferenceMode inference;
    const FoldedNetwork network = foldBatchNorm(graph, tensors);
    ExecutionOptions options;
    options.hook = hook;
    Evaluation result;
    for (const Batch& batch : images) {
        context.checkpoint();
        const at::Tensor answers = at::argmax(execute(network.graph, network.tensors, batch.images, options), 1);
        result.correct += answers.eq(batch.labels).sum().item<std::int64_t>();
        result.images += batch.labels.size(0);
        const at::Tensor onCpu = answers.to(at::kCPU).contiguous();
        const std::int64_t* classes = onCpu.data_ptr<std::int64_t>();
        for (std::int64_t i = 0; i < onCpu.numel(); ++i)
            result.predictions.push_back(static_cast<std::uint16_t>(classes[i]));
    }
    return result;
}

std::vector<std::vector<std::int64_t>> confusionOf(
    std::span<const std::uint16_t> labels, std::span<const std::uint16_t> predictions, int classes)
{
    std::vector<std::vector<std::int64_t>> confusion(
        static_cast<std::size_t>(classes), std::vector<std::int64_t>(static_cast<std::size_t>(classes)));
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++confusion[labels[i]][predictions[i]];
    return confusion;
}

} // namespace bitscape
