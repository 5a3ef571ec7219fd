// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/answers.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace bitscape {
namespace {

/// Share of the largest logit within which two logits count as too close to tell. Rounding moves them by about 1e-6 of it.
constexpr float kDoubt = 3e-4F;

struct Ranking {
    Answer answer;
    bool doubtful = false;
};

Ranking rankingOf(const float* logits, std::int64_t classes, std::uint16_t label)
{
    const float* best = std::max_element(logits, logits + classes);
    float second = -INFINITY, other = -INFINITY, scale = 0, sum = 0;
    for (const float* at = logits; at != logits + classes; ++at) {
        scale = std::max(scale, std::abs(*at));
        sum += std::exp(*at - *best);
        if (at != best)
            second = std::max(second, *at);
        if (at != logits + label)
            other = std::max(other, *at);
    }
    return { { static_cast<std::uint16_t>(best - logits), logits[label] - other, 1 / sum }, !(*best - second > kDoubt * scale) };
}

at::Tensor rows(const at::Tensor& images, std::vector<std::int64_t> chosen)
{
    chosen.resize(static_cast<std::size_t>(kReferenceBatch), chosen.front());
    return images.index_select(0, at::tensor(chosen, at::kLong).to(images.device())).contiguous(at::MemoryFormat::ChannelsLast);
}

} // namespace

at::Tensor logitsOf(const InferenceNetwork& network, const at::Tensor& images)
{
    ExecutionOptions options;
    options.hook = network.hook;
    options.reader = network.reader;
    return execute(network.folded.graph, network.folded.tensors, images, options);
}

std::vector<Answer> answersFrom(const InferenceNetwork& network, const at::Tensor& images, const at::Tensor& logits,
    const std::vector<std::uint16_t>& labels, bool isReference)
{
    const at::Tensor onCpu = logits.to(at::kCPU).contiguous();
    const std::int64_t classes = onCpu.size(1);
    const float* values = onCpu.data_ptr<float>();
    std::vector<Answer> answers;
    std::vector<std::int64_t> doubtful;
    for (std::size_t n = 0; n < labels.size(); ++n) {
        const Ranking ranking = rankingOf(values + static_cast<std::int64_t>(n) * classes, classes, labels[n]);
        answers.push_back(ranking.answer);
        if (ranking.doubtful && !isReference)
            doubtful.push_back(static_cast<std::int64_t>(n));
    }
    for (std::size_t begin = 0; begin < doubtful.size(); begin += kReferenceBatch) {
        const std::vector<std::int64_t> chosen(doubtful.begin() + static_cast<std::ptrdiff_t>(begin),
            doubtful.begin() + static_cast<std::ptrdiff_t>(std::min(doubtful.size(), begin + kReferenceBatch)));
        const at::Tensor again = logitsOf(network, rows(images, chosen)).to(at::kCPU).contiguous();
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const auto n = static_cast<std::size_t>(chosen[i]);
            answers[n] = rankingOf(again.data_ptr<float>() + static_cast<std::int64_t>(i) * classes, classes, labels[n]).answer;
        }
    }
    return answers;
}

} // namespace bitscape
