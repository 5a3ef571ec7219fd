// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep and its children in the file.
#include "project_fixture.h"

#include "core/project/open_file.h"
#include "core/project/run_changes.h"
#include "core/project/runs.h"
#include "core/project/schema.h"
#include "core/project/sweeps.h"

using namespace bitscape;
using namespace fixture;

namespace {

NewChild child(int place, int startsFrom = 0)
{
    NewChild child;
    child.run.kind = startsFrom > 0 ? RunKind::Refine : RunKind::Search;
    child.run.name = "child " + std::to_string(place);
    child.run.place = place;
    child.startsFrom = startsFrom;
    return child;
}

Run sweepRun()
{
    Run run;
    run.kind = RunKind::Sweep;
    run.name = "a sweep";
    return run;
}

} // namespace

class SweepsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void childrenComeWithIt()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId before = addRun(project, {});
        NewChild outside = child(3);
        outside.run.parent = before;
        const RunId sweep = addSweep(project, sweepRun(), "{\"stages\": []}", { child(1), child(2, 1), outside });
        QCOMPARE(sweepRecipe(project, sweep), std::string("{\"stages\": []}"));
        const auto children = sweepChildren(project, sweep);
        QCOMPARE(children.size(), std::size_t(3));
        for (std::size_t i = 0; i < children.size(); ++i) {
            QCOMPARE(children[i].place, static_cast<int>(i) + 1);
            QVERIFY(children[i].sweep == sweep);
            QVERIFY(children[i].state == RunState::Queued);
        }
        QVERIFY(!children[0].parent);
        QVERIFY(children[1].parent == children[0].id);
        QVERIFY(children[2].parent == before);
        QCOMPARE(sqlValue(folder.path(), "SELECT count(*) FROM v_runs WHERE sweep = 2"), std::string("3"));
        QVERIFY(runChangesSince(project, 0).changed.back().run.sweep == sweep);
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { sweepRecipe(project, before); }), "Run 1 is no sweep");
        QVERIFY(sweepChildren(project, before).empty());
    }

    void onlyTheMissingAreMadeAgain()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const std::vector<NewChild> all { child(1), child(2, 1), child(3, 1) };
        const RunId sweep = addSweep(project, sweepRun(), "{}", all);
        QCOMPARE(addMissingChildren(project, sweep, all), 0);
        const auto before = sweepChildren(project, sweep);
        removeRun(project, before[1].id);
        QCOMPARE(addMissingChildren(project, sweep, all), 1);
        const auto after = sweepChildren(project, sweep);
        QVERIFY(after[0] == before[0] && after[2] == before[2]);
        QVERIFY(after[1].id.value > before[2].id.value);
        QVERIFY(after[1].parent == before[0].id);
        QCOMPARE(after[1].name, before[1].name);
    }

    void aWrongOrderLeavesNothing()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument,
                           [&] {
                               addSweep(project, sweepRun(), "{}", { child(1, 2), child(2) });
                           }),
            "starts from child 2, which does not come before it");
        QVERIFY(runs(project).empty());
        QCOMPARE(sqlValue(folder.path(), "SELECT count(*) FROM sweeps"), std::string("0"));
    }

    void goesLast()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId sweep = addSweep(project, sweepRun(), "{}", { child(1), child(2, 1) });
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeRun(project, sweep); }), "is the sweep that made runs 2 and 3");
        removeRun(project, { 3 });
        removeRun(project, { 2 });
        removeRun(project, sweep);
        QCOMPARE(sqlValue(folder.path(), "SELECT count(*) FROM sweeps"), std::string("0"));
    }

    /// A file of schema 3, without sweeps.
    void comesForward()
    {
        const Folder folder;
        {
            SQLite::Database database(folder.path().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            database.exec("PRAGMA application_id = " + std::to_string(schema::kApplicationId));
        }
        {
            SQLite::Database database = openFile(folder.path(), Access::ReadWrite, 1000, { schema::current().scripts.first(3), "" });
            database.exec("INSERT INTO runs (kind, name, state, parameters, seed, threads, device, versions, created, tags, note) "
                          "VALUES ('train', 'one', 'finished', '{}', 1, 2, 'cpu', '{}', '', '[]', '')");
        }
        Project project = Project::open(folder.path());
        const Run old = run(project, { 1 });
        QCOMPARE(old.name, std::string("one"));
        QVERIFY(!old.sweep && old.place == 0);
        QVERIFY(sweepChildren(project, addSweep(project, sweepRun(), "{}", { child(1) })).size() == 1);
        QCOMPARE(sqlValue(folder.path(), "PRAGMA integrity_check"), std::string("ok"));
    }
};

QTEST_GUILESS_MAIN(SweepsTest)
#include "tst_sweeps.moc"
