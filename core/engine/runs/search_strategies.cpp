// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/search_strategies.h"

#include "core/engine/importance/sensitivity.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_images.h"
#include "core/engine/runs/search_judge.h"
#include "core/engine/search/baselines.h"
#include "core/jobs/sensitivity_store.h"
#include "core/network/cost.h"
#include "core/project/results.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace bitscape {
namespace {

constexpr int kSensitivityBatch = 50;

class Strategy final {
public:
    Strategy(const RunJob& job, const SearchSetting& setting, RunEvaluator& evaluator, const Deployment& deployment,
        const std::vector<TrajectoryPoint>& earlier, JobContext& context)
        : m_job(job)
        , m_setting(setting)
        , m_evaluator(evaluator)
        , m_deployment(deployment)
        , m_earlier(earlier)
        , m_context(context)
    {
    }

    SearchResult run()
    {
        SearchResult result = byStrategy();
        truncateTrajectory(m_job.project, m_job.inputs.run.id, m_steps); // what an earlier session may have left beyond
        return result;
    }

private:
    SearchResult byStrategy()
    {
        const std::string& strategy = m_setting.strategy;
        if (strategy == "cq")
            return overScores(storedScores());
        if (strategy == "magnitude")
            return overScores(magnitudeScores(filterNorms(), classes()));
        if (strategy == "random")
            return dealt();
        if (strategy == "fisher")
            return bySensitivity();
        if (strategy == "layer-wise")
            return layerWise();
        return modelWise();
    }

    int classes() const { return static_cast<int>(m_job.inputs.images.classes()); }
    const nlohmann::json& parameters() const { return m_job.inputs.run.parameters; }

    double accuracy(const LayerBits& bits)
    {
        return accuracyOf(m_evaluator.evaluate(bits, m_setting.split, m_setting.decided, false, m_context));
    }

    void note(const SearchMove& move, const std::string& checkpoint = {})
    {
        const Cost cost = costOf(m_job.inputs.graph, m_evaluator.layers(), move.bits, m_deployment.activationBits);
        // While a search is replayed, its points took as long as they took the first time; one that is noted again keeps its time.
        const auto step = static_cast<std::size_t>(move.step);
        m_times.resize(std::max(m_times.size(), step + 1), 0);
        if (m_times[step] <= 0)
            m_times[step] = step < m_earlier.size() ? m_earlier[step].seconds : m_job.seconds();
        m_noted = m_times[step];
        const TrajectoryPoint point { move.step, move.phase, move.thresholds, cost.averageBits, static_cast<double>(cost.macs),
            static_cast<double>(cost.bitops), static_cast<double>(cost.sizeBits), move.verdict.low, move.verdict.high, move.floor,
            move.verdict.kept, m_noted, move.bits };
        m_steps = std::max(m_steps, move.step + 1);
        putPoint(m_job.project, m_job.inputs.run.id, point, checkpoint);
        putMetrics(m_job.project, m_job.inputs.run.id, m_evaluator.workDone());
        m_context.resultsChanged();
        tellProgress(move, cost.averageBits);
    }

    void tellProgress(const SearchMove& move, double averageBits)
    {
        const double start = m_setting.choice.allowed.back();
        const double way = std::max(1e-9, start - m_setting.targetBits);
        std::vector<std::pair<std::string, double>> figures { { "average_bits", averageBits } };
        if (move.verdict.isExact())
            figures.insert(figures.begin(), { "accuracy", move.verdict.low });
        m_context.progress({ std::clamp((start - averageBits) / way, 0.0, 1.0), 1, "phase " + std::to_string(move.phase), figures });
    }

    /// Notes an assignment that no threshold led to, with the accuracy that is reported for it.
    void noteAssignment(const LayerBits& bits, bool kept = true)
    {
        const double reported = accuracyOf(m_evaluator.evaluate(bits, m_setting.split, m_setting.reported, false, m_context));
        note({ m_steps, 0, {}, bits, { reported, reported, kept }, 0 });
    }

    SearchResult finished(const LayerBits& bits)
    {
        const double average = averageBits(m_evaluator.layers(), bits);
        return { bits, {}, average, average <= m_setting.targetBits + 1e-9 ? SearchEnd::Reached : SearchEnd::Unreachable };
    }

    FilterScores storedScores() const
    {
        FilterScores result;
        for (const LayerScores& layer : scores(m_job.project, m_job.inputs.ancestor(RunKind::Score)->id)) {
            result.emplace_back();
            const auto classCount = static_cast<std::size_t>(classes());
            for (std::size_t f = 0; f * classCount < layer.counts.size(); ++f) {
                std::int64_t sum = 0;
                for (std::size_t m = 0; m < classCount; ++m)
                    sum += layer.counts[f * classCount + m];
                result.back().push_back(static_cast<double>(sum) / static_cast<double>(layer.samples));
            }
        }
        return result;
    }

    std::vector<std::vector<double>> filterNorms() const
    {
        std::vector<std::vector<double>> norms;
        for (const Layer& layer : m_evaluator.layers()) {
            const Node& node = m_job.inputs.graph.nodes[static_cast<std::size_t>(layer.node)];
            const at::Tensor sums = m_job.inputs.tensors.at(node.weight).flatten(1).to(at::kDouble).abs().sum(1).contiguous();
            norms.emplace_back(sums.data_ptr<double>(), sums.data_ptr<double>() + sums.numel());
        }
        return norms;
    }

