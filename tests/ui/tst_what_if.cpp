// SPDX-License-Identifier: GPL-3.0-or-later
// What-if, worked with by mouse and keyboard, with the real worker, and what its edits come to computed another way.
#include "tests/ui/studio_fixture.h"

#include "core/jobs/edit_sources.h"
#include "core/jobs/run_results.h"
#include "core/network/allocation.h"
#include "core/network/cost.h"
#include "ui/plots/bit_map.h"
#include "ui/plots/bit_map_layout.h"
#include "ui/plots/chart.h"
#include "ui/style/figures.h"
#include "ui/whatif/what_if_charts.h"
#include "ui/whatif/what_if_view.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QUndoView>

using namespace studio_test;

class TestWhatIf final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Place> m_place;
    MainWindow* m_window = nullptr;
    bool m_failed = false;

    QString project() const { return m_folder->filePath(QStringLiteral("edits.bitscape")); }
    void cli(const QString& command)
    {
        QStringList words = command.split(QLatin1Char(' '));
        words.insert(words.front() == QLatin1String("model") || words.front() == QLatin1String("data") ? 2 : 1, project());
        QProcess process;
        process.start(QStringLiteral(BITSCAPE_CLI), words);
        QVERIFY(process.waitForFinished(kPatienceMs));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }
    WhatIfView* view() { return qobject_cast<WhatIfView*>(m_window->workbench()->views().currentView()); }
    EditSession& session() { return *view()->session(); }
    QString figure(const char* name) { return in<QLabel>(*view(), name)->text(); }
    const LayerBits& bits() { return session().state().bits; }
    BitMap& map() { return *in<BitMap>(*view(), "editedMap"); }

    /// The accuracy that is shown once every image was seen.
    QString exactAccuracy()
    {
        QCoreApplication::processEvents(); // what was edited is shown with the next turn of the event loop
        QString text;
        const bool came = QTest::qWaitFor(
            [&] {
                text = figure("accuracyFigure");
                return text.endsWith(QLatin1Char('%')) && !text.contains(QStringLiteral("to"));
            },
            kPatienceMs);
        return came ? text : QString();
    }
    void open(qint64 run)
    {
        m_window->workspace()->selection().selectRun(RunId { run });
        m_window->workbench()->views().showKind(QStringLiteral("whatif"));
        QTRY_VERIFY_WITH_TIMEOUT(view() && view()->session() && view()->session()->base().run.id.value == run, kPatienceMs);
    }
    /// What the project says of a run.
    RunResults stored(qint64 run)
    {
        Project file = Project::openReadOnly(project().toStdString());
        return runResults(file, RunId { run });
    }

