// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bit_map.h"
#include "ui/plots/bit_map_layout.h"
#include "ui/plots/figure_export.h"
#include "ui/views/bit_map_view.h"

#include "core/network/cost.h"
#include "core/network/zoo.h"

#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

BitMapRow row(const QString& name, int filters, int salt, bool quantizable = true)
{
    BitMapRow made;
    made.layer = name;
    made.quantizable = quantizable;
    made.weightsPerFilter = 9 + salt;
    made.macsPerFilter = made.weightsPerFilter * 100;
    for (int i = 0; i < filters; ++i) {
        made.bits.push_back(static_cast<std::uint8_t>(quantizable ? (i * 3 + salt) % 5 : 8));
        made.scores.push_back(i % 7 == 3 ? kNan : (i * 37 + salt) % 11);
    }
    return made;
}

BitMapSpec smallMap()
{
    BitMapSpec spec;
    spec.name = QStringLiteral("small");
    spec.rows = { row(QStringLiteral("conv1"), 6, 1, false), row(QStringLiteral("conv2"), 16, 2), row(QStringLiteral("fc1"), 120, 3),
        row(QStringLiteral("fc,2"), 10, 4) };
    return spec;
}

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

class ShownMap final {
public:
    ShownMap()
    {
        theme.choose(Theme::Choice::Light);
        map.resize(900, 600);
        map.setSpec(smallMap());
        map.show();
    }
    Theme theme;
    BitMap map { theme };
};

QPoint centreOf(const BitMap& map, const FilterRef& filter)
{
    return map.rectOf(filter).center().toPoint();
}

void turnWheel(QWidget& widget, const QPointF& at, int steps)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, QPoint(0, 120 * steps), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

/// lenet5 as a search leaves it.
std::shared_ptr<RunResults> lenetResults()
{
    auto results = std::make_shared<RunResults>();
    results->run.id = RunId { 7 };
    results->run.kind = RunKind::Search;
    results->graph = zooGraph(zooRequestFrom("zoo:lenet5"));
    results->layers = layersOf(results->graph);
    for (const Layer& layer : results->layers) {
        auto& bits = results->bits.emplace_back();
        auto& scores = results->filterScores.emplace_back();
        for (std::int64_t i = 0; i < layer.filters; ++i) {
            bits.push_back(static_cast<std::uint8_t>(layer.quantizable ? i % 4 : 8));
            scores.push_back(static_cast<double>(i % 10));
        }
    }
    results->cost = costOf(results->graph, results->layers, results->bits);
    return results;
}

} // namespace