    ThresholdSearchOptions thresholdOptions()
    {
        ThresholdSearchOptions options;
        options.choice = m_setting.choice;
        options.targetBits = m_setting.targetBits;
        options.order = parameters().at("order") == "descending" ? SearchOrder::Descending : SearchOrder::Ascending;
        options.classes = classes();
        const auto& step = parameters().at("step");
        options.step = step.is_null() ? classes() / 100.0 : step.get<double>();
        const auto& floor = parameters().at("accuracy_floor");
        options.accuracyFloor = !floor.is_null() ? floor.get<double>() : options.order == SearchOrder::Ascending ? 0.9 : 0.98;
        options.floorDecay = parameters().at("floor_decay").get<double>();
        options.fullAccuracy = accuracyOf(m_evaluator.evaluateFull(m_setting.split, m_context));
        options.skipUnchanged = parameters().value("skip_unchanged", true);
        if (!parameters().at("max_seconds").is_null())
            options.maxSeconds = parameters().at("max_seconds").get<double>();
        return options;
    }

    SearchResult overScores(const FilterScores& filterScores)
    {
        SearchJudge judge(m_job, m_setting, m_evaluator, m_earlier, m_context);
        const SearchWorld world { [&](const LayerBits& bits) { return judge.accuracy(bits); },
            [&](const SearchMove& move) { return judge.judge(move); }, [this] { return m_noted; },
            [&](const SearchMove& move) { note(move, judge.checkpoint()); } };
        const ThresholdSearchOptions options = thresholdOptions();
        const SearchResult result = searchThresholds(m_evaluator.layers(), filterScores, options, world, m_context);
        dropAttachment(m_job.project, m_job.inputs.run.id, "checkpoint");
        return result;
    }

    SearchResult dealt()
    {
        SearchResult result = overScores(storedScores());
        const SearchEnd end = result.end;
        result = finished(shuffledBits(m_evaluator.layers(), result.bits, m_job.inputs.run.seed));
        result.end = end;
        noteAssignment(result.bits);
        return result;
    }

    SearchResult bySensitivity()
    {
        const auto table = storedSensitivity(m_job.project, m_job.inputs.run.id);
        const SensitivityTable measured = table ? *table : measuredTable();
        AllocationRequest request;
        request.targetBits = m_setting.targetBits;
        request.choice = m_setting.choice;
        request.classWeights = parameters().at("class_weights").get<std::vector<double>>();
        const SearchResult result = finished(allocate(m_evaluator.layers(), measured, request));
        noteAssignment(result.bits);
        return result;
    }

    SensitivityTable measuredTable()
    {
        const bool recalibrate = m_setting.reported == Statistics::Recalibrated;
        const SensitivityTable table
            = measureSensitivity(m_job.inputs.graph, m_evaluator.layers(), placed(m_job.inputs.tensors, m_job.inputs.device),
                classBatches(m_job.inputs, kSensitivityBatch), m_setting.choice.allowed, m_deployment.quantizer, recalibrate, m_context);
        keepSensitivity(m_job.project, m_job.inputs.run.id, table);
        return table;
    }

    SearchResult layerWise()
    {
        const auto measured = measureLayers(
            m_evaluator.layers(), m_setting.choice, [this](const LayerBits& bits) { return accuracy(bits); }, m_context);
        const SearchResult result = finished(layerWiseBits(m_evaluator.layers(), m_setting.choice, measured, m_setting.targetBits));
        noteAssignment(result.bits);
        return result;
    }

    SearchResult modelWise()
    {
        const LayerBits bits = modelWiseBits(m_evaluator.layers(), m_setting.choice, m_setting.targetBits,
            [this](const LayerBits& whole, bool kept) { noteAssignment(whole, kept); });
        noteAssignment(bits);
        return finished(bits);
    }

    const RunJob& m_job;
    const SearchSetting& m_setting;
    RunEvaluator& m_evaluator;
    const Deployment& m_deployment;
    const std::vector<TrajectoryPoint>& m_earlier;
    JobContext& m_context;
    int m_steps = 0;
    std::vector<double> m_times; ///< per step, when it was noted first
    double m_noted = 0;          ///< time of the last point
};

} // namespace

SearchSetting searchSettingFrom(const RunInputs& inputs)
{
    const nlohmann::json& parameters = inputs.run.parameters;
    SearchSetting setting;
    setting.strategy = parameters.at("strategy").get<std::string>();
    setting.choice = { parameters.at("allowed_bits").get<std::vector<int>>(), parameters.at("edge_bits").get<int>() };
    setting.targetBits = parameters.at("target_bits").get<double>();
    setting.split = parameters.at("search_split").get<std::string>();
    const auto recalibration = parameters.at("bn_recalibration").get<std::string>();
    setting.decided = recalibration == "every" ? Statistics::Recalibrated : Statistics::AsStored;
    setting.reported = recalibration == "off" ? Statistics::AsStored : Statistics::Recalibrated;
    return setting;
}

SearchResult runStrategy(const RunJob& job, const SearchSetting& setting, RunEvaluator& evaluator, const Deployment& deployment,
    const std::vector<TrajectoryPoint>& earlier, JobContext& context)
{
    return Strategy(job, setting, evaluator, deployment, earlier, context).run();
}

} // namespace bitscape
