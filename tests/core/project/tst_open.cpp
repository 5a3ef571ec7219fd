// SPDX-License-Identifier: GPL-3.0-or-later
// Making and opening projects, on folders and disks as they are.
#include "project_fixture.h"

#include "core/project/results.h"
#include "core/project/runs.h"
#include "core/project/schema.h"

#include <sys/stat.h>
#include <unistd.h>

#include <iostream>

using namespace bitscape;
using namespace fixture;

namespace {

void addRuns(Project& project, int count)
{
    for (int i = 0; i < count; ++i)
        addRun(project, named<Run>("run " + std::to_string(i)));
}

/// Opens as somebody who owns nothing here: permissions do not hold root back.
int openAsNobody(const std::string& access, const std::string& file)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 3;
    try {
        Project project = access == "read" ? Project::openReadOnly(file) : Project::open(file);
        std::cout << runs(project).size();
        if (access == "write")
            addRun(project, {});
    } catch (const Error& error) {
        std::cout << (error.code() == ErrorCode::Store ? error.what() : "another code");
    }
    return 0;
}

QString askNobody(const QString& access, const std::filesystem::path& file)
{
    QProcess child;
    startChild(child, { QStringLiteral("--nobody"), access, text(file) });
    if (!child.waitForFinished() || child.exitCode() != 0)
        return QStringLiteral("<<the child failed>>");
    return QString::fromUtf8(child.readAllStandardOutput());
}

void setMode(const std::filesystem::path& path, mode_t mode)
{
    if (chmod(path.c_str(), mode) != 0)
        qFatal("cannot change the permissions of a file of the test");
}

} // namespace

class OpenTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aNewProjectIsOursAndWhole()
    {
        const Folder folder;
        {
            Project project = Project::create(folder.path());
            QVERIFY(runs(project).empty());
            QCOMPARE(project.path(), folder.path());
            QCOMPARE(project.database().execAndGet("PRAGMA foreign_keys").getInt(), 1);
            QCOMPARE(project.database().execAndGet("PRAGMA synchronous").getInt(), 2);
        }
        QCOMPARE(folder.names().size(), 1); // no log left beside it
        QCOMPARE(sqlValue(folder.path(), "PRAGMA application_id"), std::to_string(0x42697473));
        QCOMPARE(sqlValue(folder.path(), "PRAGMA user_version"), std::string("4"));
        QCOMPARE(sqlValue(folder.path(), "PRAGMA journal_mode"), std::string("wal"));
        QCOMPARE(sqlValue(folder.path(), "PRAGMA integrity_check"), std::string("ok"));
    }

    void opensAgainWithWhatItHolds()
    {
        const Folder folder;
        {
            Project project = Project::create(folder.path());
            addRuns(project, 3);
        }
        Project project = Project::open(folder.path());
        QCOMPARE(runs(project).size(), std::size_t(3));
        Project second = std::move(project);
        QCOMPARE(runs(second).size(), std::size_t(3));
    }

    void opensByARelativePathAndThroughALink()
    {
        const Folder folder;
        {
            Project project = Project::create(folder.path());
            addRuns(project, 2);
        }
        std::filesystem::create_symlink(folder.path(), folder.path("link"));
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(text(folder.path().parent_path())));
        Project linked = Project::open("link");
        addRun(linked, {});
        Project plain = Project::open(folder.path().filename());
        QCOMPARE(runs(plain).size(), std::size_t(3)); // one file, one log
        QVERIFY(QDir::setCurrent(before));
    }

    void createRefusesWhatIsThere()
    {
        const Folder folder;
        writeBytes(folder.path("taken"), "mine");
        std::filesystem::create_directory(folder.path("folder"));
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::create(folder.path("taken")); }), "there already");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::create(folder.path("folder")); }), "there already");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::create(folder.path("no/where.bitscape")); }), "folder does not exist");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::create(folder.path("taken") / "x"); }), "folder does not exist");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [] { Project::create(""); }), "needs a file name");
        QCOMPARE(bytesOf(folder.path("taken")), QByteArray("mine"));
        QCOMPARE(folder.names(), (QStringList { QStringLiteral("folder"), QStringLiteral("taken") }));
    }

    void createIsNotFooledByTheLogOfADeletedProject()
    {
        const Folder folder;
        Project old = Project::create(folder.path());
        addRuns(old, 5);
        QProcess copy; // another process: closing a copy of the file here would drop this process's locks on it
        copy.start(QStringLiteral("cp"), { text(folder.path()) + QStringLiteral("-wal"), text(folder.path("new.bitscape-wal")) });
        QVERIFY(copy.waitForFinished());
        QVERIFY(!bytesOf(folder.path("new.bitscape-wal")).isEmpty());
        Project fresh = Project::create(folder.path("new.bitscape"));
        QVERIFY(runs(fresh).empty());
        addRun(fresh, {});
        QCOMPARE(runs(fresh).size(), std::size_t(1));
    }

    void readOnlyReadsAndNeverWrites()
    {
        const Folder folder;
        {
            Project project = Project::create(folder.path());
            addRuns(project, 2);
        }
        const QByteArray before = bytesOf(folder.path());
        {
            Project project = Project::openReadOnly(folder.path());
            QCOMPARE(runs(project).size(), std::size_t(2));
            VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { addRun(project, {}); }), "read-only");
            VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { project.putBlob({}); }), "read-only");
        }
        QCOMPARE(bytesOf(folder.path()), before);
    }

    void readOnlySeesWhatAWriterAdds()
    {
        const Folder folder;
        Project writer = Project::create(folder.path());
        Project reader = Project::openReadOnly(folder.path());
        QVERIFY(runs(reader).empty());
        addRuns(writer, 4);
        QCOMPARE(runs(reader).size(), std::size_t(4));
    }

    void aFileThatOnlyOthersMayWrite()
    {
        const Folder folder;
        {
            Project project = Project::create(folder.path());
            addRuns(project, 2);
        }
        const std::filesystem::path parent = folder.path().parent_path();
        setMode(folder.path(), 0444);
        setMode(parent, 0555);
        const QMap<QString, QByteArray> before = snapshot(folder);
        QCOMPARE(askNobody(QStringLiteral("read"), folder.path()), QStringLiteral("2"));
        VERIFY_REFUSAL(askNobody(QStringLiteral("write"), folder.path()), "is read-only");
        setMode(folder.path(), 0666); // now only the folder is closed to a log
        QCOMPARE(askNobody(QStringLiteral("read"), folder.path()), QStringLiteral("2"));
        VERIFY_REFUSAL(askNobody(QStringLiteral("write"), folder.path()), "its folder is read-only");
        setMode(folder.path(), 0600); // closed altogether, if the test is root's
        if (geteuid() == 0)
            VERIFY_REFUSAL(askNobody(QStringLiteral("read"), folder.path()), "cannot be opened");
        QCOMPARE(snapshot(folder), before);
        setMode(parent, 0755);
    }

    void unmergedChangesInAReadOnlyFolder()
    {
        const Folder folder;
        const Folder closed;
        Project project = Project::create(folder.path("p"));
        addRuns(project, 2);
        QProcess copy;
        copy.start(QStringLiteral("cp"), { text(folder.path("p")), text(folder.path("p-wal")), text(closed.path("")) });
        QVERIFY(copy.waitForFinished() && copy.exitCode() == 0);
        setMode(closed.path("").parent_path(), 0555);
        VERIFY_REFUSAL(askNobody(QStringLiteral("read"), closed.path("p")), "copy both files");
        setMode(closed.path("").parent_path(), 0755);
    }

    void aProjectThatGoesAway()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        std::filesystem::rename(folder.path(), folder.path("elsewhere"));
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { putMetrics(project, id, { { "accuracy", 1 } }); }), "while it was open");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { runs(project); }), "while it was open");
    }
};

int main(int argc, char* argv[])
{
    if (argc == 4 && std::string(argv[1]) == "--nobody")
        return openAsNobody(argv[2], argv[3]);
    QCoreApplication app(argc, argv);
    OpenTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_open.moc"
