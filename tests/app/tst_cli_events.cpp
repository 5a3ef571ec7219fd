// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker tells whoever started it: JSON lines alone, progress that only goes forward, and the state that it ends in.
#include "tests/app/cli_worker.h"

using namespace cli;

namespace {

/// Empty where all lines are events in a good order.
QString eventsFlaw(const Worker& worker)
{
    if (!worker.strangeLines().isEmpty())
        return QStringLiteral("no event: ") + worker.strangeLines().front();
    double done = 0;
    int states = 0;
    for (const Event& event : worker.events()) {
        states += event.kind == EventKind::State;
        if (event.kind != EventKind::Progress)
            continue;
        const double share = event.progress.done / event.progress.total;
        if (share < done || share > 1 || event.progress.stage.empty())
            return QStringLiteral("progress from %1 to %2 in '%3'").arg(done).arg(share).arg(QString::fromStdString(event.progress.stage));
        done = share;
    }
    const Event& last = worker.events().back();
    const bool ended = states == 1 && last.kind == EventKind::State && last.text == "finished" && last.failure.empty();
    return ended ? QString() : QStringLiteral("it does not end with its one state");
}

bool hasResults(const Worker& worker)
{
    return std::ranges::any_of(worker.events(), [](const Event& event) { return event.kind == EventKind::Results; });
}

} // namespace

class EventsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        done(m_place, words("train --model mlp --set epochs=8 --seed 3 --threads 1"));
        done(m_place, words("score --from 1 --set samples_per_class=20 --threads 1"));
        done(m_place, words("search --from 2 --threads 1"));
    }

    void everyKind_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<bool>("results"); // as it goes on
        QTest::newRow("train") << words("train --model lenet5 --set epochs=3") << true;
        QTest::newRow("score") << words("score --from 1 --set samples_per_class=20") << true;
        QTest::newRow("cq") << words("search --from 2 --set target_bits=1") << true;
        QTest::newRow("fisher") << words("search --from 2 --set strategy=fisher --set samples_per_class=20") << true;
        QTest::newRow("model-wise") << words("search --from 2 --set strategy=model-wise --set target_bits=2.5") << true;
        QTest::newRow("layer-wise") << words("search --from 2 --set strategy=layer-wise") << true;
        QTest::newRow("random") << words("search --from 2 --set strategy=random --seed 5") << true;
        QTest::newRow("refine") << words("refine --from 3 --set epochs=3") << true;
        QTest::newRow("evaluate") << words("evaluate --from 3") << false;
    }

    void everyKind()
    {
        QFETCH(const QStringList, command);
        QFETCH(const bool, results);
        Worker worker(m_place, command);
        QCOMPARE(worker.code(), 0);
        QCOMPARE(eventsFlaw(worker), QString());
        QCOMPARE(worker.process().readAllStandardError(), QByteArray());
        QVERIFY(!results || hasResults(worker));
        QCOMPARE(m_place.state(worker.run()), QStringLiteral("finished")); // the number told is the run's
    }

    void timeLeftIsOfTheWholeRun()
    {
        Worker worker(m_place, words("train --model lenet5 --set epochs=500 --threads 1"));
        QVERIFY(worker.untilResults(2)); // two of 500 epochs took at least 50 ms each on any machine
        QVERIFY(worker.until([](const Event& event) { return event.secondsLeft.has_value(); }));
        QVERIFY2(worker.events().back().secondsLeft.value_or(0) > 5,
            qPrintable(QString::number(worker.events().back().secondsLeft.value_or(0))));
    }

    void aFailureIsAnEventAndASentence()
    {
        Worker worker(m_place, words("train --model lenet5 --set learning_rate=10 --set warmup_epochs=0 --set weight_decay=1"));
        QCOMPARE(worker.code(), 1);
        const Event& last = worker.events().back();
        QCOMPARE(QString::fromStdString(last.text), QStringLiteral("failed"));
        QCOMPARE(
            QString::fromUtf8(worker.process().readAllStandardError()), "bitscape-cli: " + QString::fromStdString(last.failure) + "\n");
        QVERIFY(worker.strangeLines().isEmpty());
    }

    void aRefusalIsNoEvent()
    {
        Worker worker(m_place, words("train --model lenet5 --set train_split=train[:9999]"));
        QCOMPARE(worker.code(), 2);
        QVERIFY(worker.events().empty() && worker.strangeLines().isEmpty());
        QVERIFY(worker.process().readAllStandardError().contains("9999"));
    }

    void runAndResumeTellEventsToo()
    {
        const std::int64_t run = done(m_place, words("train --model mlp --set epochs=2 --queue"));
        Worker worker(m_place, { QStringLiteral("run"), QString::number(run) });
        QCOMPARE(worker.code(), 0);
        QCOMPARE(eventsFlaw(worker), QString());
        QCOMPARE(worker.run(), run);
    }

private:
    Workplace m_place;
};

QTEST_GUILESS_MAIN(EventsTest)
#include "tst_cli_events.moc"
