// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the table of runs; not for other folders.
#pragma once

#include "core/project/runs.h"
#include "core/project/sql.h"
#include "core/project/worker.h"

#include <string>
#include <vector>

namespace bitscape::run_rows {

/// A run's state in the file and who computes it.
struct Standing {
    RunState stored = RunState::Queued;
    Worker worker; ///< of a running or paused run

    /// What to tell: a running or paused run whose worker has died is interrupted. Nobody needs to write for that.
    RunState state() const;
};

/// Throws Error(BadArgument) that names the number if there is no such run.
Standing standing(const Project& project, SQLite::Database& database, RunId id);

/// Error(BadArgument) that names the number.
Error unknown(const Project& project, RunId id);

/// Throws unknown() if there is no such run.
void require(const Project& project, SQLite::Database& database, RunId id);

/// Throws Error(BadArgument) if there is no such run.
Run load(const Project& project, SQLite::Database& database, RunId id);

std::vector<Run> loadAll(SQLite::Database& database);

/// Those whose ids the subquery `ids` with its ?1 finds, oldest first.
std::vector<Run> loadOf(SQLite::Database& database, const std::string& ids, std::int64_t value);

/// Newest first.
std::vector<Run> loadFinished(SQLite::Database& database, RunKind kind, ModelId model, DatasetId dataset, int atMost);

/// Queues a run as addRun() does, with `sweep` and `place`.
RunId add(Project& project, SQLite::Database& database, const Run& run);

/// The runs that start from it, oldest first.
std::vector<RunId> childrenOf(SQLite::Database& database, RunId id);

/// The runs whose sweep it is, by their place.
std::vector<RunId> sweptBy(SQLite::Database& database, RunId id);

} // namespace bitscape::run_rows
