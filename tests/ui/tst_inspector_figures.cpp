// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/filter_charts.h"
#include "ui/inspector/info_rows.h"
#include "ui/inspector/layer_info.h"

#include "core/jobs/parameters.h"
#include "core/network/zoo.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x2009), QLatin1Char(' ')).replace(QChar(0x202f), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-'));
}

const InfoRow* rowOf(const InfoRows& rows, const char* name)
{
    const auto found = std::ranges::find(rows, QString::fromLatin1(name), &InfoRow::name);
    return found == rows.end() ? nullptr : &*found;
}

QString valueOf(const InfoRows& rows, const char* name)
{
    const InfoRow* row = rowOf(rows, name);
    return row ? plain(row->value) : QStringLiteral("(no such row)");
}

/// A network with bits dealt at random, 0 among them.
RunResults randomResults(const std::string& zoo, unsigned seed)
{
    RunResults results;
    results.graph = zooGraph(zooRequestFrom("zoo:" + zoo));
    results.layers = layersOf(results.graph);
    std::mt19937 random(seed);
    for (const Layer& layer : results.layers) {
        std::vector<std::uint8_t> bits(static_cast<std::size_t>(layer.filters), 8);
        if (layer.quantizable)
            std::ranges::generate(bits, [&] { return static_cast<std::uint8_t>(std::uniform_int_distribution<int>(0, 4)(random)); });
        results.bits.push_back(bits);
    }
    results.activationBits = 4;
    results.cost = costOf(results.graph, results.layers, results.bits, results.activationBits);
    return results;
}

} // namespace

