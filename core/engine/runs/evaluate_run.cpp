// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/runs/deployed_network.h"
#include "core/engine/runs/reported.h"
#include "core/project/results.h"

namespace bitscape {
namespace {

void keepConfusion(const RunJob& job, const Evaluation& found, const Split& split)
{
    const ImagePart& part = partOf(job.inputs.images, split);
    const std::span<const std::uint16_t> labels(part.labels.data() + split.first, static_cast<std::size_t>(split.count()));
    const nlohmann::json confusion = confusionOf(labels, found.predictions, job.inputs.images.classes());
    const std::string text = confusion.dump();
    putAttachment(job.project, job.inputs.run.id, "confusion", job.project.putBlob(std::as_bytes(std::span(text))));
}

} // namespace

void evaluateRun(const RunJob& job)
{
    const RunInputs& inputs = job.inputs;
    const auto test = inputs.run.parameters.at("test_split").get<std::string>();
    const DeployedNetwork network = deployedNetwork(job.project, inputs);
    const Deployment deployment = network.isQuantized() ? deploymentOf(inputs, job.context) : Deployment {};
    RunEvaluator evaluator(job.project, inputs, network.tensors, network.weightsBlob, deployment);
    RunEvaluator full(job.project, inputs, inputs.tensors, inputs.weightsBlob, {});
    std::map<std::string, double> metrics;
    metrics["full_accuracy"] = accuracyOf(full.evaluateFull(test, job.context));
    Evaluation found;
    if (network.isQuantized()) {
        found = evaluator.evaluate(network.bits, test, network.statistics, true, job.context);
        metrics.merge(costMetrics(costOf(inputs.graph, evaluator.layers(), network.bits, deployment.activationBits)));
        putBits(job.project, inputs.run.id, network.bits);
    } else {
        found = full.evaluateFull(test, job.context);
        const auto layers = inputs.layers();
        metrics.merge(costMetrics(costOf(inputs.graph, layers, uniformBits(layers, kFullPrecisionBits, kFullPrecisionBits))));
    }
    keepConfusion(job, found, resolveSplit(test, inputs.images));
    metrics["accuracy"] = accuracyOf(found);
    putMetrics(job.project, inputs.run.id, metrics);
}

} // namespace bitscape
