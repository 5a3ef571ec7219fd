// SPDX-License-Identifier: GPL-3.0-or-later
// Runs side by side, worked with by mouse and keyboard, and what is drawn of them.
#include "tests/ui/sample_project.h"
#include "tests/ui/studio_fixture.h"

#include "core/jobs/kept_answers.h"
#include "ui/plots/bit_map.h"
#include "ui/plots/bit_map_layout.h"
#include "ui/plots/chart.h"
#include "ui/plots/heat_map.h"
#include "ui/style/figures.h"
#include "ui/views/compare_charts.h"
#include "ui/views/compare_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTabBar>
#include <QTableView>
#include <QTreeView>
#include <QWheelEvent>

using namespace studio_test;

namespace {

/// The sample with answers of both searches and of a third one.
struct Compared {
    Sample sample;
    RunId third;

    Compared()
    {
        Project project = Project::open(sample.path.toStdString());
        Run run = bitscape::run(project, sample.again);
        run.parameters["target_bits"] = 2.5;
        third = addRun(project, run);
        claimRun(project, third, 2, "cpu", nlohmann::json::object());
        LayerBits bits = sample.bits;
        bits[1][0] = 3;
        bits[1][1] = 1;
        putBits(project, third, bits);
        putMetrics(project, third, { { "accuracy", 0.95 }, { "average_bits", 2.5 }, { "macs", 300000 } });
        endRun(project, third, RunState::Finished, 192);
        int salt = 0;
        for (const RunId id : { sample.search, sample.again, third }) {
            KeptAnswers kept;
            for (int i = 0; i < 1000; ++i) {
                kept.labels.push_back(static_cast<std::uint16_t>(i % 10));
                kept.answers.push_back(static_cast<std::uint16_t>(i % (9 + salt) == 0 ? (i + 1) % 10 : i % 10));
            }
            keepAnswers(project, id, kept);
            ++salt;
        }
    }
    std::vector<RunId> runs() const { return { sample.search, sample.again, third }; }
};

std::shared_ptr<const Comparison> comparisonOf(const Compared& compared)
{
    Project project = Project::openReadOnly(compared.sample.path.toStdString());
    return std::make_shared<const Comparison>(compare(project, compared.runs()));
}

void wheel(QWidget& widget, const QPoint& at, int steps)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, { 0, 120 * steps }, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

void clickTab(QTabWidget& pages, int page)
{
    QTest::mouseClick(pages.tabBar(), Qt::LeftButton, {}, pages.tabBar()->tabRect(page).center());
}

QString cell(const QTableView& table, const QString& name, int column)
{
    for (int row = 0; row < table.model()->rowCount(); ++row) {
        if (table.model()->index(row, 0).data().toString() == name)
            return table.model()->index(row, column).data().toString();
    }
    return {};
}

} // namespace

class TestCompare final : public QObject {
    Q_OBJECT
    std::unique_ptr<Compared> m_compared;
    std::unique_ptr<Place> m_place;
    MainWindow* m_window = nullptr;

    QTreeView* tree() { return in<QTreeView>(*m_window, "runs"); }
    QPoint placeOf(RunId id)
    {
        const QAbstractItemModel& model = *tree()->model();
        const auto found = model.match(
            model.index(0, 0), Qt::DisplayRole, QStringLiteral("#%1  ").arg(id.value), 1, Qt::MatchContains | Qt::MatchRecursive);
        return found.isEmpty() ? QPoint() : tree()->visualRect(found.front()).center();
    }
    void select(const std::vector<RunId>& runs)
    {
        for (std::size_t i = 0; i < runs.size(); ++i)
            QTest::mouseClick(tree()->viewport(), Qt::LeftButton, i == 0 ? Qt::NoModifier : Qt::ControlModifier, placeOf(runs[i]));
    }
    CompareView* view() { return qobject_cast<CompareView*>(m_window->workbench()->views().currentView()); }
    bool openComparison()
    {
        select(m_compared->runs());
        QTest::keyClick(m_window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        return QTest::qWaitFor([this] { return view() && in<QTableView>(*view(), "compareFigures")->model()->rowCount() > 0; });
    }

private slots:
    void init()
    {
        m_compared = std::make_unique<Compared>();
        m_place = std::make_unique<Place>();
        QVERIFY(QFile::copy(m_compared->sample.path, m_place->path(QStringLiteral("p.bitscape"))));
        m_window = m_place->studio->openProject(m_place->path(QStringLiteral("p.bitscape")), ProjectThread::Mode::Open);
        m_window->resize(1280, 800);
        QVERIFY(QTest::qWaitForWindowActive(m_window));
        QTRY_VERIFY(m_window->workspace() && !m_window->workspace()->document().datasets().empty());
        QTRY_VERIFY(!placeOf(m_compared->third).isNull());
    }
    void cleanup()
    {
        m_place.reset();
        m_compared.reset();
    }

    void theContextMenuComparesWhatIsSelected()
    {
        select({ m_compared->sample.search });
        const auto openMenu = [&] {
            const QPoint at = placeOf(m_compared->sample.search);
            emit tree()->customContextMenuRequested(at);
            return m_window->findChild<QMenu*>(QStringLiteral("run-menu"));
        };
        const auto action = [](QMenu* menu) {
            for (QAction* each : menu->actions()) {
                if (each->text().contains(QStringLiteral("mpare")))
                    return each;
            }
            return static_cast<QAction*>(nullptr);
        };
        QMenu* menu = openMenu();
        QVERIFY(menu && action(menu) && !action(menu)->isEnabled()); // one run
        menu->close();
        QTRY_VERIFY(!m_window->findChild<QMenu*>(QStringLiteral("run-menu")));
        select({ m_compared->sample.search, m_compared->third });
        menu = openMenu();
        QVERIFY(menu && action(menu)->isEnabled());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action(menu)).center());
        QTRY_VERIFY(view());
        QTRY_COMPARE(in<QTableView>(*view(), "compareFigures")->model()->columnCount(), 3);
        ViewTabs& tabs = m_window->workbench()->views();
        const int count = tabs.count();
        QTest::keyClick(m_window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(tabs.count(), count); // the same runs are one document
        emit tabs.tabCloseRequested(tabs.currentIndex());
        QCOMPARE(tabs.count(), count - 1);
    }

