// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/project.h"

#include "core/base/error.h"
#include "core/project/open_file.h"

#include <SQLiteCpp/Database.h>

#include <utility>

namespace bitscape {

struct Project::Connection {
    std::filesystem::path path;
    SQLite::Database database;
};

namespace {

std::filesystem::path absolutePath(const std::filesystem::path& path)
{
    if (path.empty())
        throw Error(ErrorCode::Store, "A project needs a file name: give one that ends in .bitscape.");
    return std::filesystem::absolute(path);
}

} // namespace

Project Project::create(const std::filesystem::path& path)
{
    const std::filesystem::path file = absolutePath(path);
    return Project(std::make_unique<Connection>(Connection { file, createFile(file) }));
}

Project Project::open(const std::filesystem::path& path, int lockMs)
{
    const std::filesystem::path file = absolutePath(path);
    return Project(std::make_unique<Connection>(Connection { file, openFile(file, Access::ReadWrite, lockMs, schema::current()) }));
}

Project Project::openReadOnly(const std::filesystem::path& path, int lockMs)
{
    const std::filesystem::path file = absolutePath(path);
    return Project(std::make_unique<Connection>(Connection { file, openFile(file, Access::Read, lockMs, schema::current()) }));
}

Project::Project(std::unique_ptr<Connection> connection)
    : m_connection(std::move(connection))
{
}

Project::~Project() = default;
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;

const std::filesystem::path& Project::path() const
{
    return m_connection->path;
}

SQLite::Database& Project::database()
{
    return m_connection->database;
}

} // namespace bitscape
