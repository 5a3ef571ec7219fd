// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/runs_fixture.h"
#include "tests/ui/view_fixture.h"

#include "ui/runs/run_filter_model.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>

#include <functional>
#include <random>
#include <set>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

/// A tree written out: every run with what is below it, "1(2(4)3)".
QString writtenOut(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QString text;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        text += QString::number(index.data(RunTreeModel::IdRole).toLongLong());
        const QString below = writtenOut(model, index);
        text += below.isEmpty() ? QStringLiteral(" ") : QStringLiteral("(") + below + QStringLiteral(")");
    }
    return text;
}

/// The same from the runs themselves; `isShown` is asked for every one, those above shown ones are shown too.
QString writtenOut(const RunMap& runs, const std::function<bool(const RunRecord&)>& isShown, std::optional<RunId> parent = {})
{
    QString text;
    for (const auto& [id, record] : runs) {
        const bool isRoot = !record->run.parent || !runs.contains(*record->run.parent);
        if (parent ? record->run.parent != parent : !isRoot)
            continue;
        const QString below = writtenOut(runs, isShown, id);
        if (isShown(*record) || !below.isEmpty())
            text += QString::number(id.value) + (below.isEmpty() ? QStringLiteral(" ") : QStringLiteral("(") + below + QStringLiteral(")"));
    }
    return text;
}

constexpr auto kAll = [](const RunRecord&) { return true; };

} // namespace

class TestRunTree final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }
    void followsTheProject();
    void adoptsAndOrphans();
    void touchesOnlyWhatChanges();
    void newNamesAreToldOfEveryRow();
    void showsAncestorsOfMatches();
    void sortsByValues();
    void saysStatesAndFailures();
};

/// Two hundred runs come, change and go at random; after each round the model is what a plain walk over the runs says.
void TestRunTree::followsTheProject()
{
    RunsFixture fixture;
    QVERIFY(fixture.open());
    const Theme theme;
    RunTreeModel model(*fixture.document, theme);
    PendingDeletions deletions(*fixture.document);
    RunFilterModel filtered(model, *fixture.document, deletions);
    filtered.sort(0);
    filtered.setQuery(QStringLiteral("kind:search"));
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester filterTester(&filtered, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    std::mt19937 random(11); // NOLINT: the same sequence every time
    std::vector<RunId> known;
    const auto any = [&] { return known[random() % known.size()]; };
    for (int round = 0; round < 40; ++round) {
        for (unsigned i = 0; i < 1 + random() % 8; ++i) {
            const auto parent = known.empty() || random() % 3 == 0 ? std::nullopt : std::optional(any());
            known.push_back(fixture.add(random() % 2 ? RunKind::Search : RunKind::Train, parent));
        }
        for (int i = 0; i < 3; ++i)
            renameRun(fixture.project, any(), "round " + std::to_string(round));
        for (unsigned i = 0; i < random() % 6; ++i) {
            const RunId id = any();
            if (bitscape::children(fixture.project, id).empty() && known.size() > 1) {
                removeRun(fixture.project, id);
                std::erase(known, id);
            }
        }
        if (round % 5 == 4) // a parent goes, its children stay
            fixture.force("DELETE FROM runs WHERE id = " + std::to_string(known[known.size() / 2].value));
        if (round % 5 == 4)
            known.erase(known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2));
        QVERIFY(fixture.catchUp());
        QCOMPARE(writtenOut(model), writtenOut(fixture.document->runs(), kAll));
        const auto isSearch = [](const RunRecord& record) { return record.run.kind == RunKind::Search; };
        QCOMPARE(writtenOut(filtered), writtenOut(fixture.document->runs(), isSearch));
    }
    QVERIFY(known.size() > 40);
    QCOMPARE(resets.count(), 1); // the first runs of all
}

