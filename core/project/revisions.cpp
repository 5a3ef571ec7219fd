// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/schema.h"

#include <string>
#include <string_view>

namespace bitscape::schema {

namespace {

// Version 2: which runs changed since somebody last looked. A counter and not max() + 1, so that removing runs never lowers it. No trigger
// fires for a new `revision`, which triggers alone set. A result that goes together with its run leaves that alone.
constexpr std::string_view kRuns = R"sql(
CREATE TABLE revisions (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    runs INTEGER NOT NULL,
    models INTEGER NOT NULL,
    datasets INTEGER NOT NULL
) STRICT;
ALTER TABLE runs ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET revision = id;
INSERT INTO revisions VALUES (1, (SELECT coalesce(max(id), 0) FROM runs), 0, 0);
CREATE INDEX runs_by_revision ON runs(revision);
CREATE INDEX runs_alive ON runs(state) WHERE state IN ('running', 'paused');

CREATE TRIGGER run_added AFTER INSERT ON runs BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.id;
END;
CREATE TRIGGER run_changed AFTER UPDATE ON runs WHEN NEW.revision = OLD.revision BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.id;
END;

)sql";

// Of a table whose rows belong to runs; # stands for its name. Every run whose results change has a new revision.
constexpr std::string_view kResults = R"sql(CREATE TRIGGER #_added AFTER INSERT ON # BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER #_changed AFTER UPDATE ON # BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER #_removed AFTER DELETE ON # WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run) BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = OLD.run;
END;

)sql";

// Of models and data sets: # stands for one of them.
constexpr std::string_view kListed = R"sql(CREATE TRIGGER #_added AFTER INSERT ON #s BEGIN UPDATE revisions SET #s = #s + 1; END;
CREATE TRIGGER #_changed AFTER UPDATE ON #s BEGIN UPDATE revisions SET #s = #s + 1; END;
CREATE TRIGGER #_removed AFTER DELETE ON #s BEGIN UPDATE revisions SET #s = #s + 1; END;

)sql";

std::string named(std::string_view triggers, std::string_view name)
{
    std::string sql;
    for (const char letter : triggers) {
        if (letter == '#')
            sql += name;
        else
            sql += letter;
    }
    return sql;
}

std::string script()
{
    std::string sql(kRuns);
    for (const std::string_view table : { "metrics", "epochs", "points", "scores", "bits", "attachments" })
        sql += named(kResults, table);
    for (const std::string_view one : { "model", "dataset" })
        sql += named(kListed, one);
    return sql;
}

} // namespace

const char* revisions()
{
    static const std::string sql = script();
    return sql.c_str();
}

} // namespace bitscape::schema
