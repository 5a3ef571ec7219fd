// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_evaluator.h"
#include "core/engine/runs/stage_context.h"
#include "core/engine/runs/training_state_store.h"

#include "core/base/error.h"
#include "core/network/zoo.h"
#include "core/project/results.h"

namespace bitscape {
namespace {

/// Share of a training's time that the test images at its end take is small; it is given this much of the progress bar.
constexpr double kTrainingShare = 0.98;

TensorMap initialTensors(const RunInputs& inputs)
{
    const auto initialise = inputs.run.parameters.at("initialise").get<std::string>();
    const bool continues = inputs.ancestor(RunKind::Train) != nullptr;
    if (initialise == "fresh" || (initialise == "auto" && !continues && isZooSource(inputs.model.source)))
        return freshTensors(inputs.graph, inputs.run.seed);
    if (inputs.tensors.empty())
        throw Error(ErrorCode::BadArgument, "Model '" + inputs.model.name + "' has no stored weights to start from: use initialise=fresh.");
    return inputs.tensors;
}

} // namespace

void trainRun(const RunJob& job)
{
    const RunInputs& inputs = job.inputs;
    const nlohmann::json& parameters = inputs.run.parameters;
    const TrainingPlan plan = planFrom(parameters, inputs.run.seed);
    TrainingState state = keptState(job.project, inputs.run.id, inputs.graph).value_or(TrainingState {});
    if (state.tensors.empty())
        state = freshState(inputs.graph, initialTensors(inputs));
    const Split split = resolveSplit(parameters.at("train_split").get<std::string>(), inputs.images);
    const Split validation = resolveSplit(parameters.at("validation_split").get<std::string>(), inputs.images);
    const auto validationImages = batchesOf(inputs.images, validation, inputs.normalisation, kEvaluationBatch, inputs.device);

    TrainingWorld world;
    world.device = inputs.device;
    world.accuracy = [&](const TensorMap& tensors) {
        const Evaluation found = evaluate(inputs.graph, tensors, validationImages, {}, job.context);
        return static_cast<double>(found.correct) / static_cast<double>(found.images);
    };
    world.epochEnded = [&](const TrainingState& now) {
        keepState(job.project, inputs.run.id, inputs.graph, now);
        job.context.resultsChanged();
    };
    StageContext training(job.context, 0, kTrainingShare);
    train(inputs.graph, inputs.images, split, inputs.normalisation, plan, world, state, training);

    const std::string weights = keepResult(job.project, inputs.run.id, inputs.graph, state, parameters.at("keep") == "best");
    const TensorMap result = tensorsFromBytes(inputs.graph, job.project.blob(weights));
    RunEvaluator evaluator(job.project, inputs, result, weights, {});
    const Evaluation tested = evaluator.evaluateFull(parameters.at("test_split").get<std::string>(), job.context);
    putMetrics(job.project, inputs.run.id, { { "accuracy", accuracyOf(tested) } });
}

} // namespace bitscape
