// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/floor_judge.h"

#include "core/engine/evaluate/each_batch.h"
#include "core/engine/evaluate/sequential_test.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

/// Images that a test begins with, however many threads there are: a decision depends on the images that it saw.
constexpr std::int64_t kFirstImages = 128;

std::vector<std::size_t> allOf(std::size_t count)
{
    std::vector<std::size_t> batches(count);
    std::iota(batches.begin(), batches.end(), std::size_t { 0 });
    return batches;
}

} // namespace

FloorJudge::FloorJudge(const Graph& graph, const std::vector<Layer>& layers, PreparedImages images, const Options& options)
    : m_images(std::move(images))
    , m_options(options)
    , m_right(m_images.batches(), 0)
    , m_isRight(static_cast<std::size_t>(m_images.count()), 0)
    , m_leads(m_isRight.size(), 0)
{
    const Shortcuts& shortcuts = options.shortcuts;
    if (!shortcuts.keepActivations)
        return;
    const auto padded = static_cast<std::int64_t>(m_images.batches()) * m_images.batchSize();
    const bool byFilter = shortcuts.followFilters && m_images.device().is_cpu();
    m_kept.emplace(graph, layers, m_images.batches(), padded, shortcuts.cacheBytes, byFilter);
}

void FloorJudge::setAnswers(std::vector<std::uint8_t> answers)
{
    if (answers.size() != m_isRight.size())
        throw Error(ErrorCode::Internal, "There are answers to " + std::to_string(answers.size()) + " images.");
    m_isRight = std::move(answers);
    for (std::size_t batch = 0; batch < m_right.size(); ++batch) {
        const auto first = m_isRight.begin() + static_cast<std::ptrdiff_t>(m_images.first(batch));
        m_right[batch] = std::accumulate(first, first + static_cast<std::ptrdiff_t>(m_images.size(batch)), std::int64_t { 0 });
    }
}

std::int64_t FloorJudge::rightIn(const InferenceNetwork& network, std::size_t batch)
{
    const c10::InferenceMode inference;
    const at::Tensor input = m_images.images(batch);
    const at::Tensor logits = m_kept ? m_kept->logits(batch, input) : logitsOf(network, input);
    std::vector<std::uint16_t> labels;
    for (std::size_t i = 0; i < m_images.size(batch); ++i)
        labels.push_back(m_images.label(m_images.first(batch) + i));
    // With quantized activations nothing but whole, unsummed outputs of the reference's batch size are used: they are the reference.
    const auto answers = answersFrom(network, input, logits, labels, static_cast<bool>(network.hook));
    std::int64_t right = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        m_isRight[m_images.first(batch) + i] = answers[i].label == labels[i] ? 1 : 0;
        m_leads[m_images.first(batch) + i] = answers[i].lead;
        right += m_isRight[m_images.first(batch) + i];
    }
    return right;
}

void FloorJudge::compute(
    const InferenceNetwork& network, const LayerBits& weights, const std::vector<std::size_t>& batches, JobContext& context)
{
    if (m_kept)
        m_kept->prepare(network, weights, batches);
    eachBatch(batches, m_images.device(), context, [&](std::size_t batch) { m_right[batch] = rightIn(network, batch); });
    for (const std::size_t batch : batches)
        m_computed += static_cast<std::int64_t>(m_images.size(batch));
}

Judgement FloorJudge::count(const InferenceNetwork& network, const LayerBits& weights, JobContext& context)
{
    compute(network, weights, allOf(m_images.batches()), context);
    const std::int64_t right = std::accumulate(m_right.begin(), m_right.end(), std::int64_t { 0 });
    dropAnchor();
    return { right, right, m_images.count(), true };
}

/// Anchors here: the answers of now, and an order that none of them depends on.
void FloorJudge::dropAnchor()
{
    if (m_options.delta)
        setAnchor({ m_isRight, m_anchor.number + 1 });
}

void FloorJudge::setAnchor(Anchor anchor)
{
    setAnswers(anchor.isRight);
    m_anchor = std::move(anchor);
    m_order = allOf(m_images.batches());
    Random random(deriveSeed(m_options.seed, m_anchor.number));
    shuffle(m_order, random);
}

