// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/schema.h"

#include "core/project/store_error.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <array>
#include <string>
#include <vector>

namespace bitscape::schema {

namespace {

// Version 1. `bytes` stands last in blobs so that the other columns are read without walking it.
constexpr const char* kFirst = R"sql(
CREATE TABLE blobs (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    created TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE blob_puts (
    sha256 TEXT NOT NULL REFERENCES blobs(sha256) ON DELETE CASCADE,
    connection TEXT NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (sha256, connection)
) STRICT, WITHOUT ROWID;

CREATE TABLE models (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    graph TEXT NOT NULL,
    weights TEXT REFERENCES blobs(sha256),
    mean TEXT NOT NULL,
    stddev TEXT NOT NULL,
    created TEXT NOT NULL
) STRICT;
CREATE TABLE model_layers (
    model INTEGER NOT NULL REFERENCES models(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    op TEXT NOT NULL,
    filters INTEGER NOT NULL,
    weights_per_filter INTEGER NOT NULL,
    macs_per_filter INTEGER NOT NULL,
    PRIMARY KEY (model, position),
    UNIQUE (model, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE datasets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    channels INTEGER NOT NULL,
    height INTEGER NOT NULL,
    width INTEGER NOT NULL,
    class_names TEXT NOT NULL,
    train_counts TEXT NOT NULL,
    test_counts TEXT NOT NULL,
    mean TEXT NOT NULL,
    stddev TEXT NOT NULL,
    samples TEXT REFERENCES blobs(sha256),
    created TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    model INTEGER REFERENCES models(id),
    dataset INTEGER REFERENCES datasets(id),
    parent INTEGER REFERENCES runs(id),
    parameters TEXT NOT NULL,
    seed INTEGER NOT NULL,
    threads INTEGER NOT NULL,
    device TEXT NOT NULL,
    versions TEXT NOT NULL,
    failure TEXT NOT NULL DEFAULT '',
    progress REAL NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    started TEXT NOT NULL DEFAULT '',
    finished TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL,
    note TEXT NOT NULL,
    cancel INTEGER NOT NULL DEFAULT 0,
    worker_process INTEGER,
    worker_start INTEGER,
    worker_boot TEXT,
    worker_host TEXT
) STRICT;
CREATE INDEX runs_by_model ON runs(model);
CREATE INDEX runs_by_dataset ON runs(dataset);
CREATE INDEX runs_by_parent ON runs(parent);
CREATE INDEX runs_by_kind ON runs(kind);

CREATE TABLE metrics (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE epochs (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    loss REAL,
    accuracy REAL,
    learning_rate REAL,
    seconds REAL,
    PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE points (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    thresholds TEXT NOT NULL,
    average_bits REAL,
    macs REAL,
    bitops REAL,
    size_bits REAL,
    accuracy_low REAL,
    accuracy_high REAL,
    floor REAL,
    kept INTEGER NOT NULL,
    seconds REAL,
    PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE point_bits (
    run INTEGER NOT NULL,
    step INTEGER NOT NULL,
    position INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (run, step, position),
    FOREIGN KEY (run, step) REFERENCES points(run, step) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE scores (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    layer TEXT NOT NULL,
    samples INTEGER NOT NULL,
    counts BLOB NOT NULL,
    PRIMARY KEY (run, position),
    UNIQUE (run, layer)
) STRICT;
CREATE TABLE bits (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE attachments (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    blob TEXT NOT NULL REFERENCES blobs(sha256),
    PRIMARY KEY (run, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_by_blob ON attachments(blob);

CREATE TABLE evaluations (
    key TEXT NOT NULL PRIMARY KEY,
    correct INTEGER NOT NULL,
    images INTEGER NOT NULL,
    predicted INTEGER NOT NULL,
    width INTEGER NOT NULL,
    predictions BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Version 3: the file that a model was read from.
constexpr const char* kOrigins = R"sql(
ALTER TABLE models ADD COLUMN format TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN producer TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN opset TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN bits TEXT NOT NULL DEFAULT '{}';
)sql";

// Version 4: runs that make many.
constexpr const char* kSweeps = R"sql(
CREATE TABLE sweeps (
    run INTEGER PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
    recipe TEXT NOT NULL
) STRICT;
ALTER TABLE runs ADD COLUMN sweep INTEGER REFERENCES runs(id);
ALTER TABLE runs ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX runs_by_sweep ON runs(sweep, place) WHERE sweep IS NOT NULL;
)sql";

void exec(SQLite::Database& database, const std::string& sql)
{
    database.exec(sql);
}

void dropViews(SQLite::Database& database)
{
    std::vector<std::string> names;
    for (SQLite::Statement query(database, "SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v@_%' ESCAPE '@'");
         query.executeStep();)
        names.push_back(query.getColumn(0).getString());
    for (const std::string& name : names)
        exec(database, "DROP VIEW \"" + name + "\""); // their names are ours: v_ and letters
}

void runScripts(SQLite::Database& database, const std::filesystem::path& path, const Schema& target)
{
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const int from = storedVersion(database); // only now: another process may have migrated while this one waited
    refuseNewer(path, from, target.version());
    if (from == target.version())
        return;
    dropViews(database); // first, since SQLite refuses to rename what a view uses
    for (const char* script : target.scripts.subspan(static_cast<std::size_t>(from)))
        exec(database, script);
    exec(database, target.views);
    exec(database, "PRAGMA application_id = " + std::to_string(kApplicationId));
    exec(database, "PRAGMA user_version = " + std::to_string(target.version()));
    if (SQLite::Statement(database, "PRAGMA foreign_key_check").executeStep())
        throw damagedError(path, "some rows refer to others that are missing");
    transaction.commit();
}

} // namespace

Schema current()
{
    static const std::array scripts { kFirst, revisions(), kOrigins, kSweeps };
    return { scripts, views() };
}

int storedVersion(SQLite::Database& database)
{
    return database.execAndGet("PRAGMA user_version").getInt();
}

void refuseNewer(const std::filesystem::path& path, int version, int known)
{
    if (version > known)
        throw Error(ErrorCode::Store,
            "The project " + inQuotes(path) + " was written by a newer Bitscape (schema " + std::to_string(version) + "; this one knows "
                + std::to_string(known) + "): update Bitscape.");
    if (version < 0)
        throw damagedError(path, "its schema has the version " + std::to_string(version));
}

void migrate(SQLite::Database& database, const std::filesystem::path& path, const Schema& target)
{
    // A script may rebuild a table that others refer to, as SQLite's documentation of ALTER TABLE tells; this cannot be switched inside a
    // transaction.
    exec(database, "PRAGMA foreign_keys = OFF");
    runScripts(database, path, target);
    exec(database, "PRAGMA foreign_keys = ON");
}

} // namespace bitscape::schema
