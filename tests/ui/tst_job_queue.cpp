// SPDX-License-Identifier: GPL-3.0-or-later
// The queue and its panel with a worker program that does everything a worker should not.
#include "tests/ui/fake_worker.h"
#include "tests/ui/runs_fixture.h"
#include "tests/ui/view_fixture.h"

#include "ui/jobs/job_row.h"
#include "ui/jobs/jobs_panel.h"

#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QProgressBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <csignal>

using namespace bitscape;
using namespace bitscape::ui;

class TestJobQueue final : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void survives_data();
    void survives();
    void keepsTheLimit();
    void waitsForParents();
    void endsOneThatIgnoresCancel();
    void leavesWorkersAlive();
    void submits();
    void forgetsRemovedRuns();
    void stillsAFloodWithoutStoppingTheInterface();
    void panelShowsAndCommands();
    void panelShowsOtherProcesses();
    void startsNothingWithoutAProgram();

private:
    void write(const QString& name, const QByteArray& text) const;
    QByteArray read(const QString& name) const;
    RunId job(const QByteArray& behaviour, std::optional<RunId> parent = {});
    std::unique_ptr<RunsFixture> m_fixture;
};

void TestJobQueue::init()
{
    failOnAnyWarning();
    m_fixture = std::make_unique<RunsFixture>();
    write(QStringLiteral("worker"), kWorker);
    QFile::setPermissions(m_fixture->folder.filePath(QStringLiteral("worker")), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("BITSCAPE_CLI", m_fixture->folder.filePath(QStringLiteral("worker")).toUtf8());
    QVERIFY(m_fixture->open());
}

void TestJobQueue::cleanup()
{
    m_fixture.reset();
}

void TestJobQueue::write(const QString& name, const QByteArray& text) const
{
    QFile file(m_fixture->folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

QByteArray TestJobQueue::read(const QString& name) const
{
    QFile file(m_fixture->folder.filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

RunId TestJobQueue::job(const QByteArray& behaviour, std::optional<RunId> parent)
{
    const RunId id = m_fixture->add(RunKind::Search, parent);
    write(QStringLiteral("do-%1").arg(id.value), behaviour);
    return id;
}

void TestJobQueue::survives_data()
{
    QTest::addColumn<QByteArray>("behaviour");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("failure");
    const auto row = [](const char* name, const QByteArray& behaviour, int exitCode, const char* failure) {
        QTest::newRow(name) << behaviour << exitCode << QString(failure);
    };
    row("good", R"(echo '{"event":"progress","done":1,"total":2,"stage":"half"}'; echo '{"event":"results"}')", 0, "");
    row("garbage", "head -c 30000 /dev/urandom; echo; echo '{\"event\":7}'; echo '[]'; echo '{'; printf '\\0\\0\\n'; true", 0, "");
    row("no newline", "head -c 1000000 /dev/zero | tr '\\0' x", 0, "");
    row("far too long a line", "head -c 5000000 /dev/zero | tr '\\0' x; echo; echo '{\"event\":\"log\",\"line\":\"after\"}'", 0, "");
    row("no newline on stderr", "head -c 1000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo 'bitscape-cli: It broke.' >&2; false", 1,
        "It broke.");
    row("killed", "kill -9 $$", -1,
        "The worker was ended from outside, perhaps because memory ran out: resume the run, with a smaller batch if it happens again.");
    row("crashed", "ulimit -c 0; kill -SEGV $$", -1, "The worker ended without warning (signal 11): resume the run.");
    row("sentence", "echo 'bitscape-cli: The network is upside down: turn it.' >&2; false", 1, "The network is upside down: turn it.");
    row("sentence in pieces",
        "printf 'bitscape-cli: The net' >&2; sleep 0.1; printf 'work is upside' >&2; sleep 0.1; printf ' down.' >&2; false", 1,
        "The network is upside down.");
    row("event's sentence",
        "echo '{\"event\":\"state\",\"state\":\"failed\",\"failure\":\"No room.\"}'; echo 'terminate called' >&2; false", 1, "No room.");
    row("silent", "exit 3", 3, "The worker failed with code 3 and did not say why.");
    row("cancelled", "exit 130", 130, "");
}

/// Exactly one end per job, with the right sentence, whatever comes.
void TestJobQueue::survives()
{
    QFETCH(QByteArray, behaviour);
    QFETCH(int, exitCode);
    QFETCH(QString, failure);
    const RunId id = job(behaviour);
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    const Theme theme;
    JobsPanel panel(*m_fixture->document, queue, theme);
    panel.show();
    QSignalSpy ends(&queue, &JobQueue::jobEnded), lines(&queue, &JobQueue::logged);
    queue.enqueue(id);
    QTRY_COMPARE_WITH_TIMEOUT(ends.count(), 1, 20000);
    QCOMPARE(ends[0][1].toString(), failure);
    QCOMPARE(queue.job(id)->exitCode, exitCode);
    QCOMPARE(queue.job(id)->failure, failure);
    QCOMPARE(queue.job(id)->state, JobState::Ended);
    QCOMPARE(queue.runningCount(), 0);
    QVERIFY(std::ranges::all_of(lines, [](const auto& line) { return line[1].toString().size() <= 2000; }));
    if (QByteArray(QTest::currentDataTag()) == "far too long a line")
        QCOMPARE(lines.last()[1].toString(), QStringLiteral("after"));
    QTRY_VERIFY(panel.findChild<JobRow*>());
    QTRY_COMPARE(panel.findChild<JobRow*>()->findChild<QLabel*>(QStringLiteral("job-words"))->text(),
        failure.isEmpty() ? QString() : QStringLiteral("⚠ ") + failure);
    QVERIFY(m_fixture->catchUp());
    QCOMPARE(ends.count(), 1);
}

void TestJobQueue::keepsTheLimit()
{
    std::vector<RunId> ids;
    for (int i = 0; i < 6; ++i)
        ids.push_back(job("sleep 0.05; true"));
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    queue.setLimit(2);
    QSignalSpy ends(&queue, &JobQueue::jobEnded);
    for (const RunId id : ids)
        queue.enqueue(id);
    QCOMPARE(queue.runningCount(), 2);
    QCOMPARE(queue.job(ids[2])->waitsFor, QStringLiteral("waits for a free worker"));
    QTRY_COMPARE(ends.count(), 6);
    QVERIFY(!queue.isBusy());
    int now = 0, most = 0;
    for (const QByteArray& line : read(QStringLiteral("log")).split('\n')) {
        now += line.startsWith('+') ? 1 : line.startsWith('-') ? -1 : 0;
        most = std::max(most, now);
    }
    QCOMPARE(most, 2);
    const QByteArray arguments = read(QStringLiteral("args-%1").arg(ids[0].value)).trimmed();
    QCOMPARE(arguments,
        QStringLiteral("run %1 %2 --events --threads %3").arg(m_fixture->path).arg(ids[0].value).arg(queue.threadsPerJob()).toUtf8());
}

void TestJobQueue::waitsForParents()
{
    const RunId parent = job(kUntilGo);
    const RunId child = job("true", parent);
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    queue.setLimit(4);
    QSignalSpy ends(&queue, &JobQueue::jobEnded), changes(&queue, &JobQueue::jobChanged);
    queue.enqueue(child);
    QCOMPARE(queue.job(child)->state, JobState::Waiting);
    QCOMPARE(queue.job(child)->waitsFor, QStringLiteral("waits for run %1, which is queued").arg(parent.value));
    claimRun(m_fixture->project, parent, 1, "cpu", nlohmann::json::object());
    QVERIFY(m_fixture->catchUp());
    QCOMPARE(queue.job(child)->waitsFor, QStringLiteral("waits for run %1, which is running").arg(parent.value));
    QVERIFY(changes.count() > 0); // whoever shows it is told
    endRun(m_fixture->project, parent, RunState::Failed, 1, "No.");
    QVERIFY(m_fixture->catchUp());
    QCOMPARE(queue.job(child)->waitsFor, QStringLiteral("waits for run %1, which is failed").arg(parent.value));
    QCOMPARE(ends.count(), 0);
    m_fixture->finish(parent);
    QVERIFY(m_fixture->catchUp());
    QTRY_COMPARE(ends.count(), 1);
    QCOMPARE(queue.job(child)->exitCode, 0);
    QVERIFY(queue.job(child)->waitsFor.isEmpty());
}

/// Asked first, then ended; and the row says cancelled, although nobody wrote that.
void TestJobQueue::endsOneThatIgnoresCancel()
{
    const RunId id = job("trap '' TERM INT; while true; do sleep 0.05; done");
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    QSignalSpy ends(&queue, &JobQueue::jobEnded);
    queue.enqueue(id);
    QTRY_VERIFY(!read(QStringLiteral("pid-%1").arg(id.value)).isEmpty());
    queue.cancel(id);
    QVERIFY(queue.job(id)->cancelling);
    QTRY_COMPARE_WITH_TIMEOUT(ends.count(), 1, 8000);
    QCOMPARE(ends[0][1].toString(), QString());
    QCOMPARE(queue.job(id)->exitCode, 130);
    QTRY_COMPARE(m_fixture->stored(id, "state"), std::string("cancelled"));
}

void TestJobQueue::leavesWorkersAlive()
{
    const RunId id = job(kUntilGo);
    QVERIFY(m_fixture->catchUp());
    {
        JobQueue queue(*m_fixture->document);
        queue.enqueue(id);
        QTRY_VERIFY(!read(QStringLiteral("pid-%1").arg(id.value)).isEmpty());
    }
    const pid_t process = read(QStringLiteral("pid-%1").arg(id.value)).trimmed().toInt();
    QVERIFY(process > 0);
    QCOMPARE(kill(process, 0), 0);
    write(QStringLiteral("go-%1").arg(id.value), "now");
    QTRY_VERIFY(read(QStringLiteral("log")).contains("- "));
}

void TestJobQueue::submits()
{
    const RunId id = job("true");
    write(QStringLiteral("next"), QByteArray::number(static_cast<qlonglong>(id.value)));
    JobQueue queue(*m_fixture->document);
    RunRequest request;
    request.kind = RunKind::Search;
    request.parent = RunId { 3 };
    request.seed = 5;
    request.parameters = { { "target_bits", 2.5 }, { "strategy", "cq" } };
    std::optional<RunId> queued;
    QString refused;
    QSignalSpy ends(&queue, &JobQueue::jobEnded);
    queue.submit(
        request, [&](RunId run) { queued = run; }, [&](const QString& sentence) { refused = sentence; });
    QTRY_COMPARE(ends.count(), 1);
    QCOMPARE(queued, id);
    QCOMPARE(read(QStringLiteral("asked")).trimmed(),
        QStringLiteral("search %1 --queue --seed 5 --from 3 --set strategy=cq --set target_bits=2.5").arg(m_fixture->path).toUtf8());
    queued.reset();
    write(QStringLiteral("refuse"), "yes");
    queue.submit(
        request, [&](RunId run) { queued = run; }, [&](const QString& sentence) { refused = sentence; });
    QTRY_COMPARE(refused, QStringLiteral("There is no model of that name."));
    QVERIFY(!queued);
}

void TestJobQueue::forgetsRemovedRuns()
{
    const RunId parent = m_fixture->add(RunKind::Train);
    const RunId id = job("true", parent);
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    queue.enqueue(id);
    QVERIFY(queue.isBusy());
    removeRun(m_fixture->project, id);
    QVERIFY(m_fixture->catchUp());
    QTRY_VERIFY(queue.jobs().empty());
}

/// No turn of the event loop takes longer than a person notices while a worker prints as fast as it can.
void TestJobQueue::stillsAFloodWithoutStoppingTheInterface()
{
    const RunId id = job("yes '{\"event\":\"log\",\"line\":\"flood of a worker that has a lot to say\"}' | head -n 400000");
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    QSignalSpy ends(&queue, &JobQueue::jobEnded);
    int lines = 0;
    connect(&queue, &JobQueue::logged, this, [&] { ++lines; });
    QTimer beat;
    QElapsedTimer clock;
    qint64 longest = 0;
    connect(&beat, &QTimer::timeout, this, [&] { longest = std::max(longest, clock.restart()); });
    beat.start(0);
    clock.start();
    queue.enqueue(id);
    QTRY_COMPARE_WITH_TIMEOUT(ends.count(), 1, 60000);
    QCOMPARE(lines, 400000);
    qInfo("the longest turn of the event loop took %lld ms", static_cast<long long>(longest));
    QVERIFY2(longest < 250, qPrintable(QString::number(longest))); // 8 ms are meant; the machine may be busy
}

void TestJobQueue::panelShowsAndCommands()
{
    const RunId id = job(
        R"(echo '{"event":"progress","done":25,"total":100,"stage":"phase 2","seconds_left":192,"figures":{"accuracy":0.871,"average_bits":2.4}}'
while read -r word; do
    echo "$word" >> heard
    case $word in
    pause) echo '{"event":"state","state":"paused"}';;
    resume) echo '{"event":"state","state":"running"}';;
    cancel) exit 130;;
    esac
done)");
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    const Theme theme;
    JobsPanel panel(*m_fixture->document, queue, theme);
    panel.resize(900, 200);
    panel.show();
    queue.enqueue(id);
    QTRY_VERIFY(panel.findChild<JobRow*>());
    auto* row = panel.findChild<JobRow*>();
    QTRY_COMPARE(row->findChild<QProgressBar*>()->text(),
        QStringLiteral("25 %").replace(QLatin1Char(' '), row->findChild<QProgressBar*>()->text().at(2)));
    QCOMPARE(row->findChild<QLabel*>(QStringLiteral("figures"))
                 ->text()
                 .simplified()
                 .remove(QChar(0xa0))
                 .remove(QLatin1Char(' '))
                 .remove(QChar(0x202f))
                 .remove(QChar(0x2009)),
        QStringLiteral("acc87.1%avg2.40b"));
    const auto labels = row->findChildren<QLabel*>(QStringLiteral("muted"));
    QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) { return label->text() == QStringLiteral("phase 2"); }));
    QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) { return label->text() == QStringLiteral("3:12 left"); }));
    const auto click = [&](const char* name) {
        auto* button = row->findChild<QToolButton*>(QString::fromLatin1(name));
        QTRY_VERIFY(button->isVisible() && button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
    };
    click("job-pause");
    QTRY_COMPARE(queue.job(id)->state, JobState::Paused);
    click("job-resume");
    QTRY_COMPARE(queue.job(id)->state, JobState::Running);
    click("job-cancel");
    QTRY_COMPARE(queue.job(id)->state, JobState::Ended);
    QCOMPARE(read(QStringLiteral("heard")), QByteArray("pause\nresume\ncancel\n"));
    QCOMPARE(panel.findChildren<JobRow*>().size(), 1); // in place
    auto* limit = panel.findChild<QSpinBox*>(QStringLiteral("job-limit"));
    limit->setFocus();
    QTest::keyClick(limit, Qt::Key_Up);
    QCOMPARE(queue.limit(), 2);
    QTest::mouseClick(panel.findChild<QWidget*>(QStringLiteral("clear-ended")), Qt::LeftButton);
    QTRY_COMPARE(panel.findChildren<JobRow*>().size(), 0);
    QVERIFY(queue.jobs().empty());
}

