// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/entries.h"

#include "core/project/sql.h"

#include <charconv>

namespace bitscape::entries {

namespace {

constexpr std::size_t kMostNumbers = 12; // in one sentence

std::string of(const Kind& kind, const char* before, const char* after)
{
    return std::string(before) + kind.table + after;
}

std::optional<std::int64_t> wholeNumber(const std::string& text)
{
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::vector<std::int64_t> users(SQLite::Database& database, const Kind& kind, std::int64_t id)
{
    std::vector<std::int64_t> runs;
    sql::Query query(database, (std::string("SELECT id FROM runs WHERE ") + kind.column + " = ?1 ORDER BY id").c_str(), id);
    while (query.next())
        runs.push_back(query.integer(0));
    return runs;
}

} // namespace

bool exists(SQLite::Database& database, const Kind& kind, std::int64_t id)
{
    return sql::Query(database, of(kind, "SELECT 1 FROM ", " WHERE id = ?1").c_str(), id).next();
}

Error unknown(const Project& project, const Kind& kind, std::int64_t id)
{
    return { ErrorCode::BadArgument,
        std::string("There is no ") + kind.word + " " + std::to_string(id) + " in " + inQuotes(project.path())
            + ": list them to see which there are." };
}

void requireFreeName(SQLite::Database& database, const Kind& kind, const std::string& name)
{
    if (name.empty())
        throw Error(ErrorCode::BadArgument, std::string("A ") + kind.word + " needs a name: give it one.");
    if (name.find_first_not_of(" \t\n\v\f\r") == std::string::npos)
        throw Error(ErrorCode::BadArgument, std::string("A ") + kind.word + " needs a name that is more than blanks: give it one.");
    if (sql::Query(database, of(kind, "SELECT 1 FROM ", " WHERE name = ?1").c_str(), name).next())
        throw Error(ErrorCode::BadArgument,
            std::string("The project has a ") + kind.word + " called \"" + name + "\" already: choose another name.");
}

std::optional<std::int64_t> find(SQLite::Database& database, const Kind& kind, const std::string& nameOrNumber)
{
    sql::Query named(database, of(kind, "SELECT id FROM ", " WHERE name = ?1").c_str(), nameOrNumber);
    if (named.next())
        return named.integer(0);
    const std::optional<std::int64_t> number = wholeNumber(nameOrNumber);
    return number && exists(database, kind, *number) ? number : std::nullopt;
}

void remove(const Project& project, SQLite::Database& database, const Kind& kind, std::int64_t id)
{
    sql::Query named(database, of(kind, "SELECT name FROM ", " WHERE id = ?1").c_str(), id);
    if (!named.next())
        throw unknown(project, kind, id);
    if (const std::vector<std::int64_t> runs = users(database, kind, id); !runs.empty())
        throw Error(ErrorCode::BadArgument,
            std::string("The ") + kind.word + " \"" + named.text(0) + "\" is used by " + runNumbers(runs) + ": remove "
                + (runs.size() == 1 ? "that run" : "those runs") + " first.");
    sql::Query(database, of(kind, "DELETE FROM ", " WHERE id = ?1").c_str(), id).run();
}

std::string runNumbers(const std::vector<std::int64_t>& runs)
{
    const std::size_t named = runs.size() <= kMostNumbers ? runs.size() : kMostNumbers - 1;
    std::string text = runs.size() == 1 ? "run " : "runs ";
    for (std::size_t i = 0; i < named; ++i) {
        if (i > 0)
            text += i + 1 == runs.size() ? " and " : ", ";
        text += std::to_string(runs[i]);
    }
    return named == runs.size() ? text : text + " and " + std::to_string(runs.size() - named) + " more";
}

} // namespace bitscape::entries
