// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"
#include "core/project/runs.h"

#include <nlohmann/json.hpp>

namespace bitscape {

/// {id, kind, name, state, model, data, parent, created, seconds}: a run in `runs --json` (design.md section 6).
nlohmann::ordered_json runSummary(Project& project, const Run& run);

/// All that `show --json` says of a run: the summary, parameters, seed, threads, device, versions, failure, every figure, and what its kind
/// has besides: layers with scores, classes and bits, thresholds, trajectory, epochs, per_class and confusion.
nlohmann::ordered_json runDetails(Project& project, RunId id);

} // namespace bitscape
