// SPDX-License-Identifier: GPL-3.0-or-later
// What models and data sets have in common: a unique name, and runs that refer to them. Not for other folders.
#pragma once

#include "core/base/error.h"
#include "core/project/project.h"

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitscape::entries {

struct Kind {
    const char* word; ///< for messages
    const char* table;
    const char* column; ///< of runs, that refers to it
};
inline constexpr Kind kModel { "model", "models", "model" };
inline constexpr Kind kDataset { "data set", "datasets", "dataset" };

bool exists(SQLite::Database& database, const Kind& kind, std::int64_t id);

/// Error(BadArgument) that names the number.
Error unknown(const Project& project, const Kind& kind, std::int64_t id);

/// Throws Error(BadArgument) if the name is empty, only blanks or taken.
void requireFreeName(SQLite::Database& database, const Kind& kind, const std::string& name);

/// The id of that name, else that id if there is one.
std::optional<std::int64_t> find(SQLite::Database& database, const Kind& kind, const std::string& nameOrNumber);

/// Throws Error(BadArgument) if there is none, or if runs refer to it, naming them.
void remove(const Project& project, SQLite::Database& database, const Kind& kind, std::int64_t id);

/// "run 3", "runs 3 and 5", "runs 1, 2, 3 and 40 more".
std::string runNumbers(const std::vector<std::int64_t>& runs);

} // namespace bitscape::entries
