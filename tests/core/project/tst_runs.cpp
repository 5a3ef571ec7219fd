// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of runs: what is put comes back, kin, removal, many of them.
#include "project_fixture.h"

#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <QElapsedTimer>

#include <limits>

using namespace bitscape;
using namespace fixture;

namespace {

Run awkwardRun(Project& project)
{
    Run run;
    run.kind = RunKind::Search;
    run.name = "search \"cq\" 2.0; 'ü' 网";
    run.model = addModel(project, named<Model>("m"));
    run.dataset = addDataset(project, named<Dataset>("d"));
    run.parent = addRun(project, {});
    run.parameters = { { "target_bits", 0.1 + 0.2 }, { "epsilon", 5e-324 }, { "allowed_bits", { 0, 1, 2, 4 } }, { "split", "train[90%:]" },
        { "big", std::numeric_limits<std::uint64_t>::max() }, { "none", nullptr }, { "nested", { { "ключ", true } } } };
    run.seed = std::numeric_limits<std::uint64_t>::max() - 5;
    run.threads = 2;
    run.device = "cuda";
    run.versions = { { "bitscape", "0.1.0" } };
    run.tags = { "ship", "", "it's", "网" };
    run.note = "a\nnote; with -- everything";
    return run;
}

} // namespace

class RunTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void comeBackAsTheyWere()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Run put = awkwardRun(project);
        put.state = RunState::Finished; // ignored, as are these
        put.failure = "x";
        put.progress = 0.5;
        put.seconds = 7;
        put.created = put.started = put.finished = "x";
        const RunId id = addRun(project, put);
        Run expected = put;
        expected.id = id;
        expected.state = RunState::Queued;
        expected.failure = expected.started = expected.finished = "";
        expected.progress = expected.seconds = 0;
        const Run found = run(project, id);
        expected.created = found.created;
        QCOMPARE(found.created.size(), std::string("2024-05-01T09:30:00.125Z").size());
        QVERIFY(found == expected);
        QVERIFY(runs(project).back() == expected);
        QVERIFY(run(project, *put.parent) == runs(project).front()); // all defaults, nothing referred to
    }

    void everyKindAndStateHasItsWord()
    {
        int kinds = 0;
        for (const char* word : { "train", "score", "search", "edit", "refine", "step", "evaluate", "import", "export", "sweep" }) {
            QCOMPARE(toString(runKindFrom(word)), std::string(word));
            QCOMPARE(int(runKindFrom(word)), kinds++);
        }
        int states = 0;
        for (const char* word : { "queued", "running", "paused", "finished", "failed", "cancelled", "interrupted" }) {
            QCOMPARE(toString(runStateFrom(word)), std::string(word));
            QCOMPARE(int(runStateFrom(word)), states++);
        }
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [] { runKindFrom("Train"); }), "use one of train, score, search");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [] { runStateFrom(""); }), "use one of queued, running");
    }

    void referencesMustExist()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Run run;
        run.model = ModelId { 5 };
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addRun(project, run); }), "There is no model 5");
        run = {};
        run.dataset = DatasetId { 6 };
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addRun(project, run); }), "There is no data set 6");
        run = {};
        run.parent = RunId { 7 };
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addRun(project, run); }), "There is no run 7");
        run = {};
        run.parameters = nlohmann::json::array();
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addRun(project, run); }), "JSON objects");
        run.parameters = { { "path", "\xff" } };
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addRun(project, run); }), "not UTF-8");
        QVERIFY(runs(project).empty());
        QVERIFY(!lastRun(project));
    }

    void kin()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Run next;
        std::vector<RunId> line;
        for (const RunKind kind : { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine }) {
            next.kind = kind;
            line.push_back(addRun(project, next));
            next.parent = line.back();
        }
        next.kind = RunKind::Search;
        next.parent = line[1];
        const RunId sibling = addRun(project, next);
        const std::vector<Run> ancestors = ancestry(project, line[3]);
        QCOMPARE(ancestors.size(), std::size_t(4));
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(ancestors[i].id == line[3 - i]);
        QVERIFY((bitscape::children(project, line[1]) == std::vector { line[2], sibling }));
        QVERIFY(bitscape::children(project, sibling).empty());
        QVERIFY(lastRun(project) == sibling);
        QVERIFY(lastRun(project, RunKind::Refine) == line[3]);
        QVERIFY(!lastRun(project, RunKind::Export));
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { ancestry(project, { 99 }); }), "There is no run 99");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { bitscape::children(project, { 99 }); }), "There is no run 99");
    }

    void whatOthersStartedFromIsNotRemoved()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Run next;
        const RunId parent = addRun(project, next);
        next.parent = parent;
        const RunId first = addRun(project, next);
        VERIFY_REFUSAL(
            refusal(ErrorCode::BadArgument, [&] { removeRun(project, parent); }), "is what run 2 started from: remove that first");
        const RunId second = addRun(project, next);
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeRun(project, parent); }), "is what runs 2 and 3 started from");
        removeRun(project, second);
        removeRun(project, first);
        removeRun(project, parent);
        QVERIFY(runs(project).empty());
        QVERIFY(addRun(project, {}).value > second.value); // a number means one run for ever
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeRun(project, second); }), "There is no run 3");
    }

    void resultsGoWithTheirRun()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId kept = addRun(project, {});
        const RunId removed = addRun(project, {});
        for (const RunId id : { kept, removed }) {
            putMetrics(project, id, { { "a", 1 } });
            putEpoch(project, id, { .epoch = 1 }, project.putBlob({}));
            TrajectoryPoint point;
            point.bits = { { 1 } };
            putPoint(project, id, point);
            putScores(project, id, { { "l", 1, { 1 } } });
            putBits(project, id, { { 1 } });
        }
        removeRun(project, removed);
        for (const char* table : { "metrics", "epochs", "points", "point_bits", "scores", "bits", "attachments" }) {
            QCOMPARE(project.database().execAndGet(std::string("SELECT count(*) FROM ") + table).getInt(), 1);
            QCOMPARE(project.database().execAndGet(std::string("SELECT run FROM ") + table).getInt64(), kept.value);
        }
    }

    void words()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        renameRun(project, id, "it's \"new\"");
        setRunTags(project, id, { "a", "ü", "" });
        setRunNote(project, id, "n\n\n");
        Run found = run(project, id);
        QCOMPARE(found.name, std::string("it's \"new\""));
        QVERIFY((found.tags == std::vector<std::string> { "a", "ü", "" }));
        QCOMPARE(found.note, std::string("n\n\n"));
        setRunTags(project, id, {});
        QVERIFY(run(project, id).tags.empty());
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { renameRun(project, { 9 }, "x"); }), "There is no run 9");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { setRunTags(project, { 9 }, {}); }), "There is no run 9");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { setRunNote(project, { 9 }, "x"); }), "There is no run 9");
    }

    void tenThousandRunsAreListedAtOnce()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Run next;
        for (int i = 0; i < 25; ++i)
            next.parameters["parameter_" + std::to_string(i)] = i * 0.1;
        const RunId first = addRun(project, next);
        putAttachment(project, first, "weights", project.putBlob(std::vector<std::byte>(1000000)));
        project.database().exec(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) "
            "INSERT INTO runs (kind, name, state, parameters, seed, threads, device, versions, created, tags, note) "
            "SELECT kind, name, 'finished', parameters, i, 2, device, versions, created, tags, note FROM n, runs WHERE id = "
            + std::to_string(first.value));
        QElapsedTimer clock;
        clock.start();
        Project reader = Project::open(folder.path());
        const std::vector<Run> all = runs(reader);
        const qint64 took = clock.elapsed();
        QCOMPARE(all.size(), std::size_t(10000));
        QVERIFY(all.back().parameters == next.parameters);
        qInfo("opened and listed in %lld ms", static_cast<long long>(took));
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
        QVERIFY2(took < 1000, qPrintable(QString::number(took)));
