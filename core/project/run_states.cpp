// SPDX-License-Identifier: GPL-3.0-or-later
// How a run moves from state to state. Every move reads and writes in one transaction, so that two processes cannot make the same one.
#include "core/project/clock.h"
#include "core/project/codec.h"
#include "core/project/entries.h"
#include "core/project/run_rows.h"
#include "core/project/runs.h"
#include "core/project/sql.h"

#include <algorithm>
#include <cmath>

namespace bitscape {

namespace {

std::string theRun(RunId id)
{
    return "Run " + std::to_string(id.value) + " ";
}

Error refused(RunId id, const std::string& why)
{
    return { ErrorCode::BadArgument, theRun(id) + why };
}

bool isActive(RunState state)
{
    return state == RunState::Running || state == RunState::Paused;
}

bool hasEnded(RunState state)
{
    return state == RunState::Finished || state == RunState::Failed || state == RunState::Cancelled;
}

std::string whereabouts(const Worker& worker)
{
    return "process " + std::to_string(worker.process) + " on " + worker.host;
}

void requireSeconds(RunId id, double seconds)
{
    if (!std::isfinite(seconds))
        throw refused(id, "cannot have taken " + std::to_string(seconds) + " seconds: give a finite time.");
}

void requireClaimable(RunId id, const run_rows::Standing& standing)
{
    if (standing.stored == RunState::Finished)
        throw refused(id, "is finished and is not computed again: make a new run with its parameters.");
    if (isActive(standing.state()))
        throw refused(id, "is being computed by " + whereabouts(standing.worker) + ": wait for it, or cancel it first.");
}

/// The worker itself may, and so may anyone once the worker is dead.
void requireEndable(RunId id, const run_rows::Standing& standing)
{
    if (hasEnded(standing.stored))
        throw refused(id, "has ended already (" + toString(standing.stored) + "): claim it again before ending it again.");
    if (isActive(standing.state()) && standing.worker != currentWorker())
        throw refused(id, "is being computed by " + whereabouts(standing.worker) + ", which alone can end it: cancel it instead.");
}

/// "Run 2 is what run 3 started from: remove that first."
void requireNone(RunId id, const std::vector<RunId>& others, const std::string& before, const std::string& behind)
{
    std::vector<std::int64_t> numbers;
    for (const RunId other : others)
        numbers.push_back(other.value);
    if (!numbers.empty())
        throw refused(
            id, before + entries::runNumbers(numbers) + behind + ": remove " + (numbers.size() == 1 ? "that" : "those") + " first.");
}

} // namespace

void claimRun(Project& project, RunId id, int threads, const std::string& device, const nlohmann::json& versions)
{
    const Worker self = currentWorker();
    sql::write(project, [&](SQLite::Database& database) {
        requireClaimable(id, run_rows::standing(project, database, id));
        sql::Query(database,
            "UPDATE runs SET state = 'running', threads = ?2, device = ?3, versions = ?4, worker_process = ?5, worker_start = ?6, "
            "worker_boot = ?7, worker_host = ?8, cancel = 0, failure = '', finished = '', "
            "started = CASE WHEN started = '' THEN ?9 ELSE started END WHERE id = ?1",
            id.value, threads, device, codec::encodeObject(versions), self.process, self.startTicks, self.boot, self.host, isoNow())
            .run();
    });
}

void setPaused(Project& project, RunId id, bool paused)
{
    sql::write(project, [&](SQLite::Database& database) {
        const RunState state = run_rows::standing(project, database, id).stored;
        if (!isActive(state))
            throw refused(id, "is " + toString(state) + " and so can neither pause nor go on: claim it first.");
        sql::Query(database, "UPDATE runs SET state = ?2 WHERE id = ?1", id.value, toString(paused ? RunState::Paused : RunState::Running))
            .run();
    });
}

void setProgress(Project& project, RunId id, double progress, double seconds)
{
    requireSeconds(id, seconds);
    if (!std::isfinite(progress))
        throw refused(id, "cannot have the progress " + std::to_string(progress) + ": give a share from 0 to 1.");
    const double share = std::clamp(progress, 0.0, 1.0);
    sql::write(project, [&](SQLite::Database& database) {
        if (sql::Query(database, "UPDATE runs SET progress = ?2, seconds = ?3 WHERE id = ?1", id.value, share, seconds).run() == 0)
            throw run_rows::unknown(project, id);
    });
}

void endRun(Project& project, RunId id, RunState state, double seconds, const std::string& failure)
{
    if (!hasEnded(state))
        throw refused(id, "cannot end as " + toString(state) + ": end it as finished, failed or cancelled.");
    requireSeconds(id, seconds);
    sql::write(project, [&](SQLite::Database& database) {
        requireEndable(id, run_rows::standing(project, database, id));
        sql::Query(database,
            "UPDATE runs SET state = ?2, seconds = ?3, failure = ?4, finished = ?5, cancel = 0, "
            "progress = CASE WHEN ?2 = 'finished' THEN 1 ELSE progress END WHERE id = ?1",
            id.value, toString(state), seconds, failure, isoNow())
            .run();
    });
}

void requestCancel(Project& project, RunId id)
{
    sql::write(project, [&](SQLite::Database& database) {
        const RunState state = run_rows::standing(project, database, id).state();
        if (state == RunState::Finished || state == RunState::Failed)
            throw refused(
                id, "has ended already (" + toString(state) + "), so that there is nothing to cancel: remove it if it is not wanted.");
        if (isActive(state))
            sql::Query(database, "UPDATE runs SET cancel = 1 WHERE id = ?1", id.value).run();
        else if (state != RunState::Cancelled)
            sql::Query(database, "UPDATE runs SET state = 'cancelled', cancel = 0, finished = ?2 WHERE id = ?1", id.value, isoNow()).run();
    });
}

bool cancelWanted(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        sql::Query row(database, "SELECT cancel FROM runs WHERE id = ?1", id.value);
        if (!row.next())
            throw run_rows::unknown(project, id);
        return row.integer(0) != 0;
    });
}

std::optional<Worker> workerOf(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) -> std::optional<Worker> {
        const run_rows::Standing standing = run_rows::standing(project, database, id);
        return isActive(standing.stored) ? std::optional(standing.worker) : std::nullopt;
    });
}

void removeRun(Project& project, RunId id)
{
    sql::write(project, [&](SQLite::Database& database) {
        const run_rows::Standing standing = run_rows::standing(project, database, id);
        if (isActive(standing.state()))
            throw refused(id, "is being computed by " + whereabouts(standing.worker) + ": cancel it before removing it.");
        requireNone(id, run_rows::childrenOf(database, id), "is what ", " started from");
        requireNone(id, run_rows::sweptBy(database, id), "is the sweep that made ", "");
        sql::Query(database, "DELETE FROM runs WHERE id = ?1", id.value).run(); // its results go with it
    });
}

} // namespace bitscape