    void oneRunIsRefusedInWords()
    {
        select({ m_compared->sample.search });
        QTest::keyClick(m_window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!view());
        QTRY_VERIFY(m_window->findChild<QFrame*>(QStringLiteral("refused")));
    }

    void aRunThatFailedIsRefusedInWords()
    {
        select({ m_compared->sample.search, m_compared->sample.failed });
        QTest::keyClick(m_window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(view());
        QTRY_VERIFY(in<QLabel>(*view(), "hint")->text().contains(QStringLiteral("is failed: only finished runs are compared")));
        QVERIFY(in<QLabel>(*view(), "hint")->isVisible());
    }

    void aBaselineIsPinned()
    {
        QVERIFY(openComparison());
        auto& table = *in<QTableView>(*view(), "compareFigures");
        QAbstractItemModelTester tester(table.model());
        QCOMPARE(cell(table, QStringLiteral("Accuracy"), 1), percentOf(0.90));
        QVERIFY(cell(table, QStringLiteral("Accuracy"), 2).contains(QStringLiteral("+3.00")));
        QVERIFY(cell(table, QStringLiteral("Accuracy"), 3).startsWith(QStringLiteral("★"))); // the best
        QHeaderView& head = *table.horizontalHeader();
        QTest::mouseClick(head.viewport(), Qt::LeftButton, {}, { head.sectionViewportPosition(3) + 20, head.height() / 2 });
        QVERIFY(!table.model()->headerData(3, Qt::Horizontal, Qt::DecorationRole).isNull());
        QVERIFY(table.model()->headerData(1, Qt::Horizontal, Qt::DecorationRole).isNull());
        QVERIFY(cell(table, QStringLiteral("Accuracy"), 1).contains(QStringLiteral("−5.00")));
        QVERIFY(!cell(table, QStringLiteral("Accuracy"), 3).contains(QLatin1Char('\n')));
        auto* choice = in<QComboBox>(*view(), "baselineChoice");
        QCOMPARE(choice->currentIndex(), 2);
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Up); // by keys as well
        QVERIFY(!table.model()->headerData(2, Qt::Horizontal, Qt::DecorationRole).isNull());
        QCOMPARE(in<QComboBox>(*view(), "otherChoice")->count(), 2);
    }

    void equalParametersAreHidden()
    {
        QVERIFY(openComparison());
        auto& table = *in<QTableView>(*view(), "compareParameters");
        QAbstractItemModelTester tester(table.model());
        QCOMPARE(cell(table, QStringLiteral("target_bits"), 3), QStringLiteral("2.5"));
        QVERIFY(cell(table, QStringLiteral("strategy"), 1).isEmpty());
        const int differing = table.model()->rowCount();
        auto* all = in<QCheckBox>(*view(), "allParameters");
        QTest::mouseClick(all, Qt::LeftButton, {}, { 8, all->height() / 2 });
        QVERIFY(table.model()->rowCount() > differing);
        QCOMPARE(cell(table, QStringLiteral("strategy"), 1), QStringLiteral("random"));
        QCOMPARE(cell(table, QStringLiteral("target_bits ≠"), 3), QStringLiteral("2.5")); // marked
        all->setFocus();
        QTest::keyClick(all, Qt::Key_Space);
        QCOMPARE(table.model()->rowCount(), differing);
    }