/// A parent that is taken away, given, or changed.
void TestRunTree::adoptsAndOrphans()
{
    RunsFixture fixture;
    for (int i = 0; i < 6; ++i)
        fixture.add(RunKind::Train);
    fixture.force("UPDATE runs SET parent = 1 WHERE id IN (3, 4)");
    fixture.force("UPDATE runs SET parent = 9 WHERE id = 6"); // which is not there yet
    QVERIFY(fixture.open());
    const Theme theme;
    RunTreeModel model(*fixture.document, theme);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(fixture.catchUp());
    QTRY_COMPARE(writtenOut(model), QStringLiteral("1(3 4 )2 5 6 "));
    const QPersistentModelIndex four = model.indexOf(RunId { 4 });
    fixture.force("UPDATE runs SET parent = 2 WHERE id = 4");
    QVERIFY(fixture.catchUp());
    QCOMPARE(writtenOut(model), QStringLiteral("1(3 )2(4 )5 6 "));
    fixture.force("UPDATE runs SET parent = 4 WHERE id IN (1, 5)"); // one later than itself
    QVERIFY(fixture.catchUp());
    QCOMPARE(writtenOut(model), QStringLiteral("2(4(1(3 )5 ))6 "));
    for (int i = 7; i <= 9; ++i)
        fixture.add(RunKind::Score, RunId { 2 });
    QVERIFY(fixture.catchUp());
    QCOMPARE(writtenOut(model), QStringLiteral("2(4(1(3 )5 )7 8 9(6 ))"));
    fixture.force("DELETE FROM runs WHERE id IN (2, 8)");
    QVERIFY(fixture.catchUp());
    QCOMPARE(writtenOut(model), QStringLiteral("4(1(3 )5 )7 9(6 )"));
    QCOMPARE(four.data(RunTreeModel::IdRole).toLongLong(), 4LL); // still the same run
    fixture.force("UPDATE runs SET parent = 3 WHERE id = 4");    // a circle: the run stays where it is
    QVERIFY(fixture.catchUp());
    QCOMPARE(writtenOut(model), QStringLiteral("4(1(3 )5 )7 9(6 )"));
}

void TestRunTree::touchesOnlyWhatChanges()
{
    RunsFixture fixture;
    const RunId train = fixture.add(RunKind::Train);
    for (int i = 0; i < 5; ++i)
        fixture.add(RunKind::Score, train);
    QVERIFY(fixture.open());
    QVERIFY(fixture.catchUp());
    const Theme theme;
    RunTreeModel model(*fixture.document, theme);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged), inserts(&model, &QAbstractItemModel::rowsInserted);
    renameRun(fixture.project, RunId { 4 }, "another");
    QVERIFY(fixture.catchUp());
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changes[0][0].toModelIndex(), model.indexOf(RunId { 4 }));
    QCOMPARE(changes[0][1].toModelIndex().row(), model.indexOf(RunId { 4 }).row());
    QCOMPARE(model.indexOf(RunId { 4 }).data().toString(), QStringLiteral("#4  another"));
    const RunId first = fixture.add(RunKind::Score, train);
    fixture.add(RunKind::Search, first);
    fixture.add(RunKind::Score, train);
    QVERIFY(fixture.catchUp());
    QVERIFY(inserts.count() <= 2); // what is below arrives with it; one or two answers of the project
    QCOMPARE(writtenOut(model), QStringLiteral("1(2 3 4 5 6 7(8 )9 )"));
}

void TestRunTree::newNamesAreToldOfEveryRow()
{
    RunsFixture fixture;
    const RunId train = fixture.add(RunKind::Train);
    const RunId score = fixture.add(RunKind::Score, train);
    fixture.add(RunKind::Search, score);
    fixture.add(RunKind::Search, score);
    fixture.add(RunKind::Train);
    QVERIFY(fixture.open());
    QVERIFY(fixture.catchUp());
    const Theme theme;
    const RunTreeModel model(*fixture.document, theme);
    std::set<qlonglong> told;
    const QObject context;
    connect(&model, &QAbstractItemModel::dataChanged, &context, [&](const QModelIndex& first, const QModelIndex& last) {
        QCOMPARE(first.parent(), last.parent());
        QCOMPARE(last.column() - first.column(), model.columnCount() - 1);
        for (int row = first.row(); row <= last.row(); ++row)
            told.insert(model.index(row, 0, first.parent()).data(RunTreeModel::IdRole).toLongLong());
    });
    emit fixture.document->modelsChanged();
    QCOMPARE(told, (std::set<qlonglong> { 1, 2, 3, 4, 5 }));
    told.clear();
    emit fixture.document->datasetsChanged();
    QCOMPARE(told.size(), std::size_t { 5 });
}