void TestJobQueue::panelShowsOtherProcesses()
{
    const RunId id = m_fixture->add(RunKind::Train);
    JobQueue queue(*m_fixture->document);
    const Theme theme;
    JobsPanel panel(*m_fixture->document, queue, theme);
    panel.show();
    claimRun(m_fixture->project, id, 1, "cpu", nlohmann::json::object());
    setProgress(m_fixture->project, id, 0.5, 10);
    QVERIFY(m_fixture->catchUp());
    QTRY_VERIFY(panel.findChild<JobRow*>());
    auto* row = panel.findChild<JobRow*>();
    QTRY_VERIFY(row->findChild<QToolButton*>(QStringLiteral("job-cancel"))->isVisible());
    QVERIFY(!row->findChild<QToolButton*>(QStringLiteral("job-pause"))->isVisible());
    QCOMPARE(row->findChild<QProgressBar*>()->value() * 2, row->findChild<QProgressBar*>()->maximum());
    QTest::mouseClick(row->findChild<QToolButton*>(QStringLiteral("job-cancel")), Qt::LeftButton);
    QTRY_VERIFY(cancelWanted(m_fixture->project, id));
    endRun(m_fixture->project, id, RunState::Cancelled, 11);
    QVERIFY(m_fixture->catchUp());
    QTRY_COMPARE(panel.findChildren<JobRow*>().size(), 0);
}

void TestJobQueue::startsNothingWithoutAProgram()
{
    qputenv("BITSCAPE_CLI", "/nowhere/bitscape-cli");
    const RunId id = job("true");
    QVERIFY(m_fixture->catchUp());
    JobQueue queue(*m_fixture->document);
    QSignalSpy ends(&queue, &JobQueue::jobEnded);
    queue.enqueue(id);
    QTRY_COMPARE(ends.count(), 1);
    QVERIFY2(ends[0][1].toString().startsWith(QStringLiteral("The worker program /nowhere/bitscape-cli cannot be started")),
        qPrintable(ends[0][1].toString()));
    QCOMPARE(queue.runningCount(), 0);
}

QTEST_MAIN(TestJobQueue)
#include "tst_job_queue.moc"
