// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/runs/search_strategies.h"

#include "core/engine/runs/reported.h"
#include "core/engine/runs/stage_context.h"
#include "core/engine/runs/subnet_figures.h"
#include "core/project/results.h"

namespace bitscape {
namespace {

constexpr double kSearchShare = 0.95;

std::string textOf(double value)
{
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text + "0" : text;
}

void tellEnd(const SearchSetting& setting, const SearchResult& result, JobContext& context)
{
    if (result.end == SearchEnd::Unreachable)
        context.log("unreachable: no threshold can move any more at " + textOf(result.averageBits) + " average bits, wanted "
            + textOf(setting.targetBits));
    else if (result.end == SearchEnd::TimeUp)
        context.log("time is up at " + textOf(result.averageBits) + " average bits, wanted " + textOf(setting.targetBits));
}

} // namespace

void searchRun(const RunJob& job)
{
    const RunInputs& inputs = job.inputs;
    const nlohmann::json& parameters = inputs.run.parameters;
    // A search is resumed by replaying it: what was decided or evaluated before is looked up, so that it goes on where it was.
    const auto earlier = trajectory(job.project, inputs.run.id, true);
    const Deployment deployment = deploymentOf(inputs, job.context);
    keepRanges(job.project, inputs.run.id, deployment);
    RunEvaluator evaluator(job.project, inputs, inputs.tensors, inputs.weightsBlob, deployment);
    evaluator.addWork(metrics(job.project, inputs.run.id));
    const SearchSetting setting = searchSettingFrom(inputs);
    StageContext searching(job.context, 0, kSearchShare);
    const SearchResult result = runStrategy(job, setting, evaluator, deployment, earlier, searching);
    tellEnd(setting, result, job.context);

    putBits(job.project, inputs.run.id, result.bits);
    auto metrics = costMetrics(costOf(inputs.graph, evaluator.layers(), result.bits, deployment.activationBits));
    metrics["reached"] = result.end == SearchEnd::Reached ? 1 : 0;
    const Statistics statistics = setting.reported;
    metrics["search_accuracy"] = accuracyOf(evaluator.evaluate(result.bits, setting.split, statistics, false, job.context));
    const auto test = parameters.at("test_split").get<std::string>();
    const Evaluation full = evaluator.evaluateFull(test, job.context);
    const Evaluation found = evaluator.evaluate(result.bits, test, statistics, true, job.context);
    keepAnswers(job.project, inputs, found, &full);
    metrics["full_accuracy"] = accuracyOf(full);
    metrics["accuracy"] = accuracyOf(found);
    metrics.merge(evaluator.workDone());
    addSubnetFigures(metrics, inputs, evaluator, deployment, result.bits, test, statistics, job.context);
    for (std::size_t k = 0; k < result.thresholds.size(); ++k)
        metrics["threshold_" + std::to_string(k + 1)] = result.thresholds[k];
    putMetrics(job.project, inputs.run.id, metrics);
}

} // namespace bitscape
