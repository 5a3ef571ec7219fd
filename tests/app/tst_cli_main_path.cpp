// SPDX-License-Identifier: GPL-3.0-or-later
// From an empty project to a refined, evaluated network, and what is told of it as text and as JSON.
#include "tests/app/cli_fixture.h"
#include "tests/app/run_checks.h"

using namespace cli;

class MainPathTest : public QObject {
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
        m_evaluate = done(m_place, words("evaluate --from last --threads 1"));
    }

    void numbersAreToldFirstAndFiguresLast()
    {
        const Outcome outcome = m_place(words("evaluate --from 1 --threads 1"));
        QCOMPARE(outcome.code, 0);
        QCOMPARE(runNumber(outcome), m_evaluate + 1);
        QVERIFY2(outcome.out.contains(QRegularExpression(QStringLiteral("\\naccuracy 0\\.\\d+\\n"))), qPrintable(outcome.out));
        QCOMPARE(outcome.err, QString()); // no progress bar where nobody looks
        QCOMPARE(done(m_place, words("remove last")), 0);
    }

    void aNameWithoutEndingMeansTheProject()
    {
        const Outcome listed = call(words("runs p"), QFileInfo(m_place.path()).path());
        QCOMPARE(listed.code, 0);
        QCOMPARE(listed.out, m_place(words("runs")).out);
    }

    void modelsAreListedAndShown()
    {
        const QString list = m_place(words("model list")).out;
        QVERIFY2(list.contains(QStringLiteral("zoo:mlp?hidden=48x32x24")) && list.contains(QStringLiteral("lenet5")), qPrintable(list));
        QVERIFY(list.contains(QString::number(784 * 48 + 48 + 48 * 32 + 32 + 32 * 24 + 24 + 24 * 10 + 10))); // parameters
        const QString shown = m_place(words("model show mlp")).out;
        QVERIFY2(shown.contains(QString::number(784 * 48)) && shown.contains(QStringLiteral("edge")), qPrintable(shown));
        QCOMPARE(m_place(words("model show 1")).out, shown); // by number too
    }

    void dataAreListedAndShown()
    {
        const QString list = m_place(words("data list")).out;
        QVERIFY2(list.contains(QStringLiteral("1x28x28")) && list.contains(QStringLiteral("600")), qPrintable(list));
        const QString shown = m_place(words("data show glyphs")).out;
        QCOMPARE(shown.count(QStringLiteral("  60    20")), 10); // images of every class
        QCOMPARE(m_place(words("data show 1")).out, shown);
    }

    void train()
    {
        const json run = m_place.show(m_train);
        QCOMPARE(summaryFlaw(run), QString());
        QCOMPARE(run.at("seed").get<int>(), 3);
        QCOMPARE(run.at("threads").get<int>(), 1);
        QCOMPARE(run.at("parameters").at("epochs").get<int>(), 12);
        QVERIFY(run.at("parent").is_null());
        QCOMPARE(run.at("epochs").size(), std::size_t(12));
        for (const json& epoch : run.at("epochs"))
            QCOMPARE(missing(epoch, { "loss", "accuracy", "learning_rate", "seconds" }), QString());
        QVERIFY(run.at("epochs").back().at("loss") < run.at("epochs").front().at("loss"));
        QVERIFY(run.at("accuracy") > 0.3); // chance is 0.1
    }

    void score()
    {
        const json run = m_place.show(m_score);
        QCOMPARE(summaryFlaw(run) + layersFlaw(run) + scoresFlaw(run, 10, 20), QString());
        QCOMPARE(run.at("parent").get<std::int64_t>(), m_train);
        QCOMPARE(run.at("model").get<std::string>(), std::string("mlp"));
        QCOMPARE(unlike(run.at("accuracy"), m_place.show(m_train).at("accuracy")), QString());
        QCOMPARE(unlike(run.at("full_accuracy"), run.at("accuracy")), QString());
    }

    void search()
    {
        const json run = m_place.show(m_search);
        QCOMPARE(
            missing(run, { "full_accuracy", "search_accuracy", "evaluations", "images_evaluated", "looked_up", "reached" }), QString());
        QCOMPARE(summaryFlaw(run) + layersFlaw(run) + costFlaw(run) + trajectoryFlaw(run), QString());
        QVERIFY(run.at("average_bits") <= 2);
        QCOMPARE(thresholdsFlaw(run.at("thresholds"), 0.1, 4) + assignmentFlaw(run, m_place.show(m_score)), QString());
    }

    void refine()
    {
        const json run = m_place.show(m_refine), before = m_place.show(m_search);
        QCOMPARE(summaryFlaw(run) + layersFlaw(run) + costFlaw(run), QString());
        QCOMPARE(run.at("epochs").size(), std::size_t(2));
        QCOMPARE(unlike(run.at("accuracy_before"), before.at("accuracy")), QString());
        QCOMPARE(unlike(run.at("full_accuracy"), before.at("full_accuracy")), QString());
        for (std::size_t i = 0; i < run.at("layers").size(); ++i)
            QCOMPARE(unlike(run.at("layers").at(i).at("bits"), before.at("layers").at(i).at("bits")), QString()); // they stay as found
    }

    void evaluate()
    {
        const json run = m_place.show(m_evaluate), before = m_place.show(m_refine);
        QCOMPARE(summaryFlaw(run) + costFlaw(run), QString());
        QCOMPARE(unlike(run.at("accuracy"), before.at("accuracy")), QString());
        QCOMPARE(unlike(run.at("full_accuracy"), before.at("full_accuracy")), QString());
        QCOMPARE(unlike(run.at("confusion"), before.at("confusion")), QString());
        QCOMPARE(unlike(run.at("full_confusion"), before.at("full_confusion")), QString());
    }

    void everyAccuracyHasItsConfusion()
    {
        for (const std::int64_t id : { m_train, m_score, m_search, m_refine, m_evaluate }) {
            const json run = m_place.show(id);
            QCOMPARE(confusionFlaw(run, 20), QString()); // every test image of a class once
            QCOMPARE(run.contains("full_confusion"), id >= m_search);
            if (id < m_search)
                continue;
            QCOMPARE(diagonalFlaw(run, "full_confusion", "full_accuracy", 20), QString());
            QCOMPARE(unlike(run.at("full_confusion"), m_place.show(m_train).at("confusion")), QString()); // the same network and images
        }
    }

    void answersThatWereNotKeptAreFoundAgain()
    {
        // Every point of the search is known by its accuracy alone; the last one is asked for its answers.
        const std::int64_t search = done(m_place, words("search --from 2 --set search_split=test --set target_bits=2 --threads 1"));
        const json run = m_place.show(search);
        QCOMPARE(confusionFlaw(run, 20) + diagonalFlaw(run, "full_confusion", "full_accuracy", 20), QString());
        QCOMPARE(unlike(run.at("search_accuracy"), run.at("accuracy")), QString());
        done(m_place, { QStringLiteral("remove"), QString::number(search) });
    }

    void otherLayersStayEdgesWhereTheSearchSaidSo()
    {
        const std::int64_t search = done(m_place, words("search --from 2 --set keep_first_last=false --set target_bits=3 --threads 1"));
        const std::int64_t refined = done(m_place, words("refine --from last --set epochs=1 --threads 1"));
        for (const std::int64_t run : { search, refined }) {
            const json details = m_place.show(run);
            QCOMPARE(costFlaw(details), QString()); // its average is over all four layers
            QCOMPARE(details.at("layers").front().at("quantizable").get<bool>(), true);
        }
        done(m_place, { QStringLiteral("remove"), QString::number(refined) });
        done(m_place, { QStringLiteral("remove"), QString::number(search) });
    }

    void runsAsJson()
    {
        const json list = json::parse(m_place(words("runs --json")).out.toStdString());
        QCOMPARE(list.size(), std::size_t(5));
        const QStringList keys { "id", "kind", "name", "state", "model", "data", "parent", "created", "seconds" };
        for (const json& run : list) {
            QCOMPARE(missing(run, keys), QString());
            QCOMPARE(run.size(), std::size_t(keys.size()));
            QCOMPARE(run.at("state").get<std::string>(), std::string("finished"));
        }
        QCOMPARE(list.at(3).at("kind").get<std::string>(), std::string("refine"));
        QCOMPARE(list.at(3).at("parent").get<std::int64_t>(), m_search);
    }

    void showPrintsTheSame()
    {
        for (const std::int64_t run : { m_train, m_score, m_search, m_refine, m_evaluate }) {
            const Outcome shown = m_place({ QStringLiteral("show"), QString::number(run), QStringLiteral("--json") });
            QCOMPARE(unlike(json::parse(shown.out.toStdString()), m_place.show(run)), QString());
            QCOMPARE(shown.err, QString());
        }
    }

    void runsAndShowAsText()
    {
        const QString list = m_place(words("runs")).out;
        QCOMPARE(list.count(QLatin1Char('\n')), 6); // a header and a line per run
        QCOMPARE(list.count(QStringLiteral("finished")), 5);
        const QString search = m_place(words("show 3")).out;
        QVERIFY2(search.contains(QStringLiteral("from run 2")) && search.contains(QStringLiteral("target_bits = 2")), qPrintable(search));
        QVERIFY(search.contains(QStringLiteral("average_bits ")) && search.contains(QStringLiteral("threshold_4 ")));
        const QString last = m_place(words("show last")).out;
        QCOMPARE(last, m_place({ QStringLiteral("show"), QString::number(m_evaluate) }).out);
        QVERIFY2(last.contains(QStringLiteral("mostly mistaken for")), qPrintable(last));
        QCOMPARE(m_place(words("show 1")).out.count(QRegularExpression(QStringLiteral("\\nepoch \\d+: loss "))), 12);
    }

private:
    Workplace m_place;
    std::int64_t m_train = 0, m_score = 0, m_search = 0, m_refine = 0, m_evaluate = 0;
};

QTEST_GUILESS_MAIN(MainPathTest)
#include "tst_cli_main_path.moc"
