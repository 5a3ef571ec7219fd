// SPDX-License-Identifier: GPL-3.0-or-later
// The run list with real clicks and keys; what commands write is read from the file by SQL.
#include "tests/ui/runs_fixture.h"
#include "tests/ui/view_fixture.h"

#include "ui/runs/run_commands.h"
#include "ui/runs/run_panel.h"

#include <QApplication>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTreeView>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

/// The panel on a project: train 1, score 2, searches 3 and 4 of it, train 5.
struct Bench {
    RunsFixture fixture;
    Theme theme;
    Selection selection;
    QUndoStack undo;
    std::unique_ptr<ResultsLoader> loader;
    std::unique_ptr<JobQueue> queue;
    std::unique_ptr<PendingDeletions> deletions;
    std::unique_ptr<RunPanel> panel;
    QTreeView* tree = nullptr;
    QLineEdit* filter = nullptr;

    Bench()
    {
        fixture.finished(RunKind::Train);
        fixture.finished(RunKind::Score, RunId { 1 });
        fixture.finished(RunKind::Search, RunId { 2 });
        fixture.finished(RunKind::Search, RunId { 2 });
        fixture.finished(RunKind::Train);
    }

    bool open()
    {
        if (!fixture.open() || !fixture.catchUp())
            return false;
        loader = std::make_unique<ResultsLoader>(*fixture.document);
        queue = std::make_unique<JobQueue>(*fixture.document);
        deletions = std::make_unique<PendingDeletions>(*fixture.document);
        panel = std::make_unique<RunPanel>(ViewContext { *fixture.document, selection, *loader, theme }, *queue, undo, *deletions);
        panel->resize(420, 400);
        panel->show();
        tree = panel->findChild<QTreeView*>(QStringLiteral("runs"));
        filter = panel->findChild<QLineEdit*>(QStringLiteral("run-filter"));
        return QTest::qWaitForWindowExposed(panel.get());
    }

    QModelIndex row(int id) const
    {
        const auto found = tree->model()->match(
            tree->model()->index(0, 0), RunTreeModel::IdRole, static_cast<qlonglong>(id), 1, Qt::MatchExactly | Qt::MatchRecursive);
        return found.isEmpty() ? QModelIndex() : found.first();
    }

    void click(int id, Qt::KeyboardModifiers with = {}) const
    {
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, with, tree->visualRect(row(id)).center());
    }

    std::vector<int> shown() const
    {
        std::vector<int> ids;
        for (QModelIndex index = tree->model()->index(0, 0); index.isValid(); index = tree->indexBelow(index))
            ids.push_back(index.data(RunTreeModel::IdRole).toInt());
        return ids;
    }

    /// Types into the question that stands open.
    void answer(const QString& text) const
    {
        const auto dialogs = panel->findChildren<QInputDialog*>();
        const auto open = std::ranges::find_if(dialogs, &QWidget::isVisible);
        QVERIFY(open != dialogs.end());
        (*open)->setTextValue(text);
        (*open)->accept();
    }
};

using Ids = std::vector<int>;

} // namespace

class TestRunPanel final : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)"))); }
    void sharesTheSelection();
    void filtersWithoutSelectingAnother();
    void keepsWhatIsFolded();
    void deletesWithUndo();
    void deletionsReachTheFileAtTheEnd();
    void refusesWhatIsBeingComputed();
    void renamesAndTags();
    void takesBackQuickChangesOneByOne();
    void offersWhatFits();
    void saysWhatToDoFirst();
};