class TestBitMap : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)"))); }

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

    void scoresOrderFilters()
    {
        BitMapRow made;
        made.bits = { 1, 1, 1, 1, 1 };
        made.scores = { 2, kNan, 5, 2, 0 };
        QCOMPARE(filterOrder(made, BitMapOrder::Score), (std::vector<int> { 2, 0, 3, 4, 1 }));
        QCOMPARE(filterOrder(made, BitMapOrder::Index), (std::vector<int> { 0, 1, 2, 3, 4 }));
        made.scores.clear();
        QCOMPARE(filterOrder(made, BitMapOrder::Score), (std::vector<int> { 0, 1, 2, 3, 4 }));
    }

    void unknownScoresAreEqual()
    {
        const BitMapSpec a = smallMap();
        BitMapSpec b = a;
        QVERIFY(a == b);
        b.rows[1].scores[3] = 1;
        QVERIFY(a != b);
    }

    void legendCountsAreThoseOfALoop()
    {
        const BitMapSpec spec = smallMap();
        std::map<int, std::int64_t> filters, weights;
        std::int64_t all = 0;
        double bits = 0, inAverage = 0;
        for (const BitMapRow& row : spec.rows) {
            for (const std::uint8_t width : row.bits) {
                filters[width] += 1;
                weights[width] += row.weightsPerFilter;
                all += row.weightsPerFilter;
                bits += row.quantizable ? static_cast<double>(width) * static_cast<double>(row.weightsPerFilter) : 0;
                inAverage += row.quantizable ? static_cast<double>(row.weightsPerFilter) : 0;
            }
        }
        const auto counts = bitCounts(spec);
        QCOMPARE(counts.size(), filters.size());
        double share = 0;
        auto expected = filters.begin();
        for (const BitMapCount& count : counts) {
            QCOMPARE(count.bits, expected->first);
            QCOMPARE(count.filters, expected->second);
            QCOMPARE(count.weightShare, static_cast<double>(weights[count.bits]) / static_cast<double>(all));
            share += count.weightShare;
            ++expected;
        }
        QVERIFY(std::abs(share - 1) < 1e-12);
        QVERIFY(std::abs(averageBits(spec) - bits / inAverage) < 1e-12);
    }

    void csvHasEveryFilterInTheNetworksOrder()
    {
        ShownMap shown;
        BitMapSpec spec = smallMap();
        spec.order = BitMapOrder::Score;
        shown.map.setSpec(spec);
        const QStringList lines = shown.map.csv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 1 + 6 + 16 + 120 + 10);
        QCOMPARE(lines[0], QStringLiteral("layer,filter,bits,score,weights,macs"));
        QCOMPARE(lines[1], QStringLiteral("conv1,0,8,1,10,1000"));
        QCOMPARE(lines[4], QStringLiteral("conv1,3,8,,10,1000"));
        QCOMPARE(lines[8], QStringLiteral("conv2,1,0,6,11,1100"));
        QVERIFY(lines.last().startsWith(QStringLiteral("\"fc,2\",9,")));
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
                const QPoint corner = shown.map.rectOf({ 1, filter }).topLeft().toPoint() + QPoint(3, 3);
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
            return map.grab().toImage().pixelColor(map.rectOf({ 1, filter }).topLeft().toPoint() + QPoint(3, 3)).name();
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
        QVERIFY(!imageOf(shown.map, QSize(400, 300), 3).isNull());
    }

    void theViewShowsARunAndSharesTheSelection()
    {
        QTemporaryDir folder;
        ProjectDocument document(folder.filePath(QStringLiteral("p.bitscape")), ProjectThread::Mode::Create);
        ResultsLoader loader(document);
        Selection selection;
        Theme theme;
        BitMapView view({ document, selection, loader, theme });
        view.resize(900, 600);
        view.show();
        const auto results = lenetResults();
        view.setResults(results);
        auto* map = view.findChild<BitMap*>(QStringLiteral("bitMap"));
        QVERIFY(map->isVisible());
        QCOMPARE(map->spec().rows.size(), std::size_t { 5 });
        QCOMPARE(averageBits(map->spec()), bitscape::averageBits(results->layers, results->bits));
        QVERIFY(!map->spec().rows.front().quantizable);
        QTest::mouseClick(map, Qt::LeftButton, {}, centreOf(*map, { 2, 33 }));
        QCOMPARE(selection.filter(), (FilterRef { 2, 33 }));
        selection.selectFilter({ 1, 4 });
        QCOMPARE(map->selected(), (FilterRef { 1, 4 }));

        auto* order = view.findChild<QComboBox*>(QStringLiteral("orderChoice"));
        QTest::keyClick(order, Qt::Key_Down);
        QCOMPARE(map->spec().order, BitMapOrder::Score);
        const auto unscored = std::make_shared<RunResults>(*results);
        unscored->filterScores.clear();
        view.setResults(unscored);
        QCOMPARE(map->spec().order, BitMapOrder::Index);
        QTest::keyClick(order, Qt::Key_Down);
        QCOMPARE(map->spec().order, BitMapOrder::Index);
    }

    void aRunWithoutBitsSaysWhatToDo()
    {
        QTemporaryDir folder;
        ProjectDocument document(folder.filePath(QStringLiteral("p.bitscape")), ProjectThread::Mode::Create);
        ResultsLoader loader(document);
        Selection selection;
        Theme theme;
        BitMapView view({ document, selection, loader, theme });
        view.show();
        auto results = lenetResults();
        results->bits.clear();
        for (const RunKind kind : { RunKind::Train, RunKind::Score, RunKind::Evaluate }) {
            auto copy = std::make_shared<RunResults>(*results);
            copy->run.kind = kind;
            copy->run.name = "mine";
            view.setResults(copy);
            const auto* hint = view.findChild<QLabel*>(QStringLiteral("hint"));
            QVERIFY(hint->isVisible());
            QVERIFY(hint->text().contains(QStringLiteral("mine")));
        }
    }

    void costsAreTold()
    {
        auto results = lenetResults();
        results->cost = Cost { {}, 100000, 2500000, 8 * 12300, 1.5 };
        QString line = costLine(*results);
        line.replace(QChar(0x202f), QLatin1Char(' '));
        QVERIFY2(line.startsWith(QStringLiteral("1.50 bits on average  ·  100 k MACs (")), qPrintable(line));
        QVERIFY2(line.endsWith(QStringLiteral("2.50 M BitOps  ·  12.3 kB")), qPrintable(line));
    }
};

QTEST_MAIN(TestBitMap)
#include "tst_bit_map.moc"
