// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/runs.h"

#include "core/project/clock.h"
#include "core/project/codec.h"
#include "core/project/entries.h"
#include "core/project/run_rows.h"
#include "core/project/sql.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <utility>

namespace bitscape {

namespace {

constexpr std::array kKinds { std::pair { RunKind::Train, "train" }, std::pair { RunKind::Score, "score" },
    std::pair { RunKind::Search, "search" }, std::pair { RunKind::Edit, "edit" }, std::pair { RunKind::Refine, "refine" },
    std::pair { RunKind::Step, "step" }, std::pair { RunKind::Evaluate, "evaluate" }, std::pair { RunKind::Import, "import" },
    std::pair { RunKind::Export, "export" } };

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

template <typename Id> std::optional<std::int64_t> numberOf(const std::optional<Id>& id)
{
    return id ? std::optional(id->value) : std::nullopt;
}

void requireReferences(Project& project, SQLite::Database& database, const Run& run)
{
    if (run.model && !entries::exists(database, entries::kModel, run.model->value))
        throw entries::unknown(project, entries::kModel, run.model->value);
    if (run.dataset && !entries::exists(database, entries::kDataset, run.dataset->value))
        throw entries::unknown(project, entries::kDataset, run.dataset->value);
    if (run.parent)
        run_rows::require(project, database, *run.parent);
}

void requireObjects(const Run& run)
{
    if (!run.parameters.is_object() || !run.versions.is_object())
        throw Error(ErrorCode::BadArgument, "The parameters and versions of a run are JSON objects: give {} for none.");
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
    requireObjects(run);
    return sql::write(project, [&](SQLite::Database& database) {
        requireReferences(project, database, run);
        sql::Query(database,
            "INSERT INTO runs (kind, name, state, model, dataset, parent, parameters, seed, threads, device, versions, created, tags, "
            "note) "
            "VALUES (?1, ?2, 'queued', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            toString(run.kind), run.name, numberOf(run.model), numberOf(run.dataset), numberOf(run.parent),
            codec::encodeObject(run.parameters), std::bit_cast<std::int64_t>(run.seed), run.threads, run.device,
            codec::encodeObject(run.versions), isoNow(), codec::encodeWords(run.tags), run.note)
            .run();
        return RunId { database.getLastInsertRowid() };
    });
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
