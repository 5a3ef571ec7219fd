// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/run_changes.h"

#include "core/project/run_rows.h"
#include "core/project/sql.h"

#include <utility>

namespace bitscape {

namespace {

/// A union and not an OR, so that each half has its index.
constexpr const char* kChanged = "SELECT id FROM runs WHERE revision > ?1 UNION SELECT id FROM runs WHERE state IN ('running', 'paused')";

RunChanges counters(SQLite::Database& database)
{
    sql::Query row(database, "SELECT runs, models, datasets, (SELECT count(*) FROM runs) FROM revisions");
    if (!row.next())
        throw DamagedValue("its table of revisions is empty");
    RunChanges changes;
    changes.revision = row.integer(0);
    changes.modelRevision = row.integer(1);
    changes.datasetRevision = row.integer(2);
    changes.runCount = row.integer(3);
    return changes;
}

/// Both are in order of ids.
void addMetrics(SQLite::Database& database, std::int64_t revision, std::vector<RunRecord>& records)
{
    const std::string select = "SELECT run, name, value FROM metrics WHERE run IN (" + std::string(kChanged) + ") ORDER BY run, name";
    sql::Query row(database, select.c_str(), revision);
    auto record = records.begin();
    while (row.next()) {
        while (record != records.end() && record->run.id.value != row.integer(0))
            ++record;
        if (record == records.end())
            throw DamagedValue("it has figures of run " + std::to_string(row.integer(0)) + ", which it has not");
        record->metrics.emplace_hint(record->metrics.end(), row.text(1), row.real(2));
    }
}

/// In order of ids, as the records.
void addRevisions(SQLite::Database& database, std::int64_t revision, std::vector<RunRecord>& records)
{
    const std::string select = "SELECT revision FROM runs WHERE id IN (" + std::string(kChanged) + ") ORDER BY id";
    sql::Query row(database, select.c_str(), revision);
    for (RunRecord& record : records) {
        row.next();
        record.revision = row.integer(0);
    }
}

} // namespace

RunChanges runChangesSince(Project& project, std::int64_t revision)
{
    return sql::read(project, [&](SQLite::Database& database) {
        RunChanges changes = counters(database);
        for (Run& run : run_rows::loadOf(database, kChanged, revision))
            changes.changed.push_back({ std::move(run), {}, 0 });
        addRevisions(database, revision, changes.changed);
        addMetrics(database, revision, changes.changed);
        return changes;
    });
}

std::vector<RunId> runIds(Project& project)
{
    return sql::read(project, [](SQLite::Database& database) {
        std::vector<RunId> ids;
        sql::Query row(database, "SELECT id FROM runs ORDER BY id");
        while (row.next())
            ids.push_back({ row.integer(0) });
        return ids;
    });
}

} // namespace bitscape
