// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/importance_charts.h"
#include "ui/views/importance_view.h"

#include "tests/ui/view_fixture.h"
#include "ui/plots/chart.h"
#include "ui/plots/heat_map.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Two classes, 10 images each. conv1 is not quantizable.
RunResults small()
{
    RunResults results = resultsOf(2, RunKind::Score, "score neuron");
    results.classNames = { "cat", "dog" };
    addScores(results, "conv1", 10, { { 10, 10 }, { 0, 0 } }, false);
    addScores(results, "fc1", 10, { { 1, 2 }, { 10, 5 }, { 3, 3 } });
    return results;
}

double sum(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Clicks over the widget, as a person who searches would, until the wanted cell answers. False where it never does.
bool clickCell(HeatMap& map, int row, int column)
{
    QSignalSpy clicks(&map, &HeatMap::cellClicked);
    for (int y = 2; y < map.height(); y += 5) {
        for (int x = 2; x < map.width(); x += 20) {
            clicks.clear();
            QTest::mouseClick(&map, Qt::LeftButton, {}, { x, y });
            if (clicks.count() == 1 && clicks[0][0].toInt() == row && clicks[0][1].toInt() == column)
                return true;
        }
    }
    return false;
}

} // namespace

class TestImportance final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }

    void binsAreSensible_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<double>("width");
        QTest::newRow("none") << 0 << 0.025;
        QTest::newRow("one") << 1 << 0.025;
        QTest::newRow("two") << 2 << 0.05;
        QTest::newRow("three") << 3 << 0.1;
        QTest::newRow("seven") << 7 << 0.2;
        QTest::newRow("ten") << 10 << 0.25;
        QTest::newRow("eleven") << 11 << 0.5;
        QTest::newRow("hundred") << 100 << 2.5;
        QTest::newRow("thousand") << 1000 << 25.0;
    }
    void binsAreSensible()
    {
        QFETCH(int, classes);
        QFETCH(double, width);
        QVERIFY(std::abs(scoreBinWidth(classes) - width) < 1e-12);
    }

    void histogramByHand()
    {
        RunResults results = small(); // scores 2, 0 and 0.3, 1.5, 0.6; bins of 0.05: 40
        const ChartSpec all = scoreHistogram(results, -1);
        QCOMPARE(all.series.size(), std::size_t(1));
        std::vector<double> expected(40, 0);
        for (const std::size_t bin : { 39, 0, 6, 30, 12 }) // 2.0 falls into the last
            ++expected[bin];
        QCOMPARE(all.series[0].y, expected);
        QVERIFY(std::abs(all.series[0].x[6] - 0.325) < 1e-12);
        QCOMPARE(all.series[0].barWidth, scoreBinWidth(2));
        QCOMPARE(sum(scoreHistogram(results, 0).series[0].y), 2.0);
        QCOMPARE(sum(scoreHistogram(results, 1).series[0].y), 3.0);
        results.filterScores[1][0] = kNaN;
        QCOMPARE(sum(scoreHistogram(results, 1).series[0].y), 2.0);
    }

    void histogramAgainstADoubleLoop()
    {
        std::mt19937 random(5);
        for (const int classes : { 1, 3, 10, 11, 101 }) {
            RunResults results = resultsOf(1, RunKind::Score, "s");
            for (int m = 0; m < classes; ++m)
                results.classNames.push_back("c" + std::to_string(m));
            results.filterScores.resize(3);
            for (auto& layer : results.filterScores) {
                for (int f = 0; f < 200; ++f) // hundredths, as scores of 100 images are; none on a bin's edge by rounding alone
                    layer.push_back(std::uniform_int_distribution(0, 100 * classes)(random) / 100.0);
            }
            const Series bars = scoreHistogram(results, -1).series[0];
            QCOMPARE(sum(bars.y), 600.0);
            for (std::size_t bin = 0; bin < bars.x.size(); ++bin) {
                const long from = std::lround(1e6 * (bars.x[bin] - bars.barWidth / 2)),
                           to = std::lround(1e6 * (bars.x[bin] + bars.barWidth / 2));
                int count = 0;
                for (const auto& layer : results.filterScores) {
                    for (const double score : layer) {
                        const long at = std::lround(1e6 * score);
                        count += at >= from && (at < to || (bin + 1 == bars.x.size() && at <= to));
                    }
                }
                QCOMPARE(bars.y[bin], double(count));
            }
        }
    }

    void thresholdsStandInTheHistogram()
    {
        RunResults results = small();
        results.run = runOf(3, RunKind::Search, "search cq 2");
        results.run.parameters = { { "strategy", "cq" } };
        results.ancestors = { runOf(2, RunKind::Score, "score neuron") };
        results.allowedBits = { 0, 1, 2, 4, 8 };
        results.thresholds = { 0.5, 0.7, 0.7, 1.9 };
        const auto marks = scoreHistogram(results, -1).marks;
        QCOMPARE(marks.size(), std::size_t(3));
        QCOMPARE(marks[0].label, QStringLiteral("p1 = 0.50"));
        QCOMPARE(marks[1].label, QStringLiteral("p2 to p3 = 0.70"));
        QCOMPARE(marks[2].label, QStringLiteral("p4 = 1.90"));
        QCOMPARE(marks[0].bits, std::optional(1)); // from p1 on 1 bit, from p2 = p3 on 4, from p4 on 8
        QCOMPARE(marks[1].bits, std::optional(4));
        QCOMPARE(marks[2].bits, std::optional(8));
        QVERIFY(marks[0].vertical);
        QCOMPARE(marks[1].at, 0.7);
        QCOMPARE(scoreSource(results), QStringLiteral("Scores of run 2 (score neuron)."));
        results.run.parameters = { { "strategy", "magnitude" } };
        QVERIFY(scoreHistogram(results, -1).marks.empty());
        QVERIFY(scoreSource(results).contains(QStringLiteral("magnitude")));
        QVERIFY(scoreSource(small()).isEmpty());
    }

    void curvesByHand()
    {
        const ChartSpec spec = scoreCurves(small());
        QCOMPARE(spec.series.size(), std::size_t(2));
        QCOMPARE(spec.series[0].name, QStringLiteral("fc1")); // quantizable layers first
        QVERIFY(!spec.series[0].dashed);
        QCOMPARE(spec.series[1].name, QStringLiteral("conv1"));
        QVERIFY(spec.series[1].dashed);
        QCOMPARE(spec.series[0].y, (std::vector<double> { 1.5, 0.6, 0.3, 0.3 }));
        QCOMPARE(spec.series[0].x.size(), std::size_t(4));
        QVERIFY(std::abs(spec.series[0].x[1] - 100.0 / 3) < 1e-9);
        QCOMPARE(spec.series[0].x[3], 100.0);
        QCOMPARE(spec.series[0].keys[0], keyOf({ 1, 1 }));
        QCOMPARE(spec.series[1].x, (std::vector<double> { 0, 50, 100 }));
    }

    void keysReadBack()
    {
        for (const FilterRef filter : { FilterRef { 0, 0 }, FilterRef { 3, 20000 }, FilterRef { 70000, 1 }, FilterRef {} })
            QCOMPARE(filterOfKey(keyOf(filter)), filter);
        QCOMPARE(keyOf({ 2, -1 }), std::int64_t(-1));
    }

    void mapByHand()
    {
        const RunResults results = small();
        const ScoreMap map = scoreMap(results, FilterOrder::Index);
        QCOMPARE(map.spec.rows.size(), std::size_t(5));
        QCOMPARE(map.spec.columns, (std::vector<QString> { QStringLiteral("cat"), QStringLiteral("dog") }));
        QCOMPARE(map.spec.values, (std::vector<double> { 100, 100, 0, 0, 10, 20, 100, 50, 30, 30 }));
        const std::vector<HeatGroup> groups { { QStringLiteral("conv1"), QStringLiteral("0–1"), 2 },
            { QStringLiteral("fc1"), QStringLiteral("0–2"), 3 } };
        QVERIFY(map.spec.groups == groups);
        QCOMPARE(map.layers, (std::vector<int> { 0, 1 }));
        QCOMPARE(map.rowOf({ 1, 2 }), 4);
        QCOMPARE(map.rowOf({ 1, 3 }), -1);
        const ScoreMap sorted = scoreMap(results, FilterOrder::Score);
        QCOMPARE(sorted.rows, (std::vector<FilterRef> { { 0, 0 }, { 0, 1 }, { 1, 1 }, { 1, 2 }, { 1, 0 } }));
        QCOMPARE(sorted.spec.rows[2], QStringLiteral("1"));
        QCOMPARE(std::vector<double>(sorted.spec.values.begin() + 4, sorted.spec.values.begin() + 6), (std::vector<double> { 100, 50 }));
        // A row sums to the filter's score.
        for (std::size_t row = 0; row < map.rows.size(); ++row) {
            const auto [layer, filter] = map.rows[row];
            const double score = results.filterScores[std::size_t(layer)][std::size_t(filter)];
            QVERIFY(std::abs(map.spec.values[2 * row] + map.spec.values[2 * row + 1] - 100 * score) < 1e-9);
        }
    }

    void oddOnes()
    {
        const RunResults none = resultsOf(1, RunKind::Train, "train");
        QVERIFY(!hasScores(none));
        QCOMPARE(sum(scoreHistogram(none, -1).series[0].y), 0.0);
        QVERIFY(scoreCurves(none).series.empty());
        QVERIFY(scoreMap(none, FilterOrder::Score).rows.empty());
        RunResults one = resultsOf(1, RunKind::Score, "score");
        one.classNames = { "only" };
        addScores(one, "fc", 4, { { 4 } });
        QCOMPARE(scoreHistogram(one, 0).series[0].y.back(), 1.0); // score 1 of 1
        QCOMPARE(scoreCurves(one).series[0].y, (std::vector<double> { 1, 1 }));
        one.filterScores[0][0] = kNaN;
        QCOMPARE(sum(scoreHistogram(one, 0).series[0].y), 0.0);
        QCOMPARE(scoreMap(one, FilterOrder::Score).rows.size(), std::size_t(1));
        one.scores[0].counts.clear(); // a damaged row is unknown, not zero
        QVERIFY(std::isnan(scoreMap(one, FilterOrder::Index).spec.values[0]));
    }

    void saysWhatIsMissing()
    {
        ViewWorld world;
        ImportanceView view(world.context);
        view.setResults(shared(resultsOf(1, RunKind::Train, "train 6")));
        auto* hint = view.findChild<QLabel*>(QStringLiteral("hint"));
        QVERIFY(hint->text().contains(QStringLiteral("run 1 (train 6)")));
        RunResults queued = resultsOf(2, RunKind::Score, "");
        queued.run.state = RunState::Queued;
        view.setResults(shared(queued));
        QVERIFY2(hint->text().startsWith(QStringLiteral("Run 2 is waiting")), qPrintable(hint->text()));
    }

    void selectsByClicksAndShowsWhatIsSelected()
    {
        ViewWorld world;
        ImportanceView view(world.context);
        view.resize(900, 600);
        view.setResults(shared(small()));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto* map = view.findChild<HeatMap*>(QStringLiteral("scoreMap"));
        QVERIFY(clickCell(*map, 3, 1)); // fc1's filter 1, class "dog"
        QCOMPARE(world.selection.filter(), (FilterRef { 1, 1 }));
        QCOMPARE(world.selection.classNumber(), 1);

        auto* histogram = view.findChild<Chart*>(QStringLiteral("scoreHistogram"));
        world.selection.selectFilter({ 1, 2 });
        QCOMPARE(histogram->spec().marks.size(), std::size_t(1));
        QCOMPARE(histogram->spec().marks[0].at, 0.6);
        world.selection.selectFilter({ 7, 2 }); // of another network
        QVERIFY(histogram->spec().marks.empty());
        world.selection.selectFilter({ 1, 2 }, bitscape::ModelId { 77 });
        QVERIFY(histogram->spec().marks.empty());
        QTest::mouseClick(map, Qt::LeftButton, {}, map->headRect(1).center().toPoint());
        QCOMPARE(world.selection.filter(), (FilterRef { 1, -1 }));
    }

    void choicesByKeys()
    {
        ViewWorld world;
        ImportanceView view(world.context);
        view.resize(900, 600);
        view.setResults(shared(small()));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto* layer = view.findChild<QComboBox*>(QStringLiteral("layerChoice"));
        auto* histogram = view.findChild<Chart*>(QStringLiteral("scoreHistogram"));
        QCOMPARE(layer->count(), 3);
        layer->setFocus();
        QTest::keyClick(layer, Qt::Key_Down);
        QCOMPARE(layer->currentText(), QStringLiteral("conv1"));
        QCOMPARE(sum(histogram->spec().series[0].y), 2.0);
        view.setResults(shared(small())); // more of the same: the choice stays
        QCOMPARE(layer->currentText(), QStringLiteral("conv1"));
        auto* order = view.findChild<QComboBox*>(QStringLiteral("orderChoice"));
        auto* map = view.findChild<HeatMap*>(QStringLiteral("scoreMap"));
        QCOMPARE(map->spec(), scoreMap(small(), FilterOrder::Index).spec);
        QTest::keyClick(order, Qt::Key_Down);
        QCOMPARE(map->spec(), scoreMap(small(), FilterOrder::Score).spec);
    }
};

QTEST_MAIN(TestImportance)
#include "tst_importance.moc"
