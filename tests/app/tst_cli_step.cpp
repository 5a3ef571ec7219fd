// SPDX-License-Identifier: GPL-3.0-or-later
// Subnets from the command line: the run's figures against what else it tells, and what is refused.
#include "tests/app/cli_fixture.h"
#include "tests/app/run_checks.h"

using namespace cli;

class StepTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        done(m_place, words("train --model lenet5 --set epochs=3 --set batch=20 --seed 3 --threads 1"));
        done(m_place,
            words("step --from last --set iterations=8 --set epochs=1 --set batch=20 --set learning_rate=0.02 --seed 1 --threads 1"));
        m_run = m_place.show(2);
    }

    void subnetsKeepTheirBudgets()
    {
        const auto budgets = m_run.at("parameters").at("budgets").get<std::vector<double>>();
        const json& subnets = m_run.at("subnets");
        QCOMPARE(subnets.size(), budgets.size());
        for (std::size_t k = 0; k < budgets.size(); ++k) {
            QCOMPARE(differ("budget", subnets[k].at("budget").get<double>(), budgets[k]), QString());
            const double share = subnets[k].at("macs").get<double>() / m_run.at("original_macs").get<double>();
            QCOMPARE(differ("share", subnets[k].at("macs_share").get<double>(), share), QString());
            QVERIFY(share <= budgets[k]);
            qInfo("subnet %zu uses %.1f %% of its budget", k + 1, 100 * share / budgets[k]);
        }
        for (const json& family : m_run.at("baselines")) {
            for (std::size_t k = 0; k < budgets.size(); ++k)
                QVERIFY(family.at("subnets")[k].at("macs_share") <= budgets[k]);
        }
        QCOMPARE(m_run.at("baselines").size(), std::size_t(2));
    }

    /// No weight of these runs is below 1e-5 often enough to matter: MACs by the groups alone, filter by filter.
    void macsFollowFromTheGroups()
    {
        const json& layers = m_run.at("layers");
        const auto group = [&](std::size_t layer, std::size_t filter) { return layers[layer].at("groups")[filter].get<int>(); };
        const std::vector<int> positions { 784, 100, 1, 1, 1 }, area { 25, 25, 1, 1, 1 }, spread { 1, 1, 25, 1, 1 };
        for (int k = 1; k <= 4; ++k) {
            std::int64_t macs = 0;
            for (std::size_t l = 0; l < 5; ++l) {
                for (std::size_t f = 0; f < layers[l].at("groups").size(); ++f) {
                    const std::size_t inputs = l == 0 ? 1 : layers[l - 1].at("groups").size();
                    for (std::size_t u = 0; u < inputs && group(l, f) <= k; ++u) {
                        const int from = l == 0 ? 1 : group(l - 1, u);
                        macs += from <= (l == 4 ? k : group(l, f)) ? positions[l] * area[l] * spread[l] : 0;
                    }
                }
            }
            const auto told = m_run.at("subnets")[static_cast<std::size_t>(k - 1)].at("macs").get<std::int64_t>();
            QVERIFY2(told <= macs && told >= macs - macs / 200, qPrintable(QStringLiteral("%1 of %2").arg(told).arg(macs)));
        }
    }

    void theAnytimeCurveRunsFromTheSmallestToTheLargest()
    {
        const json &curve = m_run.at("anytime"), &subnets = m_run.at("subnets");
        QCOMPARE(curve.front().at("macs").get<double>(), subnets.front().at("macs").get<double>());
        QCOMPARE(curve.front().at("accuracy").get<double>(), subnets.front().at("accuracy").get<double>());
        for (std::size_t i = 1; i < curve.size(); ++i)
            QVERIFY(curve[i].at("macs") >= curve[i - 1].at("macs"));
        QVERIFY(curve.back().at("macs") <= subnets.back().at("macs"));
        QCOMPARE(m_run.at("iterations").size(), std::size_t(8));
        QCOMPARE(m_run.at("epochs").size(), std::size_t(1));
    }

    void showTellsWhoWins()
    {
        const QString text = m_place(words("show last")).out;
        for (const char* word : { "any-width", "slimmable", "original network: 416520 MACs", "Stepping is not beaten at" })
            QVERIFY2(text.contains(QLatin1String(word)), qPrintable(text));
    }

    void refusals()
    {
        QCOMPARE(flaw(m_place(words("score --from 2")), 2, { "Run 2", "made subnets" }), QString());
        QCOMPARE(flaw(m_place(words("step --from 1 --set budgets=0.3,0.1")), 2, { "budgets" }), QString());
        QCOMPARE(flaw(m_place(words("step --model mlp")), 2, { "mlp", "train it first" }), QString());
    }

private:
    Workplace m_place;
    json m_run;
};

QTEST_GUILESS_MAIN(StepTest)
#include "tst_cli_step.moc"
