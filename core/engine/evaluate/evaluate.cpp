// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/evaluate.h"

#include "core/engine/evaluate/each_batch.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace bitscape {
namespace {

constexpr std::int64_t kWorthMeasuring = 2000;

/// Seconds per image of one round in which every thread computes one batch of `size` images.
double secondsPerImage(const InferenceNetwork& network, const at::Tensor& sample, int size, JobContext& context)
{
    const at::Tensor batch = sample.slice(0, 0, size).contiguous(at::MemoryFormat::ChannelsLast);
    std::vector<std::size_t> round(static_cast<std::size_t>(at::get_num_threads()));
    const auto started = std::chrono::steady_clock::now();
    eachBatch(round, sample.device(), context, [&](std::size_t) {
        const c10::InferenceMode inference;
        logitsOf(network, batch);
    });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return seconds / static_cast<double>(round.size() * static_cast<std::size_t>(size));
}

} // namespace

std::vector<Answer> classify(const InferenceNetwork& network, const PreparedImages& images, JobContext& context)
{
    std::vector<Answer> answers(static_cast<std::size_t>(images.count()));
    std::vector<std::size_t> batches(images.batches());
    std::iota(batches.begin(), batches.end(), std::size_t { 0 });
    eachBatch(batches, images.device(), context, [&](std::size_t batch) {
        const c10::InferenceMode inference;
        std::vector<std::uint16_t> labels;
        for (std::size_t i = 0; i < images.size(batch); ++i)
            labels.push_back(images.label(images.first(batch) + i));
        const at::Tensor input = images.images(batch);
        const bool isReference = images.batchSize() == kReferenceBatch || network.hook;
        const auto found = answersFrom(network, input, logitsOf(network, input), labels, isReference);
        std::ranges::copy(found, answers.begin() + static_cast<std::ptrdiff_t>(images.first(batch)));
    });
    return answers;
}

Evaluation evaluate(const Graph& graph, const TensorMap& tensors, const PreparedImages& images, const NodeHook& hook, JobContext& context)
{
    const auto answers = [&] {
        const c10::InferenceMode inference;
        return classify({ foldBatchNorm(graph, tensors), hook }, images, context);
    }();
    Evaluation result;
    result.images = images.count();
    result.correct = countRight(answers, images);
    std::ranges::transform(answers, std::back_inserter(result.predictions), &Answer::label);
    return result;
}

std::int64_t countRight(const std::vector<Answer>& answers, const PreparedImages& images)
{
    std::int64_t right = 0;
    for (std::size_t i = 0; i < answers.size(); ++i)
        right += answers[i].label == images.label(i) ? 1 : 0;
    return right;
}

int measuredBatchSize(const InferenceNetwork& network, const PreparedImages& images, JobContext& context)
{
    static constexpr int kSizes[] = { kReferenceBatch, 8, 32, 64 };
    if (!images.device().is_cpu())
        return kCudaBatch;
    if (images.count() < kWorthMeasuring)
        return kReferenceBatch;
    std::vector<at::Tensor> first;
    for (std::size_t batch = 0; batch < 4; ++batch)
        first.push_back(images.images(batch));
    const at::Tensor sample = at::cat(first).contiguous(at::MemoryFormat::ChannelsLast);
    secondsPerImage(network, sample, kReferenceBatch, context); // what comes first is slow
    int best = kReferenceBatch;
    double least = 0;
    for (const int size : kSizes) {
        const double seconds = std::min(secondsPerImage(network, sample, size, context), secondsPerImage(network, sample, size, context));
        if (size == kReferenceBatch || seconds < 0.95 * least) {
            least = seconds;
            best = size;
        }
    }
    return best;
}

} // namespace bitscape
