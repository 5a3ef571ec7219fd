// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/file_header.h"

#include "core/project/schema.h"
#include "core/project/store_error.h"

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace bitscape {

namespace {

constexpr std::size_t kHeaderSize = 100; // https://www.sqlite.org/fileformat.html, section 1.3
constexpr std::size_t kUserVersionAt = 60;
constexpr std::size_t kApplicationIdAt = 68;
using Header = std::array<unsigned char, kHeaderSize>;

std::int32_t bigEndian(const Header& header, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | header[at + i];
    return static_cast<std::int32_t>(value);
}

/// Through SQLite's own file handle: closing one of our own would drop the locks that other connections of this process hold on the file.
sqlite3_int64 readHeader(SQLite::Database& database, Header& header)
{
    sqlite3_file* file = nullptr;
    sqlite3_int64 size = 0;
    if (sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file || !file->pMethods)
        throw SQLite::Exception("the file cannot be reached", SQLITE_CANTOPEN);
    if (const int result = file->pMethods->xFileSize(file, &size); result != SQLITE_OK)
        throw SQLite::Exception("its size cannot be told", result);
    if (size >= static_cast<sqlite3_int64>(kHeaderSize))
        if (const int result = file->pMethods->xRead(file, header.data(), kHeaderSize, 0); result != SQLITE_OK)
            throw SQLite::Exception("its beginning cannot be read", result);
    return size;
}

} // namespace

void requireProjectHeader(SQLite::Database& database, const std::filesystem::path& path, int known)
{
    Header header {};
    const sqlite3_int64 size = readHeader(database, header);
    const std::string file = inQuotes(path);
    if (size == 0)
        throw Error(ErrorCode::Store, "The file " + file + " is empty and so no Bitscape project: delete it and make a new project.");
    if (std::memcmp(header.data(), "SQLite format 3", 16) != 0) // with its final zero
        throw Error(ErrorCode::Store, "The file " + file + " is not a Bitscape project: choose a file that Bitscape wrote.");
    if (bigEndian(header, kApplicationIdAt) != schema::kApplicationId)
        throw Error(ErrorCode::Store,
            "The file " + file + " is a database of another program, not a Bitscape project: choose a file that Bitscape wrote.");
    schema::refuseNewer(path, bigEndian(header, kUserVersionAt), known);
}

} // namespace bitscape
