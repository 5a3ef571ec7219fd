// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_evaluator.h"
#include "core/engine/runs/training_job.h"

#include "core/project/results.h"

namespace bitscape {
namespace {

/// Share of a training's time that the test images at its end take is small; it is given this much of the progress bar.
constexpr double kTrainingShare = 0.98;

TensorMap initialTensors(const RunInputs& inputs)
{
    const bool fresh = startsFresh(inputs.run, inputs.ancestors, inputs.model);
    return fresh ? freshTensors(inputs.graph, inputs.run.seed) : inputs.tensors;
}

} // namespace

void trainRun(const RunJob& job)
{
    const RunInputs& inputs = job.inputs;
    const auto accuracy = [&](const TensorMap& tensors, const PreparedImages& images) {
        return accuracyOf(evaluate(inputs.graph, tensors, images, {}, job.context));
    };
    const std::string weights = runTraining(
        job, [&] { return initialTensors(inputs); }, accuracy, {}, kTrainingShare);
    const TensorMap result = tensorsFromBytes(inputs.graph, job.project.blob(weights));
    RunEvaluator evaluator(job.project, inputs, result, weights, {});
    const Evaluation tested = evaluator.evaluateFull(inputs.run.parameters.at("test_split").get<std::string>(), job.context);
    keepAnswers(job.project, inputs, tested);
    putMetrics(job.project, inputs.run.id, { { "accuracy", accuracyOf(tested) } });
}

} // namespace bitscape
