// SPDX-License-Identifier: GPL-3.0-or-later
// Every way of searching, the cache between searches, and the table that compares them.
#include "tests/app/cli_fixture.h"
#include "tests/app/run_checks.h"

#include <map>

using namespace cli;

namespace {

/// How often each bit-width occurs in each layer.
std::vector<std::map<int, int>> histograms(const json& run)
{
    std::vector<std::map<int, int>> all;
    for (const json& layer : run.at("layers")) {
        all.emplace_back();
        for (const int bits : bitsOf(layer))
            ++all.back()[bits];
    }
    return all;
}

/// All that a search found, without what depends on when it ran.
json resultOf(json run)
{
    for (const char* own : { "id", "name", "created", "seconds", "evaluations", "looked_up", "images_evaluated" })
        run.erase(own);
    for (json& point : run.at("trajectory"))
        point.erase("seconds");
    return run;
}

/// What a search decided and ended with, without how closely it had to look.
json decisionsOf(const json& run)
{
    json result { { "thresholds", run.at("thresholds") }, { "accuracy", run.at("accuracy") }, { "moves", json::array() },
        { "search_accuracy", run.at("search_accuracy") }, { "layers", run.at("layers") } };
    for (const json& point : run.at("trajectory"))
        result["moves"].push_back({ point.at("thresholds"), point.at("kept"), point.at("average_bits"), point.at("floor") });
    return result;
}

} // namespace

class SearchTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        done(m_place, words("train --model mlp --set epochs=12 --seed 3 --threads 1"));
        done(m_place, words("score --from last --set samples_per_class=20 --threads 1"));
        m_scores = m_place.show(2);
        furnish(m_convolutions);
        done(m_convolutions, words("train --model lenet5 --set epochs=8 --set batch=20 --seed 3 --threads 1"));
        done(m_convolutions, words("score --from last --set samples_per_class=20 --threads 1"));
    }

    void everyStrategy_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QString>("order");
        QTest::addColumn<bool>("hasThresholds"); // of its own
        QTest::newRow("cq ascending") << "cq"
                                      << "ascending" << true;
        QTest::newRow("cq descending") << "cq"
                                       << "descending" << true;
        QTest::newRow("fisher") << "fisher"
                                << "ascending" << false;
        QTest::newRow("model-wise") << "model-wise"
                                    << "ascending" << false;
        QTest::newRow("layer-wise") << "layer-wise"
                                    << "ascending" << false;
        QTest::newRow("random") << "random"
                                << "ascending" << false;
        QTest::newRow("magnitude") << "magnitude"
                                   << "ascending" << true;
    }

    void everyStrategy()
    {
        QFETCH(const QString, strategy);
        QFETCH(const QString, order);
        QFETCH(const bool, hasThresholds);
        const json run = searched({ "strategy=" + strategy, "order=" + order, "samples_per_class=20", "target_bits=2.5" });
        QCOMPARE(summaryFlaw(run) + layersFlaw(run) + costFlaw(run), QString());
        QCOMPARE(run.at("reached").get<int>(), 1);
        QVERIFY(run.at("average_bits") <= 2.5);
        QCOMPARE(run.contains("thresholds"), hasThresholds);
        if (hasThresholds)
            QCOMPARE(thresholdsFlaw(run.at("thresholds"), 0.1, 4) + trajectoryFlaw(run), QString());
        if (strategy == QLatin1String("cq"))
            QCOMPARE(assignmentFlaw(run, m_scores), QString());
        QVERIFY(!run.at("trajectory").empty());
        QCOMPARE(unlike(run.at("trajectory").back().at("average_bits"), run.at("average_bits")), QString());
        m_found[strategy + QLatin1Char(' ') + order] = run;
    }

    void randomDealsWhatCqFound()
    {
        const json &cq = m_found[QStringLiteral("cq ascending")], &random = m_found[QStringLiteral("random ascending")];
        QVERIFY(histograms(cq) == histograms(random));
        QVERIFY(cq.at("layers") != random.at("layers")); // in another order
    }

    void theSameSearchAgainIsLookedUp()
    {
        const json first = searched({ "target_bits=2.2" }), second = searched({ "target_bits=2.2" });
        QVERIFY(first.at("evaluations") > 0);
        QCOMPARE(second.at("evaluations").get<int>(), 0);
        QCOMPARE(second.at("images_evaluated").get<int>(), 0);
        QVERIFY(second.at("looked_up") > 0);
        QVERIFY(resultOf(first) == resultOf(second));
    }

    void shortcuts_data()
    {
        QTest::addColumn<QStringList>("settings");
        const QStringList switches { "look_up=off", "skip_unchanged=off", "keep_activations=off", "follow_filters=off", "stop_early=off",
            "cache_mib=0" };
        for (const QString& one : switches)
            QTest::newRow(qPrintable(one)) << QStringList(one);
        QTest::newRow("all of them") << switches;
        QTest::newRow("confident") << QStringList { "decision=confident", "delta=1e-6" };
        QTest::newRow("confident, nothing kept") << QStringList { "decision=confident", "delta=1e-6", "keep_activations=off" };
    }

    /// Every way of working less comes to the same moves and the same result as the plain scan, each in a project that knows nothing yet.
    void shortcuts()
    {
        QFETCH(const QStringList, settings);
        const QStringList whole { "target_bits=1.8", "search_split=train", "accuracy_floor=0.8" };
        if (m_plain.is_null())
            m_plain = decisionsOf(searchedApart(whole + QStringList { "stop_early=off", "keep_activations=off", "skip_unchanged=off" }));
        QVERIFY(m_plain.at("moves").size() > 20);
        const json found = decisionsOf(searchedApart(whole + settings));
        for (const auto& [key, value] : m_plain.items())
            QVERIFY2(
                found.at(key) == value, qPrintable(QString::fromStdString(key + ": " + found.at(key).dump() + " for " + value.dump())));
    }

    void smallerStepsAndOtherBits()
    {
        const json run = searched({ "step=0.25", "allowed_bits=1,2,4,8", "target_bits=3", "accuracy_floor=0.5" });
        QCOMPARE(thresholdsFlaw(run.at("thresholds"), 0.25, 3) + assignmentFlaw(run, m_scores) + costFlaw(run), QString());
    }

    void theLowestWidthIsReachable()
    {
        const json run = searched({ "allowed_bits=2,4", "target_bits=2" });
        QCOMPARE(run.at("average_bits").get<double>(), 2.0);
        QCOMPARE(run.at("reached").get<int>(), 1);
    }

    void activationsAreQuantizedToo()
    {
        const json run = searched({ "activation_bits=4", "samples_per_class=20", "target_bits=3" });
        const json plain = searched({ "target_bits=3" });
        QVERIFY(run.at("bitops") < plain.at("bitops"));
        QCOMPARE(run.at("parameters").at("activation_bits").get<int>(), 4);
    }

    void classWeightsChangeTheAllocation()
    {
        const QStringList setting { "strategy=fisher", "samples_per_class=20", "target_bits=1.5" };
        const json even = searched(setting), one = searched(setting + QStringList("class_weights=100,0,0,0,0,0,0,0,0,0"));
        QVERIFY(even.at("layers") != one.at("layers"));
        QCOMPARE(costFlaw(one), QString());
    }

    void table()
    {
        done(m_place, words("refine --from 3 --set epochs=1 --threads 1"));
        const QString text = m_place(words("table")).out;
        for (const char* strategy :
            { "cq ascending", "cq descending", "fisher", "model-wise", "layer-wise", "random ascending", "magnitude ascending" })
            QVERIFY2(text.contains(QLatin1String(strategy)), qPrintable(text));
        QVERIFY2(text.contains(
                     QRegularExpression(QStringLiteral("mlp on glyphs at 2\\.50 bits, not retrained: CQ .* the best other strategy, "))),
            qPrintable(text));
    }

private:
    /// The same on a convolutional network, in a copy of its project.
    json searchedApart(const QStringList& settings) const
    {
        const Workplace place;
        place.copyFrom(m_convolutions);
        return searched(settings, place);
    }

    /// `show --json` of a new search on the scores.
    json searched(const QStringList& settings) const { return searched(settings, m_place); }

    static json searched(const QStringList& settings, const Workplace& place)
    {
        QStringList command = words("search --from 2 --threads 1");
        for (const QString& setting : settings)
            command << QStringLiteral("--set") << setting;
        return place.show(done(place, command));
    }

    Workplace m_place, m_convolutions;
    json m_scores, m_plain;
    std::map<QString, json> m_found;
};

QTEST_GUILESS_MAIN(SearchTest)
#include "tst_cli_search.moc"
