// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace bitscape {

/// An open project file (design.md section 3; schema in core/project/schema.md). Not thread-safe: one object per thread;
/// any number of processes may have the same file open. What it holds is read and written by the free functions of
/// models.h, datasets.h, runs.h, results.h and evaluations.h, each of which is one transaction.
/// What one function has written stays written whatever then happens to the process.
/// Every function on a project throws Error(Store) when the file is gone, read-only, full, corrupt or stays locked.
class Project final {
public:
    /// Makes a new, empty project file. Throws Error(Store) if something is there already or the folder cannot be written.
    static Project create(const std::filesystem::path& path);

    /// Opens a project for reading and writing and migrates it forward. Throws Error(Store), each in its own words, for a
    /// missing file, a file that is no SQLite database, another program's database, a newer Bitscape's, a corrupt or a read-only one, one
    /// locked for over `lockMs`.
    static Project open(const std::filesystem::path& path, int lockMs = 10000);

    /// The same without ever writing to the file; works on a read-only file or disk that needs no migration.
    static Project openReadOnly(const std::filesystem::path& path, int lockMs = 10000);

    ~Project();
    Project(Project&&) noexcept;
    Project& operator=(Project&&) noexcept;

    const std::filesystem::path& path() const;

    /// For core/project alone.
    SQLite::Database& database();

    /// Stores bytes under their SHA-256 (once, however often they are put); answers the SHA-256. At most 999 000 000 bytes.
    /// No sweep of any process takes them in the hour after, in which this connection is to store what refers to them.
    std::string putBlob(std::span<const std::byte> bytes);

    /// The bytes of a stored blob, checked against their name. Throws Error(Store) if absent or damaged.
    std::vector<std::byte> blob(const std::string& sha256);

    /// Deletes blobs that no model, no data set and no run refers to any more, and gives their space back; answers how many.
    /// Spares those that were put less than an hour ago and have not been referred to yet (by whichever process).
    int sweepBlobs();

private:
    struct Connection;
    explicit Project(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> m_connection;
};

} // namespace bitscape
