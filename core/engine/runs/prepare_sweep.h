// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/sweep_subjects.h"
#include "core/jobs/job_context.h"
#include "core/jobs/sweep_recipe.h"
#include "core/project/project.h"
#include "core/project/runs.h"
#include "core/project/sweeps.h"

#include <string>
#include <vector>

namespace bitscape {

/// A recipe that was checked against a project, and is not in it yet.
struct PreparedSweep {
    Run sweep;          ///< without parent, model and data set
    SweepRecipe recipe; ///< with every run, model and data set named
    SweepSubjects subjects;
};

/// Checks every child as checkRun() checks a run before it begins, and reads the models and data sets that the recipe adds; writes nothing.
/// `device`: "cpu" or "cuda". Throws Error(BadArgument, BadInput) that says where in the recipe what is wrong and what to do.
PreparedSweep prepareSweep(Project& project, SweepRecipe recipe, const std::string& device, JobContext& context);

/// Adds models and data sets and queues the sweep with its children.
RunId storeSweep(Project& project, const PreparedSweep& prepared);

/// What the children of a stored sweep are, in this project. Throws Error(BadArgument) where a model, data set or run is not there any
/// more.
std::vector<NewChild> newChildren(Project& project, const SweepRecipe& recipe, const std::string& device);

} // namespace bitscape
