// SPDX-License-Identifier: GPL-3.0-or-later
// Pause, resume and cancel: by words on standard input, by signals and from another process.
#include "tests/app/cli_worker.h"

using namespace cli;

namespace {

/// A cancelled worker is to be gone within a second (two where it reads the wish from the project). What is tested for is three times
/// that: other processes share the machine. The time that it took is printed.
constexpr qint64 kOneSecondMs = 3000, kTwoSecondsMs = 6000;

QStringList longTraining()
{
    return words("train --model lenet5 --set epochs=5000 --threads 1");
}

/// One batch of this takes longer than a person waits.
QStringList slowBatches()
{
    return words("train --model wide --set epochs=50 --set batch=180 --threads 1");
}

} // namespace

class ControlTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        done(m_place, words("model add zoo:vgg-small --input 1,28,28 --name wide"));
    }

    void pauseAndResume()
    {
        Worker worker(m_place, longTraining());
        QVERIFY(worker.untilResults(1));
        worker.say("pause\n");
        QVERIFY(worker.untilState(bitscape::RunState::Paused));
        QCOMPARE(m_place.state(worker.run()), QStringLiteral("paused"));
        const Content before = m_place.content();
        QVERIFY(worker.isSilent(1500)); // a training tells ten times a second
        QVERIFY(m_place.content() == before);
        worker.say("resume\n");
        QVERIFY(worker.untilState(bitscape::RunState::Running));
        QCOMPARE(m_place.state(worker.run()), QStringLiteral("running"));
        QVERIFY(worker.untilResults(1));
        cancelled(
            worker, [&] { worker.say("cancel\n"); }, kOneSecondMs);
    }

    void aPauseIsNoComputingTime()
    {
        QElapsedTimer timer;
        timer.start();
        Worker worker(m_place, longTraining());
        QVERIFY(worker.untilProgress());
        worker.say("pause\n");
        QVERIFY(worker.untilState(bitscape::RunState::Paused));
        QVERIFY(worker.isSilent(3000));
        worker.say("cancel\n");
        QCOMPARE(worker.code(), 130);
        const double seconds = m_place.show(worker.run()).at("seconds");
        QVERIFY2(seconds < static_cast<double>(timer.elapsed()) / 1000 - 3, qPrintable(QString::number(seconds)));
    }

    void cancelWhilePaused()
    {
        Worker worker(m_place, longTraining());
        QVERIFY(worker.untilProgress());
        worker.say("pause\n");
        QVERIFY(worker.untilState(bitscape::RunState::Paused));
        cancelled(
            worker, [&] { worker.say("cancel\n"); }, kOneSecondMs);
    }

    void cancelWithinALongBatch()
    {
        Worker worker(m_place, slowBatches());
        QVERIFY(worker.untilProgress()); // the second batch begins
        cancelled(
            worker, [&] { worker.say("cancel\n"); }, kOneSecondMs);
    }

    void bySignal_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<bool>("slow");
        QTest::newRow("SIGINT") << SIGINT << false;
        QTest::newRow("SIGTERM") << SIGTERM << false;
        QTest::newRow("SIGINT in a long batch") << SIGINT << true;
    }

    void bySignal()
    {
        QFETCH(const int, number);
        QFETCH(const bool, slow);
        Worker worker(m_place, slow ? slowBatches() : longTraining());
        QVERIFY(worker.untilProgress());
        cancelled(
            worker, [&] { worker.signal(number); }, kOneSecondMs);
    }

    /// As a person does it: without --events, and with the program starting itself anew to set OMP_WAIT_POLICY.
    void interruptedAtATerminal()
    {
        QProcess process;
        process.start(QStringLiteral(BITSCAPE_CLI), m_place.withProject(longTraining()));
        QVERIFY(process.waitForReadyRead(kPatienceMs));
        const QByteArray number = process.readLine().trimmed().mid(4);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const Outcome outcome = outcomeOf(process);
        QCOMPARE(outcome.code, 130);
        QVERIFY2(
            outcome.err.contains(QStringLiteral("bitscape-cli resume")) && outcome.err.contains(m_place.path()), qPrintable(outcome.err));
        QCOMPARE(m_place.state(number.toLongLong()), QStringLiteral("cancelled"));
    }

    void interruptedBeforeTheRunBegins()
    {
        const Workplace place;
        furnish(place);
        done(place, words("data add --kind glyphs --path train=200000,test=10 --name many"));
        Worker worker(place, words("train --model mlp --data many"));
        QVERIFY(worker.until([](const Event& event) { return event.kind == EventKind::Progress; })); // of reading
        worker.signal(SIGINT);
        QCOMPARE(worker.code(), 130);
        QVERIFY(place.content().runs.empty());
    }

    void garbageIsIgnored()
    {
        Worker worker(m_place, longTraining());
        QVERIFY(worker.untilProgress());
        worker.say("cancle\n{\"command\":\"cancel\"}\n\n\xff\xfe\x01\n" + QByteArray(100000, 'x') + "\ncancel please\npausecancel\n");
        QVERIFY(worker.untilResults(3)); // still at it
        worker.say("  pause \r\n");      // as a terminal may send it
        QVERIFY(worker.untilState(bitscape::RunState::Paused));
        QVERIFY(worker.strangeLines().isEmpty());
    }

    void aFloodOfGarbageKeepsNobodyFromCancelling()
    {
        Worker worker(m_place, longTraining());
        QVERIFY(worker.untilProgress());
        worker.say(QByteArray("garbage\n").repeated(2'000'000));
        cancelled(
            worker, [&] { worker.signal(SIGINT); }, kOneSecondMs);
    }

    void anEndOfInputEndsAPause()
    {
        Worker worker(m_place, longTraining());
        QVERIFY(worker.untilProgress());
        worker.say("pause\n");
        QVERIFY(worker.untilState(bitscape::RunState::Paused));
        worker.process().closeWriteChannel(); // whoever could resume it has gone
        QVERIFY(worker.untilState(bitscape::RunState::Running));
        QVERIFY(worker.untilResults(1));
    }

    void nobodyReadingEndsNothing()
    {
        Worker worker(m_place, words("train --model lenet5 --set epochs=20 --threads 1"));
        QVERIFY(worker.untilResults(1));
        const std::int64_t run = worker.run();
        worker.process().closeReadChannel(QProcess::StandardOutput);
        worker.process().closeReadChannel(QProcess::StandardError);
        QCOMPARE(worker.code(), 0);
        QCOMPARE(m_place.state(run), QStringLiteral("finished"));
    }

    void closedStandardStreams()
    {
        QProcess shell;
        shell.start(QStringLiteral("/bin/sh"),
            { QStringLiteral("-c"),
                QStringLiteral("exec '%1' train '%2' --model mlp --set epochs=2 --name closed --events <&- >&- 2>&-")
                    .arg(BITSCAPE_CLI, m_place.path()) });
        QVERIFY(shell.waitForFinished(kPatienceMs));
        QCOMPARE(shell.exitCode(), 0);
        QCOMPARE(m_place.state(m_place.content().runs.back().id.value), QStringLiteral("finished"));
    }

    void cancelFromAnotherProcess()
    {
        for (const QStringList& command : { longTraining(), slowBatches() }) {
            Worker worker(m_place, command);
            QVERIFY(worker.untilProgress());
            const QString number = QString::number(worker.run());
            QElapsedTimer timer; // from the command's start, which itself takes half a second
            timer.start();
            const Outcome outcome = m_place({ QStringLiteral("cancel"), number });
            QVERIFY2(outcome.code == 0 && outcome.out.startsWith("run " + number + " "), qPrintable(outcome.out + outcome.err));
            const qint64 told = timer.elapsed();
            QCOMPARE(worker.code(), 130);
            qInfo("ended %lld ms after the cancel command, which took %lld ms", timer.elapsed() - told, told);
            QVERIFY(timer.elapsed() - told < kTwoSecondsMs);
            QCOMPARE(m_place.state(worker.run()), QStringLiteral("cancelled"));
        }
    }

private:
    /// `cancel` ends the worker in time, with the right code, event and state.
    void cancelled(Worker& worker, const std::function<void()>& cancel, qint64 withinMs)
    {
        const std::int64_t run = worker.run();
        QElapsedTimer timer;
        timer.start();
        cancel();
        QVERIFY(worker.process().waitForFinished(kPatienceMs));
        const qint64 took = timer.elapsed();
        qInfo("ended after %lld ms", took);
        QCOMPARE(worker.code(), 130);
        QVERIFY2(took < withinMs, qPrintable(QString::number(took)));
        QCOMPARE(QString::fromStdString(worker.events().back().text), QStringLiteral("cancelled"));
        QCOMPARE(m_place.state(run), QStringLiteral("cancelled"));
        QVERIFY(worker.strangeLines().isEmpty());
    }

    Workplace m_place;
};

QTEST_GUILESS_MAIN(ControlTest)
#include "tst_cli_control.moc"
