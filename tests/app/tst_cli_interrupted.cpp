// SPDX-License-Identifier: GPL-3.0-or-later
// A worker that is killed, or cancelled, costs no more than what it had not yet stored: resumed, the run ends as if nothing had been.
#include "tests/app/cli_worker.h"
#include "tests/app/run_checks.h"

#include "core/project/results.h"

#include <algorithm>

using namespace cli;

namespace {

/// All that a run found: what depends on when, where and in how many sessions it was computed is left out. How many images a search
/// evaluated is such a thing: what the first session had evaluated is looked up by the second.
json resultOf(const Workplace& place, std::int64_t run)
{
    json found = place.show(run);
    for (const char* own : { "created", "seconds", "evaluations", "looked_up", "images_evaluated" })
        found.erase(own);
    for (const char* list : { "epochs", "trajectory" }) {
        if (found.contains(list)) {
            for (json& entry : found.at(list))
                entry.erase("seconds");
        }
    }
    return found;
}

/// How far an early decision left a point's accuracy open depends on which images were looked at first, and so on what was computed before:
/// both ranges have to hold the same accuracy, and what is decided the same.
void compareBounds(json& a, json& b)
{
    const auto bounds = [](const json& point) {
        return point.contains("accuracy")
            ? std::pair(point.at("accuracy").get<double>(), point.at("accuracy").get<double>())
            : std::pair(point.at("accuracy_bounds").at(0).get<double>(), point.at("accuracy_bounds").at(1).get<double>());
    };
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i] == b[i])
            continue;
        const auto [lowA, highA] = bounds(a[i]);
        const auto [lowB, highB] = bounds(b[i]);
        QVERIFY2(lowA <= highB && lowB <= highA, qPrintable(QString::fromStdString(a[i].dump() + b[i].dump())));
        for (json* point : { &a[i], &b[i] }) {
            if (point->at("floor").get<double>() > 0) {
                point->erase("accuracy_bounds");
                point->erase("accuracy");
            }
        }
    }
}

/// SHA-256 of the network that the run ended with; empty for a run without.
QString weightsOf(const Workplace& place, std::int64_t run)
{
    bitscape::Project project = place.open();
    const auto own = attachment(project, { run }, "weights");
    return QString::fromStdString((own ? own : attachment(project, { run }, "step_weights")).value_or(""));
}

/// A place where a worker is ended: behind so many "results" events, or at progress behind them.
struct Moment {
    int results = 0;
    bool progress = false;
    double share = 0; ///< in place of `results`: of the points that the undisturbed search has, which differ from machine to machine
};

} // namespace

Q_DECLARE_METATYPE(Moment)

class InterruptedTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_prepared);
        done(m_prepared, words("data add --kind glyphs --path train=2000,test=500,seed=2 --name larger"));
        done(m_prepared, words("train --model lenet5 --data larger --set epochs=2 --threads 1"));
        done(m_prepared, words("score --from 1 --set samples_per_class=20 --threads 1"));
        done(m_prepared, words("search --from 2 --set strategy=fisher --set samples_per_class=20 --threads 1"));
    }

    void killed_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<QList<Moment>>("moments");
        const QStringList train = words("train --model lenet5 --data larger --set epochs=6 --set augment=crop --seed 9");
        const QStringList search = words("search --from 2 --set target_bits=1 --set step=0.02 --set search_split=train --threads 1");
        const QStringList fisher
            = words("search --from 2 --set strategy=fisher --set samples_per_class=100 --set target_bits=1.5 --threads 1");
        const QStringList refine = words("refine --from 3 --set epochs=5 --seed 4 --threads 1");
        const QStringList step
            = words("step --from 1 --set iterations=8 --set epochs=2 --set train_split=train[:600] --seed 4 --threads 1");
        const QStringList both { QStringLiteral("--threads"), QStringLiteral("2") },
            one { QStringLiteral("--threads"), QStringLiteral("1") };
        QTest::newRow("train in its first epoch") << train + one << QList<Moment> { { 0, true } };
        QTest::newRow("train behind an epoch, in another, two threads") << train + both << QList<Moment> { { 1, false }, { 2, true } };
        QTest::newRow("search at its start") << search << QList<Moment> { { 1, false } };
        QTest::newRow("search twice") << search << QList<Moment> { { 0, false, 0.25 }, { 0, true, 0.6 } };
        QTest::newRow("confident search twice")
            << search + words("--set decision=confident --set delta=0.05") << QList<Moment> { { 0, false, 0.25 }, { 0, true, 0.6 } };
        QTest::newRow("measuring sensitivity") << fisher << QList<Moment> { { 0, true } };
        QTest::newRow("stepping in construction and between the kinds") << step << QList<Moment> { { 2, false }, { 6, true } };
        QTest::newRow("refine before an epoch and behind one") << refine << QList<Moment> { { 0, true }, { 1, false }, { 2, true } };
        QTest::newRow("refine at its last epoch") << refine << QList<Moment> { { 5, false } };
    }

    void killed()
    {
        QFETCH(const QStringList, command);
        QFETCH(const QList<Moment>, moments);
        const Workplace calm, rough;
        calm.copyFrom(m_prepared);
        rough.copyFrom(m_prepared);
        const std::int64_t run = done(calm, command);
        const QString number = QString::number(run);
        QStringList next = command;
        for (Moment moment : moments) {
            if (moment.share > 0)
                moment.results = std::max(1, static_cast<int>(moment.share * static_cast<double>(calm.show(run).at("trajectory").size())));
            Worker worker(rough, next);
            QVERIFY(reached(worker, moment));
            worker.end();
            QCOMPARE(worker.code(), -1);
            QCOMPARE(rough.state(run), QStringLiteral("interrupted"));
            next = QStringList { QStringLiteral("resume"), number };
        }
        QCOMPARE(done(rough, next), run);
        same(calm, rough, run);
    }

    void cancelled_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("train") << words("train --model lenet5 --data larger --set epochs=5 --set keep=best --seed 9 --threads 1");
        QTest::newRow("search") << words(
            "search --from 2 --set target_bits=1 --set step=0.05 --set search_split=train --set order=descending --threads 1");
        QTest::newRow("confident search") << words("search --from 2 --set target_bits=1 --set step=0.05 --set search_split=train --set "
                                                   "order=descending --set decision=confident --threads 1");
        QTest::newRow("refine") << words(
            "refine --from 3 --set epochs=5 --seed 4 --set activation_bits=4 --set samples_per_class=20 --threads 1");
    }

    void cancelled()
    {
        QFETCH(const QStringList, command);
        const Workplace calm, rough;
        calm.copyFrom(m_prepared);
        rough.copyFrom(m_prepared);
        const std::int64_t run = done(calm, command);
        {
            Worker worker(rough, command);
            QVERIFY(reached(worker, { 2, true }));
            worker.say("cancel\n");
            QCOMPARE(worker.code(), 130);
        }
        QCOMPARE(rough.state(run), QStringLiteral("cancelled"));
        QCOMPARE(done(rough, { QStringLiteral("resume"), QStringLiteral("last") }), run);
        same(calm, rough, run);
    }

    /// The numbers of threads, seed and all parameters are the run's own: resuming takes none of them anew.
    void resumingKeepsTheThreads()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        {
            Worker worker(place, words("train --model lenet5 --data larger --set epochs=50 --threads 1"));
            QVERIFY(worker.untilResults(1));
        }
        Worker worker(place, words("resume last"));
        QVERIFY(worker.untilResults(1));
        QCOMPARE(place.show(worker.run()).at("threads").get<int>(), 1);
        QCOMPARE(place.show(worker.run()).at("epochs").size(), std::size_t(2)); // it went on, not from the start
    }

private:
    static bool reached(Worker& worker, const Moment& moment)
    {
        return (moment.results == 0 || worker.untilResults(moment.results)) && (!moment.progress || worker.untilProgress());
    }

    /// The run is the same in both projects, to the last bit of its weights.
    static void same(const Workplace& calm, const Workplace& rough, std::int64_t run)
    {
        QCOMPARE(rough.state(run), QStringLiteral("finished"));
        json wanted = resultOf(calm, run), found = resultOf(rough, run);
        if (wanted.contains("trajectory") && wanted.at("parameters").at("decision") == "exact")
            compareBounds(wanted.at("trajectory"), found.at("trajectory"));
        for (const auto& [key, value] : wanted.items()) {
            QVERIFY2(found.contains(key), key.c_str());
            QVERIFY2(unlike(found.at(key), value).isEmpty(), qPrintable(QString::fromStdString(key) + ": " + unlike(found.at(key), value)));
        }
        QCOMPARE(found.size(), wanted.size());
        QCOMPARE(weightsOf(rough, run), weightsOf(calm, run));
        QCOMPARE(weightsOf(calm, run).isEmpty(), wanted.at("kind") == "search");
    }

    Workplace m_prepared;
};

QTEST_GUILESS_MAIN(InterruptedTest)
#include "tst_cli_interrupted.moc"