void TestRunPanel::sharesTheSelection()
{
    Bench bench;
    QVERIFY(bench.open());
    QCOMPARE(bench.shown(), (Ids { 1, 2, 3, 4, 5 }));
    bench.click(3);
    QCOMPARE(bench.selection.run(), RunId { 3 });
    bench.selection.selectRun(RunId { 5 });
    QCOMPARE(bench.tree->currentIndex(), bench.row(5));
    QTest::keyClick(bench.tree, Qt::Key_Up);
    QCOMPARE(bench.selection.run(), RunId { 4 });
    QSignalSpy opened(bench.panel.get(), &RunPanel::opened), duplicates(bench.panel.get(), &RunPanel::duplicateRequested);
    QTest::keyClick(bench.tree, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QTest::keyClick(bench.tree, Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(duplicates.count(), 1);
    QCOMPARE(duplicates[0][0].value<RunId>(), RunId { 4 });
    QTest::keyClick(bench.tree, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(bench.panel->selectedRuns().size(), std::size_t(5));
}

void TestRunPanel::filtersWithoutSelectingAnother()
{
    Bench bench;
    QVERIFY(bench.open());
    bench.click(5);
    QSignalSpy changes(&bench.selection, &Selection::runChanged);
    QTest::mouseClick(bench.filter, Qt::LeftButton);
    QVERIFY(bench.filter->hasFocus());
    QTest::keyClicks(bench.filter, QStringLiteral("kind:search"));
    QCOMPARE(bench.shown(), (Ids { 1, 2, 3, 4 }));
    QCOMPARE(changes.count(), 0); // the views stay where they are
    QTest::keyClicks(bench.filter, QStringLiteral(" nonsense:x"));
    auto* complaint = bench.panel->findChild<QLabel*>(QStringLiteral("bad"));
    QVERIFY(complaint->isVisible() && complaint->text().contains(QStringLiteral("nonsense")));
    QCOMPARE(bench.shown(), (Ids { 1, 2, 3, 4 }));
    bench.filter->clear();
    QVERIFY(!complaint->isVisible());
    QCOMPARE(bench.tree->currentIndex(), bench.row(5));
    QCOMPARE(changes.count(), 0);
}

void TestRunPanel::keepsWhatIsFolded()
{
    Bench bench;
    QVERIFY(bench.open());
    bench.click(1);
    QTest::keyClick(bench.tree, Qt::Key_Left);
    QCOMPARE(bench.shown(), (Ids { 1, 5 }));
    bench.fixture.add(RunKind::Search, RunId { 2 });
    bench.fixture.add(RunKind::Score, RunId { 5 });
    QVERIFY(bench.fixture.catchUp());
    QTRY_COMPARE(bench.shown(), (Ids { 1, 5, 7 }));
    bench.filter->setText(QStringLiteral("#4"));
    QCOMPARE(bench.shown(), (Ids { 1, 2, 4 }));
    bench.filter->clear();
    QCOMPARE(bench.shown(), (Ids { 1, 5, 7 }));
    QCOMPARE(bench.selection.run(), RunId { 1 });
}

void TestRunPanel::deletesWithUndo()
{
    Bench bench;
    QVERIFY(bench.open());
    bench.click(2);
    QTest::keyClick(bench.tree, Qt::Key_Delete);
    QCOMPARE(bench.shown(), (Ids { 1, 5 }));
    QCOMPARE(bench.undo.undoText(), QStringLiteral("delete 3 runs"));
    QCOMPARE(bench.fixture.stored(RunId { 3 }, "state"), std::string("finished")); // still there
    bench.undo.undo();
    QTRY_COMPARE(bench.shown(), (Ids { 1, 2, 3, 4, 5 }));
    bench.undo.redo();
    QCOMPARE(bench.shown(), (Ids { 1, 5 }));
    bench.deletions->commit();
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "state"), std::string("gone"));
    QVERIFY(bench.fixture.catchUp());
    QCOMPARE(bench.fixture.stored(RunId { 1 }, "state"), std::string("finished"));
    bench.undo.undo(); // there is nothing left to bring back
    QCOMPARE(bench.shown(), (Ids { 1, 5 }));
    QVERIFY(!bench.undo.canRedo());
}

/// Closing the project right after commit(), as the window does, loses neither deletions nor notes.
void TestRunPanel::deletionsReachTheFileAtTheEnd()
{
    Bench bench;
    QVERIFY(bench.open());
    for (int i = 0; i < 30; ++i)
        bench.fixture.document->library().ask(
            bench.panel.get(), [](Project& project) { return runs(project); }, [](auto&&) {});
    bench.undo.push(renameCommand(*bench.fixture.document, RunId { 5 }, QStringLiteral("last words")).release());
    bench.undo.push(deleteCommand(*bench.fixture.document, *bench.deletions, { RunId { 2 } }).release());
    const RunId late = bench.fixture.add(RunKind::Evaluate, RunId { 3 }); // by another process, unseen: what it starts from stays
    bench.deletions->commit();
    bench.panel.reset();
    bench.queue.reset();
    bench.deletions.reset();
    bench.loader.reset();
    bench.fixture.document.reset();
    QCOMPARE(bench.fixture.stored(RunId { 5 }, "name"), std::string("last words"));
    QCOMPARE(bench.fixture.stored(RunId { 4 }, "state"), std::string("gone"));
    QCOMPARE(bench.fixture.stored(RunId { 3 }, "state"), std::string("finished"));
    QCOMPARE(bench.fixture.stored(late, "parent"), std::string("3"));
}

void TestRunPanel::refusesWhatIsBeingComputed()
{
    Bench bench;
    const RunId live = bench.fixture.add(RunKind::Refine, RunId { 4 });
    claimRun(bench.fixture.project, live, 1, "cpu", nlohmann::json::object());
    QVERIFY(bench.open());
    QSignalSpy refused(bench.panel.get(), &RunPanel::refused);
    bench.click(1);
    QTest::keyClick(bench.tree, Qt::Key_Delete);
    QCOMPARE(refused.count(), 1);
    QVERIFY(refused[0][0].toString().contains(QStringLiteral("Run 6 is being computed")));
    QCOMPARE(bench.undo.count(), 0);
    QCOMPARE(bench.shown(), (Ids { 1, 2, 3, 4, 6, 5 }));
    endRun(bench.fixture.project, live, RunState::Cancelled, 1);
    QVERIFY(bench.fixture.catchUp());
    bench.click(1);
    QTest::keyClick(bench.tree, Qt::Key_Delete);
    QCOMPARE(bench.shown(), (Ids { 5 }));
}

void TestRunPanel::renamesAndTags()
{
    Bench bench;
    QVERIFY(bench.open());
    bench.click(3);
    QTest::keyClick(bench.tree, Qt::Key_F2);
    bench.answer(QStringLiteral("a ä'better\" name"));
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "name"), std::string("a ä'better\" name"));
    QTRY_VERIFY(bench.row(3).data().toString().contains(QStringLiteral("better")));
    bench.panel->editTags();
    bench.answer(QStringLiteral(" keep, , for the paper "));
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "tags"), std::string(R"(["keep","for the paper"])"));
    bench.panel->editNote();
    bench.answer(QStringLiteral("two\nlines"));
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "note"), std::string("two\nlines"));
    for (int i = 0; i < 3; ++i)
        bench.undo.undo();
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "name"), std::string("search"));
    QCOMPARE(bench.fixture.stored(RunId { 3 }, "tags"), std::string("[]"));
    QCOMPARE(bench.fixture.stored(RunId { 3 }, "note"), std::string());
    bench.undo.redo();
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "name"), std::string("a ä'better\" name"));
}

