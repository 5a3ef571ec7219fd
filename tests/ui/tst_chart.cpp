// SPDX-License-Identifier: GPL-3.0-or-later
// A chart with real wheel, mouse and keys.
#include "ui/plots/chart.h"

#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>
#include <limits>

using namespace bitscape::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ChartSpec twoLines()
{
    ChartSpec spec;
    spec.name = QStringLiteral("two lines");
    spec.x.title = QStringLiteral("epoch");
    spec.y.title = QStringLiteral("loss");
    Series a;
    a.name = QStringLiteral("train");
    a.style = SeriesStyle::LineAndPoints;
    a.x = { 0, 1, 2, 3, 4 };
    a.y = { 8, 6, 5, 4.5, 4.25 };
    a.keys = { 100, 101, 102, 103, 104 };
    Series b = a;
    b.name = QStringLiteral("test");
    b.colour = 1;
    b.y = { 9, 7.5, 7, 6.75, 1234.5 };
    b.low = { 8, 7, 6.5, 6.5, 1000 };
    b.high = { 10, 8, 7.5, 7, 1500 };
    b.notes = { {}, QStringLiteral("best so far"), {}, {}, {} };
    b.keys.clear();
    spec.series = { a, b };
    return spec;
}

struct Shown {
    Theme theme;
    Chart chart { theme };
    explicit Shown(const ChartSpec& spec = twoLines())
    {
        theme.choose(Theme::Choice::Light);
        chart.resize(640, 420);
        chart.setSpec(spec);
        chart.show();
        if (!QTest::qWaitForWindowExposed(&chart))
            qFatal("no window");
        chart.activateWindow();
        chart.setFocus();
        settle();
    }
    /// Until what was queued is drawn.
    void settle() { QCoreApplication::sendPostedEvents(); }
    QWidget* plot() { return chart.findChild<QWidget*>(); }
    QPoint onPlot(const QPointF& place) { return plot()->mapFrom(&chart, place.toPoint()); }
    QPoint emptyPlace()
    {
        for (int y = 60; y < 300; y += 5) {
            for (int x = 120; x < 500; x += 5) {
                if (chart.tooltipAt(QPointF(x, y)).isEmpty())
                    return onPlot(QPointF(x, y));
            }
        }
        return {};
    }
    void wheel(const QPoint& at, int notches, Qt::KeyboardModifiers keys = {})
    {
        QWheelEvent event(
            QPointF(at), plot()->mapToGlobal(QPointF(at)), {}, QPoint(0, 120 * notches), Qt::NoButton, keys, Qt::NoScrollPhase, false);
        QApplication::sendEvent(plot(), &event);
    }
    double size(Qt::Orientation axis) { return chart.inView(axis).second - chart.inView(axis).first; }
};

} // namespace

class TestChart : public QObject {
    Q_OBJECT
private slots:
    void everythingIsInViewAtFirst()
    {
        Shown s;
        const auto [left, right] = s.chart.inView(Qt::Horizontal);
        const auto [bottom, top] = s.chart.inView(Qt::Vertical);
        QVERIFY(left <= 0 && right >= 4 && right < 5);
        QVERIFY(bottom <= 4.25 && top >= 1500 && top < 1700);
    }

    void wheelZoomsAtThePointer()
    {
        Shown s;
        const QPointF point = s.chart.placeOf(0, 1);
        const auto x = s.chart.inView(Qt::Horizontal), y = s.chart.inView(Qt::Vertical);
        s.wheel(s.onPlot(point), 2);
        QVERIFY(s.size(Qt::Horizontal) < x.second - x.first);
        QVERIFY(s.size(Qt::Vertical) < y.second - y.first);
        const QPointF way = s.chart.placeOf(0, 1) - point;
        QVERIFY2(way.manhattanLength() < 1.5, "what was under the pointer stays there"); // the pointer stands on a whole pixel
        s.chart.resetView();
        QCOMPARE(s.chart.inView(Qt::Horizontal), x);
        s.wheel(s.onPlot(point), 2, Qt::ControlModifier);
        QCOMPARE(s.chart.inView(Qt::Vertical), y);
        QVERIFY(s.chart.inView(Qt::Horizontal) != x);
        s.chart.resetView();
        s.wheel(s.onPlot(point), 2, Qt::ShiftModifier);
        QCOMPARE(s.chart.inView(Qt::Horizontal), x);
        QVERIFY(s.chart.inView(Qt::Vertical) != y);
    }

