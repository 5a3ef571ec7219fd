// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/bit_map_view.h"
#include "ui/views/confusion_view.h"
#include "ui/views/importance_view.h"
#include "ui/views/search_view.h"
#include "ui/views/stepping_charts.h"
#include "ui/views/stepping_view.h"
#include "ui/views/training_charts.h"
#include "ui/views/training_view.h"
#include "ui/views/view_kinds.h"

#include "tests/ui/stepping_fixture.h"
#include "ui/inspector/info_rows.h"
#include "ui/inspector/layer_info.h"
#include "ui/plots/bit_map.h"
#include "ui/plots/bit_map_layout.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>

#include <algorithm>
#include <map>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

const Series* seriesOf(const ChartSpec& spec, const QString& name)
{
    const auto found = std::ranges::find(spec.series, name, &Series::name);
    return found == spec.series.end() ? nullptr : &*found;
}

QString hintOf(const QWidget& view)
{
    const auto* hint = view.findChild<QLabel*>(QStringLiteral("hint"));
    return hint && hint->isVisible() ? hint->text() : QString();
}

void click(Chart& chart, std::size_t series, std::size_t point)
{
    auto* plot = chart.findChild<QWidget*>();
    const QPoint place = (chart.placeOf(series, point) - plot->pos()).toPoint();
    QTest::mouseClick(plot, Qt::LeftButton, {}, place);
}

QString valueOf(const InfoRows& rows, const QString& name)
{
    const auto found = std::ranges::find(rows, name, &InfoRow::name);
    return found == rows.end() ? QString() : found->value;
}

/// A view on a project of its own, as large as in a window.
struct Shown {
    explicit Shown(const RunResults& results)
        : view(world.context)
    {
        view.resize(1000, 640);
        view.show();
        view.setResults(shared(results));
    }
    ViewWorld world;
    SteppingView view;
    BitMap& map() const { return *view.findChild<BitMap*>(QStringLiteral("subnetMap")); }
    Chart& chart(const char* name) const { return *view.findChild<Chart*>(QString::fromLatin1(name)); }
    QString headline() const { return view.findChild<QLabel*>(QStringLiteral("heading"))->text(); }
};

} // namespace

