// SPDX-License-Identifier: GPL-3.0-or-later
// Older files come forward whole or not at all. The versions after the present one are made up here.
#include "project_fixture.h"

#include "core/project/models.h"
#include "core/project/open_file.h"
#include "core/project/results.h"
#include "core/project/run_changes.h"
#include "core/project/runs.h"
#include "core/project/schema.h"

#include <atomic>
#include <initializer_list>
#include <thread>
#include <vector>

using namespace bitscape;
using namespace fixture;

namespace {

constexpr const char* kColour = "ALTER TABLE runs ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';";

/// Renames a column that the views of version 1 use and rebuilds a table that runs refer to: what is hard to do in SQLite.
constexpr const char* kRebuild = R"sql(
ALTER TABLE runs RENAME COLUMN device TO machine;
CREATE TABLE models_new (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL UNIQUE, weights TEXT REFERENCES blobs(sha256)) STRICT;
INSERT INTO models_new SELECT id, name, weights FROM models;
DROP TABLE models;
ALTER TABLE models_new RENAME TO models;
)sql";

constexpr const char* kLaterViews
    = "CREATE VIEW v_runs AS SELECT r.id, r.colour, r.machine, m.title AS model FROM runs r LEFT JOIN models m ON m.id = r.model;";

/// The scripts that there are and then those.
std::vector<const char*> followedBy(std::initializer_list<const char*> later)
{
    const auto present = schema::current().scripts;
    std::vector<const char*> all(present.begin(), present.end());
    all.insert(all.end(), later);
    return all;
}

/// What Bitscape wrote before anything was said about changes.
void fillVersionOne(const std::filesystem::path& path)
{
    {
        SQLite::Database database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec("PRAGMA application_id = " + std::to_string(schema::kApplicationId));
    }
    SQLite::Database database = openFile(path, Access::ReadWrite, 1000, { schema::current().scripts.first(1), schema::views() });
    database.exec(R"sql(
        INSERT INTO models (name, source, graph, mean, stddev, created) VALUES ('lenet', 'zoo:lenet5', '{}', '[]', '[]', '');
        INSERT INTO runs (kind, name, state, model, parameters, seed, threads, device, versions, created, tags, note)
            VALUES ('train', 'one', 'finished', 1, '{}', 1, 2, 'cpu', '{}', '', '[]', ''),
                ('score', 'two', 'failed', 1, '{}', 1, 2, 'cpu', '{}', '', '[]', ''),
                ('search', 'three', 'queued', 1, '{}', 1, 2, 'cpu', '{}', '', '[]', '');
        DELETE FROM runs WHERE id = 2;
        INSERT INTO metrics VALUES (1, 'accuracy', 0.75);
        INSERT INTO bits VALUES (3, 0, x'0204');)sql");
}

void fill(const std::filesystem::path& path)
{
    Project project = Project::create(path);
    auto model = named<Model>("lenet");
    model.layers = { { "conv", "conv2d", 6, 25, 14400 } };
    auto run = named<Run>("a run");
    run.model = addModel(project, model);
    run.device = "cuda";
    putMetrics(project, addRun(project, run), { { "accuracy", 0.75 } });
}

std::string schemaOf(const std::filesystem::path& path)
{
    return sqlValue(
        path, "SELECT group_concat(type || name || coalesce(sql, ''), char(10)) FROM (SELECT * FROM sqlite_schema ORDER BY type, name)");
}

} // namespace

class MigrationTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void anOlderFileComesForward()
    {
        const Folder folder;
        fill(folder.path());
        const auto scripts = followedBy({ kColour, kRebuild });
        {
            SQLite::Database database = openFile(folder.path(), Access::ReadWrite, 1000, { scripts, kLaterViews });
            QCOMPARE(schema::storedVersion(database), 6);
            QCOMPARE(database.execAndGet("SELECT colour || machine || model FROM v_runs").getString(), std::string("redcudalenet"));
            QCOMPARE(database.execAndGet("SELECT value FROM metrics").getDouble(), 0.75);
            QCOMPARE(database.execAndGet("SELECT count(*) FROM sqlite_schema WHERE type = 'view'").getInt(), 1); // none of the old ones
            QCOMPARE(database.execAndGet("PRAGMA foreign_keys").getInt(), 1);
            QVERIFY(database.tryExec("DELETE FROM models") != 0); // still referred to
            QVERIFY(database.tryExec("DELETE FROM runs") == 0);
            QCOMPARE(database.execAndGet("SELECT count(*) FROM metrics").getInt(), 0); // and still cascading
        }
        QCOMPARE(sqlValue(folder.path(), "PRAGMA integrity_check"), std::string("ok"));
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::open(folder.path()); }), "newer Bitscape (schema 6; this one knows 4)");
    }

    void versionOneComesForward()
    {
        const Folder folder;
        fillVersionOne(folder.path());
        QCOMPARE(sqlValue(folder.path(), "PRAGMA user_version"), std::string("1"));
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::openReadOnly(folder.path()); }), "(schema 1; this one reads 4)");
        Project::create(folder.path("new"));
        Project project = Project::open(folder.path());
        QCOMPARE(schemaOf(folder.path()), schemaOf(folder.path("new")));
        const RunChanges all = runChangesSince(project, 0);
        QCOMPARE(all.changed.size(), std::size_t(2)); // nobody has seen any of them
        QCOMPARE(all.runCount, std::int64_t(2));
        QCOMPARE(all.changed.front().run.name, std::string("one"));
        QCOMPARE(all.changed.front().metrics.at("accuracy"), 0.75);
        QCOMPARE(bits(project, { 3 }), (LayerBits { { 2, 4 } }));
        QVERIFY(model(project, { 1 }).origin == ModelOrigin {}); // nobody had asked
        QVERIFY(runChangesSince(project, all.revision).changed.empty());
        putMetrics(project, { 3 }, { { "accuracy", 0.5 } });
        const RunId fourth = addRun(project, {});
        const RunChanges later = runChangesSince(project, all.revision);
        QCOMPARE(later.changed.size(), std::size_t(2));
        QCOMPARE(later.changed.front().run.id.value, std::int64_t(3));
        QVERIFY(later.changed.back().run.id == fourth);
    }

    void stepByStepIsTheSameAsAtOnce()
    {
        const Folder folder;
        const auto fewer = followedBy({ kColour });
        const auto more = followedBy({ kColour, kRebuild });
        for (const char* name : { "a", "b" })
            fill(folder.path(name));
        openFile(folder.path("a"), Access::ReadWrite, 1000, { fewer, schema::views() });
        openFile(folder.path("a"), Access::ReadWrite, 1000, { more, kLaterViews });
        openFile(folder.path("b"), Access::ReadWrite, 1000, { more, kLaterViews });
        QCOMPARE(schemaOf(folder.path("a")), schemaOf(folder.path("b")));
    }

    void versionZeroComesForwardOnOpening()
    {
        const Folder folder;
        {
            SQLite::Database database(folder.path().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            database.exec("PRAGMA application_id = " + std::to_string(schema::kApplicationId));
        }
        const QByteArray before = bytesOf(folder.path());
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::openReadOnly(folder.path()); }),
            "was written by an older Bitscape (schema 0; this one reads 4)");
        QCOMPARE(bytesOf(folder.path()), before);
        {
            Project project = Project::open(folder.path());
            addRun(project, {});
            QCOMPARE(runs(project).size(), std::size_t(1));
        }
        Project::create(folder.path("new"));
        QCOMPARE(schemaOf(folder.path()), schemaOf(folder.path("new")));
        Project reader = Project::openReadOnly(folder.path());
        QCOMPARE(runs(reader).size(), std::size_t(1));
    }

    void aFailingScriptLeavesTheFileAsItWas_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("words");
        QTest::newRow("not SQL") << "CREATE TABLE half (a); NONSENSE"
                                 << "syntax error";
        QTest::newRow("dangling") << "CREATE TABLE half (a); DELETE FROM models"
                                  << "refer to others that are missing";
    }

    void aFailingScriptLeavesTheFileAsItWas()
    {
        QFETCH(QString, script);
        QFETCH(QString, words);
        const Folder folder;
        fill(folder.path());
        const std::string schemaBefore = schemaOf(folder.path());
        const std::string text = script.toStdString();
        const auto scripts = followedBy({ kColour, text.c_str() });
        const QString told = refusal(ErrorCode::Store, [&] {
            openFile(folder.path(), Access::ReadWrite, 1000, { scripts, schema::views() });
        });
        QVERIFY2(told.contains(words) && told.contains(fixture::text(folder.path())), qPrintable(told));
        QCOMPARE(schemaOf(folder.path()), schemaBefore);
        Project project = Project::open(folder.path());
        QCOMPARE(metrics(project, { 1 }).at("accuracy"), 0.75);
        QCOMPARE(project.database().execAndGet("SELECT model FROM v_runs").getString(), std::string("lenet"));
    }

    void manyAtOnceMigrateOnce()
    {
        const Folder folder;
        fill(folder.path());
        const auto scripts = followedBy({ kColour, kRebuild });
        std::atomic<int> opened = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i)
                threads.emplace_back([&] {
                    try {
                        SQLite::Database database = openFile(folder.path(), Access::ReadWrite, 20000, { scripts, kLaterViews });
                        opened += schema::storedVersion(database) == 6;
                    } catch (const std::exception& error) {
                        qCritical("%s", error.what());
                    }
                });
        }
        QCOMPARE(opened.load(), 6);
        QCOMPARE(sqlValue(folder.path(), "SELECT model FROM v_runs"), std::string("lenet"));
    }
};

QTEST_GUILESS_MAIN(MigrationTest)
#include "tst_migration.moc"
