// SPDX-License-Identifier: GPL-3.0-or-later
// Adding models and data sets as the studio has it done: events that end with a state, and a cancel that leaves the project as it was.
#include "tests/app/cli_worker.h"

#include <algorithm>
#include <numeric>
#include <utility>

using namespace cli;

namespace {

/// Within a second; what is tested for is three times that, as other processes share the machine.
constexpr qint64 kOneSecondMs = 3000;

/// Drawing these takes many seconds.
QStringList longAdding()
{
    return words("data add --kind glyphs --path train=1000000,test=10");
}

/// Empty where all lines are events, progress goes forward and the last event alone is that state.
QString eventsFlaw(const Worker& worker, const std::string& state)
{
    if (!worker.strangeLines().isEmpty())
        return QStringLiteral("no event: ") + worker.strangeLines().front();
    const auto& events = worker.events();
    const auto isState = [](const Event& event) { return event.kind == EventKind::State; };
    if (events.empty() || std::ranges::count_if(events, isState) != 1 || events.back().text != state)
        return QStringLiteral("it does not end with its one state");
    double done = 0;
    for (const Event& event : events) {
        if (event.kind == EventKind::Progress && std::exchange(done, event.progress.done) > done)
            return QStringLiteral("progress goes backwards");
    }
    return {};
}

bool hasLog(const Worker& worker, const std::string& line)
{
    return std::ranges::any_of(worker.events(), [&](const Event& event) { return event.kind == EventKind::Log && event.text == line; });
}

} // namespace

class AddingTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase() { done(m_place, words("new")); }

    void aDataSet()
    {
        Worker worker(m_place, words("data add --kind glyphs --path train=20000,test=100 --name many"));
        QCOMPARE(worker.code(), 0);
        QCOMPARE(eventsFlaw(worker, "finished"), QString());
        QVERIFY(hasLog(worker, "data 1 many"));
        QVERIFY(std::ranges::count(worker.events(), EventKind::Progress, &Event::kind) > 1);
        QCOMPARE(worker.process().readAllStandardError(), QByteArray());
        const auto stored = m_place.content().datasets;
        QCOMPARE(stored.size(), std::size_t(1));
        QCOMPARE(std::accumulate(stored[0].trainCounts.begin(), stored[0].trainCounts.end(), std::int64_t { 0 }), std::int64_t(20000));
        const std::size_t pixels = 28 * 28 * 10 * 8; // of eight images of each class
        QCOMPARE(m_place.open().blob(stored[0].samples).size(), pixels);
    }

    void aModel()
    {
        Worker worker(m_place, words("model add zoo:lenet5 --name net"));
        QCOMPARE(worker.code(), 0);
        QCOMPARE(eventsFlaw(worker, "finished"), QString());
        QVERIFY(hasLog(worker, "model 1 net"));
        QCOMPARE(m_place.content().models.size(), std::size_t(1));
    }

    void timeLeftIsTold()
    {
        Worker worker(m_place, longAdding());
        QVERIFY(worker.until([](const Event& event) { return event.secondsLeft.has_value(); }));
        QVERIFY(worker.events().back().secondsLeft.value_or(0) > 0);
    }

    void refusalsAreFailures_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("code");
        QTest::newRow("no such folder") << words("data add --kind idx --path no/such") << 3;
        QTest::newRow("no path") << words("data add --kind idx") << 2;
        QTest::newRow("name taken") << words("data add --kind glyphs --name many") << 2;
        QTest::newRow("unknown network") << words("model add zoo:lenet6") << 2;
        QTest::newRow("model name taken") << words("model add zoo:mlp --name net") << 2;
        QTest::newRow("no network") << words("model add net.pt") << 3;
    }

    void refusalsAreFailures()
    {
        QFETCH(const QStringList, command);
        QFETCH(const int, code);
        const Content before = m_place.content();
        Worker worker(m_place, command);
        QCOMPARE(worker.code(), code);
        QCOMPARE(eventsFlaw(worker, "failed"), QString());
        const QString sentence = QString::fromStdString(worker.events().back().failure);
        QVERIFY(!sentence.isEmpty());
        QCOMPARE(QString::fromUtf8(worker.process().readAllStandardError()), "bitscape-cli: " + sentence + "\n");
        QVERIFY(m_place.content() == before);
    }

    void cancelled_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("number"); // of a signal, where there is no word
        QTest::newRow("by word") << QByteArray("cancel\n") << 0;
        QTest::newRow("while paused") << QByteArray("pause\ncancel\n") << 0;
        QTest::newRow("SIGINT") << QByteArray() << SIGINT;
        QTest::newRow("SIGTERM") << QByteArray() << SIGTERM;
    }

    void cancelled()
    {
        QFETCH(const QByteArray, word);
        QFETCH(const int, number);
        const QByteArray before = m_place.read(QStringLiteral("p.bitscape"));
        Worker worker(m_place, longAdding());
        QVERIFY(worker.untilProgress());
        QElapsedTimer timer;
        timer.start();
        if (word.isEmpty())
            worker.signal(number);
        else
            worker.say(word);
        QCOMPARE(worker.code(), 130);
        qInfo("ended after %lld ms", timer.elapsed());
        QVERIFY(timer.elapsed() < kOneSecondMs);
        QCOMPARE(QString::fromStdString(worker.events().back().text), QStringLiteral("cancelled"));
        QVERIFY(m_place.read(QStringLiteral("p.bitscape")) == before); // to the byte
    }

    void pausedAndResumed()
    {
        Worker worker(m_place, longAdding());
        QVERIFY(worker.untilProgress());
        worker.say("pause\n");
        QVERIFY(worker.untilState(bitscape::RunState::Paused));
        QVERIFY(worker.isSilent(500)); // it tells ten times a second
        worker.say("resume\n");
        QVERIFY(worker.untilState(bitscape::RunState::Running));
        QVERIFY(worker.untilProgress());
    }

    void interruptedAtATerminal()
    {
        const QByteArray before = m_place.read(QStringLiteral("p.bitscape"));
        QProcess process;
        process.start(QStringLiteral(BITSCAPE_CLI), m_place.withProject(longAdding()));
        QVERIFY(process.waitForStarted());
        QVERIFY(!process.waitForFinished(500)); // drawing takes seconds
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const Outcome outcome = outcomeOf(process);
        QCOMPARE(outcome.code, 130);
        QCOMPARE(outcome.out, QString());
        QCOMPARE(outcome.err, QStringLiteral("Cancelled: the project is as it was.\n"));
        QVERIFY(m_place.read(QStringLiteral("p.bitscape")) == before);
    }

private:
    Workplace m_place;
};

QTEST_GUILESS_MAIN(AddingTest)
#include "tst_cli_adding.moc"
