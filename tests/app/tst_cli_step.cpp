// SPDX-License-Identifier: GPL-3.0-or-later
// Subnets from the command line: the run's figures against what else it tells, and what is refused.
#include "tests/app/cli_fixture.h"
#include "tests/app/run_checks.h"

#include "core/jobs/run_tables.h"

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
            QVERIFY2(share >= 0.95 * budgets[k],
                qPrintable(QStringLiteral("subnet %1 uses %2 of its budget").arg(k + 1).arg(share / budgets[k])));
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

    void subnetsLeaveAsFiles()
    {
        const Outcome outcome = m_place(words("export 2 --to onnx --out steps.onnx"));
        QCOMPARE(outcome.code, 0);
        const QStringList lines = outcome.out.trimmed().split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 8);
        for (int k = 0; k < 8; ++k) {
            const int subnet = k % 4;
            const auto accuracy = m_run.at("subnets")[static_cast<std::size_t>(subnet)].at("accuracy").get<double>();
            for (const QString& part : { QStringLiteral("steps.%1%2.onnx").arg(k < 4 ? "s" : "step").arg(subnet + 1),
                     QStringLiteral("accuracy %1").arg(accuracy, 0, 'f', 4), QStringLiteral("0 of 200 images") })
                QVERIFY2(lines[k].contains(part), qPrintable(lines[k]));
        }
        QCOMPARE(flaw(afterProgress(m_place(words("export 2 --to onnx --out steps.onnx"))), 2, { "steps.s1.onnx", "--force" }), QString());
        QCOMPARE(flaw(afterProgress(m_place(words("export 1 --to onnx --out x.onnx --subnets"))), 2, { "no subnets", "run:N" }), QString());
    }

    void tablesHaveGroupsAndSubnets()
    {
        QCOMPARE(m_place(words("export 2 --to csv --out t.csv")).code, 0);
        const auto filters = bitscape::tableFrom(m_place.read("t.csv").toStdString());
        auto row = filters.rows.begin();
        for (const json& layer : m_run.at("layers")) {
            for (const json& group : layer.at("groups"))
                QCOMPARE(std::stoi((row++)->back()), group.get<int>());
        }
        QVERIFY(row == filters.rows.end());
        QCOMPARE(filters.names.back(), std::string("group"));
        const auto subnets = bitscape::tableFrom(m_place.read("t.subnets.csv").toStdString());
        QCOMPARE(subnets.rows.size(), std::size_t(12));
        QCOMPARE(std::stoll(subnets.rows[3][3]), m_run.at("subnets")[3].at("macs").get<std::int64_t>());
        QCOMPARE(std::stod(subnets.rows[3][5]), m_run.at("subnets")[3].at("accuracy").get<double>());
        QCOMPARE(bitscape::tableFrom(m_place.read("t.anytime.csv").toStdString()).rows.size(), m_run.at("anytime").size());
    }

    /// One bit-width per filter in all subnets: each costs and answers what it does by itself.
    void subnetsAreQuantizedTogether()
    {
        done(m_place, words("model add run:2 --name steps"));
        done(m_place, words("evaluate --model steps --data glyphs --threads 1"));
        const json whole = m_place.show(3);
        for (std::size_t k = 1; k <= 4; ++k) {
            const double told = m_run.at("subnets")[k - 1].at("accuracy").get<double>();
            QCOMPARE(differ("accuracy", whole.at("subnet_full_accuracy_" + std::to_string(k)).get<double>(), told), QString());
            QVERIFY(whole.at("subnet_macs_" + std::to_string(k)) <= m_run.at("subnets")[k - 1].at("macs").get<double>() * 1.005);
        }
        done(m_place, words("score --model steps --data glyphs --threads 1 --set samples_per_class=10"));
        done(m_place, words("search --from 4 --set target_bits=3 --set activation_bits=6 --set samples_per_class=10 --threads 1"));
        const json found = m_place.show(5);
        const auto figure = [&](const char* name, int k) { return found.at(name + std::to_string(k)).get<double>(); };
        QCOMPARE(figure("subnet_accuracy_", 4), found.at("accuracy").get<double>());
        QCOMPARE(figure("subnet_bitops_", 4), found.at("bitops").get<double>());
        QCOMPARE(figure("subnet_average_bits_", 4), found.at("average_bits").get<double>());
        for (int k = 2; k <= 4; ++k)
            QVERIFY(figure("subnet_bitops_", k) >= figure("subnet_bitops_", k - 1));
        QVERIFY(m_place(words("show 5")).out.contains(QLatin1String("subnet  accuracy  full precision")));
        const Outcome outcome = m_place(words("export 5 --to onnx --out quantized.onnx --subnets"));
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.out.trimmed().count(QLatin1Char('\n')), 7);
        QVERIFY2(
            outcome.out.contains(QStringLiteral("accuracy %1").arg(figure("subnet_accuracy_", 1), 0, 'f', 4)), qPrintable(outcome.out));
    }

    void refusals()
    {
        QCOMPARE(flaw(m_place(words("model add run:1")), 2, { "Run 1", "no finished step run" }), QString());
        QCOMPARE(flaw(m_place(words("model add run:x")), 2, { "run:x", "run:7" }), QString());
        QCOMPARE(flaw(m_place(words("score --from 2")), 2, { "Run 2", "made subnets" }), QString());
        QCOMPARE(flaw(m_place(words("step --from 1 --set budgets=0.3,0.1")), 2, { "budgets" }), QString());
        QCOMPARE(flaw(m_place(words("step --model mlp")), 2, { "mlp", "train it first" }), QString());
    }

private:
    /// Without the lines that tell how far a command has come.
    static Outcome afterProgress(Outcome outcome)
    {
        outcome.err = outcome.err.mid(std::max<qsizetype>(outcome.err.lastIndexOf(QLatin1String("bitscape-cli: ")), 0));
        return outcome;
    }

    Workplace m_place;
    json m_run;
};

QTEST_GUILESS_MAIN(StepTest)
#include "tst_cli_step.moc"