private slots:
    void initTestCase()
    {
        qputenv("BITSCAPE_CLI", BITSCAPE_CLI);
        m_folder = std::make_unique<QTemporaryDir>();
        for (const char* command :
            { "new", "model add zoo:lenet5", "data add --kind glyphs --path train=600,test=300,seed=1", "train --set epochs=2 --threads 1",
                "score --from 1 --set samples_per_class=20 --threads 1", "search --from 2 --set target_bits=2.5 --threads 1",
                "search --from 2 --set strategy=fisher --set target_bits=2 --set samples_per_class=10 --threads 1" })
            cli(QLatin1String(command));
        m_place = std::make_unique<Place>();
        m_window = m_place->studio->openProject(project(), ProjectThread::Mode::Open);
        m_window->resize(1280, 800);
        QVERIFY(QTest::qWaitForWindowActive(m_window));
        QTRY_VERIFY(m_window->workspace() && m_window->workspace()->document().runs().size() == 4);
    }
    void cleanupTestCase() { m_place.reset(); }
    void init()
    {
        if (m_failed)
            QSKIP("An earlier step failed.");
    }
    void cleanup() { m_failed = m_failed || QTest::currentTestFailed(); }

    void aTrainingHasNothingToEdit()
    {
        m_window->workspace()->selection().selectRun(RunId { 1 });
        m_window->workbench()->views().showKind(QStringLiteral("whatif"));
        QTRY_VERIFY(view() && in<QLabel>(*view(), "hint")->text().contains(QStringLiteral("no bits to try out")));
        QVERIFY(!view()->session());
    }

    void theRunItselfIsShown()
    {
        open(3);
        const RunResults search = stored(3);
        QCOMPARE(bits(), search.bits);
        QCOMPARE(figure("bitsFigure"), fixedText(search.cost->averageBits, 2));
        QCOMPARE(figure("macsFigure"), scaledText(static_cast<double>(search.cost->macs)));
        QCOMPARE(exactAccuracy(), percentText(search.metrics.at("accuracy")));
        QVERIFY(!in<QPushButton>(*view(), "undoEdit")->isEnabled());
    }

    void aThresholdIsDragged()
    {
        Chart& chart = *in<Chart>(*view(), "thresholdHistogram");
        const RunResults search = stored(3);
        const QPoint from = chart.markPlace(3).toPoint();
        QWidget* plot = chart.childAt(from);
        QVERIFY(plot);
        const auto at = [&](const QPoint& place) { return plot->mapFrom(&chart, place); };
        QTest::mousePress(plot, Qt::LeftButton, {}, at(from));
        for (const int way : { 20, 40, 60 })
            QTest::mouseMove(plot, at(from + QPoint(way, 0)));
        QTest::mouseRelease(plot, Qt::LeftButton, {}, at(from + QPoint(60, 0)));
        const std::vector<double> thresholds = session().state().thresholds;
        QVERIFY(thresholds[3] > search.thresholds[3]);
        QCOMPARE(thresholds[2], search.thresholds[2]);
        QCOMPARE(bits(), bitsFromThresholds(search.layers, search.filterScores, thresholds, { search.allowedBits, 8 }));
        const Cost cost = costOf(search.graph, search.layers, bits());
        QVERIFY(cost.averageBits < search.cost->averageBits);
        QTRY_COMPARE(figure("bitsFigure"), fixedText(cost.averageBits, 2));
        QCOMPARE(figure("bitopsFigure"), scaledText(static_cast<double>(cost.bitops)));
        QCOMPARE(session().history().size(), std::size_t(1)); // one drag, one step
        QVERIFY(!exactAccuracy().isEmpty());
    }

    void undoAndRedoByKeys()
    {
        const LayerBits edited = bits();
        map().setFocus();
        QTest::keyClick(&map(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bits(), stored(3).bits);
        QCOMPARE(exactAccuracy(), percentText(stored(3).metrics.at("accuracy")));
        QTest::keyClick(&map(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(bits(), edited);
    }

    void aLayerIsLockedAndFiltersArePainted()
    {
        const LayerBits before = bits();
        choose(in<QComboBox>(*view(), "brush"), QStringLiteral("Lock"));
        choose(in<QComboBox>(*view(), "onto"), QStringLiteral("selected layer"));
        const int layer = 1;
        const QRectF first = map().rectOf({ layer, 0 });
        QTest::mouseClick(&map(), Qt::LeftButton, {}, QPoint(12, static_cast<int>(first.center().y()))); // the head
        QCOMPARE(map().selected(), (FilterRef { layer, -1 }));
        click(in(*view(), "applyBrush"));
        QVERIFY(std::ranges::all_of(session().state().locked[layer], [](auto locked) { return locked == 1; }));
        choose(in<QComboBox>(*view(), "brush"), QStringLiteral("Set to"));
        in<QSpinBox>(*view(), "brushBits")->setValue(1);
        choose(in<QComboBox>(*view(), "onto"), QStringLiteral("all filters"));
        click(in(*view(), "applyBrush"));
        QCOMPARE(bits()[layer], before[layer]);
        QVERIFY(std::ranges::all_of(bits()[2], [](auto width) { return width == 1; }));
        // A stroke over three filters of a layer that is free.
        in<QSpinBox>(*view(), "brushBits")->setValue(4);
        click(in(*view(), "paint"));
        const auto middle = [&](int filter) { return map().rectOf({ 2, filter }).center().toPoint(); };
        QTest::mousePress(&map(), Qt::LeftButton, {}, middle(4));
        QTest::mouseMove(&map(), middle(6));
        QTest::mouseRelease(&map(), Qt::LeftButton, {}, middle(6));
        QStringList painted;
        for (std::size_t filter = 0; filter < bits()[2].size(); ++filter) {
            if (bits()[2][filter] == 4)
                painted << QString::number(filter);
        }
        QCOMPARE(painted, QStringList({ "4", "5", "6" }));
        click(in(*view(), "paint"));
        QCOMPARE(session().undo().count(), 4); // drag, lock, all, stroke
    }

    void undoneToTheStart()
    {
        for (int i = 0; i < 4; ++i) {
            QTRY_VERIFY(in(*view(), "undoEdit")->isEnabled());
            click(in(*view(), "undoEdit"));
            QCoreApplication::processEvents();
        }
        QTRY_VERIFY(!in(*view(), "undoEdit")->isEnabled());
        QCOMPARE(bits(), stored(3).bits);
        QVERIFY(session().history().empty());
        QTRY_VERIFY(!in<QPushButton>(*view(), "keepEdit")->isEnabled());
        for (int i = 0; i < 4; ++i) {
            QTRY_VERIFY(in(*view(), "redoEdit")->isEnabled());
            click(in(*view(), "redoEdit"));
            QCoreApplication::processEvents();
        }
        QCOMPARE(session().history().size(), std::size_t(4));
    }

    void editsWaitWhileAnotherRunIsLookedAt()
    {
        const LayerBits edited = bits();
        open(4);
        QVERIFY(session().history().empty());
        open(3);
        QCOMPARE(bits(), edited);
    }

    void classesAreWeighed()
    {
        open(4);
        QVERIFY(in<QSlider>(*view(), "targetSlider")->isEnabled());
        QTableView& table = *in<QTableView>(*view(), "classEffects");
        const QModelIndex weight = table.model()->index(3, 4);
        table.scrollTo(weight);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(weight).center());
        QTest::mouseDClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(weight).center());
        auto* editor = table.viewport()->findChild<QLineEdit*>();
        QVERIFY(editor);
        type(editor, QStringLiteral("5"));
        QTest::keyClick(editor, Qt::Key_Return);
        std::vector<double> weights(10, 1);
        weights[3] = 5;
        QTRY_COMPARE(session().state().classWeights, weights); // the table commits with the next turn of the event loop
        AllocationRequest request;
        request.targetBits = session().state().targetBits;
        request.choice = session().state().choice;
        request.classWeights = weights;
        QCOMPARE(bits(), allocate(session().sources().layers, *session().sources().sensitivity, request));
        auto* target = in<QDoubleSpinBox>(*view(), "targetBits");
        type(target->findChild<QLineEdit*>(), QStringLiteral("1.5"));
        QTest::keyClick(target, Qt::Key_Return);
        QVERIFY(session().cost().averageBits <= 1.5);
        click(in(*view(), "allow1"));
        QVERIFY(std::ranges::none_of(bits()[1], [](auto width) { return width == 1; }));
        QVERIFY(!exactAccuracy().isEmpty());
    }

    void keptAsARun()
    {
        const LayerBits edited = bits();
        const QString accuracy = exactAccuracy();
        QVERIFY(!accuracy.isEmpty());
        click(in(*view(), "keepEdit"));
        QTRY_COMPARE_WITH_TIMEOUT(m_window->workspace()->document().runs().size(), std::size_t(5), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(stored(5).run.state == RunState::Finished, kPatienceMs);
        const RunResults kept = stored(5);
        QCOMPARE(kept.bits, edited);
        QCOMPARE(percentText(kept.metrics.at("accuracy")), accuracy);
        QCOMPARE(kept.run.parent->value, 4);
        QCOMPARE(kept.run.parameters.at("edits").size(), session().history().size());
        open(5); // and edited on
        QCOMPARE(bits(), edited);
    }

    void theWorkerDiesAndIsStartedAgain()
    {
        open(3);
        QProcess::execute(QStringLiteral("pkill"), { QStringLiteral("-9"), QStringLiteral("-f"), QStringLiteral("serve ") + project() });
        click(in(*view(), "undoEdit"));
        QVERIFY(QTest::qWaitFor([&] { return !exactAccuracy().isEmpty(); }, kPatienceMs));
    }

    void nothingTakesLong()
    {
        const auto& application = static_cast<const TimedApplication&>(*QCoreApplication::instance());
        qInfo("longest event: %lld ms (%s)", static_cast<long long>(application.longestMs()), application.longest().constData());
    }
};

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    TestWhatIf test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_what_if.moc"
