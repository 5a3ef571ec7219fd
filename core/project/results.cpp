// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/results.h"

#include "core/project/blobs.h"
#include "core/project/run_rows.h"
#include "core/project/sql.h"

namespace bitscape {

namespace {

std::optional<std::string> attached(SQLite::Database& database, RunId id, const std::string& role)
{
    sql::Query row(database, "SELECT blob FROM attachments WHERE run = ?1 AND role = ?2", id.value, role);
    return row.next() ? std::optional(row.text(0)) : std::nullopt;
}

/// The blob in its place before goes at once: a checkpoint per epoch would otherwise fill the disk until somebody sweeps.
void attach(SQLite::Database& database, RunId id, const std::string& role, const std::string& blob)
{
    blobs::attached(database, blob);
    const std::optional<std::string> before = attached(database, id, role);
    sql::Query(database, "INSERT OR REPLACE INTO attachments (run, role, blob) VALUES (?1, ?2, ?3)", id.value, role, blob).run();
    if (before && *before != blob)
        blobs::dropIfUnused(database, *before);
}

} // namespace

void putMetrics(Project& project, RunId id, const std::map<std::string, double>& metrics)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        sql::Query insert(database, "INSERT OR REPLACE INTO metrics (run, name, value) VALUES (?1, ?2, ?3)");
        for (const auto& [name, value] : metrics)
            insert.runWith(id.value, name, value);
    });
}

std::map<std::string, double> metrics(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        std::map<std::string, double> all;
        sql::Query row(database, "SELECT name, value FROM metrics WHERE run = ?1", id.value);
        while (row.next())
            all.emplace(row.text(0), row.real(1));
        return all;
    });
}

void putEpoch(Project& project, RunId id, const Epoch& epoch, const std::string& checkpoint)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        sql::Query(database,
            "INSERT OR REPLACE INTO epochs (run, epoch, loss, accuracy, learning_rate, seconds) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", id.value,
            epoch.epoch, epoch.loss, epoch.accuracy, epoch.learningRate, epoch.seconds)
            .run();
        if (!checkpoint.empty())
            attach(database, id, "checkpoint", checkpoint);
    });
}

std::vector<Epoch> epochs(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        std::vector<Epoch> all;
        sql::Query row(
            database, "SELECT epoch, loss, accuracy, learning_rate, seconds FROM epochs WHERE run = ?1 ORDER BY epoch", id.value);
        while (row.next())
            all.push_back({ row.number(0), row.real(1), row.real(2), row.real(3), row.real(4) });
        return all;
    });
}

void putAttachment(Project& project, RunId id, const std::string& role, const std::string& blob)
{
    if (blob.empty())
        throw Error(ErrorCode::BadArgument, "The attachment \"" + role + "\" needs a blob: store its bytes first.");
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        attach(database, id, role, blob);
    });
}

std::optional<std::string> attachment(Project& project, RunId id, const std::string& role)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        return attached(database, id, role);
    });
}

void dropAttachment(Project& project, RunId id, const std::string& role)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        const std::optional<std::string> before = attached(database, id, role);
        if (!before)
            return;
        sql::Query(database, "DELETE FROM attachments WHERE run = ?1 AND role = ?2", id.value, role).run();
        blobs::dropIfUnused(database, *before);
    });
}

void clearResults(Project& project, RunId id)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        for (const char* table : { "metrics", "epochs", "points", "scores", "bits", "attachments" }) // point_bits go with points
            sql::Query(database, (std::string("DELETE FROM ") + table + " WHERE run = ?1").c_str(), id.value).run();
    });
}

} // namespace bitscape
