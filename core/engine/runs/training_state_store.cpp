// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/training_state_store.h"

#include "core/base/error.h"
#include "core/project/results.h"

#include <ATen/ATen.h>

namespace bitscape {
namespace {

/// Velocity has no entries for running statistics; zeros stand in their place.
TensorMap completed(const Graph& graph, const TensorMap& velocity)
{
    TensorMap all = velocity;
    for (const TensorInfo& info : graph.tensors)
        all.try_emplace(info.name, at::zeros(info.shape, at::kFloat));
    return all;
}

} // namespace

TrainingPlan planFrom(const nlohmann::json& parameters, std::uint64_t seed)
{
    TrainingPlan plan;
    plan.epochs = parameters.at("epochs").get<int>();
    plan.batch = parameters.at("batch").get<int>();
    plan.learningRate = parameters.at("learning_rate").get<double>();
    plan.momentum = parameters.at("momentum").get<double>();
    plan.weightDecay = parameters.at("weight_decay").get<double>();
    const auto schedule = parameters.at("schedule").get<std::string>();
    plan.schedule = schedule == "cosine" ? Schedule::Cosine : schedule == "steps" ? Schedule::Steps : Schedule::Constant;
    plan.milestones = parameters.at("milestones").get<std::vector<double>>();
    plan.decay = parameters.at("decay").get<double>();
    plan.warmupEpochs = parameters.at("warmup_epochs").get<double>();
    const auto augment = parameters.at("augment").get<std::string>();
    plan.augmentation = { augment.starts_with("crop"), augment.ends_with("flip") };
    plan.alpha = parameters.value("alpha", 1.0);
    plan.temperature = parameters.value("temperature", 1.0);
    plan.seed = seed;
    return plan;
}

void keepState(Project& project, RunId run, const Graph& graph, const TrainingState& state)
{
    std::vector<std::byte> bytes;
    for (const TensorMap& tensors : { state.tensors, completed(graph, state.velocity), state.best }) {
        const auto part = tensorsToBytes(graph, tensors);
        bytes.insert(bytes.end(), part.begin(), part.end());
    }
    putEpoch(project, run, state.epochs.back(), project.putBlob(bytes));
}

std::optional<TrainingState> keptState(Project& project, RunId run, const Graph& graph)
{
    const auto checkpoint = attachment(project, run, "checkpoint");
    if (!checkpoint)
        return std::nullopt;
    const auto bytes = project.blob(*checkpoint);
    const std::size_t size = static_cast<std::size_t>(parameterCount(graph)) * sizeof(float);
    if (bytes.size() != 3 * size)
        throw Error(ErrorCode::Store, "The checkpoint of run " + std::to_string(run.value) + " does not fit its network.");
    const std::span<const std::byte> all(bytes);
    TrainingState state;
    state.tensors = tensorsFromBytes(graph, all.subspan(0, size));
    const TensorMap velocity = tensorsFromBytes(graph, all.subspan(size, size));
    state.velocity = freshState(graph, state.tensors).velocity;
    for (auto& [name, tensor] : state.velocity)
        tensor = velocity.at(name);
    state.best = tensorsFromBytes(graph, all.subspan(2 * size, size));
    state.epochs = epochs(project, run);
    return state;
}

std::string keepResult(Project& project, RunId run, const Graph& graph, const TrainingState& state, bool keepBest)
{
    const std::string blob = project.putBlob(tensorsToBytes(graph, keepBest ? state.best : state.tensors));
    putAttachment(project, run, "weights", blob);
    return blob;
}

} // namespace bitscape