void TestRunTree::showsAncestorsOfMatches()
{
    RunsFixture fixture;
    const RunId train = fixture.finished(RunKind::Train);
    const RunId score = fixture.finished(RunKind::Score, train);
    const RunId good = fixture.finished(RunKind::Search, score, { { "accuracy", 0.95 } });
    fixture.finished(RunKind::Search, score, { { "accuracy", 0.5 } });
    fixture.finished(RunKind::Train);
    QVERIFY(fixture.open());
    QVERIFY(fixture.catchUp());
    const Theme theme;
    RunTreeModel model(*fixture.document, theme);
    PendingDeletions deletions(*fixture.document);
    RunFilterModel filtered(model, *fixture.document, deletions);
    const QAbstractItemModelTester tester(&filtered, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(filtered.setQuery(QStringLiteral("accuracy>0.9")), QString());
    QCOMPARE(writtenOut(filtered), QStringLiteral("1(2(3 ))"));
    putMetrics(fixture.project, RunId { 4 }, { { "accuracy", 0.99 } }); // comes into the filter as it goes on
    QVERIFY(fixture.catchUp());
    QCOMPARE(writtenOut(filtered), QStringLiteral("1(2(3 4 ))"));
    deletions.add({ good });
    QCOMPARE(writtenOut(filtered), QStringLiteral("1(2(4 ))"));
    deletions.add(PendingDeletions::withDescendants(fixture.document->runs(), { train }));
    QCOMPARE(writtenOut(filtered), QString());
    filtered.setQuery({});
    QCOMPARE(writtenOut(filtered), QStringLiteral("5 "));
    deletions.take(PendingDeletions::withDescendants(fixture.document->runs(), { train }));
    QCOMPARE(writtenOut(filtered), QStringLiteral("1(2(3 4 ))5 "));
}

/// 10 comes after 9, and what has no figure last, whichever way.
void TestRunTree::sortsByValues()
{
    RunsFixture fixture;
    for (int i = 0; i < 12; ++i)
        fixture.finished(RunKind::Train, {},
            i == 4 ? std::map<std::string, double> {} : std::map<std::string, double> { { "macs", (i * 7) % 12 * 1e5 } });
    QVERIFY(fixture.open());
    QVERIFY(fixture.catchUp());
    const Theme theme;
    RunTreeModel model(*fixture.document, theme);
    PendingDeletions deletions(*fixture.document);
    RunFilterModel filtered(model, *fixture.document, deletions);
    filtered.sort(static_cast<int>(RunColumn::Run), Qt::DescendingOrder);
    QCOMPARE(writtenOut(filtered), QStringLiteral("12 11 10 9 8 7 6 5 4 3 2 1 "));
    std::vector<std::pair<int, int>> expected;
    for (int i = 0; i < 12; ++i) {
        if (i != 4)
            expected.emplace_back((i * 7) % 12, i + 1);
    }
    std::sort(expected.begin(), expected.end());
    QString rising, falling;
    for (const auto& [macs, id] : expected) {
        rising += QString::number(id) + QLatin1Char(' ');
        falling.prepend(QString::number(id) + QLatin1Char(' '));
    }
    filtered.sort(static_cast<int>(RunColumn::Macs), Qt::AscendingOrder);
    QCOMPARE(writtenOut(filtered), rising + QStringLiteral("5 "));
    filtered.sort(static_cast<int>(RunColumn::Macs), Qt::DescendingOrder);
    QCOMPARE(writtenOut(filtered), falling + QStringLiteral("5 "));
}

void TestRunTree::saysStatesAndFailures()
{
    RunsFixture fixture;
    const RunId id = fixture.add(RunKind::Train);
    claimRun(fixture.project, id, 1, "cpu", nlohmann::json::object());
    setProgress(fixture.project, id, 0.42, 3);
    QVERIFY(fixture.open());
    QVERIFY(fixture.catchUp());
    const Theme theme;
    RunTreeModel model(*fixture.document, theme);
    const QModelIndex state = model.indexOf(id, static_cast<int>(RunColumn::State));
    // The sign and the share are seen; the word is told to pointers and screen readers.
    QVERIFY2(state.data().toString().startsWith(QStringLiteral("42")), qPrintable(state.data().toString()));
    QVERIFY(state.data(Qt::ToolTipRole).toString().contains(QStringLiteral("running")));
    QCOMPARE(state.data(Qt::AccessibleTextRole).toString(), QStringLiteral("running"));
    QVERIFY(!state.data(Qt::DecorationRole).value<QIcon>().isNull());
    endRun(fixture.project, id, RunState::Failed, 4, "The disk is full.");
    QVERIFY(fixture.catchUp());
    QCOMPARE(state.data().toString(), QStringLiteral("failed"));
    QVERIFY(state.data(Qt::ToolTipRole).toString().contains(QStringLiteral("The disk is full.")));
}

QTEST_MAIN(TestRunTree)
#include "tst_run_tree.moc"
