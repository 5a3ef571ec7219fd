// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/sweeps.h"

#include "core/project/run_rows.h"
#include "core/project/sql.h"

#include <map>

namespace bitscape {

namespace {

int addChildren(Project& project, SQLite::Database& database, RunId sweep, const std::vector<NewChild>& children)
{
    std::map<int, RunId> known;
    for (const RunId id : run_rows::sweptBy(database, sweep))
        known[run_rows::load(project, database, id).place] = id;
    int added = 0;
    for (const NewChild& child : children) {
        if (known.contains(child.run.place))
            continue;
        Run run = child.run;
        run.sweep = sweep;
        if (child.startsFrom > 0) {
            const auto parent = known.find(child.startsFrom);
            if (parent == known.end())
                throw Error(ErrorCode::BadArgument,
                    "Child " + std::to_string(run.place) + " of a sweep starts from child " + std::to_string(child.startsFrom)
                        + ", which does not come before it.");
            run.parent = parent->second;
        }
        known[run.place] = run_rows::add(project, database, run);
        ++added;
    }
    return added;
}

} // namespace

RunId addSweep(Project& project, const Run& sweep, const std::string& recipe, const std::vector<NewChild>& children)
{
    return sql::write(project, [&](SQLite::Database& database) {
        const RunId id = run_rows::add(project, database, sweep);
        sql::Query(database, "INSERT INTO sweeps (run, recipe) VALUES (?1, ?2)", id.value, recipe).run();
        addChildren(project, database, id, children);
        return id;
    });
}

int addMissingChildren(Project& project, RunId sweep, const std::vector<NewChild>& children)
{
    return sql::write(project, [&](SQLite::Database& database) { return addChildren(project, database, sweep, children); });
}

std::string sweepRecipe(Project& project, RunId sweep)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, sweep);
        sql::Query row(database, "SELECT recipe FROM sweeps WHERE run = ?1", sweep.value);
        if (!row.next())
            throw Error(ErrorCode::BadArgument, "Run " + std::to_string(sweep.value) + " is no sweep.");
        return row.text(0);
    });
}

std::vector<Run> sweepChildren(Project& project, RunId sweep)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, sweep);
        std::vector<Run> children;
        for (const RunId id : run_rows::sweptBy(database, sweep))
            children.push_back(run_rows::load(project, database, id));
        return children;
    });
}

} // namespace bitscape
