// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/runs/deployed_network.h"
#include "core/engine/runs/report_network.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/subnet_figures.h"
#include "core/project/results.h"

namespace bitscape {

void evaluateRun(const RunJob& job)
{
    reportNetwork(job, deployedNetwork(job.project, job.inputs));
}

void reportNetwork(const RunJob& job, const DeployedNetwork& network)
{
    const RunInputs& inputs = job.inputs;
    const auto test = inputs.parameter("test_split").get<std::string>();
    const Deployment deployment = network.isQuantized() ? deploymentOf(inputs, job.context) : Deployment {};
    RunEvaluator evaluator(job.project, inputs, network.tensors, network.weightsBlob, deployment);
    RunEvaluator full(job.project, inputs, inputs.tensors, inputs.weightsBlob, {});
    std::map<std::string, double> metrics;
    const Evaluation asFull = full.evaluateFull(test, job.context);
    metrics["full_accuracy"] = accuracyOf(asFull);
    Evaluation found = asFull;
    if (network.isQuantized()) {
        found = evaluator.evaluate(network.bits, test, network.statistics, true, job.context);
        metrics.merge(costMetrics(costOf(inputs.graph, evaluator.layers(), network.bits, deployment.activationBits)));
        putBits(job.project, inputs.run.id, network.bits);
    } else {
        const auto layers = inputs.layers();
        metrics.merge(costMetrics(costOf(inputs.graph, layers, uniformBits(layers, kFullPrecisionBits, kFullPrecisionBits))));
    }
    const LayerBits used = network.isQuantized() ? network.bits : uniformBits(inputs.layers(), kFullPrecisionBits, kFullPrecisionBits);
    keepAnswers(job.project, inputs, found, network.isQuantized() ? &asFull : nullptr);
    metrics["accuracy"] = accuracyOf(found);
    addSubnetFigures(metrics, inputs, evaluator, deployment, used, test, network.statistics, job.context);
    putMetrics(job.project, inputs.run.id, metrics);
}

} // namespace bitscape