    void nobodyGetsLost()
    {
        Shown s;
        const double full = s.size(Qt::Horizontal);
        s.wheel(s.emptyPlace(), -200);
        QVERIFY(s.size(Qt::Horizontal) <= 4.001 * full);
        for (int i = 0; i < 300; ++i)
            QTest::keyClick(&s.chart, Qt::Key_Right);
        QVERIFY(s.chart.inView(Qt::Horizontal).first < 5);
    }

    void dragPansAndDoubleClickResets()
    {
        Shown s;
        const auto x = s.chart.inView(Qt::Horizontal), y = s.chart.inView(Qt::Vertical);
        const QSignalSpy points(&s.chart, &Chart::pointClicked), places(&s.chart, &Chart::plotClicked);
        const QPoint from = s.emptyPlace();
        const QPointF before = s.chart.placeOf(0, 2);
        QTest::mousePress(s.plot(), Qt::LeftButton, {}, from);
        QTest::mouseMove(s.plot(), from + QPoint(30, 0));
        QTest::mouseMove(s.plot(), from + QPoint(40, -20));
        QTest::mouseRelease(s.plot(), Qt::LeftButton, {}, from + QPoint(40, -20));
        const QPointF way = s.chart.placeOf(0, 2) - before;
        QVERIFY2(std::abs(way.x() - 40) < 1 && std::abs(way.y() + 20) < 1, qPrintable(QStringLiteral("%1 %2").arg(way.x()).arg(way.y())));
        QCOMPARE(points.count() + places.count(), 0);
        QTest::mouseDClick(s.plot(), Qt::LeftButton, {}, from);
        QCOMPARE(s.chart.inView(Qt::Horizontal), x);
        QCOMPARE(s.chart.inView(Qt::Vertical), y);
        QVERIFY(places.count() <= 1); // the first click of the two
    }

    void keysZoomPanAndReset()
    {
        Shown s;
        const auto x = s.chart.inView(Qt::Horizontal);
        const double width = s.size(Qt::Horizontal);
        QTest::keyClick(&s.chart, Qt::Key_Plus);
        QVERIFY(std::abs(s.size(Qt::Horizontal) - 0.8 * width) < 1e-9);
        QTest::keyClick(&s.chart, Qt::Key_Right);
        QVERIFY(std::abs(s.chart.inView(Qt::Horizontal).first - (x.first + 0.1 * width + 0.08 * width)) < 1e-9);
        QTest::keyClick(&s.chart, Qt::Key_Minus);
        QVERIFY(std::abs(s.size(Qt::Horizontal) - width) < 1e-9);
        const auto y = s.chart.inView(Qt::Vertical);
        QTest::keyClick(&s.chart, Qt::Key_Up);
        QVERIFY(s.chart.inView(Qt::Vertical).first > y.first);
        QTest::keyClick(&s.chart, Qt::Key_0);
        QCOMPARE(s.chart.inView(Qt::Horizontal), x);
    }

    void clickTellsThePoint()
    {
        Shown s;
        QSignalSpy points(&s.chart, &Chart::pointClicked), places(&s.chart, &Chart::plotClicked);
        QTest::mouseClick(s.plot(), Qt::LeftButton, {}, s.onPlot(s.chart.placeOf(1, 4)));
        QCOMPARE(points.takeFirst(), (QVariantList { 1, qint64 { 4 } })); // without keys: its position
        s.chart.switchSeries(QStringLiteral("test"));
        QTest::mouseClick(s.plot(), Qt::LeftButton, {}, s.onPlot(s.chart.placeOf(0, 3)));
        QCOMPARE(points.takeFirst(), (QVariantList { 0, qint64 { 103 } }));
        const QPoint empty = s.emptyPlace();
        QTest::mouseClick(s.plot(), Qt::LeftButton, {}, empty);
        QCOMPARE(points.count(), 0);
        QCOMPARE(places.count(), 1);
        const auto [left, right] = s.chart.inView(Qt::Horizontal);
        const double perPixel = 1 / (s.chart.placeOf(0, 1).x() - s.chart.placeOf(0, 0).x());
        const double expected = (empty.x() + s.plot()->x() - s.chart.placeOf(0, 0).x()) * perPixel;
        QVERIFY(expected > left && expected < right);
        QVERIFY(std::abs(places[0][0].toDouble() - expected) < 2 * perPixel);
    }

