// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/importance/critical_counts.h"

#include "core/engine/evaluate/each_batch.h"
#include "core/engine/importance/tap_gradients.h"
#include "core/engine/network/fold.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <mutex>
#include <numeric>

namespace bitscape {
namespace {

/// Of one batch of one class: [filters, positions] (neuron) or [filters, 1] (filter), int64 counts of images.
at::Tensor criticalImages(const at::Tensor& activation, const at::Tensor& gradient, const CriticalOptions& options)
{
    const std::int64_t images = activation.size(0);
    const std::int64_t filters = activation.size(1);
    const at::Tensor effect = (activation * gradient).reshape({ images, filters, -1 });
    if (options.effect == Effect::Neuron)
        return effect.abs().gt(options.epsilon).sum(0);
    const at::Tensor ofFilter = effect.sum(2).abs();
    return ofFilter.gt(ofFilter.mean(1, true)).sum(0).unsqueeze(1);
}

/// The counts of each filter's best position, for every class.
std::vector<std::uint32_t> bestPositions(const std::vector<at::Tensor>& perClass)
{
    const at::Tensor counts = at::stack(perClass).to(at::kCPU).contiguous(); // [classes, filters, positions]
    const std::int64_t classes = counts.size(0);
    const std::int64_t filters = counts.size(1);
    const std::int64_t positions = counts.size(2);
    const at::Tensor totals = counts.sum(0).contiguous();
    const std::int64_t* total = totals.data_ptr<std::int64_t>();
    const std::int64_t* count = counts.data_ptr<std::int64_t>();
    std::vector<std::uint32_t> best;
    for (std::int64_t f = 0; f < filters; ++f) {
        const std::int64_t* row = total + f * positions;
        const std::int64_t position = std::max_element(row, row + positions) - row; // the first of equal ones
        for (std::int64_t m = 0; m < classes; ++m)
            best.push_back(static_cast<std::uint32_t>(count[(m * filters + f) * positions + position]));
    }
    return best;
}

} // namespace

CriticalCounts countCritical(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors,
    const std::vector<ClassBatch>& batches, std::size_t classes, const CriticalOptions& options, JobContext& context)
{
    std::vector<int> taps;
    std::ranges::transform(layers, std::back_inserter(taps), &Layer::tap);
    const FoldedNetwork folded = foldBatchNorm(graph, tensors);
    std::vector<std::vector<at::Tensor>> counts(layers.size(), std::vector<at::Tensor>(classes));
    std::mutex adding;
    double done = 0;
    const auto count = [&](std::size_t index) {
        const std::size_t m = batches[index].classIndex;
        const auto logitOfClass = [&](const at::Tensor& logits) { return logits.select(1, static_cast<std::int64_t>(m)).sum(); };
        TapGradients run = tapGradients(folded.graph, folded.tensors, batches[index].images(), taps, logitOfClass);
        std::vector<at::Tensor> found;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            found.push_back(criticalImages(run.activations[i], run.gradients[i], options));
            run.activations[i].reset();
            run.gradients[i].reset();
        }
        const std::lock_guard lock(adding);
        for (std::size_t i = 0; i < layers.size(); ++i)
            counts[i][m] = counts[i][m].defined() ? counts[i][m].add_(found[i]) : found[i];
        ++done;
    };
    std::vector<std::size_t> all(batches.size());
    std::iota(all.begin(), all.end(), std::size_t { 0 });
    const at::Device device = tensors.begin()->second.device();
    for (std::size_t m = 0; m < classes; ++m) { // class by class, for the person who waits
        std::vector<std::size_t> own;
        std::ranges::copy_if(all, std::back_inserter(own), [&](std::size_t i) { return batches[i].classIndex == m; });
        eachBatch(own, device, context, count);
        context.progress({ done, static_cast<double>(batches.size()), "class " + std::to_string(m + 1), {} });
    }
    CriticalCounts result;
    for (const auto& perClass : counts)
        result.push_back(bestPositions(perClass));
    return result;
}

} // namespace bitscape
