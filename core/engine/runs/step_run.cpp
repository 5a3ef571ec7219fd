// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_evaluator.h"
#include "core/engine/runs/run_images.h"
#include "core/engine/runs/stage_context.h"
#include "core/engine/runs/subnet_state_store.h"
#include "core/engine/runs/training_state_store.h"
#include "core/engine/stepping/anytime.h"
#include "core/engine/stepping/subnet_inference.h"
#include "core/jobs/stepping_result.h"
#include "core/network/cost.h"
#include "core/project/results.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <iterator>

namespace bitscape {
namespace {

/// Of construction's time, what checkpoints may take.
constexpr double kCheckpointShare = 0.02;
constexpr double kTrainingShare = 0.97;

std::vector<SubnetKind> kindsOf(const nlohmann::json& parameters)
{
    const auto baselines = parameters.at("baselines").get<std::string>();
    std::vector<SubnetKind> kinds { SubnetKind::Stepping };
    for (const SubnetKind kind : { SubnetKind::AnyWidth, SubnetKind::Slimmable }) {
        if (baselines == "both" || baselines == toString(kind))
            kinds.push_back(kind);
    }
    return kinds;
}

class StepJob final {
public:
    explicit StepJob(const RunJob& job)
        : m_job(job)
        , m_parameters(job.inputs.run.parameters)
        , m_graph(widened(job.inputs.graph, m_parameters.at("expansion").get<double>()))
        , m_layers(layersOf(m_graph))
        , m_teacher { foldBatchNorm(job.inputs.graph, placed(job.inputs.tensors, job.inputs.device)), {}, {} }
    {
        const auto layers = layersOf(job.inputs.graph);
        m_originalMacs
            = costOf(job.inputs.graph, layers, uniformBits(layers, kFullPrecisionBits, kFullPrecisionBits), kFullPrecisionBits).macs;
        for (const double share : m_parameters.at("budgets").get<std::vector<double>>())
            m_budgets.push_back(share * static_cast<double>(m_originalMacs));
    }

    void run()
    {
        SteppingResult result = keptStepping(m_job.project, m_job.inputs.run.id).value_or(SteppingResult {});
        const auto test = m_parameters.at("test_split").get<std::string>();
        if (result.originalMacs == 0) {
            RunEvaluator evaluator(m_job.project, m_job.inputs, m_job.inputs.tensors, m_job.inputs.weightsBlob, {});
            result.originalMacs = m_originalMacs;
            result.originalAccuracy = accuracyOf(evaluator.evaluateFull(test, m_job.context));
            keepStepping(m_job.project, m_job.inputs.run.id, result);
        }
        const auto kinds = kindsOf(m_parameters);
        for (std::size_t i = result.families.size(); i < kinds.size(); ++i) {
            const auto share = [&](std::size_t done) { return static_cast<double>(done) / static_cast<double>(kinds.size()); };
            StageContext stage(m_job.context, share(i), share(i + 1));
            make(kinds[i], result, stage);
            keepStepping(m_job.project, m_job.inputs.run.id, result);
            dropAttachment(m_job.project, m_job.inputs.run.id, "checkpoint");
            m_job.context.resultsChanged();
        }
        report(result);
    }

private:
    SubnetTraining trainingOf(SubnetKind kind) const
    {
        SubnetTraining training;
        training.kind = kind;
        training.iterations = m_parameters.at("iterations").get<int>();
        training.batchesPerIteration = m_parameters.at("batches_per_iteration").get<int>();
        training.beta = m_parameters.at("beta").get<double>();
        training.gamma = m_parameters.at("gamma").get<double>();
        training.pruneBelow = m_parameters.at("prune_below").get<double>();
        training.plan = planFrom(m_parameters, m_job.inputs.run.seed);
        return training;
    }

    SubnetState begun(const Construction& construction, SubnetKind kind) const
    {
        if (const auto blob = attachment(m_job.project, m_job.inputs.run.id, "checkpoint"))
            return subnetStateFromBytes(m_job.project.blob(*blob), kind);
        return freshSubnets(m_graph, freshTensors(m_graph, m_job.inputs.run.seed), construction, kind);
    }

    /// Constructs, trains and evaluates one family of subnets.
    void make(SubnetKind kind, SteppingResult& result, JobContext& context)
    {
        const SubnetTraining training = trainingOf(kind);
        Construction construction(m_graph, m_layers, m_budgets, m_parameters.at("alpha_base").get<double>(),
            m_parameters.at("ranking") == "in-layer" ? Ranking::InLayer : Ranking::Plain);
        if (kind != SubnetKind::Stepping)
            construction.nest(kind == SubnetKind::Slimmable);
        SubnetState state = begun(construction, kind);
        StageContext stage(context, 0, kTrainingShare);
        const Split split = resolveSplit(m_parameters.at("train_split").get<std::string>(), m_job.inputs.images);
        trainSubnets(
            m_graph, m_layers, m_job.inputs.images, split, m_job.inputs.normalisation, training, construction, worldOf(kind), state, stage);
        evaluate(kind, training, state, result, context);
    }

