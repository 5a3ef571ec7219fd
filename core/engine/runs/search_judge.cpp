// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/search_judge.h"

#include "core/base/random.h"
#include "core/engine/evaluate/sequential_test.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_images.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

/// Stream of the run's seed that deals the images of a confident search.
constexpr std::uint64_t kShuffleStream = 0x73687566;

/// Its batches are drawn whole, and are not measured.
constexpr int kConfidentBatch = 64;

bool isConfident(const RunInputs& inputs)
{
    return inputs.run.parameters.at("decision") == "confident";
}

/// Searches of earlier versions have no switches: all are on.
FloorJudge::Options optionsOf(const RunInputs& inputs, const SearchSetting& setting, bool quantizedActivations)
{
    const nlohmann::json& parameters = inputs.run.parameters;
    FloorJudge::Options options;
    // Recalibrated statistics change all weights with every move: there is nothing to keep.
    options.shortcuts.keepActivations = parameters.value("keep_activations", true) && setting.decided == Statistics::AsStored;
    options.shortcuts.followFilters = parameters.value("follow_filters", true) && !quantizedActivations;
    options.shortcuts.stopEarly = parameters.value("stop_early", true);
    options.shortcuts.cacheBytes = parameters.value("cache_mib", std::int64_t { 1024 }) << 20;
    if (isConfident(inputs))
        options.delta = parameters.at("delta").get<double>();
    options.seed = inputs.run.seed;
    return options;
}

} // namespace

SearchJudge::SearchJudge(const RunJob& job, const SearchSetting& setting, RunEvaluator& evaluator,
    const std::vector<TrajectoryPoint>& earlier, JobContext& context)
    : m_job(job)
    , m_setting(setting)
    , m_evaluator(evaluator)
    , m_earlier(earlier)
    , m_context(context)
{
    evaluator.setLookUp(job.inputs.run.parameters.value("look_up", true));
}

double SearchJudge::accuracy(const LayerBits& bits)
{
    if (m_start.empty()) {
        const Evaluation start = m_evaluator.evaluate(bits, m_setting.split, m_setting.decided, true, m_context);
        m_start = start.predictions;
        return accuracyOf(start);
    }
    if (const auto known = knownOf(bits); known && known->isExact()) {
        m_evaluator.countWork(0, 0);
        return verdictOf(*known).low;
    }
    const c10::InferenceMode inference;
    FloorJudge& judge = floorJudge(bits);
    const std::int64_t before = judge.imagesComputed();
    const Judgement counted = judge.count(m_evaluator.network(bits, m_setting.decided, m_context), bits, m_context);
    count(before);
    keep(bits, counted);
    if (!isConfident(m_job.inputs))
        judge.regroup();
    return verdictOf(counted).low;
}

Verdict SearchJudge::judge(const SearchMove& move)
{
    const auto step = static_cast<std::size_t>(move.step);
    if (step < m_earlier.size() && m_earlier[step].bits == move.bits)
        return { m_earlier[step].accuracyLow, m_earlier[step].accuracyHigh, m_earlier[step].kept };
    if (auto known = knownOf(move.bits)) {
        const std::int64_t needed = leastRight(move.floor, known->images);
        known->kept = known->least >= needed;
        if (known->kept || known->most < needed) {
            m_evaluator.countWork(0, 0);
            return verdictOf(*known);
        }
    }
    const c10::InferenceMode inference;
    FloorJudge& judge = floorJudge(move.bits);
    const std::int64_t before = judge.imagesComputed();
    const InferenceNetwork network = m_evaluator.network(move.bits, m_setting.decided, m_context);
    const Judgement judgement = judge.judge(network, move.bits, move.floor, m_context);
    count(before);
    keep(move.bits, judgement);
    return verdictOf(judgement);
}

void SearchJudge::count(std::int64_t before)
{
    if (const auto images = static_cast<double>(m_judge->imagesComputed() - before); images > 0)
        m_evaluator.countWork(1, images);
}

