// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/exit_codes.h"

#include "core/project/project.h"
#include "core/project/runs.h"

#include <optional>

namespace bitscape {

/// How a run is carried out in this process.
struct WorkerOptions {
    bool events = false;              ///< JSON lines on standard output, words on standard input
    int threads = 0;                  ///< 0: one per hardware thread
    std::optional<int> workers;       ///< of a sweep, in place of its own
    std::optional<double> maxSeconds; ///< likewise
};

/// Checks and loads all that a new run reads, and only then queues it and carries it out: a run that cannot begin leaves no trace.
/// `run.device` may be "auto". Prints "run N" first.
ExitCode startRun(Project& project, Run run, const WorkerOptions& options);

/// Carries out a run that is in the project: queued, or interrupted, failed or cancelled before its end. One that cannot begin
/// (checkRun()), as what it starts from has not finished yet, is left as it is.
ExitCode continueRun(Project& project, RunId id, const WorkerOptions& options);

} // namespace bitscape
