// SPDX-License-Identifier: GPL-3.0-or-later
// Statements and transactions as core/project uses them; not for other folders.
#pragma once

#include "core/project/project.h"
#include "core/project/store_error.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bitscape::sql {

/// One statement with its values. Lives inside one transaction.
class Query final {
public:
    /// Binds `values` to ?1, ?2, ... Text and bytes are copied. NaN and an empty optional become NULL.
    template <typename... Values>
    Query(SQLite::Database& database, const char* sql, const Values&... values)
        : m_statement(database, sql)
    {
        int index = 0;
        (bind(++index, values), ...);
    }

    /// Steps to the next row; false after the last.
    bool next() { return m_statement.executeStep(); }
    /// Runs a statement that answers no rows; tells how many rows it changed.
    int run() { return m_statement.exec(); }
    /// Runs it again with other values: for the same statement many times.
    template <typename... Values> int runWith(const Values&... values)
    {
        m_statement.reset();
        int index = 0;
        (bind(++index, values), ...);
        return m_statement.exec();
    }

    bool isNull(int column) const { return m_statement.isColumnNull(column); }
    std::int64_t integer(int column) const { return m_statement.getColumn(column).getInt64(); }
    /// An integer that fits an int. Throws DamagedValue otherwise.
    int number(int column) const;
    /// NULL is told as NaN, as which it was stored.
    double real(int column) const;
    /// Empty for NULL.
    std::string text(int column) const { return m_statement.getColumn(column).getString(); }
    /// Valid until the next step.
    std::span<const std::uint8_t> bytes(int column) const;

private:
    void bind(int index, std::int64_t value) { m_statement.bind(index, value); }
    void bind(int index, int value) { m_statement.bind(index, value); }
    void bind(int index, bool value) { m_statement.bind(index, value ? 1 : 0); }
    void bind(int index, double value) { m_statement.bind(index, value); }
    void bind(int index, const std::string& value) { m_statement.bind(index, value); }
    void bind(int index, const std::vector<std::uint8_t>& value);
    template <typename Value> void bind(int index, const std::optional<Value>& value)
    {
        if (value)
            bind(index, *value);
        else
            m_statement.bind(index); // NULL
    }

    mutable SQLite::Statement m_statement;
};

/// NULL in place of an empty text.
std::optional<std::string> orNull(const std::string& text);

/// Throws Error(Store) if the open file has been deleted or replaced.
void requireInPlace(Project& project);

/// The error for what SQLite refused to this project.
Error errorFor(Project& project, const SQLite::Exception& failure);

/// Runs `body(database)` in one transaction and answers what it answers; rolls back if it throws.
template <typename Body> auto transact(Project& project, SQLite::TransactionBehavior behavior, Body&& body)
{
    try {
        requireInPlace(project);
        SQLite::Transaction transaction(project.database(), behavior);
        if constexpr (std::is_void_v<std::invoke_result_t<Body, SQLite::Database&>>) {
            body(project.database());
            transaction.commit();
        } else {
            auto answer = body(project.database());
            transaction.commit();
            return answer;
        }
    } catch (const SQLite::Exception& failure) {
        throw errorFor(project, failure);
    } catch (const DamagedValue& damage) {
        throw damagedError(project.path(), damage.what());
    }
}

/// `body` sees one state of the file, whatever other processes write meanwhile.
template <typename Body> auto read(Project& project, Body&& body)
{
    return transact(project, SQLite::TransactionBehavior::DEFERRED, std::forward<Body>(body));
}

/// `body` is the only writer from its first statement on: what it reads cannot change before it writes, so no writer's work is lost.
template <typename Body> auto write(Project& project, Body&& body)
{
    return transact(project, SQLite::TransactionBehavior::IMMEDIATE, std::forward<Body>(body));
}

} // namespace bitscape::sql
