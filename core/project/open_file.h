// SPDX-License-Identifier: GPL-3.0-or-later
// How a project file is made and opened, and what is refused; not for other folders.
#pragma once

#include "core/project/schema.h"

#include <SQLiteCpp/Database.h>

#include <filesystem>

namespace bitscape {

enum class Access { Read, ReadWrite };

/// Makes a new project file with an empty schema. Throws Error(Store).
SQLite::Database createFile(const std::filesystem::path& path);

/// Opens a project file and checks it. A file that is refused is left as it was, with nothing new beside it. Throws Error(Store).
/// `schema` is schema::current() but in tests of migration.
SQLite::Database openFile(const std::filesystem::path& path, Access access, int lockMs, const schema::Schema& schema);

} // namespace bitscape
