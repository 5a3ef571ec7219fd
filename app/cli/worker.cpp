// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/worker.h"

#include "app/cli/report_commands.h"
#include "app/cli/sweep_worker.h"
#include "app/cli/worker_context.h"

#include "core/base/error.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/run_inputs.h"
#include "core/engine/runs/run_job.h"
#include "core/engine/runs/stage_context.h"
#include "core/jobs/parameters.h"
#include "core/project/results.h"

#include <functional>
#include <iostream>

namespace bitscape {
namespace {

/// The whole job's progress stands at 0 while what it reads is being loaded.
RunInputs loaded(Project& project, const Run& run, WorkerContext& context)
{
    StageContext loading(context, 0, 0);
    return loadInputs(project, run, loading);
}

/// Loads a claimed run's inputs, has it computed and writes how it ended.
ExitCode carryOut(Project& project, RunId id, const std::function<RunInputs()>& load, WorkerContext& context, const WorkerOptions& options)
{
    bool began = false;
    try {
        const RunInputs inputs = load();
        began = true;
        computeRun({ project, inputs, context, [&context] { return context.seconds(); } });
    } catch (const Cancelled&) {
        finish(project, id, RunState::Cancelled, context);
        std::cerr << cancelledText(project, id) << "\n";
        return kCancelled;
    } catch (const Error& error) {
        finish(project, id, RunState::Failed, context, error.what());
        if (!began || error.code() != ErrorCode::BadArgument)
            throw;
        std::cerr << "bitscape-cli: " << error.what() << "\n"; // wrong use is refused before a run begins: this was not foreseeable
        return kFailed;
    } catch (const std::exception& error) {
        finish(project, id, RunState::Failed, context, error.what());
        throw;
    }
    finish(project, id, RunState::Finished, context);
    dropAttachment(project, id, "checkpoint"); // only now: until here a kill must find it
    if (!options.events)
        printFigures(project, id);
    return kDone;
}

} // namespace

ExitCode startRun(Project& project, Run run, const WorkerOptions& options)
{
    const int threads = useThreads(options.threads);
    run.device = deviceWord(run.device);
    WorkerContext context(project, options, toString(run.kind));
    try {
        RunInputs inputs = loaded(project, run, context);
        const RunId id = addRun(project, run);
        claimRun(project, id, threads, run.device, versions());
        inputs.run = bitscape::run(project, id);
        context.begin(inputs.run);
        return carryOut(
            project, id, [&] { return std::move(inputs); }, context, options);
    } catch (const Cancelled&) {
        context.ended(RunState::Cancelled);
        std::cerr << cancelledText(project, {}) << "\n";
        return kCancelled;
    }
}

ExitCode continueRun(Project& project, RunId id, const WorkerOptions& options)
{
    Run before = bitscape::run(project, id);
    if (before.kind == RunKind::Sweep)
        return continueSweep(project, before, options);
    if (options.workers || options.maxSeconds)
        throw Error(ErrorCode::BadArgument,
            "--workers and --max-seconds are for sweeps, and run " + std::to_string(id.value) + " is none: leave them out.");
    before.parameters = completeParameters(before.kind, before.parameters); // a run of an older version may lack some
    checkRun(project, before); // one that comes too early, its parent being queued still, stays in the queue
    // The same threads as before: float sums depend on how work is shared out.
    const int threads = useThreads(options.threads > 0 ? options.threads : before.threads);
    if (before.threads > 0 && threads != before.threads)
        std::cerr << "Run " << id.value << " began with " << before.threads << " threads and goes on with " << threads
                  << ": its last bits may differ from those of an undisturbed run.\n";
    const std::string device = deviceWord(before.device);
    claimRun(project, id, threads, device, versions());
    WorkerContext context(project, options, toString(before.kind) + " " + std::to_string(id.value));
    const Run now = bitscape::run(project, id);
    context.begin(now);
    return carryOut(
        project, id, [&] { return loaded(project, now, context); }, context, options);
}

} // namespace bitscape
