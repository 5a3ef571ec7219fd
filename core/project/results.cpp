// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/results.h"

#include "core/project/attachments.h"
#include "core/project/run_rows.h"
#include "core/project/sql.h"

namespace bitscape {

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
            attachments::put(database, id, "checkpoint", checkpoint);
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

void clearResults(Project& project, RunId id)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        for (const char* table : { "metrics", "epochs", "points", "scores", "bits", "attachments" }) // point_bits go with points
            sql::Query(database, (std::string("DELETE FROM ") + table + " WHERE run = ?1").c_str(), id.value).run();
    });
}

} // namespace bitscape
