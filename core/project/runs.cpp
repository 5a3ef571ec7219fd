// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/runs.h"

#include "core/project/codec.h"
#include "core/project/run_rows.h"
#include "core/project/sql.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace bitscape {

namespace {

constexpr std::array kKinds { std::pair { RunKind::Train, "train" }, std::pair { RunKind::Score, "score" },
    std::pair { RunKind::Search, "search" }, std::pair { RunKind::Edit, "edit" }, std::pair { RunKind::Refine, "refine" },
    std::pair { RunKind::Step, "step" }, std::pair { RunKind::Evaluate, "evaluate" }, std::pair { RunKind::Import, "import" },
    std::pair { RunKind::Export, "export" }, std::pair { RunKind::Sweep, "sweep" } };

constexpr std::array kStates { std::pair { RunState::Queued, "queued" }, std::pair { RunState::Running, "running" },
    std::pair { RunState::Paused, "paused" }, std::pair { RunState::Finished, "finished" }, std::pair { RunState::Failed, "failed" },
    std::pair { RunState::Cancelled, "cancelled" }, std::pair { RunState::Interrupted, "interrupted" } };

template <typename Table, typename Value> std::string wordOf(const Table& table, Value value)
{
    for (const auto& [known, word] : table)
        if (known == value)
            return word;
    throw Error(ErrorCode::Internal, "A run has a kind or state that has no word.");
}

template <typename Table> auto valueOf(const Table& table, const std::string& word, const std::string& what)
{
    std::string known;
    for (const auto& [value, name] : table) {
        if (word == name)
            return value;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    throw Error(ErrorCode::BadArgument, "There is no run " + what + " \"" + word + "\": use one of " + known + ".");
}

std::optional<RunId> newest(Project& project, const char* select, const std::optional<std::string>& kind)
{
    return sql::read(project, [&](SQLite::Database& database) -> std::optional<RunId> {
        sql::Query row(database, select, kind);
        row.next();
        return row.isNull(0) ? std::nullopt : std::optional(RunId { row.integer(0) });
    });
}

/// Sets one column of one run.
template <typename Value> void update(Project& project, RunId id, const char* sql, const Value& value)
{
    sql::write(project, [&](SQLite::Database& database) {
        if (sql::Query(database, sql, id.value, value).run() == 0)
            throw run_rows::unknown(project, id);
    });
}

} // namespace

std::string toString(RunKind kind)
{
    return wordOf(kKinds, kind);
}

std::string toString(RunState state)
{
    return wordOf(kStates, state);
}

RunKind runKindFrom(const std::string& word)
{
    return valueOf(kKinds, word, "kind");
}

RunState runStateFrom(const std::string& word)
{
    return valueOf(kStates, word, "state");
}

RunId addRun(Project& project, const Run& run)
{
    Run alone = run;
    alone.sweep = {};
    alone.place = 0;
    return sql::write(project, [&](SQLite::Database& database) { return run_rows::add(project, database, alone); });
}

Run run(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) { return run_rows::load(project, database, id); });
}

std::vector<Run> runs(Project& project)
{
    return sql::read(project, [](SQLite::Database& database) { return run_rows::loadAll(database); });
}

std::vector<Run> finishedRuns(Project& project, RunKind kind, ModelId model, DatasetId dataset, int atMost)
{
    return sql::read(project, [&](SQLite::Database& database) { return run_rows::loadFinished(database, kind, model, dataset, atMost); });
}

std::optional<RunId> lastRun(Project& project)
{
    return newest(project, "SELECT max(id) FROM runs WHERE ?1 IS NULL", {});
}

std::optional<RunId> lastRun(Project& project, RunKind kind)
{
    return newest(project, "SELECT max(id) FROM runs WHERE kind = ?1", toString(kind));
}

std::vector<Run> ancestry(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        std::vector<Run> line { run_rows::load(project, database, id) };
        std::set<RunId> seen { id };
        while (line.back().parent) {
            if (!seen.insert(*line.back().parent).second)
                throw DamagedValue("run " + std::to_string(id.value) + " is its own ancestor");
            line.push_back(run_rows::load(project, database, *line.back().parent));
        }
        return line;
    });
}

std::vector<RunId> children(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        return run_rows::childrenOf(database, id);
    });
}

void renameRun(Project& project, RunId id, const std::string& name)
{
    update(project, id, "UPDATE runs SET name = ?2 WHERE id = ?1", name);
}

void setRunTags(Project& project, RunId id, const std::vector<std::string>& tags)
{
    update(project, id, "UPDATE runs SET tags = ?2 WHERE id = ?1", codec::encodeWords(tags));
}

void setRunNote(Project& project, RunId id, const std::string& note)
{
    update(project, id, "UPDATE runs SET note = ?2 WHERE id = ?1", note);
}

} // namespace bitscape
