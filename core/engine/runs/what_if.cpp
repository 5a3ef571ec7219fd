// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/what_if.h"

#include "core/engine/evaluate/each_batch.h"
#include "core/engine/evaluate/evaluate.h"
#include "core/engine/runs/run_images.h"
#include "core/jobs/kept_answers.h"
#include "core/jobs/parameters.h"
#include "core/network/cost.h"

#include "core/base/error.h"
#include "core/base/numbered.h"
#include "core/base/random.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

constexpr std::size_t kMeasuredImages = 2048;
constexpr std::size_t kMostKnown = 4; ///< besides the base run's
constexpr int kSomeBits = 4;
constexpr double kChunkSeconds = 0.025;

/// The edit run that would be made of it.
Run editOf(const Run& base)
{
    Run edit;
    edit.kind = RunKind::Edit;
    edit.parent = base.id;
    edit.model = base.model;
    edit.dataset = base.dataset;
    edit.device = base.device;
    edit.parameters = completeParameters(RunKind::Edit, nullptr);
    return edit;
}

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed)
{
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    Random random(seed);
    shuffle(order, random);
    return order;
}

std::int64_t differing(const LayerBits& a, const LayerBits& b)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t f = 0; f < a[i].size(); ++f)
            count += b.empty() || a[i][f] != b[i][f] ? 1 : 0;
    return count;
}

std::vector<std::uint16_t> labelsIn(const PreparedImages& images, std::size_t batch)
{
    std::vector<std::uint16_t> labels;
    for (std::size_t i = 0; i < images.size(batch); ++i)
        labels.push_back(images.label(images.first(batch) + i));
    return labels;
}

} // namespace

/// Adds up what has been seen.
class WhatIf::Count final {
public:
    Count(std::int64_t total, int classes, const Known* known)
        : m_total(total)
        , m_known(known)
    {
        m_told.classRight.resize(static_cast<std::size_t>(classes));
        m_told.classImages = m_told.classRight;
    }

    /// `place`: of the image in file order.
    void add(std::size_t place, std::uint16_t label, std::uint16_t answer)
    {
        const bool right = label == answer;
        ++m_seen.images;
        m_seen.right += right ? 1 : 0;
        ++m_told.classImages[label];
        m_told.classRight[label] += right ? 1 : 0;
        if (!m_known)
            return;
        const bool before = m_known->right[place] != 0;
        m_seen.knownRight += before ? 1 : 0;
        m_seen.lost += before && !right ? 1 : 0;
        m_seen.gained += !before && right ? 1 : 0;
    }

    ServedEstimate told()
    {
        m_told.images = m_seen.images;
        m_told.right = m_seen.right;
        m_told.done = m_seen.images == m_total;
        m_told.estimate = estimateAccuracy(m_total, m_seen, m_known ? std::optional(m_known->count) : std::nullopt);
        if (m_told.done) {
            const double accuracy = static_cast<double>(m_seen.right) / static_cast<double>(m_total); // as runs report it
            m_told.estimate = { accuracy, accuracy, accuracy };
        }
        return m_told;
    }

private:
    std::int64_t m_total;
    const Known* m_known;
    SeenAnswers m_seen;
    ServedEstimate m_told;
};

WhatIf::WhatIf(Project& project, const Run& base, std::optional<ImageSet> images, JobContext& context)
    : m_project(project)
    , m_base(base)
    , m_inputs(loadInputs(project, editOf(base), context, std::move(images)))
    , m_network(deployedNetwork(project, m_inputs))
    , m_deployment(deploymentOf(m_inputs, context))
    , m_evaluator(project, m_inputs, m_network.tensors, m_network.weightsBlob, m_deployment)
    , m_statistics(m_inputs.parameter("bn_recalibration") == "off" ? Statistics::AsStored : Statistics::Recalibrated)
    , m_split(m_inputs.parameter("test_split").get<std::string>())
    , m_resolved(resolveSplit(m_split, m_inputs.images))
    , m_images(shuffledImages(context))
    , m_calibration(
          m_statistics == Statistics::Recalibrated && m_inputs.hasBatchNorm() ? calibrationBatches(m_inputs) : std::vector<Batch> {})
    , m_fixed(fixedPart())
{
    const c10::InferenceMode inference;
    if (m_fixed) // what is done once is done now, not while somebody waits for the first answer
        networkFor(startBits(), context);
    const auto kept = keptAnswers(m_project, m_base.id, m_inputs.images.classes());
    if (kept && kept->labels == labels())
        remember(m_network.bits, kept->answers);
}