void FloorJudge::regroup()
{
    std::vector<std::size_t> places(m_leads.size());
    std::iota(places.begin(), places.end(), std::size_t { 0 });
    std::ranges::stable_sort(places, {}, [&](std::size_t place) { return m_leads[place]; });
    std::vector<std::uint8_t> answers;
    std::vector<float> leads;
    for (const std::size_t place : places) {
        answers.push_back(m_isRight[place]);
        leads.push_back(m_leads[place]);
    }
    m_images.reorder(places);
    m_leads = std::move(leads);
    setAnswers(std::move(answers));
    if (m_kept)
        m_kept->forget();
}

Judgement FloorJudge::judge(const InferenceNetwork& network, const LayerBits& weights, double floor, JobContext& context)
{
    const std::int64_t needed = leastRight(floor, m_images.count());
    if (m_options.delta)
        return judgeByTest(network, weights, needed, context);
    if (m_options.shortcuts.stopEarly)
        return judgeExactly(network, weights, needed, context);
    Judgement result = count(network, weights, context);
    result.kept = result.least >= needed;
    return result;
}

Judgement FloorJudge::judgeExactly(const InferenceNetwork& network, const LayerBits& weights, std::int64_t needed, JobContext& context)
{
    // Easy images in front: those that were right last time carry a decision to keep, those that fell one to take back.
    std::vector<std::size_t> left = allOf(m_images.batches());
    std::ranges::stable_sort(left, [&](std::size_t a, std::size_t b) { return m_right[a] < m_right[b]; });
    std::int64_t expected = std::accumulate(m_right.begin(), m_right.end(), std::int64_t { 0 });
    std::int64_t right = 0, seen = 0;
    const std::int64_t images = m_images.count();
    while (right < needed && seen - right <= images - needed) {
        const bool toKeep = expected >= needed;
        const std::int64_t missing = toKeep ? needed - right : images - needed + 1 - (seen - right);
        const auto batches = std::max<std::int64_t>(at::get_num_threads(), missing / m_images.batchSize());
        const auto taken = static_cast<std::ptrdiff_t>(std::min(batches, static_cast<std::int64_t>(left.size())));
        const std::vector<std::size_t> wave = toKeep ? std::vector<std::size_t>(left.end() - taken, left.end())
                                                     : std::vector<std::size_t>(left.begin(), left.begin() + taken);
        left.erase(toKeep ? left.end() - taken : left.begin(), toKeep ? left.end() : left.begin() + taken);
        for (const std::size_t batch : wave)
            expected -= m_right[batch];
        compute(network, weights, wave, context);
        for (const std::size_t batch : wave) {
            expected += m_right[batch];
            right += m_right[batch];
            seen += static_cast<std::int64_t>(m_images.size(batch));
        }
    }
    return { right, images - (seen - right), images, right >= needed };
}

/// A phase's moves are known beforehand but for where it ends: one order of the images, drawn after the anchor, is as good for each of them
/// as one of its own, and finds what was kept of the same images.
Judgement FloorJudge::judgeByTest(const InferenceNetwork& network, const LayerBits& weights, std::int64_t needed, JobContext& context)
{
    const std::int64_t images = m_images.count();
    if (needed <= 0)
        return { 0, images, images, true };
    const std::vector<std::uint8_t>& before = m_anchor.isRight;
    SequentialTest test(images, std::accumulate(before.begin(), before.end(), std::int64_t { 0 }), needed, *m_options.delta);
    const auto first = static_cast<std::size_t>(std::max<std::int64_t>(1, kFirstImages / m_images.batchSize()));
    std::int64_t right = 0, seen = 0;
    for (std::size_t begin = 0; begin < m_order.size() && !test.verdict();) {
        // What has not been decided by half of the images is soonest decided by all.
        const std::size_t more = std::max(first, begin / 4);
        const std::size_t end = 2 * begin > m_order.size() ? m_order.size() : std::min(m_order.size(), begin + more);
        const std::vector<std::size_t> wave(
            m_order.begin() + static_cast<std::ptrdiff_t>(begin), m_order.begin() + static_cast<std::ptrdiff_t>(end));
        compute(network, weights, wave, context);
        for (const std::size_t batch : wave) {
            for (std::size_t place = m_images.first(batch); place < m_images.first(batch) + m_images.size(batch); ++place)
                test.draw(m_isRight[place] - before[place]);
            right += m_right[batch];
            seen += static_cast<std::int64_t>(m_images.size(batch));
        }
        begin = end;
    }
    const bool kept = seen == images ? right >= needed : *test.verdict();
    if (seen == images)
        dropAnchor();
    return { right, images - (seen - right), images, kept };
}

} // namespace bitscape
