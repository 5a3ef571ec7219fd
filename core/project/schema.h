// SPDX-License-Identifier: GPL-3.0-or-later
// The tables and views of a project file (schema.md) and how an older file comes to have them; not for other folders.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <filesystem>
#include <span>

namespace bitscape::schema {

/// PRAGMA application_id of every project file: "Bits".
inline constexpr std::int32_t kApplicationId = 0x42697473;

/// A file's version is how many of `scripts` have run on it; script n leads from version n to n + 1. A script that has been
/// released never changes: what comes later is a script more. Views hold no data and are made anew with every migration.
struct Schema {
    std::span<const char* const> scripts;
    const char* views = "";

    int version() const { return static_cast<int>(scripts.size()); }
};

/// SQL that makes the views (views.cpp).
const char* views();

/// The script from version 1 to 2 (revisions.cpp).
const char* revisions();

/// What this version of Bitscape writes.
Schema current();

/// PRAGMA user_version: the schema's version of an open file.
int storedVersion(SQLite::Database& database);

/// Throws Error(Store) that says so if `version`, found in the file at `path`, is newer than `known`.
void refuseNewer(const std::filesystem::path& path, int version, int known);

/// Brings the file forward to `target` in one transaction, so that an interrupted or failing migration leaves it as it was.
/// Atomic among processes. Throws Error(Store) if the file is newer than that, SQLite::Exception where SQLite refuses.
void migrate(SQLite::Database& database, const std::filesystem::path& path, const Schema& target);

} // namespace bitscape::schema