    void tooltipIsExact()
    {
        Shown s;
        QCOMPARE(s.chart.tooltipAt(s.chart.placeOf(1, 4)), QStringLiteral("test\nepoch: 4\nloss: 1234.5 (1000 … 1500)"));
        s.chart.switchSeries(QStringLiteral("train"));
        QCOMPARE(s.chart.tooltipAt(s.chart.placeOf(1, 1)), QStringLiteral("test\nepoch: 1\nloss: 7.5 (7 … 8)\nbest so far"));
        QVERIFY(s.chart.tooltipAt(s.chart.placeOf(1, 1) + QPointF(0, -11)).startsWith(QStringLiteral("test")));
        QCOMPARE(s.chart.tooltipAt(s.chart.placeOf(1, 4) + QPointF(-13, 0)), QString());
        QTest::mouseMove(s.plot(), s.onPlot(s.chart.placeOf(1, 1)));
        QTRY_COMPARE(QToolTip::text(), QStringLiteral("test\nepoch: 1\nloss: 7.5 (7 … 8)\nbest so far"));
    }

    void legendClickSwitchesASeries()
    {
        Shown s;
        const double top = s.chart.inView(Qt::Vertical).second;
        QVERIFY(top > 1000);
        const QRect entry = s.chart.legendEntry(1);
        QVERIFY(entry.isValid() && s.chart.rect().contains(entry));
        QTest::mouseClick(s.plot(), Qt::LeftButton, {}, s.onPlot(entry.center()));
        QVERIFY(s.chart.isSwitchedOff(QStringLiteral("test")));
        QVERIFY2(s.chart.inView(Qt::Vertical).second < 10, "what is left is shown as large as it can be");
        QTest::mouseClick(s.plot(), Qt::LeftButton, {}, s.onPlot(s.chart.legendEntry(1).center()));
        QVERIFY(!s.chart.isSwitchedOff(QStringLiteral("test")));
        s.chart.showLegend(false);
        QVERIFY(!s.chart.isLegendShown());
        QVERIFY(s.chart.legendEntry(0).isNull());
    }

    void legendHasRoomForManyLongNames()
    {
        for (const int count : { 3, 8, 9, 30 }) {
            ChartSpec spec = twoLines();
            spec.series.resize(1);
            for (int i = 1; i < count; ++i) {
                spec.series.push_back(spec.series[0]);
                spec.series.back().name = QStringLiteral("%1 of a network with a very long name").arg(i).repeated(3);
            }
            Shown s(spec);
            QRect last;
            int seen = 0;
            for (int i = 0; i < count; ++i) {
                const QRect entry = s.chart.legendEntry(static_cast<std::size_t>(i));
                if (entry.isNull())
                    continue;
                ++seen;
                QVERIFY(s.chart.rect().contains(entry));
                QVERIFY(!entry.intersects(last));
                for (std::size_t p = 0; p < 5; ++p)
                    QVERIFY(!entry.contains(s.chart.placeOf(0, p).toPoint()));
                last = entry;
            }
            QVERIFY(seen >= std::min(count, 15));
        }
    }

    void zoomAndSwitchesStayOverLiveUpdates()
    {
        Shown s;
        s.chart.switchSeries(QStringLiteral("test"));
        s.wheel(s.onPlot(s.chart.placeOf(0, 1)), 3);
        const auto x = s.chart.inView(Qt::Horizontal);
        ChartSpec more = twoLines();
        more.series[0].x.push_back(5);
        more.series[0].y.push_back(4);
        s.chart.setSpec(more);
        QCOMPARE(s.chart.inView(Qt::Horizontal), x);
        QVERIFY(s.chart.isSwitchedOff(QStringLiteral("test")));
        ChartSpec other = more;
        other.x.title = QStringLiteral("step");
        s.chart.setSpec(other);
        QVERIFY(s.chart.inView(Qt::Horizontal).second >= 5);
        other.series[1].name = QStringLiteral("another");
        s.chart.setSpec(other);
        QVERIFY(!s.chart.isSwitchedOff(QStringLiteral("test")));
    }

