// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sweep_worker.h"

#include "app/cli/adding.h"
#include "app/cli/sweep_children.h"
#include "app/cli/worker_context.h"

#include "core/base/error.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/prepare_sweep.h"
#include "core/jobs/parameters.h"
#include "core/jobs/sweep_figures.h"
#include "core/project/results.h"

#include <algorithm>
#include <iostream>
#include <memory>

namespace bitscape {
namespace {

/// More than a child's own, which it needs to end by itself.
constexpr std::chrono::milliseconds kSweepPatience { 950 };

std::string resumeHint(const Project& project, RunId id)
{
    return "go on with: bitscape-cli resume '" + project.path().string() + "' " + std::to_string(id.value);
}

ExitCode ended(Project& project, RunId id, WorkerContext& context, bool spent)
{
    const SweepFigures figures = sweepFigures(project, id);
    std::string sentence = summaryOf(figures);
    if (spent || figures.left() > 0) {
        sentence = (spent ? "The time budget is used up: " : "") + sentence;
        finish(project, id, RunState::Cancelled, context, sentence);
        context.log(sentence + "; " + resumeHint(project, id));
        return kCancelled;
    }
    const bool failed = figures.count(RunState::Finished) == 0;
    const bool flawed = figures.count(RunState::Failed) > 0;
    finish(project, id, failed ? RunState::Failed : RunState::Finished, context, flawed ? sentence : std::string());
    context.log(sentence);
    return failed ? kFailed : kDone;
}

/// Of a claimed sweep.
ExitCode carryOut(Project& project, const Run& sweep, const WorkerOptions& options, WorkerContext& context)
{
    const auto parameters = completeParameters(RunKind::Sweep, sweep.parameters);
    SweepLimits limits;
    limits.workers = options.workers.value_or(parameters.at("workers").get<int>());
    limits.threadsEach = std::max(1, sweep.threads / limits.workers);
    limits.seconds = options.maxSeconds;
    if (!limits.seconds && !parameters.at("max_seconds").is_null())
        limits.seconds = parameters.at("max_seconds").get<double>();
    try {
        addMissingChildren(project, sweep.id, newChildren(project, sweepRecipeFrom(sweepRecipe(project, sweep.id)), sweep.device));
        const bool spent = SweepChildren(project, sweep.id, limits, context).carryOut() == SweepEnd::Spent;
        return ended(project, sweep.id, context, spent);
    } catch (const Cancelled&) {
        finish(project, sweep.id, RunState::Cancelled, context);
        std::cerr << cancelledText(project, sweep.id) << "\n";
        return kCancelled;
    } catch (const std::exception& error) {
        finish(project, sweep.id, RunState::Failed, context, error.what());
        throw;
    }
}

} // namespace

ExitCode startSweep(Project& project, const SweepRecipe& recipe, const std::string& device, const WorkerOptions& options)
{
    const int threads = useThreads(options.threads);
    WorkerContext context(project, options, "sweep", kSweepPatience);
    try {
        const PreparedSweep prepared = prepareSweep(project, recipe, deviceWord(device), context);
        const RunId id = storeSweep(project, prepared);
        claimRun(project, id, threads, prepared.sweep.device, versions());
        const Run sweep = run(project, id);
        context.begin(sweep);
        return carryOut(project, sweep, options, context);
    } catch (const Cancelled&) {
        context.ended(RunState::Cancelled);
        std::cerr << cancelledText(project, {}) << "\n";
        return kCancelled;
    }
}

ExitCode queueSweep(Project& project, const SweepRecipe& recipe, const std::string& device, bool events)
{
    return addToProject(events, "sweep", [&](JobContext& context) -> Storing {
        const auto prepared = std::make_shared<const PreparedSweep>(prepareSweep(project, recipe, deviceWord(device), context));
        return [&project, prepared] { return "run " + std::to_string(storeSweep(project, *prepared).value); };
    });
}

ExitCode continueSweep(Project& project, const Run& sweep, const WorkerOptions& options)
{
    const int threads = useThreads(options.threads > 0 ? options.threads : sweep.threads);
    claimRun(project, sweep.id, threads, deviceWord(sweep.device), versions());
    WorkerContext context(project, options, "sweep " + std::to_string(sweep.id.value), kSweepPatience);
    const Run now = run(project, sweep.id);
    context.begin(now);
    return carryOut(project, now, options, context);
}

} // namespace bitscape
