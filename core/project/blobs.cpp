// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/blobs.h"

#include "core/base/sha256.h"
#include "core/project/clock.h"
#include "core/project/project.h"
#include "core/project/sql.h"
#include "core/project/worker.h"

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>

namespace bitscape {

namespace {

/// How long a blob that was put is held for the row that is going to refer to it. A putter that died leaves it longer than needed, no more.
constexpr std::chrono::hours kHold { 1 };

constexpr std::size_t kLargestBlob = 999'000'000; // SQLite's limit for a row is 10^9 bytes

/// Names one connection of one process among all that have the file open.
std::string connectionName(SQLite::Database& database)
{
    const Worker self = currentWorker();
    return self.host + "/" + std::to_string(self.process) + "/" + std::to_string(self.startTicks) + "/"
        + std::to_string(reinterpret_cast<std::uintptr_t>(database.getHandle()));
}

constexpr const char* kDeleteUnused = R"sql(
        DELETE FROM blobs WHERE (?1 IS NULL OR sha256 = ?1)
        AND NOT EXISTS (SELECT 1 FROM models WHERE weights = blobs.sha256)
        AND NOT EXISTS (SELECT 1 FROM datasets WHERE samples = blobs.sha256)
        AND NOT EXISTS (SELECT 1 FROM attachments WHERE blob = blobs.sha256)
        AND NOT EXISTS (SELECT 1 FROM blob_puts WHERE sha256 = blobs.sha256 AND created > ?2))sql";

int deleteUnused(SQLite::Database& database, const std::optional<std::string>& sha256)
{
    return sql::Query(database, kDeleteUnused, sha256, isoTime(std::chrono::system_clock::now() - kHold)).run();
}

bool isStored(SQLite::Database& database, const std::string& sha256)
{
    return sql::Query(database, "SELECT 1 FROM blobs WHERE sha256 = ?1", sha256).next();
}

struct CloseBlob {
    void operator()(sqlite3_blob* handle) const { sqlite3_blob_close(handle); }
};

using OpenBlob = std::unique_ptr<sqlite3_blob, CloseBlob>;

OpenBlob openBlob(SQLite::Database& database, std::int64_t row, bool writable)
{
    sqlite3_blob* opened = nullptr;
    const int result = sqlite3_blob_open(database.getHandle(), "main", "blobs", "bytes", row, writable ? 1 : 0, &opened);
    OpenBlob blob(opened);
    if (result != SQLITE_OK)
        throw SQLite::Exception(database.getHandle(), result);
    return blob;
}

/// Straight from memory into the file's pages: as a value of the statement the bytes would be copied into a row first.
void insertBlob(SQLite::Database& database, const std::string& sha256, std::span<const std::byte> bytes)
{
    const auto size = static_cast<int>(bytes.size());
    sql::Query(database, "INSERT INTO blobs (sha256, size, created, bytes) VALUES (?1, ?2, ?3, zeroblob(?2))", sha256, size, isoNow())
        .run();
    if (bytes.empty())
        return;
    const OpenBlob blob = openBlob(database, database.getLastInsertRowid(), true);
    if (const int result = sqlite3_blob_write(blob.get(), bytes.data(), size, 0); result != SQLITE_OK)
        throw SQLite::Exception(database.getHandle(), result);
}

/// Straight from the file's pages into one vector: a column would be assembled by SQLite first and then copied.
std::vector<std::byte> readBlob(SQLite::Database& database, std::int64_t row)
{
    const OpenBlob blob = openBlob(database, row, false);
    const std::int64_t fileSize = database.execAndGet("PRAGMA page_count").getInt64() * database.execAndGet("PRAGMA page_size").getInt64();
    const int size = sqlite3_blob_bytes(blob.get());
    if (size > fileSize)
        throw DamagedValue("a blob claims to be larger than the file");
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    if (size > 0)
        if (const int outcome = sqlite3_blob_read(blob.get(), bytes.data(), size, 0); outcome != SQLITE_OK)
            throw SQLite::Exception(database.getHandle(), outcome);
    return bytes;
}

} // namespace

void blobs::attached(SQLite::Database& database, const std::string& sha256)
{
    if (sha256.empty())
        return;
    if (!isStored(database, sha256))
        throw Error(ErrorCode::BadArgument, "The project has no blob " + sha256 + ": store its bytes before referring to them.");
    sql::Query(database, "DELETE FROM blob_puts WHERE sha256 = ?1 AND connection = ?2", sha256, connectionName(database)).run();
}

void blobs::dropIfUnused(SQLite::Database& database, const std::string& sha256)
{
    deleteUnused(database, sha256);
}

std::string Project::putBlob(std::span<const std::byte> bytes)
{
    if (bytes.size() > kLargestBlob)
        throw Error(ErrorCode::Store,
            "The project " + inQuotes(path()) + " cannot hold " + std::to_string(bytes.size()) + " bytes in one piece: the most is "
                + std::to_string(kLargestBlob) + ".");
    const std::string sha256 = sha256Hex(bytes);
    sql::write(*this, [&](SQLite::Database& database) {
        if (!isStored(database, sha256))
            insertBlob(database, sha256, bytes);
        sql::Query(database, "INSERT OR REPLACE INTO blob_puts (sha256, connection, created) VALUES (?1, ?2, ?3)", sha256,
            connectionName(database), isoNow())
            .run();
    });
    return sha256;
}

std::vector<std::byte> Project::blob(const std::string& sha256)
{
    std::vector<std::byte> bytes = sql::read(*this, [&](SQLite::Database& database) {
        sql::Query query(database, "SELECT rowid FROM blobs WHERE sha256 = ?1", sha256);
        if (!query.next())
            throw DamagedValue("the blob " + sha256 + " is missing");
        return readBlob(database, query.integer(0));
    });
    if (sha256Hex(bytes) != sha256)
        throw damagedError(path(), "the content of the blob " + sha256 + " does not match its name");
    return bytes;
}

int Project::sweepBlobs()
{
    const int swept = sql::write(*this, [](SQLite::Database& database) {
        const int count = deleteUnused(database, {});
        database.exec("PRAGMA incremental_vacuum");
        return count;
    });
    try {
        // Gives the space back at once where nobody is reading; else the last to close the file does.
        SQLite::Statement(database(), "PRAGMA wal_checkpoint(PASSIVE)").executeStep();
    } catch (const SQLite::Exception& failure) {
        throw sql::errorFor(*this, failure);
    }
    return swept;
}

} // namespace bitscape
