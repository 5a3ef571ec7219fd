// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/worker.h"

#include "core/jobs/sweep_recipe.h"

#include <string>

namespace bitscape {

/// Checks a recipe, adds what it adds and queues the sweep with its children, then carries it out; prints "run N" first. A recipe that is
/// refused leaves no trace. `device` may be "auto".
ExitCode startSweep(Project& project, const SweepRecipe& recipe, const std::string& device, const WorkerOptions& options);

/// The same without carrying it out: `bitscape-cli run` does that later.
ExitCode queueSweep(Project& project, const SweepRecipe& recipe, const std::string& device, bool events);

/// Carries out a sweep that is in the project: makes the children that are missing, keeps the finished ones, goes on with all others.
ExitCode continueSweep(Project& project, const Run& sweep, const WorkerOptions& options);

} // namespace bitscape
