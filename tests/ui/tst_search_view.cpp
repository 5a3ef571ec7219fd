// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/search_charts.h"
#include "ui/views/search_view.h"

#include "tests/ui/view_fixture.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

TrajectoryPoint point(int step, int phase, std::vector<double> thresholds, double bits, double low, double high, double floor, bool kept)
{
    TrajectoryPoint result;
    result.step = step;
    result.phase = phase;
    result.thresholds = std::move(thresholds);
    result.averageBits = bits;
    result.macs = 268566;
    result.accuracyLow = low;
    result.accuracyHigh = high;
    result.floor = floor;
    result.kept = kept;
    return result;
}

/// Two phases, the first of which ends on a move that is only known to be too bad.
RunResults twoPhases()
{
    RunResults results = resultsOf(3, RunKind::Search, "search cq 2");
    results.classNames = { "a", "b", "c", "d" };
    results.run.parameters = { { "strategy", "cq" }, { "order", "ascending" }, { "target_bits", 2.0 } };
    results.allowedBits = { 0, 2, 4 };
    results.trajectory = { point(0, 0, { 0, 0 }, 4, 0.96, 0.96, 0, true), point(1, 1, { 1, 1 }, 3, 0.9, 0.94, 0.8, true),
        point(2, 1, { 2, 2 }, 2.5, 0.5, 0.7, 0.8, false), point(3, 2, { 1, 2 }, 1.75, 0.75, 0.75, 0.6, true) };
    results.metrics = { { "full_accuracy", 0.97 }, { "average_bits", 1.75 }, { "reached", 1 }, { "evaluations", 1 },
        { "images_evaluated", 18800 }, { "looked_up", 2 } };
    results.run.seconds = 7.28;
    return results;
}

const Series* seriesOf(const ChartSpec& spec, const QString& name)
{
    const auto found = std::ranges::find(spec.series, name, &Series::name);
    return found == spec.series.end() ? nullptr : &*found;
}

/// Clicks over the plot until a point of this key answers.
bool clickPoint(Chart& chart, std::int64_t key)
{
    QSignalSpy clicks(&chart, &Chart::pointClicked);
    auto* plot = chart.findChild<QWidget*>();
    for (int y = 4; y < plot->height(); y += 6) {
        for (int x = 4; x < plot->width(); x += 6) {
            clicks.clear();
            QTest::mouseClick(plot, Qt::LeftButton, {}, { x, y });
            if (clicks.count() == 1 && clicks[0][1].toLongLong() == key)
                return true;
        }
    }
    return false;
}

} // namespace

