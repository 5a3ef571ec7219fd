// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/confusion_charts.h"
#include "ui/views/confusion_view.h"

#include "tests/ui/view_fixture.h"
#include "ui/plots/chart.h"
#include "ui/plots/heat_map.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <random>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

RunResults known()
{
    RunResults results = resultsOf(4, RunKind::Refine, "refine 1");
    results.classNames = { "cat", "dog", "emu" };
    results.confusion = { { 6, 2, 0 }, { 1, 3, 0 }, { 0, 0, 5 } };
    results.fullConfusion = { { 8, 0, 0 }, { 1, 3, 0 }, { 1, 0, 4 } };
    return results;
}

/// Clicks over the widget until a cell of this row answers.
bool clickRow(HeatMap& map, int row)
{
    QSignalSpy clicks(&map, &HeatMap::cellClicked);
    for (int y = 2; y < map.height(); y += 10) {
        clicks.clear();
        QTest::mouseClick(&map, Qt::LeftButton, {}, { map.width() / 2, y });
        if (clicks.count() == 1 && clicks[0][0].toInt() == row)
            return true;
    }
    return false;
}

} // namespace

class TestConfusionView final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }

    void sharesByHand()
    {
        const HeatMapSpec spec = confusionMap(known(), ConfusionShown::Run, false);
        QCOMPARE(spec.values, (std::vector<double> { 75, 25, 0, 25, 75, 0, 0, 0, 100 }));
        QCOMPARE(spec.rows, (std::vector<QString> { QStringLiteral("cat"), QStringLiteral("dog"), QStringLiteral("emu") }));
        QCOMPARE(spec.columns, spec.rows);
        QCOMPARE(spec.to, 100.0);
        QVERIFY(!spec.diverging && spec.writeValues);
        const HeatMapSpec counts = confusionMap(known(), ConfusionShown::Full, true);
        QCOMPARE(counts.values, (std::vector<double> { 8, 0, 0, 1, 3, 0, 1, 0, 4 }));
        QCOMPARE(counts.to, 8.0);
        QCOMPARE(counts.decimals, 0);
    }

    void differenceInPoints()
    {
        for (const bool counts : { false, true }) { // there is no difference of counts
            const HeatMapSpec spec = confusionMap(known(), ConfusionShown::Difference, counts);
            QCOMPARE(spec.values, (std::vector<double> { -25, 25, 0, 0, 0, 0, -20, 0, 20 }));
            QVERIFY(spec.diverging);
            QCOMPARE(spec.from, -25.0);
            QCOMPARE(spec.to, 25.0);
        }
        RunResults same = known();
        same.fullConfusion = same.confusion;
        const HeatMapSpec none = confusionMap(same, ConfusionShown::Difference, false);
        QVERIFY(none.from < 0 && none.to > 0); // a scale has a width
    }

    void sharesAgainstADoubleLoop()
    {
        std::mt19937 random(3);
        RunResults results = known();
        results.classNames.clear(); // numbers then
        results.confusion.assign(30, std::vector<std::int64_t>(30));
        for (auto& row : results.confusion) {
            for (auto& count : row)
                count = std::uniform_int_distribution(0, 20)(random);
        }
        results.confusion[7].assign(30, 0); // a class without images
        const HeatMapSpec spec = confusionMap(results, ConfusionShown::Run, false);
        QCOMPARE(spec.rows[12], QStringLiteral("12"));
        for (std::size_t i = 0; i < 30; ++i) {
            double images = 0;
            for (std::size_t j = 0; j < 30; ++j)
                images += double(results.confusion[i][j]);
            for (std::size_t j = 0; j < 30; ++j) {
                const double value = spec.values[30 * i + j];
                if (i == 7)
                    QVERIFY(std::isnan(value));
                else
                    QVERIFY(std::abs(value - double(results.confusion[i][j]) * 100 / images) < 1e-9);
            }
        }
        const Series bars = classBars(results).series[0];
        QCOMPARE(bars.y.size(), std::size_t(30));
        QVERIFY(std::isnan(bars.y[7]));
        QVERIFY(std::abs(bars.y[5] - spec.values[30 * 5 + 5]) < 1e-9);
    }

    void barsSideBySide()
    {
        const ChartSpec spec = classBars(known());
        QCOMPARE(spec.series.size(), std::size_t(2));
        QCOMPARE(spec.series[0].y, (std::vector<double> { 75, 75, 100 }));
        QCOMPARE(spec.series[1].y, (std::vector<double> { 100, 75, 80 }));
        for (std::size_t m = 0; m < 3; ++m) { // they touch and do not overlap, and their middle is the class
            QCOMPARE(spec.series[1].x[m] - spec.series[0].x[m], spec.series[0].barWidth);
            QCOMPARE((spec.series[0].x[m] + spec.series[1].x[m]) / 2, double(m));
            QCOMPARE(std::lround(spec.series[0].x[m]), long(m));
        }
        QCOMPARE(spec.x.categories.size(), std::size_t(3));
        const QString note = spec.series[0].notes[0];
        QVERIFY2(note.contains(QStringLiteral("6 of 8 images")) && note.contains(QStringLiteral("8 of 8 images"))
                && note.contains(QStringLiteral("−25")),
            qPrintable(note));
        QCOMPARE(spec.series[0].keys, (std::vector<std::int64_t> { 0, 1, 2 }));
    }

    void summaries()
    {
        RunResults results = known(); // cat loses 25 points; together 15 of 17 before, 14 of 17 now
        QString text = confusionSummary(results);
        QVERIFY2(text.startsWith(QStringLiteral("Class cat lost most against full precision: ")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("88.2353")) && text.contains(QStringLiteral("82.3529")));
        std::swap(results.confusion, results.fullConfusion); // then emu does
        QVERIFY(confusionSummary(results).startsWith(QStringLiteral("Class emu lost most")));
        results.fullConfusion = results.confusion;
        QVERIFY(confusionSummary(results).startsWith(QStringLiteral("No class lost")));
        results.fullConfusion.clear();
        text = confusionSummary(results);
        QVERIFY2(
            text.startsWith(QStringLiteral("Run 4 answers")) && text.contains(QStringLiteral("class dog least often")), qPrintable(text));
    }

    void oneOfBoth()
    {
        RunResults results = known();
        results.fullConfusion.clear();
        QCOMPARE(confusionChoices(results), (std::vector<ConfusionShown> { ConfusionShown::Run }));
        QCOMPARE(classBars(results).series.size(), std::size_t(1));
        QCOMPARE(classBars(results).series[0].x, (std::vector<double> { 0, 1, 2 }));
        results = known();
        results.confusion.clear();
        QCOMPARE(confusionChoices(results), (std::vector<ConfusionShown> { ConfusionShown::Full }));
        QCOMPARE(classBars(results).series[0].name, QStringLiteral("full precision"));
        QVERIFY(confusionSummary(results).startsWith(QStringLiteral("Full precision answers")));
        results.fullConfusion.clear();
        QVERIFY(confusionChoices(results).empty());
        QVERIFY(classBars(results).series.empty());
        QVERIFY(confusionMap(results, ConfusionShown::Run, false).values.empty());
        QVERIFY(confusionSummary(results).isEmpty());
        results.classNames = { "only" };
        results.confusion = { { 3 } };
        QCOMPARE(confusionMap(results, ConfusionShown::Run, false).values, (std::vector<double> { 100 }));
    }

    void choicesAndSelection()
    {
        ViewWorld world;
        ConfusionView view(world.context);
        view.resize(900, 600);
        view.setResults(shared(resultsOf(3, RunKind::Search, "search")));
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("hint"))->text().contains(QStringLiteral("run 3 (search)")));
        view.setResults(shared(known()));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto* map = view.findChild<HeatMap*>(QStringLiteral("confusionMap"));
        auto* shown = view.findChild<QComboBox*>(QStringLiteral("shownChoice"));
        auto* counts = view.findChild<QCheckBox*>(QStringLiteral("countsSwitch"));
        QCOMPARE(map->spec(), confusionMap(known(), ConfusionShown::Run, false));
        QTest::mouseClick(counts, Qt::LeftButton, {}, { 8, counts->height() / 2 });
        QCOMPARE(map->spec(), confusionMap(known(), ConfusionShown::Run, true));
        QTest::keyClick(shown, Qt::Key_End);
        QCOMPARE(map->spec(), confusionMap(known(), ConfusionShown::Difference, true));
        QVERIFY(!counts->isEnabled());
        view.setResults(shared(known()));
        QCOMPARE(map->spec(), confusionMap(known(), ConfusionShown::Difference, true)); // the choice stays
        QVERIFY(clickRow(*map, 2));
        QCOMPARE(world.selection.classNumber(), 2);
        auto* bars = view.findChild<Chart*>(QStringLiteral("classBars"))->findChild<QWidget*>();
        QTest::mouseClick(bars, Qt::LeftButton, {}, { bars->width() / 2, bars->height() / 2 }); // in the middle of three classes
        QCOMPARE(world.selection.classNumber(), 1);
        world.selection.selectClass(17); // of another data set
        view.setResults(nullptr);
    }
};

QTEST_MAIN(TestConfusionView)
#include "tst_confusion_view.moc"