/// A confident search knows what it computed itself: what others found would make its decisions depend on the project's history.
std::optional<Judgement> SearchJudge::knownOf(const LayerBits& bits)
{
    if (isConfident(m_job.inputs))
        return std::nullopt;
    const auto known = m_evaluator.known(bits, m_setting.split, m_setting.decided);
    if (!known)
        return std::nullopt;
    const std::int64_t images = resolveSplit(m_setting.split, m_job.inputs.images).count();
    return Judgement { known->correct, images - (known->images - known->correct), images, true };
}

void SearchJudge::keep(const LayerBits& bits, const Judgement& judgement)
{
    const std::int64_t seen = judgement.images - (judgement.most - judgement.least);
    if (seen > 0)
        m_evaluator.keep(bits, m_setting.split, m_setting.decided, { judgement.least, seen, {} });
}

Verdict SearchJudge::verdictOf(const Judgement& judgement) const
{
    const auto images = static_cast<double>(judgement.images);
    return { static_cast<double>(judgement.least) / images, static_cast<double>(judgement.most) / images, judgement.kept };
}

FloorJudge& SearchJudge::floorJudge(const LayerBits& bits)
{
    if (m_judge)
        return *m_judge;
    // What each image answered last time steers a confident search: it has to be the same on every machine and in every session.
    const bool quantizedActivations = !m_job.inputs.run.parameters.at("activation_bits").is_null();
    const int confident = quantizedActivations ? kReferenceBatch : kConfidentBatch;
    const auto batchSize = isConfident(m_job.inputs) ? std::optional(confident) : std::nullopt;
    const FloorJudge::Options options = optionsOf(m_job.inputs, m_setting, quantizedActivations);
    const auto places = order(bits);
    m_judge.emplace(m_evaluator.network(bits, m_setting.decided, m_context).folded.graph, m_evaluator.layers(),
        m_evaluator.reordered(m_setting.split, places, batchSize), options);
    m_judge->setAnchor(anchor(places));
    return *m_judge;
}

/// That of the last session's checkpoint (one byte per image, then the number's eight, lowest first), or the start.
FloorJudge::Anchor SearchJudge::anchor(const std::vector<std::size_t>& places) const
{
    FloorJudge::Anchor result;
    if (const auto blob = attachment(m_job.project, m_job.inputs.run.id, "checkpoint"); blob && isConfident(m_job.inputs)) {
        const std::vector<std::byte> bytes = m_job.project.blob(*blob);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (i < places.size())
                result.isRight.push_back(std::to_integer<std::uint8_t>(bytes[i]));
            else
                result.number |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * (i - places.size()));
        }
        return result;
    }
    const Split split = resolveSplit(m_setting.split, m_job.inputs.images);
    const auto& labels = partOf(m_job.inputs.images, split).labels;
    for (const std::size_t place : places)
        result.isRight.push_back(m_start[place] == labels[static_cast<std::size_t>(split.first) + place] ? 1 : 0);
    return result;
}

std::string SearchJudge::checkpoint()
{
    if (!m_judge || !isConfident(m_job.inputs))
        return {};
    std::vector<std::uint8_t> bytes = m_judge->anchor().isRight;
    for (std::uint64_t rest = m_judge->anchor().number, i = 0; i < sizeof rest; ++i, rest >>= 8)
        bytes.push_back(static_cast<std::uint8_t>(rest));
    return m_job.project.putBlob(std::as_bytes(std::span(bytes)));
}

/// Shuffled where decisions are confident; else hard images first, so that batches of easy ones decide most moves on their own.
std::vector<std::size_t> SearchJudge::order(const LayerBits& bits)
{
    const RunInputs& inputs = m_job.inputs;
    std::vector<std::size_t> places(static_cast<std::size_t>(resolveSplit(m_setting.split, inputs.images).count()));
    std::iota(places.begin(), places.end(), std::size_t { 0 });
    if (isConfident(inputs)) {
        Random random(deriveSeed(inputs.run.seed, kShuffleStream));
        shuffle(places, random);
        return places;
    }
    if (m_evaluator.leads(m_setting.split).empty())
        m_evaluator.evaluateAnew(bits, m_setting.split, m_setting.decided, m_context);
    const std::vector<float> leads = m_evaluator.leads(m_setting.split);
    std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) { return leads[a] < leads[b]; });
    return places;
}

} // namespace bitscape
