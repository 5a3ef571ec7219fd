// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/run_inputs.h"
#include "core/jobs/job_context.h"
#include "core/project/project.h"

#include <functional>

namespace bitscape {

/// What a run's computation works with.
struct RunJob {
    Project& project;
    const RunInputs& inputs;
    JobContext& context;
    std::function<double()> seconds; ///< of computing, over all the run's sessions
};

/// Computes one claimed run from where it was left, and stores its results. Throws Error, or Cancelled.
void computeRun(const RunJob& job);

/// Calls `work`; what LibTorch throws, and a lack of memory, comes out as Error(Device).
void wrapped(const std::function<void()>& work);

// One per kind; each file its own.
void trainRun(const RunJob& job);
void scoreRun(const RunJob& job);
void searchRun(const RunJob& job);
void editRun(const RunJob& job);
void refineRun(const RunJob& job);
void evaluateRun(const RunJob& job);
void stepRun(const RunJob& job);

} // namespace bitscape
