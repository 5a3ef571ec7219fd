// SPDX-License-Identifier: GPL-3.0-or-later
// Who looks again is told of what changed, whichever process and whichever function wrote it, and of nothing else.
#include "project_fixture.h"

#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/run_changes.h"
#include "core/project/runs.h"

#include <functional>
#include <set>

using namespace bitscape;
using namespace fixture;

namespace {

std::vector<std::int64_t> numbersOf(const RunChanges& changes)
{
    std::vector<std::int64_t> numbers;
    for (const RunRecord& record : changes.changed)
        numbers.push_back(record.run.id.value);
    return numbers;
}

using Numbers = std::vector<std::int64_t>;

} // namespace

class RunChangesTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void anEmptyProject()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        QVERIFY(runChangesSince(project, 0) == RunChanges());
        QVERIFY(runIds(project).empty());
    }

    void everyWriteIsTold()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Project looker = Project::openReadOnly(folder.path()); // another connection, as another process has
        addRun(project, {});
        const RunId id = addRun(project, {});
        addRun(project, {});
        std::int64_t seen = runChangesSince(looker, 0).revision;
        const std::string blob = project.putBlob(std::as_bytes(std::span("bytes")));
        const std::vector<std::pair<const char*, std::function<void()>>> writes {
            { "name", [&] { renameRun(project, id, "x"); } },
            { "the same name", [&] { renameRun(project, id, "x"); } },
            { "tags", [&] { setRunTags(project, id, { "ship" }); } },
            { "note", [&] { setRunNote(project, id, "n"); } },
            { "progress", [&] { setProgress(project, id, 0.5, 3); } },
            { "metrics",
                [&] {
                    putMetrics(project, id, { { "accuracy", 0.5 }, { "macs", 2 } });
                } },
            { "metrics again",
                [&] {
                    putMetrics(project, id, { { "accuracy", 0.75 } });
                } },
            { "epoch",
                [&] {
                    putEpoch(project, id, { 1, 0.5, 0.5, 0.1, 1 }, {});
                } },
            { "epoch again",
                [&] {
                    putEpoch(project, id, { 1, 0.25, 0.5, 0.1, 1 }, blob);
                } },
            { "point", [&] { putPoint(project, id, {}); } },
            { "point again", [&] { putPoint(project, id, {}); } },
            { "truncated", [&] { truncateTrajectory(project, id, 0); } },
            { "scores",
                [&] {
                    putScores(project, id, { { "conv", 1, { 1, 2 } } });
                } },
            { "bits",
                [&] {
                    putBits(project, id, { { 1, 2 }, { 3 } });
                } },
            { "attachment", [&] { putAttachment(project, id, "weights", blob); } },
            { "attachment dropped", [&] { dropAttachment(project, id, "weights"); } },
            { "cleared", [&] { clearResults(project, id); } },
            { "cancelled", [&] { requestCancel(project, id); } },
            { "by hand", [&] { project.database().exec("UPDATE runs SET note = 'y' WHERE id = 2; UPDATE metrics SET value = 1"); } },
        };
        for (const auto& [what, write] : writes) {
            QVERIFY2(runChangesSince(looker, seen).changed.empty(), what);
            write();
            const RunChanges changes = runChangesSince(looker, seen);
            QVERIFY2(numbersOf(changes) == Numbers { id.value }, what);
            QVERIFY2(changes.changed.front() == (RunRecord { run(project, id), metrics(project, id), changes.revision }), what);
            QVERIFY2(changes.revision > seen, what);
            seen = changes.revision;
        }
    }

    void whatIsNoChangeIsNotTold()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        putMetrics(project, id, { { "accuracy", 0.5 } });
        const RunChanges before = runChangesSince(project, 0);
        run(project, id);
        project.putBlob(std::as_bytes(std::span("bytes")));
        QVERIFY(!refusal(ErrorCode::BadArgument, [&] { putScores(project, id, { { "a", 0, {} } }); }).startsWith(QLatin1String("<<")));
        const RunChanges after = runChangesSince(project, before.revision);
        QVERIFY(after.changed.empty());
        QCOMPARE(after.revision, before.revision);
    }

    void theLatestRevisionIsAboveAllOthers()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        for (int i = 0; i < 4; ++i)
            addRun(project, {});
        const std::int64_t seen = runChangesSince(project, 0).revision;
        putMetrics(project, { 1 }, { { "accuracy", 0.5 } });
        removeRun(project, { 4 });
        removeRun(project, { 1 }); // the one with the highest revision
        renameRun(project, { 2 }, "new");
        const RunChanges changes = runChangesSince(project, seen);
        QCOMPARE(numbersOf(changes), Numbers { 2 });
        QCOMPARE(changes.runCount, std::int64_t(2));
        QCOMPARE(runIds(project), (std::vector<RunId> { { 2 }, { 3 } }));
        addRun(project, {});
        QCOMPARE(numbersOf(runChangesSince(project, changes.revision)), Numbers { 5 });
    }

    void figuresGoToTheirRuns()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        for (int i = 0; i < 30; ++i) {
            const RunId id = addRun(project, named<Run>("run " + std::to_string(i)));
            if (i % 3 != 0)
                putMetrics(project, id, { { "accuracy", i / 30.0 }, { "nothing", std::numeric_limits<double>::infinity() } });
        }
        const RunChanges all = runChangesSince(project, 0);
        QCOMPARE(all.changed.size(), std::size_t(30));
        std::set<std::int64_t> revisions;
        for (const RunRecord& record : all.changed) {
            QVERIFY(record.run == run(project, record.run.id));
            QVERIFY(record.metrics == metrics(project, record.run.id));
            revisions.insert(record.revision);
        }
        QCOMPARE(revisions.size(), std::size_t(30)); // each its own
        QCOMPARE(*revisions.rbegin(), all.revision);
    }

    void liveRunsAreAlwaysToldAndDeadOnesAsInterrupted()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        for (int i = 0; i < 3; ++i)
            addRun(project, {});
        claimRun(project, { 2 }, 1, "cpu", nlohmann::json::object());
        const std::int64_t seen = runChangesSince(project, 0).revision;
        QCOMPARE(numbersOf(runChangesSince(project, seen)), Numbers { 2 });
        project.database().exec("UPDATE runs SET worker_start = worker_start + 1 WHERE id = 2");
        for (const std::int64_t since : { std::int64_t(0), runChangesSince(project, 0).revision })
            for (const RunRecord& record : runChangesSince(project, since).changed)
                QCOMPARE(toString(record.run.state), std::string(record.run.id.value == 2 ? "interrupted" : "queued"));
        QCOMPARE(numbersOf(runChangesSince(project, runChangesSince(project, 0).revision)), Numbers { 2 });
    }

    void modelsAndDataSetsComeAndGo()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunChanges none = runChangesSince(project, 0);
        const ModelId model = addModel(project, named<Model>("m"));
        const RunChanges one = runChangesSince(project, 0);
        QVERIFY(one.modelRevision != none.modelRevision);
        QCOMPARE(one.datasetRevision, none.datasetRevision);
        removeModel(project, model);
        const DatasetId dataset = addDataset(project, named<Dataset>("d"));
        const RunChanges other = runChangesSince(project, 0);
        QVERIFY(other.modelRevision != one.modelRevision && other.modelRevision != none.modelRevision);
        QVERIFY(other.datasetRevision != one.datasetRevision);
        removeDataset(project, dataset);
        QVERIFY(runChangesSince(project, 0).datasetRevision > other.datasetRevision);
        QCOMPARE(other.revision, none.revision);
    }

    void aDamagedCounterIsSaid()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        project.database().exec("DELETE FROM revisions");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { runChangesSince(project, 0); }), "revisions");
    }
};

QTEST_GUILESS_MAIN(RunChangesTest)
#include "tst_run_changes.moc"
