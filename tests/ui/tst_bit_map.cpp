// SPDX-License-Identifier: GPL-3.0-or-later
#include "bit_map_fixture.h"

#include "ui/plots/bit_map_layout.h"
#include "ui/plots/figure_export.h"

#include <QApplication>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <set>

using namespace bitscape::ui;
using namespace fixture;

namespace {

/// Compares every filter's place with what a walk over the lines of every band makes of it.
void comparePlaces(const BitMap& map)
{
    const BitMapLayout& layout = map.arrangement();
    for (int layer = 0; layer < static_cast<int>(map.spec().rows.size()); ++layer) {
        const BitMapRow& row = map.spec().rows[static_cast<std::size_t>(layer)];
        const std::vector<int> order = filterOrder(row, map.spec().order);
        double x = 0, y = layout.bands[static_cast<std::size_t>(layer)].top + layout.bands[static_cast<std::size_t>(layer)].inset;
        int inLine = 0;
        for (const int filter : order) {
            if (inLine == layout.columns) {
                inLine = 0;
                x = 0;
                y += layout.cell;
            }
            const QPointF middle(layout.cells.left() + x + layout.cell / 2, layout.cells.top() + y + layout.cell / 2);
            QCOMPARE(map.filterAt(middle), (FilterRef { layer, filter }));
            QVERIFY(map.rectOf({ layer, filter }).contains(middle));
            QVERIFY2(layout.cells.contains(middle), qPrintable(row.layer));
            x += layout.cell;
            ++inLine;
        }
    }
}

void turnWheel(QWidget& widget, const QPointF& at, int steps)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, QPoint(0, 120 * steps), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

} // namespace

