// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/training_job.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/runs/run_images.h"
#include "core/engine/runs/stage_context.h"
#include "core/engine/runs/training_state_store.h"

namespace bitscape {

std::string runTraining(const RunJob& job, const std::function<TensorMap()>& initial,
    const std::function<double(const TensorMap&, const PreparedImages&)>& accuracy, TrainingWorld world, double share)
{
    const RunInputs& inputs = job.inputs;
    const nlohmann::json& parameters = inputs.run.parameters;
    TrainingState state = keptState(job.project, inputs.run.id, inputs.graph).value_or(TrainingState {});
    if (state.tensors.empty())
        state = freshState(inputs.graph, initial());
    const Split split = resolveSplit(parameters.at("train_split").get<std::string>(), inputs.images);
    const Split validation = resolveSplit(parameters.at("validation_split").get<std::string>(), inputs.images);
    const PreparedImages validationImages
        = preparedImages(inputs, validation, positionsOf(validation), inputs.device.is_cpu() ? kReferenceBatch : kCudaBatch);
    world.device = inputs.device;
    world.accuracy = [&](const TensorMap& tensors) { return accuracy(tensors, validationImages); };
    world.epochEnded = [&](const TrainingState& now) {
        keepState(job.project, inputs.run.id, inputs.graph, now);
        job.context.resultsChanged();
    };
    StageContext training(job.context, 0, share);
    train(inputs.graph, inputs.images, split, inputs.normalisation, planFrom(parameters, inputs.run.seed), world, state, training);
    return keepResult(job.project, inputs.run.id, inputs.graph, state, parameters.at("keep") == "best");
}

} // namespace bitscape
