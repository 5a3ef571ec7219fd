// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"
#include "core/project/runs.h"

#include <string>
#include <vector>

namespace bitscape {

/// A child of a sweep that is to be a run.
struct NewChild {
    Run run;            ///< with its `place`, from 1; `parent` where it starts from a run outside the sweep
    int startsFrom = 0; ///< else the lower place of the child that it starts from; 0: of none
};

/// Queues a sweep and, in the same transaction, its children by rising place. `recipe` is JSON text (core/jobs/sweep_recipe.h). Throws as
/// addRun() does, and Error(BadArgument) for a child that starts from one that does not come before it.
RunId addSweep(Project& project, const Run& sweep, const std::string& recipe, const std::vector<NewChild>& children);

/// Queues those children of a sweep that are not there (any more), in one transaction; answers how many. Throws as addSweep() does.
int addMissingChildren(Project& project, RunId sweep, const std::vector<NewChild>& children);

/// Throws Error(BadArgument) for a run that is no sweep.
std::string sweepRecipe(Project& project, RunId sweep);

/// By their place. Throws Error(BadArgument) for an unknown number; empty for a run that is no sweep.
std::vector<Run> sweepChildren(Project& project, RunId sweep);

} // namespace bitscape
