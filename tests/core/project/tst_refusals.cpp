// SPDX-License-Identifier: GPL-3.0-or-later
// Files that Bitscape does not open, each in its own words, and leaves as they are.
#include "project_fixture.h"

#include "core/project/results.h"
#include "core/project/runs.h"

#include <QElapsedTimer>

#include <sys/stat.h>

using namespace bitscape;
using namespace fixture;

namespace {

QString openingRefused(const std::filesystem::path& path)
{
    return refusal(ErrorCode::Store, [&] { Project::open(path); });
}

QString readingRefused(const std::filesystem::path& path)
{
    return refusal(ErrorCode::Store, [&] { Project::openReadOnly(path); });
}

void makeForeign(const std::filesystem::path& path, const char* journal, int applicationId)
{
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Statement(database, std::string("PRAGMA journal_mode = ") + journal).executeStep();
    database.exec("PRAGMA application_id = " + std::to_string(applicationId));
    database.exec("CREATE TABLE runs (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO runs (name) VALUES ('theirs')");
}

} // namespace

class RefusalTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void refuses_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("words");
        QTest::newRow("missing") << "missing.bitscape"
                                 << "does not exist";
        QTest::newRow("dangling link") << "dangling"
                                       << "does not exist";
        QTest::newRow("folder") << "folder"
                                << "is a folder";
        QTest::newRow("pipe") << "pipe"
                              << "not a regular file"; // opening one would wait for ever
        QTest::newRow("below a file") << "text/x"
                                      << "does not exist";
        QTest::newRow("empty") << "empty"
                               << "is empty";
        QTest::newRow("text") << "text"
                              << "is not a Bitscape project";
        QTest::newRow("short") << "short"
                               << "is not a Bitscape project";
        QTest::newRow("foreign") << "foreign"
                                 << "of another program";
        QTest::newRow("foreign, WAL") << "foreign-wal-mode"
                                      << "of another program";
        QTest::newRow("foreign, other id") << "foreign-id"
                                           << "of another program";
        QTest::newRow("newer") << "newer"
                               << "was written by a newer Bitscape (schema 7; this one knows 4): update Bitscape";
        QTest::newRow("negative version") << "negative"
                                          << "is damaged";
    }

    void refuses()
    {
        QFETCH(QString, name);
        QFETCH(QString, words);
        const Folder folder;
        std::filesystem::create_directory(folder.path("folder"));
        std::filesystem::create_symlink(folder.path("nowhere"), folder.path("dangling"));
        QCOMPARE(mkfifo(folder.path("pipe").c_str(), 0600), 0);
        writeBytes(folder.path("empty"), "");
        writeBytes(folder.path("text"), QByteArray("It is a truth universally acknowledged, ").repeated(100));
        writeBytes(folder.path("short"), QByteArray("SQLite format 3\0", 16));
        makeForeign(folder.path("foreign"), "DELETE", 0);
        makeForeign(folder.path("foreign-wal-mode"), "WAL", 0);
        makeForeign(folder.path("foreign-id"), "DELETE", 1234);
        for (const char* ours : { "newer", "negative" })
            Project::create(folder.path(ours));
        sqlExec(folder.path("newer"), "PRAGMA user_version = 7");
        sqlExec(folder.path("negative"), "PRAGMA user_version = -1");

        const QMap<QString, QByteArray> before = snapshot(folder);
        const std::filesystem::path path = folder.path(name.toStdString());
        for (const QString& told : { openingRefused(path), readingRefused(path) }) {
            QVERIFY2(told.contains(words) && told.contains(text(path)) && told.endsWith('.'), qPrintable(told));
            QCOMPARE(told.count(QRegularExpression(QStringLiteral("[.!?] "))), 0); // one sentence
        }
        QCOMPARE(snapshot(folder), before);
    }

    void newerByALogThatIsNotMerged()
    {
        const Folder folder;
        const Folder copies;
        Project::create(folder.path("p"));
        SQLite::Database future(folder.path("p").string(), SQLite::OPEN_READWRITE);
        future.exec("PRAGMA user_version = 7");
        QProcess copy;
        copy.start(QStringLiteral("cp"), { text(folder.path("p")), text(folder.path("p-wal")), text(copies.path("")) });
        QVERIFY(copy.waitForFinished() && copy.exitCode() == 0);
        const QMap<QString, QByteArray> before = snapshot(copies);
        QCOMPARE(before.size(), 2);
        VERIFY_REFUSAL(openingRefused(copies.path("p")), "was written by a newer Bitscape (schema 7");
        VERIFY_REFUSAL(readingRefused(copies.path("p")), "was written by a newer Bitscape (schema 7");
        QMap<QString, QByteArray> after = snapshot(copies);
        after.remove(QStringLiteral("p-shm")); // SQLite's index of a log that it had to read
        QCOMPARE(after, before);
        QCOMPARE(sqlValue(copies.path("p"), "PRAGMA user_version"), std::string("7")); // nothing lost
    }

    void aWriterThatStaysTooLong()
    {
        const Folder folder;
        Project::create(folder.path());
        Project project = Project::open(folder.path(), 120);
        const RunId id = addRun(project, {});
        {
            SQLite::Database other(folder.path().string(), SQLite::OPEN_READWRITE);
            const SQLite::Transaction held(other, SQLite::TransactionBehavior::IMMEDIATE);
            QElapsedTimer clock;
            clock.start();
            const QString told = refusal(ErrorCode::Store, [&] { putMetrics(project, id, { { "a", 1 } }); });
            VERIFY_REFUSAL(told, "stayed locked by another program for over 120 ms");
            QVERIFY2(clock.elapsed() >= 100, qPrintable(QString::number(clock.elapsed()))); // it did wait
            QCOMPARE(runs(project).size(), std::size_t(1));                                 // and readers need not
        }
        putMetrics(project, id, { { "a", 1 } });
        QCOMPARE(metrics(project, id).at("a"), 1.0);
    }

    void aFileThatSomebodyHoldsAlone()
    {
        const Folder folder;
        Project::create(folder.path());
        SQLite::Database other(folder.path().string(), SQLite::OPEN_READWRITE);
        SQLite::Statement(other, "PRAGMA journal_mode = DELETE").executeStep();
        const SQLite::Transaction held(other, SQLite::TransactionBehavior::EXCLUSIVE);
        VERIFY_REFUSAL(
            refusal(ErrorCode::Store, [&] { Project::open(folder.path(), 50); }), "stayed locked by another program for over 50 ms");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::openReadOnly(folder.path(), 50); }), "stayed locked");
    }

    void aFullDisk()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, named<Run>("kept"));
        const int pages = project.database().execAndGet("PRAGMA page_count").getInt();
        project.database().execAndGet("PRAGMA max_page_count = " + std::to_string(pages + 4));
        const std::vector<std::byte> large(100000, std::byte(7));
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { project.putBlob(large); }), "the disk is full");
        QCOMPARE(run(project, id).name, std::string("kept"));
        project.database().execAndGet("PRAGMA max_page_count = 1000000");
        QCOMPARE(project.blob(project.putBlob(large)), large);
    }

    void theWrongKindOfNumber()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { run(project, { 12 }); }), "There is no run 12");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { putMetrics(project, { 12 }, {}); }), "There is no run 12");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { trajectory(project, { 12 }); }), "There is no run 12");
    }
};

QTEST_GUILESS_MAIN(RefusalTest)
#include "tst_refusals.moc"
