// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/training/trainer.h"
#include "core/project/ids.h"
#include "core/project/project.h"

#include <nlohmann/json.hpp>

namespace bitscape {

/// The plan that a train or refine run's parameters describe.
TrainingPlan planFrom(const nlohmann::json& parameters, std::uint64_t seed);

/// Keeps a state behind its last epoch: the epoch's row and the checkpoint blob in one transaction.
void keepState(Project& project, RunId run, const Graph& graph, const TrainingState& state);

/// The state of the last checkpoint, if there is one.
std::optional<TrainingState> keptState(Project& project, RunId run, const Graph& graph);

/// Stores the network that the run ends with; answers the blob's name. The checkpoint stays until the run's last figure is stored.
std::string keepResult(Project& project, RunId run, const Graph& graph, const TrainingState& state, bool keepBest);

} // namespace bitscape
