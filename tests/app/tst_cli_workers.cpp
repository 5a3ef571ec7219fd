// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes on one project, runs that wait in the queue, and the removal of what is no longer wanted.
#include "tests/app/cli_worker.h"
#include "tests/app/run_checks.h"

#include <SQLiteCpp/SQLiteCpp.h>

using namespace cli;

namespace {

std::string sqlValue(const Workplace& place, const std::string& query)
{
    SQLite::Database database(place.file().string(), SQLite::OPEN_READONLY, 10000);
    return database.execAndGet(query).getString();
}

} // namespace

class WorkersTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase() { furnish(m_prepared); }

    void twoRunsAtOnce()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        Worker one(place, words("train --model lenet5 --set epochs=12 --seed 1 --threads 1"));
        Worker two(place, words("train --model mlp --set epochs=150 --seed 2 --threads 1"));
        QVERIFY(one.untilResults(1) && two.untilResults(1));
        QVERIFY(one.run() != two.run());
        QCOMPARE(place.state(one.run()), QStringLiteral("running"));
        QCOMPARE(place.state(two.run()), QStringLiteral("running"));                       // both at once
        done(place, words("data add --kind glyphs --path train=50,test=50 --name third")); // and a third writer
        QCOMPARE(one.code(), 0);
        QCOMPARE(two.code(), 0);
        QCOMPARE(place.show(one.run()).at("epochs").size(), std::size_t(12));
        QCOMPARE(place.show(two.run()).at("epochs").size(), std::size_t(150));
        QCOMPARE(summaryFlaw(place.show(one.run())) + summaryFlaw(place.show(two.run())), QString());
        QCOMPARE(place.content().datasets.size(), std::size_t(2));
        QCOMPARE(sqlValue(place, "PRAGMA integrity_check"), std::string("ok"));
        QCOMPARE(sqlValue(place, "SELECT count(*) FROM attachments WHERE role = 'weights'"), std::string("2"));
        QCOMPARE(sqlValue(place, "SELECT count(*) FROM attachments WHERE role = 'checkpoint'"), std::string("0"));
    }

    void aloneOrBesideAnotherIsTheSame()
    {
        const QStringList command = words("train --model lenet5 --set epochs=3 --seed 7 --threads 1");
        const Workplace alone, beside;
        alone.copyFrom(m_prepared);
        beside.copyFrom(m_prepared);
        const json calm = alone.show(done(alone, command));
        Worker other(beside, words("train --model mlp --set epochs=5000 --threads 1"));
        QVERIFY(other.untilResults(1));
        QCOMPARE(unlike(beside.show(done(beside, command)).at("accuracy"), calm.at("accuracy")), QString());
    }

    void theSameRunTwice()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        const std::int64_t run = done(place, words("train --model lenet5 --set epochs=5000 --threads 1 --queue"));
        const QString number = QString::number(run);
        Worker worker(place, { QStringLiteral("run"), number });
        QVERIFY(worker.untilResults(1));
        for (const char* command : { "run", "resume" })
            QCOMPARE(flaw(place({ QLatin1String(command), number }), 2, { "Run " + number, "process", "cancel" }), QString());
        QCOMPARE(flaw(place({ QStringLiteral("remove"), number }), 2, { "Run " + number, "cancel" }), QString());
        QCOMPARE(place.state(run), QStringLiteral("running")); // the first one is not disturbed
        QVERIFY(worker.untilResults(1));
        worker.say("cancel\n");
        QCOMPARE(worker.code(), 130);
        QCOMPARE(place.state(run), QStringLiteral("cancelled"));
    }

    void twoClaimantsAtOnce()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        const std::int64_t run = done(place, words("train --model lenet5 --set epochs=5000 --threads 1 --queue"));
        std::vector<std::unique_ptr<Worker>> workers;
        for (int i = 0; i < 3; ++i)
            workers.push_back(std::make_unique<Worker>(place, QStringList { QStringLiteral("run"), QString::number(run) }));
        const auto running = [&] {
            return std::ranges::count_if(workers, [](const auto& worker) { return worker->process().state() == QProcess::Running; });
        };
        QTRY_COMPARE_WITH_TIMEOUT(running(), 1, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(place.state(run), QStringLiteral("running"), kPatienceMs);
        for (const auto& worker : workers)
            QVERIFY(worker->process().state() == QProcess::Running || worker->code() == 2);
    }

    void queuedThenRun()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        const QStringList command = words("train --model mlp --set epochs=4 --seed 5 --threads 1");
        const Outcome queued = place(command + QStringList("--queue"));
        QCOMPARE(queued.out, QStringLiteral("run 1\n"));
        QCOMPARE(place.state(1), QStringLiteral("queued"));
        QCOMPARE(place.show(1).at("parameters").at("epochs").get<int>(), 4);
        const Outcome ran = place(words("run 1"));
        QCOMPARE(ran.code, 0);
        QCOMPARE(runNumber(ran), 1);
        const std::int64_t direct = done(place, command);
        for (const char* figure : { "accuracy", "threads", "seed", "parameters", "name" })
            QCOMPARE(unlike(place.show(1).at(figure), place.show(direct).at(figure)), QString());
    }

    /// Train, score, search, refine and evaluate, none of which has a finished parent when it is queued.
    void queuedBehindWhatIsQueued()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        const QStringList chain { "train --model mlp --set epochs=4 --seed 5", "score --from last --set samples_per_class=10",
            "search --from last", "refine --from last --set epochs=1", "evaluate --from last" };
        for (const QString& command : chain)
            done(place, words(qPrintable(command + QStringLiteral(" --threads 1 --queue"))));
        const Content before = place.content();
        QCOMPARE(flaw(place(words("run 3")), 2, { "Run 2", "queued" }), QString()); // not yet
        QVERIFY(place.content() == before);
        for (int run = 1; run <= chain.size(); ++run)
            QCOMPARE(done(place, { QStringLiteral("run"), QString::number(run) }), run);
        for (const QString& command : chain)
            done(place, words(qPrintable(command + QStringLiteral(" --threads 1"))));
        for (int run = 1; run <= chain.size(); ++run) {
            const json queued = place.show(run), direct = place.show(run + chain.size());
            for (const char* figure : { "accuracy", "kind", "name", "confusion" })
                QCOMPARE(unlike(queued.at(figure), direct.at(figure)), QString());
        }
    }

    void notQueuedBehindWhatHasEndedBadly()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        done(place, words("train --model mlp --queue"));
        done(place, words("cancel 1"));
        QCOMPARE(place(words("train --model lenet5 --set learning_rate=10 --set warmup_epochs=0 --set weight_decay=1")).code, 1);
        const Content before = place.content();
        QCOMPARE(flaw(place(words("score --from 1 --queue")), 2, { "Run 1", "cancelled" }), QString());
        QCOMPARE(flaw(place(words("score --from 2 --queue")), 2, { "Run 2", "failed" }), QString());
        QCOMPARE(flaw(place(words("score --model mlp --queue")), 2, { "'mlp'", "no trained weights" }), QString());
        QVERIFY(place.content() == before);
    }

    void queuedBehindWhatIsRunning()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        Worker worker(place, words("train --model lenet5 --set epochs=5000 --threads 1"));
        QVERIFY(worker.untilProgress());
        QCOMPARE(done(place, words("score --from 1 --queue")), 2);
        worker.say("pause\n");
        QVERIFY(worker.untilState(bitscape::RunState::Paused));
        QCOMPARE(done(place, words("evaluate --from 1 --queue")), 3);
        worker.end(); // interrupted now
        QCOMPARE(flaw(place(words("evaluate --from 1 --queue")), 2, { "Run 1", "interrupted" }), QString());
    }

    void queuedThenCancelled()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        done(place, words("train --model mlp --queue"));
        QCOMPARE(place(words("cancel 1")).out, QStringLiteral("run 1 is cancelled\n"));
        QCOMPARE(place.state(1), QStringLiteral("cancelled"));
        QCOMPARE(done(place, words("run 1")), 1); // it can be taken up all the same
    }

    void removal()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        done(place, words("train --model mlp --set epochs=2 --threads 1"));
        done(place, words("score --from last --set samples_per_class=5 --threads 1"));
        QCOMPARE(flaw(place(words("remove 1")), 2, { "Run 1", "run 2" }), QString());
        QCOMPARE(flaw(place(words("model remove mlp")), 2, { "\"mlp\"", "runs 1 and 2" }), QString());
        done(place, words("remove last"));
        done(place, words("remove 1"));
        QVERIFY(place.content().runs.empty());
        QCOMPARE(sqlValue(place, "SELECT count(*) FROM blobs WHERE sha256 NOT IN (SELECT samples FROM datasets)"), std::string("0"));
        done(place, words("model remove mlp"));
        done(place, words("data remove 1"));
        QCOMPARE(place.content().models.size(), std::size_t(1));
        QVERIFY(place.content().datasets.empty());
    }

private:
    Workplace m_prepared;
};

QTEST_GUILESS_MAIN(WorkersTest)
#include "tst_cli_workers.moc"
