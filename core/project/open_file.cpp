// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/open_file.h"

#include "core/project/file_header.h"
#include "core/project/store_error.h"

#include <SQLiteCpp/Statement.h>

#include <sqlite3.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

namespace bitscape {

namespace fs = std::filesystem;

namespace {

constexpr int kCreateLockMs = 10000;

Error refused(const fs::path& path, const std::string& why)
{
    return { ErrorCode::Store, "The project " + inQuotes(path) + " " + why };
}

void requireFile(const fs::path& path)
{
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (status.type() == fs::file_type::not_found)
        throw refused(path, "does not exist: check its name, or make a new project.");
    if (status.type() == fs::file_type::none)
        throw refused(path, "cannot be looked at (" + failure.message() + "): check its name and its folder's permissions.");
    if (status.type() == fs::file_type::directory)
        throw refused(path, "is a folder: choose a project file in it.");
    if (status.type() != fs::file_type::regular)
        throw refused(path, "is not a regular file: choose a project file.");
}

bool hasUnmergedChanges(const fs::path& file)
{
    std::error_code failure;
    const std::uintmax_t size = fs::file_size(file.string() + "-wal", failure);
    return !failure && size > 0;
}

/// While held, closing the file leaves a write-ahead log that was there before where and as it was.
void holdLog(SQLite::Database& database, bool held)
{
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, held ? 1 : 0, nullptr);
}

void configure(SQLite::Database& database, Access access)
{
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("PRAGMA trusted_schema = OFF"); // the file may come from anyone
    database.exec("PRAGMA cell_size_check = ON"); // notices damage earlier
    if (access == Access::Read)
        return;
    database.exec("PRAGMA synchronous = FULL"); // what was committed survives a power cut too; a commit is rare enough to wait for the disk
    database.exec("PRAGMA journal_size_limit = 67108864"); // the log does not stay as large as the largest model
    SQLite::Statement(database, "PRAGMA journal_mode = WAL")
        .executeStep(); // answers "delete" where shared memory is missing: slower, still safe
}

/// Reads the small tables through; blobs are checked against their names when they are read.
void requireSound(SQLite::Database& database, const fs::path& path)
{
    for (const std::string table : { "models", "model_layers", "datasets", "runs" }) {
        SQLite::Statement present(database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '" + table + "'");
        if (!present.executeStep())
            continue; // an older schema, or refused by the first statement that misses it
        SQLite::Statement check(database, "PRAGMA quick_check(" + table + ")");
        if (!check.executeStep() || check.getColumn(0).getString() != "ok")
            throw damagedError(path, "table " + table);
    }
}

void requireVersion(SQLite::Database& database, const fs::path& path, Access access, int known)
{
    const int version = schema::storedVersion(database);
    schema::refuseNewer(path, version, known);
    if (access == Access::Read && version < known)
        throw refused(path,
            "was written by an older Bitscape (schema " + std::to_string(version) + "; this one reads " + std::to_string(known)
                + "): open it once for writing, which brings it up to date.");
}

SQLite::Database checkedDatabase(const fs::path& path, const std::string& name, Access access, int lockMs, const schema::Schema& schema)
{
    const int flags = access == Access::Read ? SQLite::OPEN_READONLY | SQLite::OPEN_URI : SQLite::OPEN_READWRITE;
    SQLite::Database database(name, flags, lockMs);
    holdLog(database, hasUnmergedChanges(name)); // a refused file keeps it
    requireProjectHeader(database, path, schema.version());
    if (access == Access::ReadWrite && sqlite3_db_readonly(database.getHandle(), "main") == 1)
        throw refused(path, "is read-only: change its permissions, open it for reading, or work on a copy.");
    requireVersion(database, path, access, schema.version());
    requireSound(database, path);
    if (access == Access::ReadWrite && schema::storedVersion(database) < schema.version())
        schema::migrate(database, path, schema);
    configure(database, access);
    holdLog(database, false);
    return database;
}

/// "file:/a%20b?immutable=1" for a file that nobody can write: SQLite then needs no log and no lock beside it.
std::string immutableName(const fs::path& file)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const unsigned char c : file.string()) {
        const bool plain
            = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '-' || c == '_';
        if (plain)
            uri += static_cast<char>(c);
        else
            uri += { '%', kDigits[c >> 4], kDigits[c & 15] };
    }
    return uri + "?immutable=1";
}

bool isFolderTrouble(const SQLite::Exception& failure)
{
    const int primary = failure.getErrorCode() & 0xff;
    return primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY;
}

SQLite::Database openReadable(const fs::path& path, const fs::path& file, int lockMs, const schema::Schema& schema)
{
    try {
        return checkedDatabase(path, file.string(), Access::Read, lockMs, schema);
    } catch (const SQLite::Exception& failure) {
        if (!isFolderTrouble(failure))
            throw;
        // The folder admits no log and no shared memory, as on a read-only disk.
        if (hasUnmergedChanges(file))
            throw refused(path,
                "has changes in " + inQuotes(file.filename().string() + "-wal")
                    + " that cannot be read in a read-only folder: copy both files to a folder that you can write, and open the copy.");
    }
    return checkedDatabase(path, immutableName(file), Access::Read, lockMs, schema);
}

/// An empty file that was not there before, so that two makers cannot meet in one file.
void reserve(const fs::path& path)
{
    std::FILE* file = std::fopen(path.c_str(), "wxe");
    if (!file) {
        const int why = errno;
        if (why == EEXIST)
            throw refused(path, "cannot be made because something of that name is there already: choose another name, or open it.");
        if (why == ENOENT || why == ENOTDIR)
            throw refused(path, "cannot be made because its folder does not exist: make the folder first.");
        throw refused(path, "cannot be made (" + std::generic_category().message(why) + "): choose a folder that you can write.");
    }
    std::fclose(file);
}

void discard(const fs::path& path)
{
    std::error_code ignored; // what made it fail is told instead
    fs::remove(path, ignored);
}

SQLite::Database newDatabase(const fs::path& path)
{
    SQLite::Database database(fs::canonical(path).string(), SQLite::OPEN_READWRITE, kCreateLockMs);
    database.exec("PRAGMA auto_vacuum = INCREMENTAL"); // only a file without tables can take it; sweepBlobs() needs it
    schema::migrate(database, path, schema::current());
    configure(database, Access::ReadWrite);
    return database;
}

} // namespace

SQLite::Database createFile(const fs::path& path)
{
    reserve(path);
    try {
        return newDatabase(path);
    } catch (const SQLite::Exception& failure) {
        discard(path);
        throw storeError(path, failure, kCreateLockMs);
    } catch (...) {
        discard(path);
        throw;
    }
}

SQLite::Database openFile(const fs::path& path, Access access, int lockMs, const schema::Schema& schema)
{
    requireFile(path);
    const fs::path file = fs::canonical(path); // never "file:...", which SQLite would take for a URI
    try {
        if (access == Access::Read)
            return openReadable(path, file, lockMs, schema);
        return checkedDatabase(path, file.string(), access, lockMs, schema);
    } catch (const SQLite::Exception& failure) {
        throw storeError(path, failure, lockMs);
    } catch (const fs::filesystem_error& failure) {
        throw refused(path, "cannot be opened (" + failure.code().message() + "): check its folder's permissions.");
    }
}

} // namespace bitscape