std::vector<std::uint16_t> WhatIf::labels() const
{
    const auto& all = partOf(m_inputs.images, m_resolved).labels;
    return { all.begin() + m_resolved.first, all.begin() + m_resolved.last };
}

/// Any that the network can have.
LayerBits WhatIf::startBits() const
{
    if (m_network.isQuantized())
        return m_network.bits;
    return uniformBits(m_evaluator.layers(), kSomeBits, m_inputs.parameter("edge_bits").get<int>());
}

PreparedImages WhatIf::shuffledImages(JobContext& context)
{
    const auto places = shuffled(static_cast<std::size_t>(m_resolved.count()), 1);
    if (!m_deployment.ranges.empty()) // behind quantized activations a difference in rounding can become a whole level
        return m_evaluator.reordered(m_split, places, kReferenceBatch);
    const c10::InferenceMode inference;
    std::vector<std::int64_t> some;
    for (std::size_t i = 0; i < std::min(places.size(), kMeasuredImages); ++i)
        some.push_back(m_resolved.first + static_cast<std::int64_t>(places[i]));
    const int size = measuredBatchSize(m_evaluator.network(startBits(), Statistics::AsStored, context),
        preparedImages(m_inputs, m_resolved, std::move(some), kReferenceBatch), context);
    return m_evaluator.reordered(m_split, places, size);
}

std::optional<FixedPart> WhatIf::fixedPart() const
{
    auto cut = cutNetwork(m_inputs.graph, m_evaluator.layers());
    std::int64_t images = static_cast<std::int64_t>(m_images.batches()) * m_images.batchSize();
    for (const Batch& batch : m_calibration)
        images += batch.images.size(0);
    if (!cut || FixedPart::bytesFor(*cut, images) > m_inputs.run.parameters.at("cache_mib").get<std::int64_t>() << 20)
        return std::nullopt;
    return FixedPart(m_evaluator.layers(), *std::move(cut), m_images.batches(), deploymentHook(m_evaluator.layers(), m_deployment, false));
}

/// As RunEvaluator::network() has it.
InferenceNetwork WhatIf::networkFor(const LayerBits& bits, JobContext& context)
{
    if (!m_fixed)
        return m_evaluator.network(bits, m_statistics, context);
    TensorMap tensors = m_evaluator.deployed(bits, Statistics::AsStored, context);
    if (!m_calibration.empty())
        tensors = m_fixed->recalibrated(tensors, m_calibration, context);
    InferenceNetwork network { foldBatchNorm(m_inputs.graph, tensors), deploymentHook(m_evaluator.layers(), m_deployment, false), {} };
    m_fixed->prepare(network);
    return network;
}

void WhatIf::check(const LayerBits& bits) const
{
    const auto& layers = m_evaluator.layers();
    const auto kept = m_inputs.parameter("edge_bits").get<std::uint8_t>();
    if (bits.size() != layers.size())
        throw Error(ErrorCode::BadArgument,
            numbered("There are bits for ", std::ssize(bits)) + numbered(" layers, and the network has ", std::ssize(layers)) + ".");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (std::ssize(bits[i]) != layers[i].filters)
            throw Error(ErrorCode::BadArgument,
                numbered("There are bits for ", std::ssize(bits[i])) + numbered(" filters of layer ", static_cast<std::int64_t>(i))
                    + numbered(", and it has ", layers[i].filters) + ".");
        if (!layers[i].quantizable && std::ranges::any_of(bits[i], [kept](std::uint8_t own) { return own != kept; }))
            throw Error(ErrorCode::BadArgument,
                numbered("Layer ", static_cast<std::int64_t>(i)) + numbered(" is not quantizable and keeps ", kept) + " bits.");
        if (std::ranges::any_of(bits[i], [](std::uint8_t own) { return own > 8; }))
            throw Error(ErrorCode::BadArgument, numbered("The bits of layer ", static_cast<std::int64_t>(i)) + " are not all 0 to 8.");
    }
}

/// Other bits see other images first, the same ones always the same.
std::vector<std::size_t> WhatIf::orderFor(const LayerBits& bits) const
{
    std::uint64_t seed = 2;
    for (const auto& layer : bits)
        for (const std::uint8_t own : layer)
            seed = deriveSeed(seed, own);
    return shuffled(m_images.batches(), seed);
}

