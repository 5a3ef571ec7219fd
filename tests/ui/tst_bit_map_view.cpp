// SPDX-License-Identifier: GPL-3.0-or-later
#include "bit_map_fixture.h"

#include "ui/views/bit_map_view.h"

#include "core/network/cost.h"
#include "core/network/zoo.h"

#include <QComboBox>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using namespace bitscape;
using namespace bitscape::ui;
using namespace fixture;

namespace {

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

class TestBitMapView : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }

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

QTEST_MAIN(TestBitMapView)
#include "tst_bit_map_view.moc"
