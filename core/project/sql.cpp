// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/sql.h"

#include <sqlite3.h>

#include <limits>

namespace bitscape::sql {

int Query::number(int column) const
{
    const std::int64_t value = integer(column);
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
        throw DamagedValue("the number " + std::to_string(value) + " is out of range");
    return static_cast<int>(value);
}

double Query::real(int column) const
{
    return isNull(column) ? std::numeric_limits<double>::quiet_NaN() : m_statement.getColumn(column).getDouble();
}

std::span<const std::uint8_t> Query::bytes(int column) const
{
    const SQLite::Column value = m_statement.getColumn(column);
    const void* data = value.getBlob(); // before the size: SQLite may have to convert first
    return { static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(value.getBytes()) };
}

void Query::bind(int index, const std::vector<std::uint8_t>& value)
{
    if (value.size() > std::numeric_limits<int>::max())
        throw SQLite::Exception("a value of " + std::to_string(value.size()) + " bytes", SQLITE_TOOBIG);
    // SQLite takes a null pointer for NULL, and an empty vector may have one.
    m_statement.bind(index, value.empty() ? static_cast<const void*>("") : value.data(), static_cast<int>(value.size()));
}

std::optional<std::string> orNull(const std::string& text)
{
    return text.empty() ? std::nullopt : std::optional(text);
}

void requireInPlace(Project& project)
{
    int moved = 0;
    if (sqlite3_file_control(project.database().getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved)
        throw Error(ErrorCode::Store,
            "The project " + inQuotes(project.path()) + " was deleted, moved or replaced while it was open: close it and open it again.");
}

Error errorFor(Project& project, const SQLite::Exception& failure)
{
    int lockMs = 0;
    try {
        lockMs = project.database().execAndGet("PRAGMA busy_timeout").getInt();
    } catch (const SQLite::Exception&) {
        // Only a figure for the message: the failure that is being told matters more.
    }
    return storeError(project.path(), failure, lockMs);
}

} // namespace bitscape::sql