const WhatIf::Known* WhatIf::nearest(const LayerBits& bits) const
{
    const auto found = std::ranges::min_element(m_known, {}, [&](const Known& known) { return differing(bits, known.bits); });
    return found == m_known.end() ? nullptr : &*found;
}

void WhatIf::remember(const LayerBits& bits, const std::vector<std::uint16_t>& answers)
{
    Known known { bits, {}, 0 };
    const auto all = labels();
    for (std::size_t i = 0; i < all.size(); ++i) {
        known.right.push_back(all[i] == answers[i] ? 1 : 0);
        known.count += known.right.back();
    }
    if (m_known.size() > kMostKnown)
        m_known.erase(std::next(m_known.begin())); // the oldest behind the base run's
    m_known.push_back(std::move(known));
}

std::optional<std::vector<std::uint16_t>> WhatIf::known(const LayerBits& bits)
{
    const auto found = m_evaluator.known(bits, m_split, m_statistics);
    if (!found || found->images != m_resolved.count() || found->predictions.empty())
        return std::nullopt;
    return found->predictions;
}

/// The answers in file order; tells what is known on the way, but for the end.
std::vector<std::uint16_t> WhatIf::computed(
    const LayerBits& bits, Clock::time_point due, const Pace& pace, const Tell& tell, JobContext& context)
{
    const c10::InferenceMode inference;
    const InferenceNetwork network = networkFor(bits, context);
    const bool isReference = m_images.batchSize() == kReferenceBatch || network.hook;
    std::vector<std::uint16_t> answers(static_cast<std::size_t>(m_images.count()));
    const auto placeOf = [&](std::size_t batch, std::size_t i) {
        return static_cast<std::size_t>(m_images.position(m_images.first(batch) + i) - m_resolved.first);
    };
    const auto work = [&](std::size_t batch) {
        const c10::InferenceMode own;
        const at::Tensor input = m_images.images(batch);
        const at::Tensor logits = m_fixed ? m_fixed->logits(batch, input) : logitsOf(network, input);
        const auto found = answersFrom(network, input, logits, labelsIn(m_images, batch), isReference);
        for (std::size_t i = 0; i < found.size(); ++i)
            answers[placeOf(batch, i)] = found[i].label;
    };
    Count count(m_images.count(), m_inputs.images.classes(), nearest(bits));
    const auto order = orderFor(bits);
    due = std::max(due, Clock::now() + pace.first / 2); // a few images alone say little
    auto size = static_cast<std::size_t>(at::get_num_threads());
    for (std::size_t begin = 0; begin < order.size();) {
        const std::size_t end = std::min(order.size(), begin + size);
        const std::vector<std::size_t> chunk(
            order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end));
        const auto started = Clock::now();
        eachBatch(chunk, m_images.device(), context, work);
        if (std::chrono::duration<double>(Clock::now() - started).count() < kChunkSeconds)
            size += static_cast<std::size_t>(at::get_num_threads());
        for (const std::size_t batch : chunk)
            for (std::size_t i = 0; i < m_images.size(batch); ++i)
                count.add(placeOf(batch, i), m_images.label(m_images.first(batch) + i), answers[placeOf(batch, i)]);
        begin = end;
        if (begin < order.size() && Clock::now() >= due) {
            tell(count.told());
            due = Clock::now() + pace.every;
        }
    }
    return answers;
}

void WhatIf::evaluate(const LayerBits& bits, Clock::time_point asked, const Pace& pace, const Tell& tell, JobContext& context)
{
    check(bits);
    context.checkpoint();
    auto answers = known(bits);
    const bool isNew = !answers;
    if (isNew)
        answers = computed(bits, asked + pace.first, pace, tell, context);
    const auto all = labels();
    Count count(std::ssize(all), m_inputs.images.classes(), nullptr);
    for (std::size_t i = 0; i < all.size(); ++i)
        count.add(i, all[i], (*answers)[i]);
    const ServedEstimate exact = count.told();
    tell(exact);
    if (std::ranges::none_of(m_known, [&](const Known& known) { return known.bits == bits; }))
        remember(bits, *answers);
    if (isNew)
        m_evaluator.keep(bits, m_split, m_statistics, { exact.right, exact.images, *answers });
}

} // namespace bitscape
