// SPDX-License-Identifier: GPL-3.0-or-later
// The project as the interface knows it, while the test writes to the file as another process would.
#include "tests/ui/runs_fixture.h"
#include "tests/ui/sample_project.h"
#include "tests/ui/view_fixture.h"

#include <QSignalSpy>
#include <QThread>

#include <atomic>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

using namespace bitscape;
using namespace bitscape::ui;

class TestProjectDocument final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }
    void threadAnswersInOrder();
    void threadAsksForTheGoneButTellsThemNothing();
    void threadTellsWhatWasRefused();
    void threadTakesNotesBeforeItGoes();
    void opensAndRefuses();
    void seesWhatOthersWrite();
    void seesRemovals();
    void seesAWorkerThatDied();
    void loaderFollowsWhatIsWatched();
    void loaderForgetsWhatIsNot();
};

void TestProjectDocument::threadAnswersInOrder()
{
    RunsFixture project;
    ProjectThread thread(project.path);
    std::vector<int> answers, expected;
    bool elsewhere = true, here = true;
    for (int i = 0; i < 100; ++i) {
        expected.push_back(i);
        thread.ask(
            this, [i, gui = QThread::currentThread()](Project&) { return std::pair(i, QThread::currentThread() != gui); },
            [&, gui = QThread::currentThread()](std::pair<int, bool> answer) {
                answers.push_back(answer.first);
                elsewhere = elsewhere && answer.second;
                here = here && QThread::currentThread() == gui;
            });
    }
    QVERIFY(answers.empty());
    QTRY_COMPARE(answers.size(), std::size_t(100));
    QVERIFY(answers == expected && elsewhere && here);
}

void TestProjectDocument::threadAsksForTheGoneButTellsThemNothing()
{
    RunsFixture project;
    ProjectThread thread(project.path);
    QSignalSpy failures(&thread, &ProjectThread::failed);
    auto asker = std::make_unique<QObject>();
    std::atomic<bool> asked = false;
    bool told = false, last = false;
    thread.ask(
        asker.get(), [&](Project&) { asked = true; }, [&] { told = true; });
    thread.ask(
        asker.get(), [](Project&) { throw std::runtime_error("no"); }, [] {}, [&](const QString&) { told = true; });
    asker.reset();
    thread.ask(
        this, [](Project&) {}, [&] { last = true; });
    QTRY_VERIFY(last);
    QVERIFY(asked && !told);
    QCOMPARE(failures.count(), 0);
}

void TestProjectDocument::threadTellsWhatWasRefused()
{
    RunsFixture project;
    ProjectThread thread(project.path);
    QSignalSpy failures(&thread, &ProjectThread::failed);
    QString refused;
    int count = -1;
    thread.ask(
        this, [](Project& open) { removeRun(open, RunId { 77 }); }, [] { QFAIL("there is no run 77"); },
        [&](const QString& sentence) { refused = sentence; });
    thread.tell([](Project&) { throw std::runtime_error("a sentence"); });
    thread.ask(this, runIds, [&](const std::vector<RunId>& ids) { count = static_cast<int>(ids.size()); }); // it still works
    QTRY_COMPARE(count, 0);
    QVERIFY2(refused.contains("77"), qPrintable(refused));
    QCOMPARE(failures.count(), 1);
    QCOMPARE(failures[0][0].toString(), QStringLiteral("a sentence"));
}

/// Questions that wait are not asked any more; notes are not lost.
void TestProjectDocument::threadTakesNotesBeforeItGoes()
{
    RunsFixture project;
    const RunId id = project.add(RunKind::Train, {}, "before");
    std::atomic<bool> begun = false, asked = false;
    auto thread = std::make_unique<ProjectThread>(project.path);
    thread->ask(
        this,
        [&](Project&) {
            begun = true;
            QThread::msleep(100); // the destructor below has to find it at work
        },
        [] { QFAIL("nobody is there any more"); });
    thread->ask(
        this, [&](Project&) { asked = true; }, [] { QFAIL("nobody is there any more"); });
    thread->tell([id](Project& open) { renameRun(open, id, "after"); });
    QTRY_VERIFY(begun);
    thread.reset();
    QVERIFY(!asked);
    QCOMPARE(run(project.project, id).name, std::string("after"));
    QCoreApplication::sendPostedEvents();
}