    SubnetWorld worldOf(SubnetKind kind)
    {
        SubnetWorld world;
        world.device = m_job.inputs.device;
        world.teacher = [this](const at::Tensor& images) {
            const at::NoGradGuard noGradient;
            return logitsOf(m_teacher, images);
        };
        world.keep = [this, kind](const SubnetState& state) {
            const double now = m_job.seconds();
            const bool isEpoch = !state.epochs.empty();
            if (!isEpoch && now < m_nextCheckpoint)
                return;
            const std::string blob = m_job.project.putBlob(subnetStateToBytes(state, kind));
            if (isEpoch && kind == SubnetKind::Stepping)
                putEpoch(m_job.project, m_job.inputs.run.id, state.epochs.back(), blob);
            else
                putAttachment(m_job.project, m_job.inputs.run.id, "checkpoint", blob);
            m_job.context.resultsChanged();
            m_nextCheckpoint = m_job.seconds() + (m_job.seconds() - now) / kCheckpointShare;
        };
        return world;
    }

    void evaluate(SubnetKind kind, const SubnetTraining& training, const SubnetState& state, SteppingResult& result, JobContext& context)
    {
        const c10::InferenceMode inference;
        const bool dense = kind == SubnetKind::Slimmable;
        const Split test = resolveSplit(m_parameters.at("test_split").get<std::string>(), m_job.inputs.images);
        const PreparedImages images = preparedImages(m_job.inputs, test, positionsOf(test), kReferenceBatch);
        const WeightCounts weights = countWeights(m_graph, m_layers, state.tensors, training.pruneBelow);
        const SubnetCost cost(m_graph, m_layers, &weights);
        SubnetFamily family { toString(kind), {} };
        std::vector<std::vector<Answer>> answers;
        for (int k = 1; k <= static_cast<int>(m_budgets.size()); ++k) {
            const FoldedNetwork folded = foldedSubnets(m_graph, tensorsOfSubnet(m_graph, state.tensors, k, kind), training.pruneBelow);
            const InferenceNetwork network
                = subnetNetwork(folded, planSubnet(m_graph, m_layers, state.groups, k, dense, m_job.inputs.device));
            answers.push_back(classify(network, images, context));
            SubnetFigures figures;
            figures.budget = m_budgets[static_cast<std::size_t>(k - 1)] / static_cast<double>(m_originalMacs);
            figures.macs = dense ? denseMacs(m_graph, m_layers, state.groups, k) : cost.macs(state.groups, k);
            figures.macsShare = static_cast<double>(figures.macs) / static_cast<double>(m_originalMacs);
            figures.accuracy = static_cast<double>(countRight(answers.back(), images)) / static_cast<double>(images.count());
            family.subnets.push_back(figures);
        }
        if (kind == SubnetKind::Stepping)
            keepSubnets(state, answers, family, images, result);
        result.families.push_back(std::move(family));
    }

    void keepSubnets(const SubnetState& state, const std::vector<std::vector<Answer>>& answers, const SubnetFamily& family,
        const PreparedImages& images, SteppingResult& result)
    {
        result.groups = state.groups;
        for (const IterationRecord& record : state.iterations)
            result.iterations.push_back({ record.macs, record.accuracy, record.loss });
        std::vector<std::int64_t> macs;
        for (const SubnetFigures& subnet : family.subnets)
            macs.push_back(subnet.macs);
        result.anytime = anytimeCurve(answers, macs, images);
        Evaluation largest;
        std::ranges::transform(answers.back(), std::back_inserter(largest.predictions), &Answer::label);
        keepAnswers(m_job.project, m_job.inputs, largest);
        putAttachment(m_job.project, m_job.inputs.run.id, "step_weights", m_job.project.putBlob(tensorsToBytes(m_graph, state.tensors)));
    }

    void report(const SteppingResult& result)
    {
        std::map<std::string, double> figures { { "full_accuracy", result.originalAccuracy } };
        for (const SubnetFamily& family : result.families) {
            for (std::size_t k = 0; k < family.subnets.size(); ++k) {
                figures[family.kind + "_accuracy_" + std::to_string(k + 1)] = family.subnets[k].accuracy;
                figures[family.kind + "_macs_" + std::to_string(k + 1)] = static_cast<double>(family.subnets[k].macs);
            }
        }
        figures["accuracy"] = result.families.front().subnets.back().accuracy;
        figures["macs"] = static_cast<double>(result.families.front().subnets.back().macs);
        putMetrics(m_job.project, m_job.inputs.run.id, figures);
    }

    const RunJob& m_job;
    const nlohmann::json& m_parameters;
    Graph m_graph; ///< widened
    std::vector<Layer> m_layers;
    InferenceNetwork m_teacher;
    std::int64_t m_originalMacs = 0;
    std::vector<double> m_budgets; ///< MACs
    double m_nextCheckpoint = 0;   ///< not before, in seconds of computing
};

} // namespace

void stepRun(const RunJob& job)
{
    StepJob(job).run();
}

} // namespace bitscape
