// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/store_error.h"

#include <sqlite3.h>

namespace bitscape {

namespace {

std::string sentence(const std::string& file, int code, const std::string& detail, int lockMs)
{
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return file + " stayed locked by another program for over " + std::to_string(lockMs)
            + " ms: wait until that program is done with it, or close it, and try again.";
    case SQLITE_READONLY:
        return file + " cannot be changed because the file or its folder is read-only: change its permissions, or work on a copy.";
    case SQLITE_FULL:
        return file + " cannot grow because the disk is full: free some space and try again; nothing stored so far is lost.";
    case SQLITE_CORRUPT:
        return file + " is damaged (" + detail + "): restore it from a copy.";
    case SQLITE_NOTADB:
        return file + " is not a Bitscape project, or its beginning is damaged: choose another file.";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return file + " cannot be opened (" + detail + "): check that you may read the file and write to its folder.";
    case SQLITE_IOERR:
        return file + " could not be read or written (" + detail + "): check the disk and its free space and try again.";
    case SQLITE_TOOBIG:
        return file + " cannot hold a value of this size (" + detail + "): one value has at most 1000000000 bytes.";
    default:
        return file + " refused an operation (" + detail + "): its content is not what this version of Bitscape writes.";
    }
}

} // namespace

std::string inQuotes(const std::filesystem::path& path)
{
    return '"' + path.string() + '"';
}

Error storeError(const std::filesystem::path& path, const SQLite::Exception& failure, int lockMs)
{
    const int primary = failure.getErrorCode() & 0xff;
    return { ErrorCode::Store, "The project " + sentence(inQuotes(path), primary, failure.what(), lockMs) };
}

Error damagedError(const std::filesystem::path& path, const std::string& what)
{
    return { ErrorCode::Store, "The project " + inQuotes(path) + " is damaged (" + what + "): restore it from a copy." };
}

} // namespace bitscape
