// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/run_rows.h"

#include "core/project/clock.h"
#include "core/project/codec.h"
#include "core/project/entries.h"

#include <bit>

namespace bitscape::run_rows {

namespace {

constexpr const char* kSelect = "SELECT state, worker_process, worker_start, worker_boot, worker_host, "
                                "id, kind, name, model, dataset, parent, parameters, seed, threads, device, versions, "
                                "failure, progress, seconds, created, started, finished, tags, note, sweep, place FROM runs ";

template <typename From> auto word(const sql::Query& row, int column, From from)
{
    try {
        return from(row.text(column));
    } catch (const Error&) { // there it is the caller's mistake, here the file's
        throw DamagedValue("a run has the unknown kind or state \"" + row.text(column) + "\"");
    }
}

/// Of a row whose first columns are state and worker.
Standing standingFrom(const sql::Query& row)
{
    return { word(row, 0, runStateFrom), { row.integer(1), row.integer(2), row.text(3), row.text(4) } };
}

template <typename Id> std::optional<Id> optionalId(const sql::Query& row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional(Id { row.integer(column) });
}

Run runFrom(const sql::Query& row)
{
    Run run;
    run.state = standingFrom(row).state();
    run.id = { row.integer(5) };
    run.kind = word(row, 6, runKindFrom);
    run.name = row.text(7);
    run.model = optionalId<ModelId>(row, 8);
    run.dataset = optionalId<DatasetId>(row, 9);
    run.parent = optionalId<RunId>(row, 10);
    run.parameters = codec::decodeObject(row.text(11));
    run.seed = std::bit_cast<std::uint64_t>(row.integer(12));
    run.threads = row.number(13);
    run.device = row.text(14);
    run.versions = codec::decodeObject(row.text(15));
    run.failure = row.text(16);
    run.progress = row.real(17);
    run.seconds = row.real(18);
    run.created = row.text(19);
    run.started = row.text(20);
    run.finished = row.text(21);
    run.tags = codec::decodeWords(row.text(22));
    run.note = row.text(23);
    run.sweep = optionalId<RunId>(row, 24);
    run.place = row.number(25);
    return run;
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

std::vector<Run> runsFrom(sql::Query& row)
{
    std::vector<Run> all;
    while (row.next())
        all.push_back(runFrom(row));
    return all;
}

std::vector<RunId> idsFrom(sql::Query row)
{
    std::vector<RunId> ids;
    while (row.next())
        ids.push_back({ row.integer(0) });
    return ids;
}

} // namespace

RunState Standing::state() const
{
    const bool needsWorker = stored == RunState::Running || stored == RunState::Paused;
    return needsWorker && !isAlive(worker) ? RunState::Interrupted : stored;
}

Standing standing(const Project& project, SQLite::Database& database, RunId id)
{
    sql::Query row(database, "SELECT state, worker_process, worker_start, worker_boot, worker_host FROM runs WHERE id = ?1", id.value);
    if (!row.next())
        throw unknown(project, id);
    return standingFrom(row);
}

Error unknown(const Project& project, RunId id)
{
    return { ErrorCode::BadArgument,
        "There is no run " + std::to_string(id.value) + " in " + inQuotes(project.path()) + ": list the runs to see which there are." };
}

void require(const Project& project, SQLite::Database& database, RunId id)
{
    if (!sql::Query(database, "SELECT 1 FROM runs WHERE id = ?1", id.value).next())
        throw unknown(project, id);
}

Run load(const Project& project, SQLite::Database& database, RunId id)
{
    sql::Query row(database, (std::string(kSelect) + "WHERE id = ?1").c_str(), id.value);
    if (!row.next())
        throw unknown(project, id);
    return runFrom(row);
}

std::vector<Run> loadAll(SQLite::Database& database)
{
    sql::Query row(database, (std::string(kSelect) + "ORDER BY id").c_str());
    return runsFrom(row);
}

std::vector<Run> loadOf(SQLite::Database& database, const std::string& ids, std::int64_t value)
{
    sql::Query row(database, (kSelect + ("WHERE id IN (" + ids + ") ORDER BY id")).c_str(), value);
    return runsFrom(row);
}

std::vector<Run> loadFinished(SQLite::Database& database, RunKind kind, ModelId model, DatasetId dataset, int atMost)
{
    sql::Query row(database,
        (std::string(kSelect) + "WHERE kind = ?1 AND model = ?2 AND dataset = ?3 AND state = 'finished' ORDER BY id DESC LIMIT ?4").c_str(),
        toString(kind), model.value, dataset.value, atMost);
    return runsFrom(row);
}

RunId add(Project& project, SQLite::Database& database, const Run& run)
{
    requireObjects(run);
    requireReferences(project, database, run);
    sql::Query(database,
        "INSERT INTO runs (kind, name, state, model, dataset, parent, parameters, seed, threads, device, versions, created, tags, note, "
        "sweep, place) VALUES (?1, ?2, 'queued', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        toString(run.kind), run.name, numberOf(run.model), numberOf(run.dataset), numberOf(run.parent), codec::encodeObject(run.parameters),
        std::bit_cast<std::int64_t>(run.seed), run.threads, run.device, codec::encodeObject(run.versions), isoNow(),
        codec::encodeWords(run.tags), run.note, numberOf(run.sweep), run.place)
        .run();
    return { database.getLastInsertRowid() };
}

std::vector<RunId> childrenOf(SQLite::Database& database, RunId id)
{
    return idsFrom(sql::Query(database, "SELECT id FROM runs WHERE parent = ?1 ORDER BY id", id.value));
}

std::vector<RunId> sweptBy(SQLite::Database& database, RunId id)
{
    return idsFrom(sql::Query(database, "SELECT id FROM runs WHERE sweep = ?1 ORDER BY place", id.value));
}

} // namespace bitscape::run_rows