class TestSearchView final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }

    void keptAndTakenBack()
    {
        const ChartSpec spec = searchProgress(twoPhases());
        const Series* kept = seriesOf(spec, QStringLiteral("accuracy"));
        const Series* refused = seriesOf(spec, QStringLiteral("accuracy, taken back"));
        QVERIFY(kept && refused);
        QCOMPARE(kept->x, (std::vector<double> { 0, 1, 3 }));
        QCOMPARE(kept->y, (std::vector<double> { 96, 92, 75 })); // between its bounds where bounded
        QCOMPARE(kept->low, (std::vector<double> { 96, 90, 75 }));
        QCOMPARE(kept->high, (std::vector<double> { 96, 94, 75 }));
        QVERIFY(!kept->hollow && !kept->rightAxis);
        QCOMPARE(refused->keys, (std::vector<std::int64_t> { 2 }));
        QVERIFY(refused->hollow);
        QCOMPARE(refused->low, (std::vector<double> { 50 }));
        QVERIFY(refused->notes[0].contains(QStringLiteral("taken back")));
        QVERIFY(refused->notes[0].contains(QStringLiteral("phase 1")));
        const Series* bits = seriesOf(spec, QStringLiteral("average bits"));
        QVERIFY(bits && bits->rightAxis);
        QCOMPARE(bits->y, (std::vector<double> { 4, 3, 1.75 }));
        QVERIFY(bits->low.empty());
        QCOMPARE(seriesOf(spec, QStringLiteral("average bits, taken back"))->y, (std::vector<double> { 2.5 }));
    }

    void exactPointsHaveNoBounds()
    {
        RunResults results = twoPhases();
        for (TrajectoryPoint& p : results.trajectory)
            p.accuracyLow = p.accuracyHigh;
        QVERIFY(seriesOf(searchProgress(results), QStringLiteral("accuracy"))->low.empty());
    }

    void floorsAndPhases()
    {
        const ChartSpec spec = searchProgress(twoPhases());
        const Series* floors = seriesOf(spec, QStringLiteral("accuracy floor"));
        QVERIFY(floors && floors->dashed);
        QCOMPARE(floors->style, SeriesStyle::Steps);
        QCOMPARE(floors->x, (std::vector<double> { 0.5, 2.5, 2.5, 3.5 })); // each phase from before its first to behind its last point
        QCOMPARE(floors->y, (std::vector<double> { 80, 80, 60, 60 }));
        QCOMPARE(*spec.x.from, -0.5);
        QCOMPARE(*spec.x.to, 3.5);
        std::vector<double> vertical, horizontal;
        for (const Mark& mark : spec.marks)
            (mark.vertical ? vertical : horizontal).push_back(mark.at);
        QCOMPARE(vertical, (std::vector<double> { 0.5, 2.5 }));
        QCOMPARE(horizontal, (std::vector<double> { 97 }));
        QVERIFY(*spec.y.from < 50 && *spec.y.to > 97 && *spec.y.to < 110); // bounds, floors and marks are in view
        QVERIFY(*spec.right->from == 0 && *spec.right->to > 4);
        const Series* target = seriesOf(spec, QStringLiteral("target: 2.00 bits"));
        QVERIFY(target && target->rightAxis && target->dashed);
        QCOMPARE(target->y, (std::vector<double> { 2, 2 }));
    }

    void aPhaseWithoutAFloorLeavesAGap()
    {
        RunResults results = twoPhases();
        results.trajectory.push_back(point(4, 3, { 1, 2 }, 1.7, 0.4, 0.4, 0, true));
        const Series floors = *seriesOf(searchProgress(results), QStringLiteral("accuracy floor"));
        QCOMPARE(floors.x.size(), std::size_t(6));
        QVERIFY(std::isnan(floors.y[4]) && std::isnan(floors.y[5]));
    }

    void thresholdsMoveWithKeptPoints()
    {
        const ChartSpec spec = thresholdMoves(twoPhases());
        QCOMPARE(spec.series.size(), std::size_t(2));
        QCOMPARE(spec.series[0].x, (std::vector<double> { 0, 1, 3, 3.5 }));
        QCOMPARE(spec.series[0].y, (std::vector<double> { 0, 1, 1, 1 })); // the refused move to 2 is not there
        QCOMPARE(spec.series[1].y, (std::vector<double> { 0, 1, 2, 2 }));
        QCOMPARE(spec.series[0].bits, std::optional(2));
        QCOMPARE(spec.series[1].bits, std::optional(4));
        QCOMPARE(spec.series[0].style, SeriesStyle::Steps);
        QCOMPARE(*spec.y.to, 4.0); // without scores as many as there are classes
        RunResults scored = twoPhases();
        scored.layers = { layerOf("first", 1, false), layerOf("second", 2) };
        scored.filterScores = { { 3.9 }, { 0.5, 3.25 } };
        QCOMPARE(*thresholdMoves(scored).y.to, 3.25); // the first layer's bits are not searched
        scored.trajectory.back().thresholds = { 1, 3.5 };
        QVERIFY(*thresholdMoves(scored).y.to > 3.5);
        QCOMPARE(spec.series[0].name, QStringLiteral("p1: 2\u202fbits and up"));
        QCOMPARE(spec.series[1].name, QStringLiteral("p2: 4\u202fbits"));
    }

    void onePointStrategies()
    {
        RunResults results = resultsOf(7, RunKind::Search, "search fisher 2");
        results.run.parameters = { { "strategy", "fisher" }, { "order", "ascending" }, { "target_bits", 2.0 } };
        results.trajectory = { point(0, 0, {}, 1.998, 0.9575, 0.9575, 0, true) };
        QVERIFY(!hasThresholdMoves(results));
        const ChartSpec spec = searchProgress(results);
        QVERIFY(!seriesOf(spec, QStringLiteral("accuracy floor")));
        QVERIFY(!seriesOf(spec, QStringLiteral("accuracy, taken back")));
        QVERIFY(*spec.x.from < 0 && *spec.x.to > 0); // a width for the one point
        QVERIFY(spec.marks.empty());
        QVERIFY(searchProgress(resultsOf(1, RunKind::Search, "")).series.empty());
        QVERIFY(thresholdMoves(resultsOf(1, RunKind::Search, "")).series.empty());
        QVERIFY(!searchSummary(results).contains(QStringLiteral("ascending"))); // the order is none of fisher's
    }

    void summary()
    {
        RunResults results = twoPhases();
        const QString text = searchSummary(results);
        QVERIFY2(text.startsWith(QStringLiteral("cq ascending · target 2.00 bits reached: 1.75 · 1 evaluation · ")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("18\u2009800 images evaluated · 2 looked up")));
        QVERIFY2(text.endsWith(QStringLiteral("7.3\u202fs")), qPrintable(text));
        results.metrics["reached"] = 0;
        QVERIFY(searchSummary(results).contains(QStringLiteral("not reached: ended at 1.75")));
        results.metrics.clear();
        results.run.state = RunState::Running;
        QVERIFY(searchSummary(results).contains(QStringLiteral("on the way to 2.00 bits: 1.75 so far")));
    }

    void saysWhatIsMissing()
    {
        ViewWorld world;
        SearchView view(world.context);
        auto* hint = view.findChild<QLabel*>(QStringLiteral("hint"));
        RunResults refined = resultsOf(4, RunKind::Refine, "refine 1");
        refined.ancestors = { runOf(3, RunKind::Search, "search cq 2") };
        view.setResults(shared(refined));
        QVERIFY2(hint->text().contains(QStringLiteral("run 3 (search cq 2)")), qPrintable(hint->text()));
        RunResults failed = resultsOf(5, RunKind::Search, "");
        failed.run.state = RunState::Failed;
        failed.run.failure = "The disk is full.";
        view.setResults(shared(failed));
        QVERIFY(hint->text().contains(QStringLiteral("The disk is full.")));
    }

    void thresholdsAreHiddenWhereThereAreNone()
    {
        ViewWorld world;
        SearchView view(world.context);
        view.resize(900, 600);
        view.setResults(shared(twoPhases()));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto* moves = view.findChild<Chart*>(QStringLiteral("thresholdMoves"));
        auto* progress = view.findChild<Chart*>(QStringLiteral("searchProgress"));
        QVERIFY(moves->isVisible());
        QCOMPARE(progress->spec(), searchProgress(twoPhases()));
        RunResults results = resultsOf(7, RunKind::Search, "search fisher 2");
        results.trajectory = { point(0, 0, {}, 1.998, 0.9575, 0.9575, 0, true) };
        view.setResults(shared(results));
        QVERIFY(!moves->isVisible());
        view.setResults(shared(twoPhases()));
        QVERIFY(moves->isVisible());
        QVERIFY(clickPoint(*progress, 3));
    }
};

QTEST_MAIN(TestSearchView)
#include "tst_search_view.moc"