class TestSteppingView final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }

    void theWindowHasTheView()
    {
        const auto kinds = viewKinds();
        QCOMPARE(std::ranges::count(kinds, QStringLiteral("stepping"), &ViewKind::id), 1);
    }

    void subnetsAreStairsBesideTheBaselines()
    {
        const RunResults results = steppedResults();
        const ChartSpec spec = subnetCurves(results);
        QCOMPARE(spec.x.title, QStringLiteral("MACs per image (k)"));
        QCOMPARE(spec.y.title, QStringLiteral("accuracy (%)"));
        for (const SubnetFamily& family : results.stepping->families) {
            const Series* series = seriesOf(spec, QString::fromStdString(family.kind));
            QVERIFY(series && series->style == SeriesStyle::StepsAndPoints);
            for (std::size_t k = 0; k < 3; ++k) {
                QCOMPARE(series->x[k] * 1000, static_cast<double>(family.subnets[k].macs));
                QCOMPARE(series->y[k], 100 * family.subnets[k].accuracy);
                QCOMPARE(series->keys[k], static_cast<std::int64_t>(k) + 1);
            }
            QCOMPARE(series->dashed, family.kind != "stepping");
        }
        const Series* anytime = seriesOf(spec, QStringLiteral("anytime"));
        QVERIFY(anytime);
        QCOMPARE(anytime->x, (std::vector<double> { 100, 180, 400 }));
        QVERIFY(anytime->notes[1].contains(QStringLiteral("confidence of 0.5")));
        const Series* original = seriesOf(spec, QStringLiteral("original"));
        QVERIFY(original);
        QCOMPARE(original->x, (std::vector<double> { 500 }));
        QCOMPARE(spec.marks.size(), std::size_t { 1 });
        QCOMPARE(spec.marks.front().at, 97.0);
        QVERIFY(*spec.x.to > 500 && *spec.y.to > 97 && *spec.y.from < 80);
    }

    void stepsAddUpToTheirSubnets()
    {
        const RunResults results = steppedResults();
        const ChartSpec spec = stepBars(results);
        QCOMPARE(spec.series.size(), std::size_t { 2 });
        QCOMPARE(spec.series[0].y, (std::vector<double> { 0, 100, 250 }));
        QCOMPARE(spec.series[1].y, (std::vector<double> { 100, 150, 150 }));
        QVERIFY(!spec.series[0].stacked && spec.series[1].stacked);
        double added = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            added += spec.series[1].y[k];
            QCOMPARE(heightOf(spec, 1, k) * 1000, static_cast<double>(results.stepping->families[0].subnets[k].macs));
            QCOMPARE(heightOf(spec, 1, k), added);
            QCOMPARE(heightOf(spec, 0, k), spec.series[0].y[k]);
        }
        QCOMPARE(csvOf(spec).count(QLatin1Char('\n')), 7); // with the head; heights are not what is written
        QVERIFY(csvOf(spec).contains(QStringLiteral("new,2,150,")));
    }

    void constructionShowsBudgets()
    {
        const RunResults results = steppedResults();
        const ChartSpec macs = constructionMacs(results, true);
        QVERIFY(macs.y.logarithmic && macs.x.whole);
        QCOMPARE(macs.series.size(), std::size_t { 3 });
        QCOMPARE(macs.series[0].x, (std::vector<double> { 1, 2, 3, 4, 5 }));
        QCOMPARE(macs.series[1].y, (std::vector<double> { 900, 780, 660, 540, 420 }));
        std::vector<double> budgets;
        for (const Mark& mark : macs.marks)
            budgets.push_back(mark.at);
        QCOMPARE(budgets, (std::vector<double> { 100, 250, 400 })); // 0.2, 0.5, 0.8 of 500 k
        QVERIFY(!constructionMacs(results, false).y.logarithmic);
        const ChartSpec accuracy = constructionAccuracy(results);
        QCOMPARE(accuracy.series[2].y, (std::vector<double>(5, 70)));
        QCOMPARE(accuracy.y.title, QStringLiteral("accuracy (%)"));
    }

    void theMapTellsSubnets()
    {
        const RunResults results = steppedResults();
        const BitMapSpec spec = subnetMap(results, BitMapOrder::Value);
        QCOMPARE(spec.subnets, 3);
        QCOMPARE(spec.rows.size(), results.layers.size());
        std::map<int, std::int64_t> filters;
        for (const auto& layer : results.stepping->groups) {
            for (const std::uint8_t group : layer)
                ++filters[group];
        }
        const auto counts = bitCounts(spec);
        QCOMPARE(counts.size(), filters.size());
        for (const BitMapCount& count : counts)
            QCOMPARE(count.filters, filters[count.bits]);
        QCOMPARE(legendTitle(spec, counts.front()), QStringLiteral("subnet 1"));
        QCOMPARE(legendTitle(spec, counts.back()), QStringLiteral("in no subnet"));
        QVERIFY(spec.isOut(4) && !spec.isOut(3) && !spec.isOut(0));
        QCOMPARE(subnetShade(1, spec.subnets), 7);
        QCOMPARE(subnetShade(4, spec.subnets), 0);
        QCOMPARE(filtersOut(spec, spec.rows[0]), std::ranges::count(results.stepping->groups[0], std::uint8_t { 4 }));
        const auto order = filterOrder(spec.rows[1], BitMapOrder::Value);
        QVERIFY(std::ranges::is_sorted(
            order, {}, [&](int filter) { return std::pair(spec.rows[1].bits[static_cast<std::size_t>(filter)], filter); }));
        QVERIFY(filterText(spec, { 1, 0 }).contains(QStringLiteral("subnet 1 and all larger ones")));
        QVERIFY(filterText(spec, { 1, 3 }).contains(QStringLiteral("in no subnet")));
        for (const FilterRef& ref : { FilterRef { 1, 0 }, FilterRef { 1, -1 } })
            QVERIFY2(!filterText(spec, ref).contains(QStringLiteral("bit")), qPrintable(filterText(spec, ref)));
        const QStringList lines = csvOf(spec).split(QLatin1Char('\n'));
        QCOMPARE(lines[0], QStringLiteral("layer,filter,subnet,weights,macs"));
        QVERIFY(lines[1].contains(QStringLiteral(",0,1,")));
        QVERIFY(lines[4].contains(QStringLiteral(",3,,")));
    }

    void shadesFallFromTheSmallestSubnet()
    {
        for (int n = 1; n <= 6; ++n) {
            for (int k = 2; k <= n; ++k)
                QVERIFY(subnetShade(k, n) < subnetShade(k - 1, n));
            QVERIFY(subnetShade(1, n) == 7 && subnetShade(n, n) >= 2);
            QCOMPARE(subnetShade(n + 1, n), 0);
        }
    }

    void theHeadlineIsHonest()
    {
        RunResults results = steppedResults();
        QVERIFY(steppingHeadline(results).startsWith(QStringLiteral("Stepping is not beaten at 2 of 3 budgets; any-width wins at 50 %")));
        results.run.state = RunState::Running;
        QVERIFY(steppingHeadline(results).startsWith(QStringLiteral("So far: ")));
        results.stepping->families.resize(1);
        QVERIFY(steppingHeadline(results).contains(QStringLiteral("still to come")));
        results.run.state = RunState::Finished;
        QVERIFY(steppingHeadline(results).startsWith(QStringLiteral("3 subnets reach 90.00")));
        QVERIFY(steppingHeadline(results).contains(QStringLiteral("no baseline")));
    }

    void theViewSharesTheSelection()
    {
        Shown shown(steppedResults());
        QVERIFY(hintOf(shown.view).isEmpty());
        QVERIFY(shown.headline().startsWith(QStringLiteral("Stepping is not beaten")));
        BitMap& map = shown.map();
        QTRY_VERIFY(map.rectOf({ 2, 33 }).width() > 2);
        QTest::mouseClick(&map, Qt::LeftButton, {}, map.rectOf({ 2, 33 }).center().toPoint());
        QCOMPARE(shown.world.selection.filter(), (FilterRef { 2, 33 }));
        shown.world.selection.selectFilter({ 1, 4 });
        QCOMPARE(map.selected(), (FilterRef { 1, 4 }));
        auto* order = shown.view.findChild<QComboBox*>(QStringLiteral("orderChoice"));
        QTest::keyClick(order, Qt::Key_Down);
        QVERIFY(map.spec().order == BitMapOrder::Value);
        QCOMPARE(map.selected(), (FilterRef { 1, 4 }));
    }

    void aClickOnASubnetShowsItsFilters()
    {
        Shown shown(steppedResults());
        Chart& curves = shown.chart("subnetCurves");
        Chart& bars = shown.chart("stepBars");
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        QTRY_VERIFY(!curves.tooltipAt(curves.placeOf(0, 1)).isEmpty());
        click(curves, 0, 1);
        QCOMPARE(shown.map().emphasised(), std::optional(2));
        click(curves, 0, 1);
        QVERIFY(!shown.map().emphasised());
        const QPointF top = bars.placeOf(1, 2);
        QVERIFY(bars.tooltipAt(top + QPointF(0, 3)).startsWith(QStringLiteral("new\n")));
        const QPointF reused = bars.placeOf(0, 2);
        QVERIFY(reused.y() > top.y());
        QVERIFY2(bars.tooltipAt(reused + QPointF(0, 15)).startsWith(QStringLiteral("reused")),
            qPrintable(bars.tooltipAt(reused + QPointF(0, 15))));
        QVERIFY(bars.tooltipAt(reused - QPointF(0, 15)).startsWith(QStringLiteral("new")));
        click(bars, 1, 2);
        QCOMPARE(shown.map().emphasised(), std::optional(3));
    }

    void constructionIsAPageOfItsOwn()
    {
        Shown shown(steppedResults());
        Chart& macs = shown.chart("constructionMacs");
        QVERIFY(!macs.isVisible());
        auto* pages = shown.view.findChild<QTabWidget*>(QStringLiteral("steppingPages"));
        QTest::mouseClick(pages->tabBar(), Qt::LeftButton, {}, pages->tabBar()->tabRect(1).center());
        QVERIFY(macs.isVisible() && macs.spec().y.logarithmic);
        QCOMPARE(shown.chart("constructionAccuracy").spec(), constructionAccuracy(steppedResults()));
        auto* log = shown.view.findChild<QCheckBox*>(QStringLiteral("constructionLog"));
        log->setFocus();
        QTest::keyClick(log, Qt::Key_Space);
        QVERIFY(!macs.spec().y.logarithmic);
        RunResults results = steppedResults();
        results.stepping->iterations.clear();
        shown.view.setResults(shared(results));
        QVERIFY(!pages->isTabVisible(1));
    }

    void whatIsNotThereYetIsTold()
    {
        RunResults results = steppedResults();
        results.run.state = RunState::Running;
        results.run.progress = 0.2;
        results.stepping->families.clear();
        Shown shown(results);
        QVERIFY(hintOf(shown.view).contains(QStringLiteral("is at work (20 %)")));
        results.stepping.reset();
        shown.view.setResults(shared(results));
        QVERIFY(!hintOf(shown.view).isEmpty());
        RunResults first = steppedResults(); // stepping is done, baselines follow
        first.run.state = RunState::Running;
        first.stepping->families.resize(1);
        shown.view.setResults(shared(first));
        QVERIFY(hintOf(shown.view).isEmpty());
        QCOMPARE(shown.chart("subnetCurves").spec().series.size(), std::size_t { 3 });
        shown.view.setResults(shared(steppedResults())); // and come
        QCOMPARE(shown.chart("subnetCurves").spec().series.size(), std::size_t { 5 });
        shown.view.setResults(shared(resultsOf(1, RunKind::Search, "search cq")));
        QVERIFY(hintOf(shown.view).contains(QStringLiteral("makes no subnets")));
    }

    void otherViewsSayWhereToLook()
    {
        ViewWorld world;
        RunResults results = steppedResults();
        results.filterScores = { { 1, 2 } }; // of another network: not this one's
        const auto check = [&](RunView&& view, const char* words) {
            view.show();
            view.setResults(shared(results));
            QVERIFY2(hintOf(view).contains(QString::fromLatin1(words)), qPrintable(hintOf(view)));
            world.selection.selectFilter({ 2, 150 });
            world.selection.selectClass(3);
        };
        check(BitMapView(world.context), "Stepping");
        check(ImportanceView(world.context), "Stepping");
        check(ConfusionView(world.context), "Stepping");
        check(SearchView(world.context), "no search");
        check(TrainingView(world.context), "without results");
    }

    void finalTrainingIsNoValidation()
    {
        RunResults results = steppedResults();
        results.epochs = { { 1, 1.5, 0.8, 0.02, 3 }, { 2, 1.2, 0.9, 0.01, 3 } };
        const ChartSpec spec = trainingCurves(results);
        QVERIFY(!seriesOf(spec, QStringLiteral("validation accuracy")));
        QVERIFY(seriesOf(spec, QStringLiteral("training accuracy of the largest subnet")));
        QVERIFY(spec.marks.empty());
        QVERIFY(!trainingSummary(results).contains(QStringLiteral("validation")));
    }

    void theInspectorKnowsSubnets()
    {
        const RunResults results = steppedResults();
        QCOMPARE(valueOf(filterRows(results, 1, 1), QStringLiteral("Subnet")), QStringLiteral("2 and all larger ones (of 3)"));
        QCOMPARE(valueOf(filterRows(results, 1, 2), QStringLiteral("Subnet")), QStringLiteral("3, the largest"));
        QCOMPARE(valueOf(filterRows(results, 1, 3), QStringLiteral("Subnet")), QStringLiteral("none"));
        QCOMPARE(
            valueOf(layerRows(results, 0), QStringLiteral("Subnets")), QStringLiteral("3 from 1 on, 2 from 2 on, 2 from 3 on, 2 in none"));
        for (const InfoRows& rows : { layerRows(results, 1), filterRows(results, 1, 1) }) {
            for (const InfoRow& row : rows)
                QVERIFY2(!row.name.contains(QStringLiteral("it")) || !row.name.contains(QStringLiteral("Bit")), qPrintable(row.name));
        }
        RunRecord record;
        record.run = results.run;
        record.metrics = { { "accuracy", 0.95 }, { "full_accuracy", 0.97 }, { "macs", 400000 }, { "stepping_accuracy_1", 0.9 },
            { "stepping_macs_1", 100000 }, { "any-width_accuracy_1", 0.89 } };
        const InfoRows rows = figureRows(record);
        QVERIFY(valueOf(rows, QStringLiteral("Subnet 1")).startsWith(QStringLiteral("90.00")));
        QVERIFY(valueOf(rows, QStringLiteral("Subnet 1")).contains(QStringLiteral("100")));
        QVERIFY(valueOf(rows, QStringLiteral("any-width 1")).startsWith(QStringLiteral("89.00")));
        QVERIFY(valueOf(rows, QStringLiteral("Full precision")).isEmpty());
        for (const InfoRow& row : rows)
            QVERIFY2(!row.name.contains(QLatin1Char('_')), qPrintable(row.name)); // every metric has a name for people
    }
};

QTEST_MAIN(TestSteppingView)
#include "tst_stepping_view.moc"