#endif
    }

    void theLatestThatFinished()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const ModelId model = addModel(project, named<Model>("m")), other = addModel(project, named<Model>("n"));
        const DatasetId data = addDataset(project, named<Dataset>("d"));
        std::vector<Run> expected;
        for (int i = 0; i < 40; ++i) {
            Run run;
            run.kind = i % 2 == 0 ? RunKind::Score : RunKind::Search;
            run.model = i % 5 == 0 ? other : model;
            run.dataset = data;
            const RunId id = addRun(project, run);
            claimRun(project, id, 1, "cpu", nlohmann::json::object());
            endRun(project, id, i % 3 == 0 ? RunState::Failed : RunState::Finished, 1);
            if (i % 2 == 0 && i % 5 != 0 && i % 3 != 0)
                expected.insert(expected.begin(), bitscape::run(project, id));
        }
        QVERIFY(expected.size() > 5);
        QVERIFY(finishedRuns(project, RunKind::Score, model, data, 100) == expected);
        expected.resize(3);
        QVERIFY(finishedRuns(project, RunKind::Score, model, data, 3) == expected);
        QVERIFY(finishedRuns(project, RunKind::Train, model, data, 100).empty());
    }
};

QTEST_GUILESS_MAIN(RunTest)
#include "tst_runs.moc"