class TestInspectorFigures : public QObject {
    Q_OBJECT
private slots:
    void filterCostsAddUpToTheLayers_data()
    {
        QTest::addColumn<QString>("network");
        for (const char* name : { "mlp", "lenet5", "lenet-3c1l?width=0.5", "resnet20?width=0.5" })
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void filterCostsAddUpToTheLayers()
    {
        QFETCH(QString, network);
        for (unsigned seed = 0; seed < 5; ++seed) {
            const RunResults results = randomResults(network.toStdString(), seed);
            for (std::size_t layer = 0; layer < results.layers.size(); ++layer) {
                LayerCost sum;
                for (const FilterCost& cost : filterCosts(results, layer)) {
                    sum.macs += cost.macs;
                    sum.bitops += cost.bitops;
                    sum.sizeBits += cost.sizeBits;
                }
                QCOMPARE(sum, results.cost->layers[layer]);
            }
        }
    }

    void ranksAreThoseOfASort()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 100; ++round) {
            std::vector<double> scores(20);
            std::ranges::generate(scores, [&] { return std::uniform_int_distribution<int>(0, 8)(random) / 4.0; });
            std::vector<double> sorted = scores;
            std::ranges::sort(sorted, std::greater {});
            for (std::size_t i = 0; i < scores.size(); ++i) {
                const auto [first, last] = std::ranges::equal_range(sorted, scores[i], std::greater {});
                const Rank rank = rankOf(scores, i);
                QCOMPARE(rank.place, static_cast<int>(first - sorted.begin()) + 1);
                QCOMPARE(rank.tied, static_cast<int>(last - first) - 1);
            }
        }
    }

    void stepsVisitEveryFilterOnce()
    {
        const std::vector<Layer> layers = layersOf(zooGraph(zooRequestFrom("zoo:lenet5")));
        std::vector<FilterRef> expected;
        for (int layer = 0; layer < static_cast<int>(layers.size()); ++layer) {
            for (int filter = 0; filter < layers[static_cast<std::size_t>(layer)].filters; ++filter)
                expected.push_back({ layer, filter });
        }
        std::vector<FilterRef> forwards { steppedFilter(layers, {}, 1) };
        while (steppedFilter(layers, forwards.back(), 1) != forwards.back())
            forwards.push_back(steppedFilter(layers, forwards.back(), 1));
        QVERIFY(forwards == expected);
        std::vector<FilterRef> backwards { expected.back() };
        while (steppedFilter(layers, backwards.back(), -1) != backwards.back())
            backwards.push_back(steppedFilter(layers, backwards.back(), -1));
        std::ranges::reverse(backwards);
        QVERIFY(backwards == expected);
        QVERIFY((steppedLayer(layers, { 0, 5 }, 1) == FilterRef { 1, 5 }));
        QVERIFY((steppedLayer(layers, { 1, 15 }, -1) == FilterRef { 0, 5 })); // conv1 has six
        QVERIFY((steppedLayer(layers, { 4, -1 }, 1) == FilterRef { 4, -1 }));
        QVERIFY((steppedFilter({}, {}, 1) == FilterRef {}));
    }

    void layersTellBeforeAndAfter()
    {
        RunResults results;
        results.graph = zooGraph(zooRequestFrom("zoo:lenet5"));
        results.layers = layersOf(results.graph);
        results.bits = uniformBits(results.layers, 2, 8);
        results.bits[1][0] = 0; // 1 of 16 filters of conv2: 10 x 10 x 6 x 25 MACs
        results.cost = costOf(results.graph, results.layers, results.bits);
        const InfoRows rows = layerRows(results, 1);
        QCOMPARE(valueOf(rows, "Filters"), QStringLiteral("16 (15 live, 1 pruned)"));
        QCOMPARE(valueOf(rows, "Average bits"), QStringLiteral("1.88 bits"));
        const std::int64_t full = 10 * 10 * 16 * 6 * 25;
        QCOMPARE(valueOf(rows, "MACs"), QStringLiteral("240 k → 225 k"));
        QCOMPARE(plain(rowOf(rows, "MACs")->exact), QStringLiteral("240 000 → 225 000"));
        QCOMPARE(results.layers[1].macs(), full);
        const double share = 225000.0 / static_cast<double>(results.cost->macs) * 100;
        QCOMPARE(valueOf(rows, "Share of MACs"), QString::number(share, 'f', 1) + QStringLiteral(" %"));
        // fc1 reads 25 features less of 400
        QCOMPARE(plain(rowOf(layerRows(results, 2), "MACs")->exact), QStringLiteral("48 000 → 45 000"));
        QCOMPARE(valueOf(layerRows(results, 0), "Average bits"), QStringLiteral("8 bits, kept"));
    }

    void layersOfAModelNeedNoRun()
    {
        RunResults results;
        results.graph = zooGraph(zooRequestFrom("zoo:lenet5"));
        results.layers = layersOf(results.graph);
        const InfoRows rows = layerRows(results, 1);
        QCOMPARE(valueOf(rows, "Filters"), QStringLiteral("16"));
        QCOMPARE(valueOf(rows, "MACs"), QStringLiteral("240 k"));
        QVERIFY(!rowOf(rows, "Average bits"));
        QCOMPARE(valueOf(filterRows(results, 1, 3), "MACs"), QStringLiteral("15.0 k"));
    }

    void parametersThatDifferComeFirst()
    {
        Run run;
        run.kind = RunKind::Search;
        run.parameters = completeParameters(RunKind::Search, { { "target_bits", 1.5 }, { "strategy", "fisher" } });
        const InfoRows rows = parameterRows(run);
        QCOMPARE(rows.size(), parametersOf(RunKind::Search).size());
        const auto changed = std::ranges::count_if(rows, &InfoRow::changed);
        QVERIFY(std::ranges::is_sorted(rows, std::greater {}, &InfoRow::changed));
        for (const InfoRow& row : rows) {
            const ParameterSpec& spec = parameterOf(RunKind::Search, row.name.toStdString());
            QCOMPARE(row.changed, run.parameters.at(spec.name) != spec.fallback);
            QVERIFY2(row.help.contains(QString::fromStdString(spec.help)), qPrintable(row.help));
        }
        QVERIFY(changed >= 1);
        QVERIFY(rowOf(rows, "strategy")->changed);
        QCOMPARE(rowOf(rows, "strategy")->value, QStringLiteral("fisher"));
    }

    void figuresHaveUnits()
    {
        RunRecord record;
        record.run.kind = RunKind::Search;
        record.metrics = { { "accuracy", 0.9295 }, { "full_accuracy", 0.9705 }, { "average_bits", 1.9755 }, { "macs", 268566 },
            { "size_bits", 135848 }, { "evaluations", 22 }, { "reached", 1 }, { "unheard_of", 3.5 } };
        const InfoRows rows = figureRows(record);
        QCOMPARE(valueOf(rows, "Accuracy"), QStringLiteral("92.95 %"));
        QCOMPARE(valueOf(rows, "Difference"), QStringLiteral("-4.10 points"));
        QCOMPARE(valueOf(rows, "Average bits"), QStringLiteral("1.98 bits"));
        QCOMPARE(valueOf(rows, "MACs"), QStringLiteral("269 k"));
        QCOMPARE(plain(rowOf(rows, "MACs")->exact), QStringLiteral("268 566"));
        QCOMPARE(valueOf(rows, "Size"), QStringLiteral("17.0 kB"));
        QCOMPARE(valueOf(rows, "Target reached"), QStringLiteral("yes"));
        QCOMPARE(valueOf(rows, "unheard_of"), QStringLiteral("3.5"));
        QCOMPARE(rows.size(), record.metrics.size() + 1);
    }

    void failuresAreTold()
    {
        Run run;
        run.state = RunState::Failed;
        run.failure = "the disk is full";
        const InfoRows rows = runRows(run, {});
        QVERIFY(rowOf(rows, "What went wrong")->bad);
        QCOMPARE(valueOf(rows, "What went wrong"), QStringLiteral("the disk is full"));
        QVERIFY(!rowOf(rows, "Model"));
    }

    void histogramsCountEveryWeightOnce()
    {
        std::mt19937 random(4);
        std::normal_distribution<float> normal(0, 0.1F);
        for (const std::size_t n : { 1U, 2U, 25U, 150U, 5000U }) {
            std::vector<float> values(n);
            std::ranges::generate(values, [&] { return normal(random); });
            const Histogram histogram = histogramOf(values);
            QVERIFY(!histogram.counts.empty() && histogram.counts.size() <= 60);
            for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
                const double left = histogram.from + static_cast<double>(bin) * histogram.width;
                const bool last = bin + 1 == histogram.counts.size();
                const auto inside = [&](float value) {
                    const double place = (static_cast<double>(value) - histogram.from) / histogram.width;
                    return place >= static_cast<double>(bin) && (place < static_cast<double>(bin + 1) || last);
                };
                QCOMPARE(histogram.counts[bin], static_cast<std::int64_t>(std::ranges::count_if(values, inside)));
                QVERIFY(histogram.centre(bin) > left && histogram.centre(bin) < left + histogram.width);
            }
        }
        QVERIFY(histogramOf({}).counts.empty());
        const std::vector<float> same(7, 0.0F);
        QCOMPARE(histogramOf(same).counts, (std::vector<std::int64_t> { 7 }));
    }

    void weightsAreShownAtTheirLevels()
    {
        FilterWeights weights;
        weights.stored = { -0.9F, -0.2F, 0.1F, 0.3F, 0.8F };
        weights.bits = 2;
        weights.scale = filterScale(weights.stored, 2, {});
        weights.quantized.resize(5);
        quantizeFilter(weights.stored, 2, weights.scale, Grid::Midrise, weights.quantized);
        const ChartSpec spec = weightsSpec(weights, QStringLiteral("conv1 filter 0"));
        QCOMPARE(spec.series.size(), std::size_t { 2 });
        double sum = 0;
        for (std::size_t i = 0; i < spec.series[1].x.size(); ++i) {
            const double level = spec.series[1].x[i];
            const double step = level / static_cast<double>(weights.scale);
            QVERIFY(std::abs(std::abs(step) - 1) < 1e-6 || std::abs(std::abs(step) - 3) < 1e-6);
            QCOMPARE(spec.series[1].y[i], static_cast<double>(std::ranges::count(weights.quantized, static_cast<float>(level))));
            sum += spec.series[1].y[i];
        }
        QCOMPARE(sum, 5.0);
        QCOMPARE(spec.marks.size(), spec.series[1].x.size() + 1);
        QCOMPARE(spec.marks.back().at, 0.0);
        double error = 0;
        for (std::size_t i = 0; i < 5; ++i)
            error += std::pow(static_cast<double>(weights.quantized[i]) - static_cast<double>(weights.stored[i]), 2);
        const QString told = plain(rowOf(weightRows(weights), "Squared error")->exact);
        QVERIFY2(std::abs(told.toDouble() - error) < 1e-11, qPrintable(told));
    }

    void prunedFiltersHaveOneLevel()
    {
        FilterWeights weights { { 0.5F, -0.5F }, { 0, -0.0F }, 0, 0 };
        QCOMPARE(levelCounts(weights.quantized), (std::vector<LevelCount> { { 0, 2 } }));
        QVERIFY(valueOf(weightRows(weights), "Squared error").contains(QStringLiteral("100.0 %")));
    }

    void profilesAreInPercent()
    {
        RunResults results;
        results.graph = zooGraph(zooRequestFrom("zoo:lenet5?classes=2"));
        results.layers = layersOf(results.graph);
        results.classNames = { "cat", "dog" };
        for (const Layer& layer : results.layers) {
            LayerScores scores { layer.name, 50, std::vector<std::uint32_t>(static_cast<std::size_t>(layer.filters) * 2, 0) };
            scores.counts[2] = 10;
            scores.counts[3] = 50;
            results.scores.push_back(scores);
        }
        const ChartSpec spec = classProfileSpec(results, 1, 1);
        QCOMPARE(spec.series.size(), std::size_t { 1 });
        QCOMPARE(spec.series[0].y, (std::vector<double> { 20, 100 }));
        QCOMPARE(spec.x.categories, (std::vector<QString> { "cat", "dog" }));
        results.scores.clear();
        QVERIFY(classProfileSpec(results, 1, 1).series.empty());
    }
};

QTEST_GUILESS_MAIN(TestInspectorFigures)
#include "tst_inspector_figures.moc"