void TestRunPanel::takesBackQuickChangesOneByOne()
{
    Bench bench;
    QVERIFY(bench.open());
    for (const char* name : { "one", "two" }) // faster than the document hears of it
        bench.undo.push(renameCommand(*bench.fixture.document, RunId { 3 }, QString::fromLatin1(name)).release());
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "name"), std::string("two"));
    bench.undo.undo();
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "name"), std::string("one"));
    bench.undo.undo();
    QTRY_COMPARE(bench.fixture.stored(RunId { 3 }, "name"), std::string("search"));
}

void TestRunPanel::offersWhatFits()
{
    Bench bench;
    QVERIFY(bench.open());
    QSignalSpy wanted(bench.panel.get(), &RunPanel::followUpRequested);
    bench.click(2);
    emit bench.tree->customContextMenuRequested(bench.tree->visualRect(bench.row(2)).center());
    auto* menu = bench.panel->findChild<QMenu*>(QStringLiteral("run-menu"));
    QVERIFY(menu);
    const auto actions = menu->actions();
    const auto search
        = std::ranges::find_if(actions, [](const QAction* action) { return action->text().contains(QStringLiteral("Search")); });
    QVERIFY(search != actions.end());
    (*search)->trigger();
    QCOMPARE(wanted.count(), 1);
    QVERIFY(wanted[0][0].value<RunKind>() == RunKind::Search);
    QCOMPARE(wanted[0][1].value<RunId>(), RunId { 2 });
    QSignalSpy exports(bench.panel.get(), &RunPanel::exportRequested);
    const auto exporting
        = std::ranges::find_if(actions, [](const QAction* action) { return action->text() == QStringLiteral("E&xport…"); });
    QVERIFY(exporting != actions.end());
    (*exporting)->trigger();
    QCOMPARE(exports.count(), 1);
    QCOMPARE(exports[0][0].value<RunId>(), RunId { 2 });
    menu->close();
    const QByteArray state = bench.panel->saveState();
    bench.tree->setColumnHidden(static_cast<int>(RunColumn::Seed), false);
    bench.panel->restoreState(state);
    QVERIFY(bench.tree->isColumnHidden(static_cast<int>(RunColumn::Seed)));
}

void TestRunPanel::saysWhatToDoFirst()
{
    Bench bench;
    QVERIFY(bench.open());
    auto* hint = bench.panel->findChild<QLabel*>(QStringLiteral("hint"));
    QVERIFY(!hint->isVisible());
    bench.filter->setText(QStringLiteral("no such run"));
    QVERIFY(hint->isVisible() && hint->text() == QStringLiteral("No run matches the filter."));
    bench.filter->clear();
    bench.tree->setFocus();
    QTest::keyClick(bench.tree, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(bench.tree, Qt::Key_Delete);
    QVERIFY(hint->isVisible());
    bench.undo.undo();
    QVERIFY(!hint->isVisible());
    QTRY_COMPARE(bench.shown(), (Ids { 1, 2, 3, 4, 5 }));
}

QTEST_MAIN(TestRunPanel)
#include "tst_run_panel.moc"
