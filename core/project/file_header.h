// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>

namespace bitscape {

/// Looks at the first 100 bytes of the file that `database` was opened on and that no statement has touched yet, without making
/// SQLite read it: that would put a log beside another program's file. Throws Error(Store), each in its own words, for an
/// empty file, no database, another program's database, and one of a schema above `known`.
void requireProjectHeader(SQLite::Database& database, const std::filesystem::path& path, int known);

} // namespace bitscape
