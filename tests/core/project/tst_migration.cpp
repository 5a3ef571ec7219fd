// SPDX-License-Identifier: GPL-3.0-or-later
// Older files come forward whole or not at all. The versions after the first are made up here.
#include "project_fixture.h"

#include "core/project/models.h"
#include "core/project/open_file.h"
#include "core/project/results.h"
#include "core/project/runs.h"
#include "core/project/schema.h"

#include <atomic>
#include <thread>

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

const char* first()
{
    return schema::current().scripts.front();
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
        const std::array scripts { first(), kColour, kRebuild };
        {
            SQLite::Database database = openFile(folder.path(), Access::ReadWrite, 1000, { scripts, kLaterViews });
            QCOMPARE(schema::storedVersion(database), 3);
            QCOMPARE(database.execAndGet("SELECT colour || machine || model FROM v_runs").getString(), std::string("redcudalenet"));
            QCOMPARE(database.execAndGet("SELECT value FROM metrics").getDouble(), 0.75);
            QCOMPARE(database.execAndGet("SELECT count(*) FROM sqlite_schema WHERE type = 'view'").getInt(), 1); // none of the old ones
            QCOMPARE(database.execAndGet("PRAGMA foreign_keys").getInt(), 1);
            QVERIFY(database.tryExec("DELETE FROM models") != 0); // still referred to
            QVERIFY(database.tryExec("DELETE FROM runs") == 0);
            QCOMPARE(database.execAndGet("SELECT count(*) FROM metrics").getInt(), 0); // and still cascading
        }
        QCOMPARE(sqlValue(folder.path(), "PRAGMA integrity_check"), std::string("ok"));
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::open(folder.path()); }), "newer Bitscape (schema 3; this one knows 1)");
    }

    void stepByStepIsTheSameAsAtOnce()
    {
        const Folder folder;
        const std::array two { first(), kColour };
        const std::array three { first(), kColour, kRebuild };
        for (const char* name : { "a", "b" })
            fill(folder.path(name));
        openFile(folder.path("a"), Access::ReadWrite, 1000, { two, schema::views() });
        openFile(folder.path("a"), Access::ReadWrite, 1000, { three, kLaterViews });
        openFile(folder.path("b"), Access::ReadWrite, 1000, { three, kLaterViews });
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
            "was written by an older Bitscape (schema 0; this one reads 1)");
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
        const std::array scripts { first(), kColour, text.c_str() };
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
        const std::array scripts { first(), kColour, kRebuild };
        std::atomic<int> opened = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i)
                threads.emplace_back([&] {
                    try {
                        SQLite::Database database = openFile(folder.path(), Access::ReadWrite, 20000, { scripts, kLaterViews });
                        opened += schema::storedVersion(database) == 3;
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
