// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/ids.h"
#include "core/project/project.h"
#include "core/project/worker.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// The kinds of design.md section 2, as stored: "train", "score", "search", "edit", "refine", "step", "evaluate", "import", "export"; and
/// "sweep", whose children are runs of those kinds (sweeps.h).
enum class RunKind { Train, Score, Search, Edit, Refine, Step, Evaluate, Import, Export, Sweep };

enum class RunState { Queued, Running, Paused, Finished, Failed, Cancelled, Interrupted };

std::string toString(RunKind kind);
std::string toString(RunState state);
/// Throw Error(BadArgument) for an unknown word.
RunKind runKindFrom(const std::string& word);
RunState runStateFrom(const std::string& word);

struct Run {
    RunId id;
    RunKind kind = RunKind::Train;
    std::string name; ///< free text, e.g. "search cq 2.0"
    RunState state = RunState::Queued;
    std::optional<ModelId> model;
    std::optional<DatasetId> dataset;
    std::optional<RunId> parent;                          ///< whose results this run starts from
    std::optional<RunId> sweep;                           ///< whose child it is (sweeps.h)
    int place = 0;                                        ///< among the sweep's children, from 1; 0 without a sweep
    nlohmann::json parameters = nlohmann::json::object(); ///< complete: every declared parameter with its value
    std::uint64_t seed = 0;
    int threads = 0; ///< as resolved, never 0 once it has run
    std::string device = "cpu";
    nlohmann::json versions = nlohmann::json::object(); ///< of Bitscape and the libraries that computed
    std::string failure;                                ///< the sentence, for failed runs
    double progress = 0;                                ///< 0..1 over the whole run
    double seconds = 0;                                 ///< of computing, over all its sessions
    std::string created, started, finished;             ///< UTC, ISO 8601; empty until then
    std::vector<std::string> tags;
    std::string note;
    bool operator==(const Run&) const = default;
};

/// Queues a run (id, sweep, place, state, failure, progress, seconds and times are ignored). Throws Error(BadArgument) for an unknown
/// model, data set or parent, for parameters or versions that are no JSON object, and for text in them or in tags that is not UTF-8. NaN in
/// them becomes null.
RunId addRun(Project& project, const Run& run);

/// Throws Error(BadArgument) that names the number if there is none.
Run run(Project& project, RunId id);

/// All runs, oldest first, without loading any results. A run whose worker has died is told as Interrupted.
std::vector<Run> runs(Project& project);

/// The newest finished runs of a kind on a model and a data set, at most that many, newest first.
std::vector<Run> finishedRuns(Project& project, RunKind kind, ModelId model, DatasetId dataset, int atMost);

/// The newest run's id, if there is any; the newest of one kind.
std::optional<RunId> lastRun(Project& project);
std::optional<RunId> lastRun(Project& project, RunKind kind);

/// The run, then its parent, and so on to the root.
/// Throws Error(BadArgument) for an unknown number.
std::vector<Run> ancestry(Project& project, RunId id);

/// The runs whose parent it is, oldest first. Throws Error(BadArgument) for an unknown number.
std::vector<RunId> children(Project& project, RunId id);

/// The calling process becomes the run's worker: Running, with process id, its start time and host noted, `threads`, `device`, `versions`
/// stored. Forgets a former failure, end and wish to cancel; keeps `started`, progress and seconds. Atomic among processes and threads.
/// Throws Error(BadArgument) if a live worker has it (the caller's own process included), or if it is Finished. A worker on another
/// host is believed alive.
void claimRun(Project& project, RunId id, int threads, const std::string& device, const nlohmann::json& versions);

/// Running <-> Paused by the worker itself. Throws Error(BadArgument) if the run is neither.
void setPaused(Project& project, RunId id, bool paused);

/// Kept for those who only look at the file; the worker calls it about once a second. `progress` is held to 0..1, `seconds` as in Run.
/// Throws Error(BadArgument) for NaN or infinity.
void setProgress(Project& project, RunId id, double progress, double seconds);

/// Ends a run: Finished, Failed (with the sentence) or Cancelled. The worker does, or anyone once the worker is dead or before there is
/// one. Throws Error(BadArgument) if it has ended already, if another live process has it, or for any other state.
void endRun(Project& project, RunId id, RunState state, double seconds, const std::string& failure = {});

/// Cancels a queued or interrupted run at once; asks a running worker (a flag that cancelWanted() tells). Throws Error(BadArgument) if
/// the run has finished or failed.
void requestCancel(Project& project, RunId id);
bool cancelWanted(Project& project, RunId id);

void renameRun(Project& project, RunId id, const std::string& name);
void setRunTags(Project& project, RunId id, const std::vector<std::string>& tags);
void setRunNote(Project& project, RunId id, const std::string& note);

/// The process that computes a running or paused run, alive or not; nothing for a run in any other state.
std::optional<Worker> workerOf(Project& project, RunId id);

/// Removes a run and its results. Throws Error(BadArgument) if it is running, if runs start from it or if it is a sweep with children
/// (naming them).
void removeRun(Project& project, RunId id);

} // namespace bitscape