void TestProjectDocument::opensAndRefuses()
{
    const QTemporaryDir folder;
    const auto sentenceFor = [&](const QString& name, ProjectThread::Mode mode) {
        ProjectDocument document(folder.filePath(name), mode);
        QSignalSpy opened(&document, &ProjectDocument::opened), refused(&document, &ProjectDocument::refused);
        const bool answered = QTest::qWaitFor([&] { return opened.count() + refused.count() > 0; });
        return !answered ? QStringLiteral("no answer") : document.isOpen() ? QString() : refused[0][0].toString();
    };
    QCOMPARE(sentenceFor("new.bitscape", ProjectThread::Mode::Create), QString());
    QCOMPARE(sentenceFor("new.bitscape", ProjectThread::Mode::Open), QString());
    QVERIFY(sentenceFor("new.bitscape", ProjectThread::Mode::Create).contains("new.bitscape"));
    QVERIFY(sentenceFor("missing.bitscape", ProjectThread::Mode::Open).contains("missing.bitscape"));
    QVERIFY(!QFile::exists(folder.filePath("missing.bitscape")));
    QFile foreign(folder.filePath("letter.bitscape"));
    QVERIFY(foreign.open(QIODevice::WriteOnly) && foreign.write(QByteArray(5000, 'x')) == 5000);
    foreign.close();
    QVERIFY(sentenceFor("letter.bitscape", ProjectThread::Mode::Open).contains("letter.bitscape"));
    Sample sample;
    ProjectDocument document(sample.path, ProjectThread::Mode::Open);
    QTRY_VERIFY(!document.models().empty() && !document.datasets().empty());
    QCOMPARE(document.name(), QStringLiteral("sample"));
    QCOMPARE(document.runs().size(), std::size_t(5));
    const auto record = document.run(sample.search);
    QCOMPARE(document.modelName(record->run.model), QStringLiteral("lenet5"));
    QCOMPARE(document.datasetName(record->run.dataset), QStringLiteral("glyphs"));
    QCOMPARE(document.model(*record->run.model)->parameters, static_cast<std::int64_t>(parameterCount(sample.graph)));
    QVERIFY(!document.run(RunId { 99 }));
}

/// Without being asked: at its own ticks.
void TestProjectDocument::seesWhatOthersWrite()
{
    RunsFixture project;
    QVERIFY(project.open());
    QSignalSpy changes(project.document.get(), &ProjectDocument::runsChanged);
    const RunId id = project.add(RunKind::Train);
    QTRY_VERIFY(project.document->run(id));
    const auto isTold = [&] {
        const bool told = QTest::qWaitFor([&] { return changes.count() > 0; });
        const auto ids = told ? changes[0][0].value<std::vector<RunId>>() : std::vector<RunId>();
        changes.clear();
        return ids == std::vector<RunId> { id };
    };
    QVERIFY(isTold());
    putMetrics(project.project, id, { { "accuracy", 0.75 } });
    QVERIFY(isTold());
    QCOMPARE(project.document->run(id)->metrics.at("accuracy"), 0.75);
    putEpoch(project.project, id, { 1, 0.5, 0.6, 0.1, 2 }, {});
    QVERIFY(isTold());
    TrajectoryPoint point;
    point.averageBits = 3;
    putPoint(project.project, id, point);
    QVERIFY(isTold());
    project.claim(id);
    setProgress(project.project, id, 0.5, 1);
    QTRY_COMPARE(project.document->run(id)->run.progress, 0.5);
    endRun(project.project, id, RunState::Failed, 2, "No.");
    QTRY_VERIFY(project.document->run(id)->run.state == RunState::Failed);
}

void TestProjectDocument::seesRemovals()
{
    RunsFixture project;
    const RunId first = project.add(RunKind::Train), second = project.add(RunKind::Score, first), third = project.add(RunKind::Train);
    QVERIFY(project.open());
    QSignalSpy removals(project.document.get(), &ProjectDocument::runsRemoved);
    removeRun(project.project, second);
    removeRun(project.project, first);
    const RunId fresh = project.add(RunKind::Train); // as many come as go, but for one
    QTRY_COMPARE(removals.count(), 1);
    QVERIFY(removals[0][0].value<std::vector<RunId>>() == std::vector<RunId>({ first, second }));
    QTRY_COMPARE(project.document->runs().size(), std::size_t(2));
    QVERIFY(project.document->run(third) && project.document->run(fresh));
}

