// SPDX-License-Identifier: GPL-3.0-or-later
// How runs are claimed, paused, cancelled and ended, and what is told of one whose worker has died.
#include "project_fixture.h"

#include "core/project/results.h"
#include "core/project/runs.h"

#include <signal.h>
#include <sys/wait.h>

#include <iostream>
#include <limits>

using namespace bitscape;
using namespace fixture;

namespace {

/// Claims a run, says so, and keeps it until its standard input ends.
int claimAndHold(const std::string& file, std::int64_t run, bool paused)
{
    Project project = Project::open(file);
    claimRun(project, { run }, 1, "cpu", nlohmann::json::object());
    if (paused)
        setPaused(project, { run }, true);
    std::cout << "claimed" << std::endl;
    std::string line;
    std::getline(std::cin, line);
    return 0;
}

void holdInChild(QProcess& child, const Folder& folder, RunId id, const char* how = "--hold")
{
    startChild(child, { QString::fromLatin1(how), text(folder.path()), QString::number(id.value) });
    if (!child.waitForReadyRead() || child.readAllStandardOutput() != "claimed\n")
        qFatal("the child could not claim the run");
}

void claim(Project& project, RunId id)
{
    claimRun(project, id, 3, "cuda", { { "bitscape", "9" } });
}

void setColumn(Project& project, const std::string& assignment)
{
    project.database().exec("UPDATE runs SET " + assignment);
}

} // namespace

class RunStateTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aLife()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        claim(project, id);
        Run found = run(project, id);
        QCOMPARE(toString(found.state), toString(RunState::Running));
        QCOMPARE(found.threads, 3);
        QCOMPARE(found.device, std::string("cuda"));
        QVERIFY(found.versions == nlohmann::json({ { "bitscape", "9" } }));
        QVERIFY(found.started >= found.created && found.finished.empty());
        setProgress(project, id, 0.25, 1.5);
        setPaused(project, id, true);
        found = run(project, id);
        QCOMPARE(toString(found.state), toString(RunState::Paused));
        QCOMPARE(found.progress, 0.25);
        QCOMPARE(found.seconds, 1.5);
        setPaused(project, id, false);
        QCOMPARE(toString(run(project, id).state), toString(RunState::Running));
        endRun(project, id, RunState::Finished, 2.5);
        found = run(project, id);
        QCOMPARE(toString(found.state), toString(RunState::Finished));
        QCOMPARE(found.progress, 1.0);
        QCOMPARE(found.seconds, 2.5);
        QVERIFY(found.finished >= found.started);
    }

    void resumedAfterAnEnd_data()
    {
        QTest::addColumn<int>("end");
        QTest::newRow("failed") << int(RunState::Failed);
        QTest::newRow("cancelled") << int(RunState::Cancelled);
    }

    void resumedAfterAnEnd()
    {
        QFETCH(int, end);
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        claim(project, id);
        const std::string started = run(project, id).started;
        setProgress(project, id, 0.5, 10);
        requestCancel(project, id);
        QVERIFY(cancelWanted(project, id));
        endRun(project, id, RunState(end), 11, "Out of memory.");
        QCOMPARE(run(project, id).failure, std::string("Out of memory."));
        QCOMPARE(run(project, id).progress, 0.5);
        claim(project, id);
        const Run found = run(project, id);
        QCOMPARE(toString(found.state), toString(RunState::Running));
        QVERIFY(found.failure.empty() && found.finished.empty() && !cancelWanted(project, id));
        QCOMPARE(found.started, started);
        QCOMPARE(found.seconds, 11.0); // goes on from there
    }

    void whatCannotBeDone()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        const RunId unknown { 99 };
        const auto bad = [](auto act) { return refusal(ErrorCode::BadArgument, act); };
        VERIFY_REFUSAL(bad([&] { setPaused(project, id, true); }), "Run 1 is queued");
        VERIFY_REFUSAL(bad([&] { endRun(project, id, RunState::Running, 0); }), "cannot end as running");
        VERIFY_REFUSAL(bad([&] { endRun(project, id, RunState::Interrupted, 0); }), "cannot end as interrupted");
        VERIFY_REFUSAL(bad([&] { setProgress(project, id, std::numeric_limits<double>::quiet_NaN(), 0); }), "the progress nan");
        VERIFY_REFUSAL(bad([&] { setProgress(project, id, 0, std::numeric_limits<double>::infinity()); }), "inf seconds");
        claim(project, id);
        VERIFY_REFUSAL(bad([&] { claim(project, id); }), "is being computed by process");
        VERIFY_REFUSAL(bad([&] { removeRun(project, id); }), "cancel it before removing it");
        setProgress(project, id, 1.0000001, 0); // rounding of done / total
        QCOMPARE(run(project, id).progress, 1.0);
        endRun(project, id, RunState::Finished, 1);
        VERIFY_REFUSAL(bad([&] { claim(project, id); }), "is finished and is not computed again");
        VERIFY_REFUSAL(bad([&] { requestCancel(project, id); }), "nothing to cancel");
        VERIFY_REFUSAL(bad([&] { endRun(project, id, RunState::Failed, 1, "late"); }), "has ended already (finished)");
        VERIFY_REFUSAL(bad([&] { claim(project, unknown); }), "There is no run 99");
        VERIFY_REFUSAL(bad([&] { setPaused(project, unknown, true); }), "There is no run 99");
        VERIFY_REFUSAL(bad([&] { setProgress(project, unknown, 0, 0); }), "There is no run 99");
        VERIFY_REFUSAL(bad([&] { endRun(project, unknown, RunState::Failed, 0); }), "There is no run 99");
        VERIFY_REFUSAL(bad([&] { requestCancel(project, unknown); }), "There is no run 99");
        VERIFY_REFUSAL(bad([&] { cancelWanted(project, unknown); }), "There is no run 99");
        QCOMPARE(toString(run(project, id).state), toString(RunState::Finished));
    }

    void cancellingWhatHasNoWorker()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        requestCancel(project, id);
        QCOMPARE(toString(run(project, id).state), toString(RunState::Cancelled));
        QVERIFY(!cancelWanted(project, id) && !run(project, id).finished.empty());
        requestCancel(project, id); // twice is once
        QCOMPARE(toString(run(project, id).state), toString(RunState::Cancelled));
    }

    void aWorkerInAnotherProcess()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        QProcess child;
        holdInChild(child, folder, id);
        QCOMPARE(toString(run(project, id).state), toString(RunState::Running));
        const QString itself = QStringLiteral("process %1 on ").arg(child.processId());
        QVERIFY(refusal(ErrorCode::BadArgument, [&] { claim(project, id); }).contains(itself));
        QVERIFY(refusal(ErrorCode::BadArgument, [&] { removeRun(project, id); }).contains(itself));
        QVERIFY(refusal(ErrorCode::BadArgument, [&] { endRun(project, id, RunState::Failed, 0, "no"); }).contains(itself));
        requestCancel(project, id);
        QVERIFY(cancelWanted(project, id));
        QCOMPARE(toString(run(project, id).state), toString(RunState::Running)); // it is asked, not told
        child.closeWriteChannel();                                               // it ends without a word about its run
        QVERIFY(child.waitForFinished());
        QCOMPARE(toString(run(project, id).state), toString(RunState::Interrupted));
        requestCancel(project, id);
        QCOMPARE(toString(run(project, id).state), toString(RunState::Cancelled));
    }

    void aKilledWorker_data()
    {
        QTest::addColumn<QByteArray>("how");
        QTest::newRow("running") << QByteArray("--hold");
        QTest::newRow("paused") << QByteArray("--hold-paused");
    }

    void aKilledWorker()
    {
        QFETCH(QByteArray, how);
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        QProcess child;
        holdInChild(child, folder, id, how);
        const auto process = static_cast<pid_t>(child.processId());
        QCOMPARE(kill(process, SIGKILL), 0);
        siginfo_t info {};
        QCOMPARE(waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOWAIT), 0); // dead, and still in the table of processes
        QCOMPARE(toString(run(project, id).state), toString(RunState::Interrupted));
        QVERIFY(child.waitForFinished());
        QCOMPARE(toString(run(project, id).state), toString(RunState::Interrupted));
        QCOMPARE(toString(runs(project).front().state), toString(RunState::Interrupted));
        Project reader = Project::openReadOnly(folder.path());
        QCOMPARE(toString(run(reader, id).state), toString(RunState::Interrupted)); // without anybody having written it
        endRun(project, id, RunState::Failed, 4, "The worker was killed.");         // as the studio does
        QCOMPARE(run(project, id).failure, std::string("The worker was killed."));
        claim(project, id);
        QCOMPARE(toString(run(project, id).state), toString(RunState::Running));
    }

    void aProcessIdThatMeansAnotherProcess()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        for (const char* other :
            { "worker_start = worker_start + 1", "worker_boot = 'before'", "worker_process = 999999999", "worker_process = NULL" }) {
            claim(project, id);
            QCOMPARE(toString(run(project, id).state), toString(RunState::Running));
            setColumn(project, other);
            QCOMPARE(toString(run(project, id).state), toString(RunState::Interrupted));
        }
        claim(project, id);
        setColumn(project, "worker_host = 'elsewhere', worker_process = 999999999");
        QCOMPARE(toString(run(project, id).state), toString(RunState::Running)); // nobody here can tell
        QVERIFY(refusal(ErrorCode::BadArgument, [&] { claim(project, id); }).contains(QStringLiteral("on elsewhere")));
        setColumn(project, "state = 'interrupted'"); // the way out that schema.md names
        claim(project, id);
        QCOMPARE(toString(run(project, id).state), toString(RunState::Running));
    }
};

int main(int argc, char* argv[])
{
    if (argc == 4 && std::string(argv[1]).starts_with("--hold"))
        return claimAndHold(argv[2], std::stoll(argv[3]), std::string(argv[1]) == "--hold-paused");
    QCoreApplication app(argc, argv);
    RunStateTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_run_states.moc"
