// SPDX-License-Identifier: GPL-3.0-or-later
// A heat map with real wheel, mouse and keys.
#include "ui/plots/figure_export.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/heat_map_layout.h"

#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <limits>
#include <set>

using namespace bitscape::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

HeatMapSpec mapOf(int rows, int columns)
{
    HeatMapSpec spec;
    spec.name = QStringLiteral("scores");
    spec.rowTitle = QStringLiteral("filter");
    spec.columnTitle = QStringLiteral("class");
    spec.valueTitle = QStringLiteral("score");
    for (int c = 0; c < columns; ++c)
        spec.columns.push_back(QStringLiteral("c%1").arg(c));
    for (int r = 0; r < rows; ++r) {
        spec.rows.push_back(QStringLiteral("f%1").arg(r));
        for (int c = 0; c < columns; ++c)
            spec.values.push_back((r * columns + c) % 101 / 100.0);
    }
    return spec;
}

struct Shown {
    Theme theme;
    HeatMap map { theme };
    explicit Shown(const HeatMapSpec& spec)
    {
        theme.choose(Theme::Choice::Light);
        map.resize(600, 440);
        map.setSpec(spec);
        map.show();
        if (!QTest::qWaitForWindowExposed(&map))
            qFatal("no window");
    }
    void wheel(const QPointF& at, int notches, Qt::KeyboardModifiers keys = {})
    {
        QWheelEvent event(at, map.mapToGlobal(at), {}, QPoint(0, 120 * notches), Qt::NoButton, keys, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&map, &event);
    }
};

} // namespace

class TestHeatMap : public QObject {
    Q_OBJECT
private slots:
    void clickTellsRowAndColumn()
    {
        Shown s(mapOf(12, 10));
        QSignalSpy clicks(&s.map, &HeatMap::cellClicked);
        for (const auto& [row, column] : { std::pair(0, 0), std::pair(11, 9), std::pair(4, 7) }) {
            QTest::mouseClick(&s.map, Qt::LeftButton, {}, s.map.cellRect(row, column).center().toPoint());
            QCOMPARE(clicks.takeFirst(), (QVariantList { row, column }));
        }
        QTest::mouseClick(&s.map, Qt::LeftButton, {}, QPoint(2, 2));
        QTest::mouseClick(&s.map, Qt::RightButton, {}, s.map.cellRect(3, 3).center().toPoint());
        QCOMPARE(clicks.count(), 0);
    }

    void wheelDragAndDoubleClick()
    {
        Shown s(mapOf(200, 40));
        const QRect all = s.map.inView();
        QCOMPARE(all, QRect(0, 0, 40, 200));
        const QSignalSpy clicks(&s.map, &HeatMap::cellClicked);
        const QPointF at = s.map.cellRect(150, 30).center();
        s.wheel(at, 8);
        const QPointF moved = s.map.cellRect(150, 30).center() - at;
        QVERIFY(moved.manhattanLength() < 1e-6);
        QVERIFY(s.map.inView().height() < 60 && s.map.inView().width() < 40);
        const QRectF before = s.map.cellRect(150, 30);
        QTest::mousePress(&s.map, Qt::LeftButton, {}, at.toPoint());
        QTest::mouseMove(&s.map, at.toPoint() + QPoint(10, 25));
        QTest::mouseRelease(&s.map, Qt::LeftButton, {}, at.toPoint() + QPoint(10, 25));
        const QPointF way = s.map.cellRect(150, 30).topLeft() - before.topLeft();
        QVERIFY(std::abs(way.x() - 10) < 1e-6 && std::abs(way.y() - 25) < 1e-6);
        QCOMPARE(clicks.count(), 0);
        QTest::mouseDClick(&s.map, Qt::LeftButton, {}, at.toPoint());
        QCOMPARE(s.map.inView(), all);
        QVERIFY(clicks.count() <= 1);
        s.wheel(at, 8, Qt::ControlModifier);
        QCOMPARE(s.map.inView().height(), 200);
        QVERIFY(s.map.inView().width() < 40);
        s.map.resetView();
        s.wheel(at, 8, Qt::ShiftModifier);
        QCOMPARE(s.map.inView().width(), 40);
        QVERIFY(s.map.inView().height() < 200);
    }