/// Told once, and not again at every tick.
void TestProjectDocument::seesAWorkerThatDied()
{
    RunsFixture project;
    const RunId id = project.add(RunKind::Train);
    int ready[2], go[2];
    QVERIFY(pipe(ready) == 0 && pipe(go) == 0);
    const pid_t worker = fork();
    if (worker == 0) { // claims the run, as a worker would
        {
            Project own = Project::open(project.path.toStdString());
            claimRun(own, id, 1, "cpu", nlohmann::json::object());
        }
        char byte = 'x';
        const bool done = write(ready[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 1;
        _exit(done ? 0 : 1);
    }
    char byte = 0;
    QCOMPARE(read(ready[0], &byte, 1), ssize_t(1));
    QVERIFY(project.open());
    QVERIFY(project.document->run(id)->run.state == RunState::Running);
    QCOMPARE(write(go[1], "x", 1), ssize_t(1));
    QCOMPARE(waitpid(worker, nullptr, 0), worker);
    QSignalSpy changes(project.document.get(), &ProjectDocument::runsChanged);
    QTRY_VERIFY(project.document->run(id)->run.state == RunState::Interrupted);
    QCOMPARE(changes.count(), 1);
    const RunId other = project.add(RunKind::Train);
    QTRY_VERIFY(project.document->run(other));
    project.document->refresh();
    renameRun(project.project, other, "other");
    QTRY_COMPARE(project.document->run(other)->run.name, std::string("other"));
    for (const auto& change : changes)
        QVERIFY(&change == &changes[0] || change[0].value<std::vector<RunId>>() == std::vector<RunId> { other });
}

void TestProjectDocument::loaderFollowsWhatIsWatched()
{
    Sample sample;
    Project project = Project::open(sample.path.toStdString());
    SampleStudio studio(sample.path);
    QTRY_VERIFY(studio.isOpen());
    QSignalSpy loaded(&studio.loader, &ResultsLoader::loaded);
    QVERIFY(!studio.loader.watch(sample.search));
    QVERIFY(!studio.loader.watch(sample.search)); // a second view: one load is enough for both
    QTRY_COMPARE(loaded.count(), 1);
    QCOMPARE(loaded[0][1].value<ResultsPtr>()->metrics.at("accuracy"), 0.90);
    QVERIFY(studio.loader.watch(sample.search) == loaded[0][1].value<ResultsPtr>());
    QVERIFY(!studio.loader.watch(sample.train)); // behind which any other load would have come
    QTRY_COMPARE(loaded.count(), 2);
    QVERIFY(loaded[1][0].value<RunId>() == sample.train);
    putMetrics(project, sample.search, { { "accuracy", 0.91 } });
    QTRY_COMPARE(loaded.count(), 3);
    QCOMPARE(loaded[2][1].value<ResultsPtr>()->metrics.at("accuracy"), 0.91);
}

/// Changes of a run that nobody watches load nothing; watched again, it is up to date, even where the change came during a load.
void TestProjectDocument::loaderForgetsWhatIsNot()
{
    Sample sample;
    Project project = Project::open(sample.path.toStdString());
    SampleStudio studio(sample.path);
    QTRY_VERIFY(studio.isOpen());
    QSignalSpy loaded(&studio.loader, &ResultsLoader::loaded), changes(&studio.document, &ProjectDocument::runsChanged);
    studio.loader.watch(sample.search);
    QTRY_COMPARE(loaded.count(), 1);
    studio.loader.unwatch(sample.search);
    putMetrics(project, sample.search, { { "accuracy", 0.5 } });
    QTRY_COMPARE(changes.count(), 1);
    QVERIFY(!studio.loader.watch(sample.search));
    QTRY_COMPARE(loaded.count(), 2);
    QCOMPARE(loaded[1][1].value<ResultsPtr>()->metrics.at("accuracy"), 0.5);
    studio.loader.unwatch(sample.search);
    std::atomic<bool> go = false;
    studio.document.library().ask(
        this,
        [&](Project&) {
            while (!go)
                QThread::yieldCurrentThread();
        },
        [] {});
    studio.loader.watch(sample.train); // waits behind the question above
    studio.loader.unwatch(sample.train);
    putMetrics(project, sample.train, { { "accuracy", 0.25 } });
    QTRY_COMPARE(changes.count(), 2);
    go = true;
    QVERIFY(!studio.loader.watch(sample.train));
    QTRY_VERIFY(loaded.count() > 2 && loaded.last()[1].value<ResultsPtr>()->metrics.at("accuracy") == 0.25);
}

QTEST_MAIN(TestProjectDocument)
#include "tst_project_document.moc"