class TestBitMap : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }

    void cellsLieWhereAWalkOverTheLinesFindsThem_data()
    {
        QTest::addColumn<QList<int>>("sizes");
        QTest::addColumn<QSize>("size");
        QTest::newRow("lenet5") << QList<int> { 6, 16, 120, 84, 10 } << QSize(900, 600);
        QTest::newRow("one filter") << QList<int> { 1 } << QSize(900, 600);
        QTest::newRow("4096 filters") << QList<int> { 3, 4096, 1 } << QSize(900, 600);
        QTest::newRow("20000 filters") << QList<int> { 64, 9000, 4000, 6936 } << QSize(1280, 800);
        QTest::newRow("a layer without filters") << QList<int> { 4, 0, 5 } << QSize(400, 300);
        QTest::newRow("60 layers") << QList<int>(60, 40) << QSize(700, 500);
        QTest::newRow("narrow") << QList<int> { 300, 17 } << QSize(320, 200);
    }
    void cellsLieWhereAWalkOverTheLinesFindsThem()
    {
        QFETCH(const QList<int>, sizes);
        QFETCH(const QSize, size);
        BitMapSpec spec;
        for (const int filters : sizes)
            spec.rows.push_back(row(QStringLiteral("layer%1").arg(spec.rows.size()), filters, static_cast<int>(spec.rows.size())));
        Theme theme;
        BitMap map(theme);
        map.resize(size);
        for (const BitMapOrder order : { BitMapOrder::Index, BitMapOrder::Score }) {
            spec.order = order;
            map.setSpec(spec);
            comparePlaces(map);
        }
        QVERIFY(map.arrangement().cell >= 2);
        QVERIFY(!map.grab().isNull());
    }

    void nothingToShowIsNoTrouble()
    {
        Theme theme;
        BitMap map(theme);
        map.resize(400, 300);
        QVERIFY(!map.grab().isNull());
        for (const Qt::Key key : { Qt::Key_Right, Qt::Key_Up, Qt::Key_Home, Qt::Key_End, Qt::Key_PageDown, Qt::Key_Plus, Qt::Key_0 })
            QTest::keyClick(&map, key);
        QTest::mouseClick(&map, Qt::LeftButton, {}, QPoint(200, 100));
        QCOMPARE(map.selected(), FilterRef {});
        QCOMPARE(map.csv(), QStringLiteral("layer,filter,bits,score,weights,macs\n"));
    }

    void aClickSelectsTheFilterUnderIt()
    {
        ShownMap shown;
        QSignalSpy clicks(&shown.map, &BitMap::filterClicked);
        for (const FilterRef filter : { FilterRef { 0, 5 }, FilterRef { 2, 77 }, FilterRef { 3, 0 } }) {
            QTest::mouseClick(&shown.map, Qt::LeftButton, {}, centreOf(shown.map, filter));
            QCOMPARE(clicks.takeLast().first().value<FilterRef>(), filter);
            QCOMPARE(shown.map.selected(), filter);
        }
        const BitMapLayout& layout = shown.map.arrangement();
        QTest::mouseClick(&shown.map, Qt::LeftButton, {}, QPoint(30, static_cast<int>(layout.bandRect(1).center().y())));
        QCOMPARE(clicks.takeLast().first().value<FilterRef>(), (FilterRef { 1, -1 }));
        QTest::mouseClick(&shown.map, Qt::LeftButton, {}, layout.cells.bottomRight().toPoint() - QPoint(4, 4));
        QCOMPARE(clicks.size(), 0);
        QTest::mouseClick(&shown.map, Qt::RightButton, {}, centreOf(shown.map, { 0, 0 }));
        QCOMPARE(clicks.size(), 0);
    }

    void theSelectedFilterIsOutlined()
    {
        ShownMap shown;
        const QImage before = shown.map.grab().toImage();
        shown.map.select({ 2, 50 });
        const QImage after = shown.map.grab().toImage();
        const QRect around = shown.map.rectOf({ 2, 50 }).toRect().adjusted(-4, -4, 4, 4);
        QVERIFY(before.copy(around) != after.copy(around));
        const QRect elsewhere = shown.map.rectOf({ 1, 3 }).toRect();
        QCOMPARE(before.copy(elsewhere), after.copy(elsewhere));
        shown.map.select({ 9, 1 });
        QCOMPARE(shown.map.selected(), FilterRef {});
        QCOMPARE(shown.map.grab().toImage(), before);
    }

    void coloursAreThoseOfTheBits()
    {
        ShownMap shown;
        for (const Theme::Choice choice : { Theme::Choice::Dark, Theme::Choice::Light }) {
            shown.theme.choose(choice);
            const QImage picture = shown.map.grab().toImage();
            for (int filter = 0; filter < 16; ++filter) {
                const QPoint corner = shown.map.rectOf({ 1, filter }).topLeft().toPoint() + QPoint(1, 1);
                const int bits = shown.map.spec().rows[1].bits[static_cast<std::size_t>(filter)];
                QCOMPARE(picture.pixelColor(corner).name(), shown.theme.colours().ofBits(bits).name());
            }
        }
    }

    void prunedCellsAreStruckOut()
    {
        ShownMap shown;
        const QImage picture = shown.map.grab().toImage();
        const auto inks = [&](int filter) {
            std::set<QRgb> colours;
            const QRect cell = shown.map.rectOf({ 1, filter }).toRect();
            for (int i = 2; i < cell.width() - 3; ++i)
                colours.insert(picture.pixel(cell.left() + i, cell.top() + cell.height() - 2 - i));
            return colours;
        };
        QCOMPARE(shown.map.spec().rows[1].bits[1], std::uint8_t { 0 });
        QVERIFY(inks(1).contains(shown.theme.colours().muted.rgb()));
        QVERIFY(!inks(0).contains(shown.theme.colours().muted.rgb()));
    }

    void arrowsMoveTheSelection()
    {
        ShownMap shown;
        BitMap& map = shown.map;
        const int columns = map.arrangement().columns;
        QVERIFY(columns > 10 && columns < 120);
        const auto press = [&](Qt::Key key) {
            QTest::keyClick(&map, key);
            return map.selected();
        };
        QCOMPARE(press(Qt::Key_Right), (FilterRef { 0, 0 }));
        QCOMPARE(press(Qt::Key_Left), (FilterRef { 0, 0 }));
        QCOMPARE(press(Qt::Key_End), (FilterRef { 0, 5 }));
        QCOMPARE(press(Qt::Key_Right), (FilterRef { 1, 0 }));
        QCOMPARE(press(Qt::Key_Left), (FilterRef { 0, 5 }));
        QCOMPARE(press(Qt::Key_Down), (FilterRef { 1, 5 }));
        QCOMPARE(press(Qt::Key_Down), (FilterRef { 2, 5 }));
        QCOMPARE(press(Qt::Key_Down), (FilterRef { 2, 5 + columns }));
        QCOMPARE(press(Qt::Key_Up), (FilterRef { 2, 5 }));
        QCOMPARE(press(Qt::Key_Up), (FilterRef { 1, 5 }));
        map.select({ 2, 119 });
        QCOMPARE(press(Qt::Key_Down), (FilterRef { 3, std::min(9, 119 % columns) }));
        QCOMPARE(press(Qt::Key_Up).layer, 2);
        map.select({ 3, 9 });
        QCOMPARE(press(Qt::Key_Right), (FilterRef { 3, 9 }));
        QCOMPARE(press(Qt::Key_Home), (FilterRef { 3, 0 }));
    }

    void arrowsFollowTheOrderShown()
    {
        ShownMap shown;
        BitMapSpec spec = smallMap();
        spec.order = BitMapOrder::Score;
        shown.map.setSpec(spec);
        const auto order = filterOrder(spec.rows[1], BitMapOrder::Score);
        shown.map.select({ 1, order[0] });
        QTest::keyClick(&shown.map, Qt::Key_Right);
        QCOMPARE(shown.map.selected(), (FilterRef { 1, order[1] }));
    }

    void theWheelZoomsAtThePointer()
    {
        ShownMap shown;
        BitMap& map = shown.map;
        const QPointF at = map.rectOf({ 2, 60 }).center();
        const QImage before = map.grab().toImage();
        turnWheel(map, at, 3);
        QCOMPARE(map.filterAt(at), (FilterRef { 2, 60 }));
        QVERIFY(std::abs(map.arrangement().window.scale - std::pow(1.25, 3)) < 1e-9);
        QVERIFY(map.rectOf({ 2, 60 }).contains(at));
        turnWheel(map, at, -9);
        QCOMPARE(map.arrangement().window, BitMapWindow {});
        QCOMPARE(map.grab().toImage(), before);
    }

    void keysZoomAndReset()
    {
        ShownMap shown;
        BitMap& map = shown.map;
        map.select({ 2, 100 });
        for (int i = 0; i < 30; ++i)
            QTest::keyClick(&map, Qt::Key_Plus);
        QVERIFY(map.arrangement().side() <= 128.001);
        QVERIFY(map.arrangement().cells.contains(map.rectOf({ 2, 100 }).center()));
        QTest::keyClick(&map, Qt::Key_Minus);
        QVERIFY(map.arrangement().side() < 110);
        map.select({ 0, 0 });
        QVERIFY(map.arrangement().cells.contains(map.rectOf({ 0, 0 }).adjusted(0.5, 0.5, -0.5, -0.5)));
        QTest::keyClick(&map, Qt::Key_0);
        QCOMPARE(map.arrangement().window.scale, 1.0);
        turnWheel(map, { 500, 200 }, 2);
        QTest::mouseDClick(&map, Qt::LeftButton, {}, QPoint(500, 200));
        QCOMPARE(map.arrangement().window, BitMapWindow {});
    }

    void draggingPansAndIsNoClick()
    {
        ShownMap shown;
        BitMap& map = shown.map;
        turnWheel(map, { 500, 200 }, 5);
        const QPointF origin = map.arrangement().window.origin;
        QSignalSpy clicks(&map, &BitMap::filterClicked);
        QTest::mousePress(&map, Qt::LeftButton, {}, QPoint(500, 200));
        QTest::mouseMove(&map, QPoint(460, 190));
        QTest::mouseRelease(&map, Qt::LeftButton, {}, QPoint(460, 190));
        const double scale = map.arrangement().window.scale;
        const QPointF moved = map.arrangement().window.origin - origin;
        QVERIFY(std::abs(moved.x() * scale - 40) < 0.01);
        QVERIFY(std::abs(moved.y() * scale - 10) < 0.01);
        QCOMPARE(clicks.size(), 0);
        QTest::mousePress(&map, Qt::LeftButton, {}, QPoint(500, 200));
        QTest::mouseMove(&map, QPoint(9000, 9000));
        QTest::mouseRelease(&map, Qt::LeftButton, {}, QPoint(9000, 9000));
        QCOMPARE(map.arrangement().window.origin, QPointF(0, 0));
    }

    void legendEntriesDimTheOthers()
    {
        ShownMap shown;
        BitMap& map = shown.map;
        const BitMapEntry entry = map.arrangement().entries[2];
        const auto colour = [&](int filter) {
            return map.grab().toImage().pixelColor(map.rectOf({ 1, filter }).topLeft().toPoint() + QPoint(1, 1)).name();
        };
        const auto filterWith = [&](bool has) {
            int filter = 0;
            while ((map.spec().rows[1].bits[static_cast<std::size_t>(filter)] == entry.count.bits) != has)
                ++filter;
            return filter;
        };
        const int same = filterWith(true), other = filterWith(false);
        const QString sameBefore = colour(same), otherBefore = colour(other);
        QTest::mouseClick(&map, Qt::LeftButton, {}, entry.place.center().toPoint());
        QCOMPARE(map.emphasised(), std::optional(entry.count.bits));
        QCOMPARE(colour(same), sameBefore);
        QVERIFY(colour(other) != otherBefore);
        QTest::mouseClick(&map, Qt::LeftButton, {}, entry.place.center().toPoint());
        QVERIFY(!map.emphasised());
        QCOMPARE(colour(other), otherBefore);
        QTest::keyClick(&map, Qt::Key_PageDown);
        QCOMPARE(map.emphasised(), std::optional(map.arrangement().entries[0].count.bits));
        QTest::keyClick(&map, Qt::Key_PageUp);
        QVERIFY(!map.emphasised());
        QTest::keyClick(&map, Qt::Key_PageUp);
        QCOMPARE(map.emphasised(), std::optional(8));
        QTest::keyClick(&map, Qt::Key_Escape);
        QVERIFY(!map.emphasised());
    }

    void theLegendGivesItsRoomBack()
    {
        ShownMap shown;
        const double height = shown.map.arrangement().cells.height();
        shown.map.showLegend(false);
        QVERIFY(!shown.map.isLegendShown());
        QVERIFY(shown.map.arrangement().cells.height() > height + 10);
        QVERIFY(shown.map.arrangement().entries.empty());
    }

    void tooltipsTellExactFigures()
    {
        ShownMap shown;
        const BitMap& map = shown.map;
        const QString text = map.tooltipAt(map.rectOf({ 1, 1 }).center());
        QCOMPARE(
            text, QStringLiteral("conv2, filter 1\n%1 (pruned)\nscore 6\n11 weights, 1\u2009100 MACs").arg(QStringLiteral("0\u202fbits")));
        QVERIFY(map.tooltipAt(map.rectOf({ 1, 3 }).center()).contains(QStringLiteral("score: not known")));
        QVERIFY(map.tooltipAt(map.rectOf({ 0, 3 }).center()).contains(QStringLiteral("edge layer")));
        const QPointF head(30, map.arrangement().bandRect(1).center().y());
        QVERIFY(map.tooltipAt(head).contains(QStringLiteral("16 filters")));
        QVERIFY(map.tooltipAt(map.arrangement().entries[0].place.center()).contains(QStringLiteral("dim")));
        QCOMPARE(map.tooltipAt(map.arrangement().cells.bottomRight() - QPointF(2, 2)), QString());
    }

    void paperShowsWhatTheScreenShows()
    {
        ShownMap shown;
        const QImage screen = shown.map.grab().toImage().convertToFormat(QImage::Format_RGB32);
        const QImage paper = imageOf(shown.map, shown.map.size(), 1).convertToFormat(QImage::Format_RGB32);
        const QRect cells = shown.map.arrangement().cells.toRect();
        QCOMPARE(paper.copy(cells), screen.copy(cells));
        QTemporaryDir folder;
        for (const QString& extension : { QStringLiteral("svg"), QStringLiteral("pdf"), QStringLiteral("png"), QStringLiteral("csv") }) {
            const QString path = folder.filePath(QStringLiteral("map.") + extension);
            saveFigure(shown.map, path);
            QVERIFY(QFileInfo(path).size() > 1000);
        }
    }

    /// Colours are where the screen has them, from the first cell to the last, and so is the legend at the foot.
    void paperIsWholeAtEveryScale()
    {
        ShownMap shown;
        const QImage screen = shown.map.grab().toImage();
        std::vector<QPoint> places;
        for (int layer = 0; layer < static_cast<int>(shown.map.spec().rows.size()); ++layer) {
            for (const int filter : { 0, static_cast<int>(shown.map.spec().rows[static_cast<std::size_t>(layer)].filters()) - 1 })
                places.push_back(shown.map.rectOf({ layer, filter }).topLeft().toPoint() + QPoint(1, 1));
        }
        for (const BitMapEntry& entry : shown.map.arrangement().entries)
            places.push_back(QPointF(entry.place.left() + 4, entry.place.center().y() - 3).toPoint()); // beside the stroke through 0 bits
        QTemporaryDir folder;
        saveFigure(shown.map, folder.filePath(QStringLiteral("map.svg")));
        QSvgRenderer svg(folder.filePath(QStringLiteral("map.svg")));
        for (const int scale : { 1, 2, 3 }) {
            const QImage paper = imageOf(shown.map, shown.map.size(), scale);
            QCOMPARE(paper.size(), shown.map.size() * scale);
            QImage drawn(paper.size(), QImage::Format_ARGB32_Premultiplied);
            QPainter painter(&drawn);
            svg.render(&painter);
            for (const QPoint& place : places) {
                const QPoint at = place * scale + QPoint(scale / 2, scale / 2);
                QCOMPARE(paper.pixelColor(at).name(), screen.pixelColor(place).name());
                QCOMPARE(drawn.pixelColor(at).name(), screen.pixelColor(place).name());
            }
        }
    }
};

QTEST_MAIN(TestBitMap)
#include "tst_bit_map.moc"
