// SPDX-License-Identifier: GPL-3.0-or-later
// Runs side by side, from answers that the worker kept.
#include "tests/app/cli_fixture.h"
#include "tests/app/run_checks.h"

#include "core/jobs/run_results.h"
#include "core/jobs/run_tables.h"

#include <cmath>

using namespace cli;

class CompareTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        m_train = done(m_place, words("train --model mlp --set epochs=12 --seed 3 --threads 1"));
        m_score = done(m_place, words("score --from last --set samples_per_class=20 --threads 1"));
        m_search = done(m_place, words("search --from last --set target_bits=2 --threads 1"));
        m_refine = done(m_place, words("refine --from last --set epochs=2 --threads 1"));
        m_evaluate = done(m_place, words("evaluate --from 3 --set test_split=test[:100] --threads 1"));
        m_lenet = done(m_place, words("train --model lenet5 --set epochs=1 --threads 1"));
        m_step = done(m_place, words("step --from 6 --set iterations=2 --set batches_per_iteration=2 --set epochs=1 --threads 1"));
        m_queued = done(m_place, words("train --model mlp --queue"));
        done(m_place, words("data add --kind glyphs --path train=200,test=100,seed=2 --name other"));
        m_other = done(m_place, words("train --model mlp --data other --set epochs=1 --threads 1"));
    }

    void everyAccuracyIsThatOfTheAnswersKept()
    {
        bitscape::Project project = m_place.open();
        for (const std::int64_t id : { m_train, m_score, m_search, m_refine, m_evaluate, m_lenet, m_step }) {
            const bitscape::RunResults results = bitscape::runResults(project, { id });
            QVERIFY2(results.answers, qPrintable(QString::number(id)));
            std::size_t right = 0;
            for (std::size_t i = 0; i < results.answers->labels.size(); ++i)
                right += results.answers->answers[i] == results.answers->labels[i] ? 1 : 0;
            QCOMPARE(results.answers->labels.size(), std::size_t(id == m_evaluate ? 100 : 200));
            const double accuracy = static_cast<double>(right) / static_cast<double>(results.answers->labels.size());
            QVERIFY2(std::abs(accuracy - results.metrics.at("accuracy")) < 1e-12, qPrintable(QString::number(id)));
        }
    }

    void figuresAndDifferences()
    {
        const json found = compared(words("compare 3 4 --baseline 4"));
        const json before = m_place.show(m_search), after = m_place.show(m_refine);
        QCOMPARE(unlike(found.at("runs"), json({ 3, 4 })), QString());
        QCOMPARE(found.at("baseline").get<int>(), 4);
        const json& accuracy = found.at("figures").at("accuracy");
        QCOMPARE(unlike(accuracy.at("values"), json::array({ before.at("accuracy"), after.at("accuracy") })), QString());
        const double apart = before.at("accuracy").get<double>() - after.at("accuracy").get<double>();
        QVERIFY(accuracy.at("differences").at(0).get<double>() == apart && accuracy.at("differences").at(1).is_null());
        if (apart != 0)
            QCOMPARE(accuracy.at("best").get<int>(), apart > 0 ? 3 : 4);
        QVERIFY(!found.at("figures").at("average_bits").contains("best")); // the same in both
        QCOMPARE(unlike(found.at("parameters").at("kind"), json({ "search", "refine" })), QString());
        QVERIFY(!found.at("parameters").contains("seed")); // no difference
        QVERIFY(compared(words("compare 3 4 --all-parameters")).at("parameters").contains("seed"));
        QCOMPARE(found.at("bits").at(0).at("more").get<int>() + found.at("bits").at(0).at("fewer").get<int>(), 0); // refining keeps bits
    }

    void theTestIsOfTheSameImages()
    {
        const json pairs = compared(words("compare 1 3 5")).at("mcnemar");
        QCOMPARE(pairs.size(), std::size_t(3));
        const json& first = pairs.at(0);
        QCOMPARE(first.at("images").get<int>(), 200);
        const double apart = m_place.show(m_train).at("accuracy").get<double>() - m_place.show(m_search).at("accuracy").get<double>();
        const double counted = (first.at("only_right").at(0).get<double>() - first.at("only_right").at(1).get<double>()) / 200;
        QVERIFY(std::abs(apart - counted) < 1e-12);
        QVERIFY(first.at("p") > 0 && first.at("p") <= 1);
        QVERIFY(pairs.at(1).at("reason").get<std::string>().find("test[0:100]") != std::string::npos); // run 5 saw half of them
    }

    void otherNetworksHaveOtherFilters()
    {
        const json found = compared(words("compare 3 6"));
        QVERIFY(found.at("bits").at(0).at("reason").get<std::string>().find("no bits") != std::string::npos);
        QVERIFY(found.at("mcnemar").at(0).contains("p")); // of any two networks
    }

    void theTableFitsATerminal()
    {
        const Outcome outcome = m_place(words("compare 1 2 3 4 5 7 --all-parameters"));
        QCOMPARE(outcome.code, 0);
        QVERIFY2(
            outcome.out.contains(QStringLiteral("accuracy")) && outcome.out.contains(QStringLiteral("McNemar")), qPrintable(outcome.out));
        for (const QString& line : outcome.out.split(QLatin1Char('\n'))) {
            if (!line.endsWith(QLatin1Char('.'))) // a sentence
                QVERIFY2(line.size() <= 80, qPrintable(line));
        }
    }

    void csvReadsBack()
    {
        QCOMPARE(m_place(words("compare 3 4 --csv out.csv")).code, 0);
        const bitscape::Table table = bitscape::tableFrom(m_place.read(QStringLiteral("out.csv")).toStdString());
        QCOMPARE(table.names.size(), std::size_t(6));
        const auto count = [&](const std::string& what) {
            return std::ranges::count_if(table.rows, [&](const auto& row) { return row.front() == what; });
        };
        QCOMPARE(count("class"), 20);
        QCOMPARE(count("bits"), 48 + 32 + 24 + 10);
        QCOMPARE(count("confusion"), 100);
        QCOMPARE(count("mcnemar"), 3);
    }

    void refusals()
    {
        QCOMPARE(flaw(m_place(words("compare 3")), 2, { QStringLiteral("Two to six runs"), QStringLiteral("not 1") }), QString());
        QCOMPARE(flaw(m_place(words("compare 1 2 3 4 5 6 7")), 2, { QStringLiteral("not 7") }), QString());
        QCOMPARE(flaw(m_place(words("compare 3 99")), 2, { QStringLiteral("99") }), QString());
        QCOMPARE(flaw(m_place(words("compare 3 3")), 2, { QStringLiteral("named twice") }), QString());
        QCOMPARE(
            flaw(m_place({ QStringLiteral("compare"), QStringLiteral("3"), QString::number(m_queued) }), 2, { QStringLiteral("queued") }),
            QString());
        QCOMPARE(flaw(m_place({ QStringLiteral("compare"), QStringLiteral("3"), QString::number(m_other) }), 2,
                     { QStringLiteral("'glyphs'"), QStringLiteral("'other'") }),
            QString());
        QCOMPARE(flaw(m_place(words("compare 3 4 --baseline 1")), 2, { QStringLiteral("none of the runs") }), QString());
    }

private:
    json compared(QStringList command) { return json::parse(m_place(command << QStringLiteral("--json")).out.toStdString()); }

    Workplace m_place;
    std::int64_t m_train = 0, m_score = 0, m_search = 0, m_refine = 0, m_evaluate = 0, m_lenet = 0, m_step = 0, m_queued = 0, m_other = 0;
};

QTEST_GUILESS_MAIN(CompareTest)
#include "tst_cli_compare.moc"
