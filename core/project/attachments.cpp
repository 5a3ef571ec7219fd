// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/attachments.h"

#include "core/project/blobs.h"
#include "core/project/results.h"
#include "core/project/run_rows.h"
#include "core/project/sql.h"

namespace bitscape {

namespace {

std::optional<std::string> attached(SQLite::Database& database, RunId id, const std::string& role)
{
    sql::Query row(database, "SELECT blob FROM attachments WHERE run = ?1 AND role = ?2", id.value, role);
    return row.next() ? std::optional(row.text(0)) : std::nullopt;
}

} // namespace

void attachments::put(SQLite::Database& database, RunId id, const std::string& role, const std::string& blob)
{
    blobs::attached(database, blob);
    const std::optional<std::string> before = attached(database, id, role);
    sql::Query(database, "INSERT OR REPLACE INTO attachments (run, role, blob) VALUES (?1, ?2, ?3)", id.value, role, blob).run();
    if (before && *before != blob)
        blobs::dropIfUnused(database, *before);
}

void putAttachment(Project& project, RunId id, const std::string& role, const std::string& blob)
{
    if (blob.empty())
        throw Error(ErrorCode::BadArgument, "The attachment \"" + role + "\" needs a blob: store its bytes first.");
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        attachments::put(database, id, role, blob);
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

} // namespace bitscape