    void keysPanThenMoveTheSelection()
    {
        Shown s(mapOf(100, 10));
        QSignalSpy clicks(&s.map, &HeatMap::cellClicked);
        for (int i = 0; i < 6; ++i)
            QTest::keyClick(&s.map, Qt::Key_Plus);
        const QRect zoomed = s.map.inView();
        QVERIFY(zoomed.height() < 40);
        QTest::keyClick(&s.map, Qt::Key_Down);
        QVERIFY(s.map.inView().top() > zoomed.top());
        QCOMPARE(clicks.count(), 0);
        s.map.select(99, 4); // out of view
        QVERIFY(s.map.inView().contains(4, 99));
        QTest::keyClick(&s.map, Qt::Key_Up);
        QCOMPARE(clicks.takeFirst(), (QVariantList { 98, 4 }));
        QTest::keyClick(&s.map, Qt::Key_Left);
        QCOMPARE(clicks.takeFirst(), (QVariantList { 98, 3 }));
        QTest::keyClick(&s.map, Qt::Key_0);
        QCOMPARE(s.map.inView(), QRect(0, 0, 10, 100));
    }

    void tooltipIsExact()
    {
        HeatMapSpec spec = mapOf(3, 2);
        spec.values[3] = 0.123456;
        spec.groups = { { QStringLiteral("conv1"), {}, 1 }, { QStringLiteral("conv2"), {}, 2 } };
        Shown s(spec);
        QCOMPARE(s.map.tooltipAt(s.map.cellRect(1, 1).center()), QStringLiteral("filter: conv2, f1\nclass: c1\nscore: 0.123456"));
        QCOMPARE(s.map.tooltipAt(QPointF(1, 1)), QString());
    }

    /// Two large layers and twenty of a filter each: every one has its name, none over another, and each is clicked by it.
    void smallGroupsKeepTheirNames()
    {
        HeatMapSpec spec = mapOf(620, 5);
        spec.groups = { { QStringLiteral("first"), QStringLiteral("0–299"), 300 } };
        for (int i = 0; i < 20; ++i)
            spec.groups.push_back({ QStringLiteral("small%1").arg(i), QStringLiteral("0"), 1 });
        spec.groups.push_back({ QStringLiteral("last"), QStringLiteral("0–299"), 300 });
        Shown s(spec);
        QSignalSpy groups(&s.map, &HeatMap::groupClicked);
        const QSignalSpy cells(&s.map, &HeatMap::cellClicked);
        double above = 0;
        for (int group = 0; group < 22; ++group) {
            const QRectF head = s.map.headRect(group);
            QVERIFY2(!head.isEmpty(), qPrintable(QString::number(group)));
            QVERIFY(head.height() >= s.map.fontMetrics().height() && head.top() >= above - 1e-6);
            QVERIFY(head.bottom() <= s.map.height());
            above = head.bottom();
            QTest::mouseClick(&s.map, Qt::LeftButton, {}, head.center().toPoint());
            QCOMPARE(groups.takeFirst(), (QVariantList { group }));
            QCOMPARE(s.map.tooltipAt(head.center()),
                QStringLiteral("filter: %1, %2")
                    .arg(spec.groups[static_cast<std::size_t>(group)].name, spec.groups[static_cast<std::size_t>(group)].note));
        }
        QCOMPARE(cells.count(), 0);
        s.map.resize(600, 200); // no room for all: the large ones, and the selected one
        QVERIFY(!s.map.headRect(0).isEmpty() && !s.map.headRect(21).isEmpty());
        const auto missing = [&] {
            std::vector<int> groupsWithout;
            for (int group = 0; group < 22; ++group) {
                if (s.map.headRect(group).isEmpty())
                    groupsWithout.push_back(group);
            }
            return groupsWithout;
        };
        QVERIFY(!missing().empty());
        const int hidden = missing().back();
        s.map.select(-1, -1, hidden);
        QVERIFY(!s.map.headRect(hidden).isEmpty());
    }

    void namesAreClickedToo()
    {
        HeatMapSpec spec = mapOf(8, 4);
        spec.groups = { { QStringLiteral("conv1"), QStringLiteral("0–2"), 3 }, { QStringLiteral("conv2"), QStringLiteral("0–4"), 5 } };
        Shown s(spec);
        QSignalSpy cells(&s.map, &HeatMap::cellClicked), groups(&s.map, &HeatMap::groupClicked);
        const QRectF cell = s.map.cellRect(5, 2);
        const int left = static_cast<int>(s.map.cellRect(0, 0).left());
        QTest::mouseClick(&s.map, Qt::LeftButton, {}, QPoint(left - 8, cell.center().toPoint().y()));
        QCOMPARE(cells.takeFirst(), (QVariantList { 5, -1 }));
        const int below = static_cast<int>(s.map.cellRect(7, 0).bottom()) + 6;
        QTest::mouseClick(&s.map, Qt::LeftButton, {}, QPoint(cell.center().toPoint().x(), below));
        QCOMPARE(cells.takeFirst(), (QVariantList { -1, 2 }));
        QCOMPARE(s.map.tooltipAt(QPointF(cell.center().x(), below)), QStringLiteral("class: c2"));
        QTest::mouseClick(&s.map, Qt::LeftButton, {}, s.map.headRect(1).center().toPoint());
        QCOMPARE(groups.takeFirst(), (QVariantList { 1 }));
        QCOMPARE(cells.count(), 0);
    }