    void pointsAreReachedByKeys()
    {
        Shown s;
        const QSignalSpy points(&s.chart, &Chart::pointClicked);
        QTest::keyClick(&s.chart, Qt::Key_Right, Qt::ControlModifier); // the first point
        QTest::keyClick(&s.chart, Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(&s.chart, Qt::Key_Return);
        QCOMPARE(points.value(0), (QVariantList { 0, qint64 { 101 } }));
        QTest::keyClick(&s.chart, Qt::Key_Down, Qt::ControlModifier);
        QTest::keyClick(&s.chart, Qt::Key_Return);
        QCOMPARE(points.value(1), (QVariantList { 1, qint64 { 1 } }));
        QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("best so far")));
        for (int i = 0; i < 9; ++i)
            QTest::keyClick(&s.chart, Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(&s.chart, Qt::Key_Return);
        QCOMPARE(points.value(2), (QVariantList { 1, qint64 { 4 } }));
    }

    void contextMenuSwitchesSeries()
    {
        Shown s;
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(50, 50), s.chart.mapToGlobal(QPoint(50, 50)));
        QApplication::sendEvent(&s.chart, &event);
        auto* menu = s.chart.findChild<QMenu*>();
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), 4);
        QVERIFY(menu->actions().at(3)->isChecked());
        menu->actions().at(3)->trigger();
        QVERIFY(s.chart.isSwitchedOff(QStringLiteral("test")));
        menu->close();
    }

    void unsortedAndMissingValuesAreDrawn()
    {
        ChartSpec spec = twoLines();
        spec.series[1].x = { 4, 0, kNan, 2, 1 };
        spec.series[1].y = { 3, kNan, 2, 5, 1 };
        spec.series[1].low = { 1, 1, 1, 4, kNan };
        spec.series[1].high = { 4, 4, 4, 6, 2 };
        spec.x.logarithmic = true;
        spec.series[0].x = { 1.1, 1.2, 1.3 };
        spec.series[0].y = { 1, 4, 0 };
        spec.series[0].keys = { 1, 2, 3 };
        Shown s(spec);
        const QImage shown = s.chart.grab().toImage();
        // The bounds of (4, 3) are 1 and 4: from one to the other there is a whisker, outside there is nothing.
        const QPoint point = s.chart.placeOf(1, 0).toPoint();
        const int low = qRound(s.chart.placeOf(0, 0).y()), high = qRound(s.chart.placeOf(0, 1).y());
        const auto isDrawn = [&](int y) {
            const auto away = [&](int x) { return s.theme.colours().base.lightness() - shown.pixelColor(x, y).lightness(); };
            return std::max({ away(point.x() - 1), away(point.x()), away(point.x() + 1) }) > 40;
        };
        QVERIFY(isDrawn(low - 3) && isDrawn(high + 3));
        QVERIFY(!isDrawn(low + 4) && !isDrawn(high - 4));
        QVERIFY(s.chart.inView(Qt::Horizontal).first > 0);
    }

    void focusIsSeen()
    {
        Shown s;
        QWidget other;
        const auto corner = [&] { return s.chart.grab().toImage().pixelColor(0, 0); };
        QTRY_VERIFY(s.chart.hasFocus());
        QCOMPARE(corner().name(), s.theme.colours().accent.name());
        s.chart.clearFocus();
        QCOMPARE(corner().name(), s.theme.colours().base.name());
    }

    void themeIsDrawnAnew()
    {
        Shown s;
        s.theme.choose(Theme::Choice::Dark);
        QTRY_COMPARE(s.chart.grab().toImage().pixelColor(30, 4).name(), s.theme.colours().base.name());
        QVERIFY(s.chart.accessibleDescription().contains(QStringLiteral("loss against epoch, 2 curves")));
    }
};

QTEST_MAIN(TestChart)
#include "tst_chart.moc"