    void mapsMoveTogether()
    {
        QVERIFY(openComparison());
        clickTab(*in<QTabWidget>(*view(), "comparePages"), 1);
        auto *first = in<BitMap>(*view(), "linkedMap0"), *second = in<BitMap>(*view(), "linkedMap1"),
             *change = in<BitMap>(*view(), "linkedMap2");
        QTRY_VERIFY(first && second && change && change->isVisible());
        QCOMPARE(first->size(), second->size());
        QCOMPARE(first->size(), change->size());
        const FilterRef filter { 2, 40 };
        const QPoint at = first->rectOf(filter).center().toPoint();
        wheel(*first, at, 5);
        QVERIFY(first->inView().scale > 2);
        for (const BitMap* other : { second, change }) {
            QCOMPARE(other->inView().scale, first->inView().scale);
            QCOMPARE(other->rectOf(filter), first->rectOf(filter));
        }
        const QPoint middle = change->rect().center();
        const QPointF before = first->inView().origin;
        QTest::mousePress(change, Qt::LeftButton, {}, middle);
        QTest::mouseMove(change, middle - QPoint(30, 0));
        QTest::mouseMove(change, middle - QPoint(60, 0));
        QTest::mouseRelease(change, Qt::LeftButton, {}, middle - QPoint(60, 0));
        QVERIFY(first->inView().origin != before);
        QCOMPARE(second->inView().origin, first->inView().origin);
        change->setFocus();
        QTest::keyClick(change, Qt::Key_0); // back to everything
        QCOMPARE(first->inView().scale, 1.0);
        QTest::mouseClick(first, Qt::LeftButton, {}, first->rectOf({ 1, 1 }).center().toPoint());
        QCOMPARE(change->selected(), (FilterRef { 1, 1 }));
        QCOMPARE(m_window->workspace()->selection().filter(), (FilterRef { 1, 1 }));
    }

    void theDifferenceIsSigned()
    {
        const auto comparison = comparisonOf(*m_compared);
        const BitMapSpec spec = bitChange(*comparison, 2, 0, BitMapOrder::Index);
        QCOMPARE(filterText(spec, { 1, 0 }).split(QLatin1Char('\n')).at(1), QStringLiteral("+3 bits"));
        QCOMPARE(filterText(spec, { 1, 1 }).split(QLatin1Char('\n')).at(1), QStringLiteral("−1 bit"));
        QCOMPARE(filterText(spec, { 1, 2 }).split(QLatin1Char('\n')).at(1), QStringLiteral("as many bits"));
        const Cost one = costOf(m_compared->sample.graph, m_compared->sample.layers, comparison->runs[0]->bits);
        const Cost other = costOf(m_compared->sample.graph, m_compared->sample.layers, comparison->runs[2]->bits);
        QVERIFY(std::abs(averageBits(spec) - (other.averageBits - one.averageBits)) < 1e-9);
        QCOMPARE(filtersOut(spec, spec.rows[1]), std::int64_t(2));
        const Colours& colours = m_place->studio->theme().colours();
        QVERIFY(spec.colourOf(BitMapSpec::kNoDifference + 2, colours) != spec.colourOf(BitMapSpec::kNoDifference - 2, colours));
        QVERIFY(csvOf(spec).startsWith(QStringLiteral("layer,filter,difference")));
    }

    void scoresCurvesAndClasses()
    {
        const auto comparison = comparisonOf(*m_compared);
        const ChartSpec scatter = scoreScatter(*comparison, 1, 0);
        QCOMPARE(scatter.series.size(), m_compared->sample.layers.size() + 1);
        QCOMPARE(scatter.series[1].x, comparison->runs[0]->filterScores[0]);
        QVERIFY(scoreRemark(*comparison, 1, 0).contains(QStringLiteral("scores of run 2")));
        QVERIFY(curveChoices(*comparison).empty());
        const ChartSpec classes = classChange(*comparison, 0);
        QCOMPARE(classes.series.size(), std::size_t(2));
        QCOMPARE(classes.series[1].y[3],
            100 * (perClassAccuracy(comparison->runs[2]->confusion)[3] - perClassAccuracy(comparison->runs[0]->confusion)[3]));
        const HeatMapSpec confusion = confusionChange(*comparison, 1, 0);
        QCOMPARE(confusion.rows.size(), std::size_t(10));
        double sum = 0;
        for (std::size_t n = 0; n < 10; ++n)
            sum += confusion.values[30 + n];
        QVERIFY(std::abs(sum) < 1e-9); // what is taken from one answer goes to another
        QCOMPARE(pairLines(*comparison, 0).count(QStringLiteral("exact McNemar test")), 2);

        QVERIFY(openComparison());
        auto& pages = *in<QTabWidget>(*view(), "comparePages");
        QVERIFY(!pages.isTabEnabled(3)); // no curves
        clickTab(pages, 4);
        QTRY_COMPARE(in<HeatMap>(*view(), "confusionChange")->spec(), confusion);
        QVERIFY(in<Chart>(*view(), "classChange")->spec() == classes);
    }

private:
    static QString percentOf(double share) { return percentText(share, 2); }
};

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"