    void cellsHaveTheirColours()
    {
        HeatMapSpec spec = mapOf(4, 4);
        spec.values = { 0, 0.25, 0.5, 1, kNan, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
        Shown s(spec);
        const QImage image = s.map.grab().toImage();
        const auto at = [&](int row, int column) { return image.pixelColor(s.map.cellRect(row, column).center().toPoint()); };
        for (int column = 0; column < 4; ++column)
            QCOMPARE(at(0, column).name(), s.theme.colours().heat(spec.values[static_cast<std::size_t>(column)]).name());
        std::set<QString> hatch;
        const QPoint centre = s.map.cellRect(1, 0).center().toPoint();
        for (int i = 0; i < 16; ++i)
            hatch.insert(image.pixelColor(centre + QPoint(i, 0)).name());
        QVERIFY2(hatch.size() > 1, "what is not known is hatched");
    }

    void onlyWhatIsInViewIsPainted()
    {
        const HeatMapSpec spec = mapOf(20000, 10);
        Theme theme;
        QImage image(600, 440, QImage::Format_ARGB32_Premultiplied);
        const auto painted = [&](const HeatWindow& window) {
            QPainter painter(&image);
            const HeatLayout layout = heatLayout(spec, image.size(), painter.fontMetrics(), window);
            return drawHeatMap(painter, spec, layout, image.size(), theme.colours(), {});
        };
        QVERIFY(painted({ 0, 20000, 0, 10 }) <= (440 + 1) * 10); // a row per pixel at most
        QVERIFY(painted({ 0, 20000, 0, 10 }) >= 300 * 10);
        QCOMPARE(painted({ 500, 520, 2, 5 }), 20 * 3);
        QCOMPARE(painted({ 500.5, 520.5, 0, 10 }), 21 * 10);
    }

    void thinRowsAreDrawnAsTheirMean()
    {
        HeatMapSpec spec = mapOf(20000, 1);
        for (std::size_t i = 0; i < spec.values.size(); ++i)
            spec.values[i] = i % 2 == 0 ? 0.2 : 0.8;
        Shown s(spec);
        const QColor seen = s.map.grab().toImage().pixelColor(s.map.cellRect(10000, 0).center().toPoint());
        const QColor mean = s.theme.colours().heat(0.5);
        QVERIFY(std::abs(seen.lightness() - mean.lightness()) < 8); // an odd number of rows is not quite half and half
    }

    void picturesShowAllOfItAtEveryScale()
    {
        HeatMapSpec spec = mapOf(3, 3);
        spec.values = { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1 };
        Shown s(spec);
        for (const double scale : { 1.0, 1.5, 2.0 }) {
            const QImage image = imageOf(s.map, s.map.size(), scale);
            QCOMPARE(image.size(), s.map.size() * scale);
            for (int i = 0; i < 9; ++i) {
                const QPoint at = (s.map.cellRect(i / 3, i % 3).center() * scale).toPoint();
                QCOMPARE(image.pixelColor(at).name(), s.theme.colours().heat(spec.values[static_cast<std::size_t>(i)]).name());
            }
        }
    }

    void csvIsAllOfIt()
    {
        HeatMapSpec spec = mapOf(2, 2);
        spec.columns[1] = QStringLiteral("a, b");
        spec.values = { 0.1, 1.0 / 3, kNan, -2e-7 };
        Theme theme;
        HeatMap map(theme);
        map.setSpec(spec);
        QCOMPARE(map.csv(), QStringLiteral("filter,c0,\"a, b\"\nf0,0.1,0.3333333333333333\nf1,,-2e-07\n"));
        spec.groups = { { QStringLiteral("g"), {}, 1 }, { QStringLiteral("h"), {}, 1 } };
        map.setSpec(spec);
        QCOMPARE(map.csv(), QStringLiteral("group,filter,c0,\"a, b\"\ng,f0,0.1,0.3333333333333333\nh,f1,,-2e-07\n"));
    }

    void nothingIsNoHarm()
    {
        Shown s { HeatMapSpec() };
        s.map.grab();
        QTest::keyClick(&s.map, Qt::Key_Down);
        s.wheel(QPointF(200, 200), 1);
        QTest::mouseClick(&s.map, Qt::LeftButton, {}, QPoint(200, 200));
        QCOMPARE(s.map.tooltipAt(QPointF(200, 200)), QString());
    }
};

QTEST_MAIN(TestHeatMap)
#include "tst_heat_map.moc"
