// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep from a shell: what it makes, that nothing ends it but what is said to, and that it goes on to the same end.
#include "tests/app/cli_worker.h"

#include "core/jobs/run_tables.h"
#include "core/jobs/sweep_figures.h"
#include "core/project/sweeps.h"
#include "core/project/worker.h"

#include <QThread>

#include <algorithm>
#include <fstream>
#include <set>

using namespace cli;
using bitscape::RunState;

namespace {

/// Two trainings, a score each, five searches each: 14 children, 12 of them beyond the trainings.
constexpr const char* kStudy = R"({"name": "study", "workers": 2,
  "models": [{"name": "tiny", "source": "zoo:mlp?hidden=16"}],
  "data": [{"name": "few", "kind": "glyphs", "path": "train=400,test=100,seed=2"}],
  "stages": [{"kind": "train", "model": "tiny", "data": "few", "set": {"epochs": 12}, "seeds": [1, 2]},
    {"kind": "score", "from": "train", "set": {"samples_per_class": 10}},
    {"kind": "search", "from": "score", "list": [{"strategy": "cq"}, {"strategy": "model-wise"}], "set": {"keep_first_last": false},
     "grid": {"target_bits": [1, 2]}}]})";

/// Twelve trainings of about half a second each.
constexpr const char* kTwelve = R"({"workers": 2, "stages": [{"kind": "train", "model": "lenet5", "data": "glyphs",
  "set": {"epochs": 3}, "grid": {"learning_rate": [0.01, 0.02, 0.05, 0.1]}, "seeds": "1-3"}]})";

QString recipe(const Workplace& place, const char* text, const QString& name = QStringLiteral("r.json"))
{
    place.write(name, text);
    return name;
}

bitscape::SweepFigures figuresOf(const Workplace& place, std::int64_t sweep)
{
    bitscape::Project project = place.open();
    return bitscape::sweepFigures(project, { sweep });
}

/// What a child found, whenever and by whom it was computed.
std::vector<std::string> resultsOf(const Workplace& place, std::int64_t sweep)
{
    std::vector<std::string> all;
    for (const auto& row : figuresOf(place, sweep).rows)
        all.push_back(row.run->name + " " + toString(row.run->state) + " " + json(row.figures).dump() + json(row.settings).dump());
    return all;
}

/// The processes that compute a sweep's children now.
std::vector<bitscape::Worker> workersOf(const Workplace& place, std::int64_t sweep)
{
    bitscape::Project project = place.open();
    std::vector<bitscape::Worker> workers;
    for (const bitscape::Run& child : bitscape::sweepChildren(project, { sweep })) {
        const auto worker = bitscape::workerOf(project, child.id);
        if (worker && bitscape::isAlive(*worker))
            workers.push_back(*worker);
    }
    return workers;
}

/// Until so many children of the sweep are finished.
void waitForFinished(const Workplace& place, std::int64_t sweep, std::size_t count)
{
    QTRY_VERIFY_WITH_TIMEOUT(figuresOf(place, sweep).count(RunState::Finished) >= count, kPatienceMs);
}

} // namespace

class SweepTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase() { furnish(m_prepared); }

    /// From nothing to searches, by one recipe.
    void stageByStage()
    {
        const Workplace place;
        done(place, words("new"));
        const Outcome outcome = place({ "sweep", recipe(place, kStudy) });
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QCOMPARE(runNumber(outcome), std::int64_t(1));
        QVERIFY2(outcome.err.contains(QLatin1String("12 of 12 children are finished")), qPrintable(outcome.err));
        const auto figures = figuresOf(place, 1);
        QCOMPARE(figures.rows.size(), std::size_t(12));
        QVERIFY(figures.varied == (std::vector<std::string> { "strategy", "target_bits" }));
        bitscape::Project project = place.open();
        for (const auto& row : figures.rows) {
            QCOMPARE(QString::fromStdString(toString(row.run->state)), QStringLiteral("finished"));
            QVERIFY(row.run->sweep->value == 1);
            if (row.stage == "search") {
                QCOMPARE(QString::fromStdString(toString(run(project, *row.run->parent).kind)), QStringLiteral("score"));
                QVERIFY(row.figures.at("average_bits") <= std::stod(row.settings[1]) + 1e-9);
                QCOMPARE(row.seed, bitscape::ancestry(project, row.run->id).back().seed);
            }
        }
        QCOMPARE(models(project).size(), std::size_t(1));
        const json shown = place.show(1);
        QCOMPARE(shown.at("children").size(), std::size_t(12));
        QCOMPARE(shown.at("curve").size(), std::size_t(1 + 1 + 4));
        QCOMPARE(shown.at("curve").back().at("accuracy").at("n").get<int>(), 2);
        const Outcome shownText = place(words("show 1"));
        QVERIFY(shownText.out.contains(QLatin1String("model-wise")) && shownText.out.contains(QString::fromUtf8(" ± ")));
        QCOMPARE(done(place, words("export 1 --to csv --out t.csv")), std::int64_t(0));
        const auto table = bitscape::tableFrom(place.read(QStringLiteral("t.csv")).toStdString());
        QCOMPARE(table.rows.size(), std::size_t(12));
        QVERIFY(place.read(QStringLiteral("t.curve.csv")).startsWith("stage,kind,strategy,target_bits,n,accuracy_mean"));
        // its children are runs like any others
        QCOMPARE(place(words("compare 10 11")).code, 0);
        QVERIFY2(flaw(place(words("remove 1")), 2, { "is the sweep that made runs 2" }).isEmpty(), "removed");
        QVERIFY2(flaw(place(words("resume 1")), 2, { "is finished" }).isEmpty(), "resumed");
        // once more: models and data sets are there
        QCOMPARE(place({ "sweep", "r.json", "--preview" }).out.count(QLatin1Char('\n')), 12);
        QCOMPARE(place({ "sweep", "r.json", "--queue", "--name", "again", "--set", "batch=32" }).out, QStringLiteral("run 14\n"));
        QCOMPARE(place.state(14), QStringLiteral("queued"));
        QCOMPARE(run(project, { 15 }).parameters.at("batch").get<int>(), 32);
    }

    /// Killed with its children in the middle, and gone on with: the same children, the same results.
    void killedAndResumed()
    {
        const Workplace through, killed;
        through.copyFrom(m_prepared);
        killed.copyFrom(m_prepared);
        QCOMPARE(through({ "sweep", recipe(through, kTwelve) }).code, 0);
        {
            Worker worker(killed, { "sweep", killed.path(recipe(killed, kTwelve)) });
            QVERIFY(worker.until([](const Event& event) { return event.kind == EventKind::Log && event.text.starts_with("run "); }));
            waitForFinished(killed, 1, 3);
            QTRY_VERIFY(workersOf(killed, 1).size() == 2);
            worker.signal(SIGKILL);
            worker.code();
        }
        QTRY_VERIFY(workersOf(killed, 1).empty()); // nobody goes on in secret
        QCOMPARE(killed.state(1), QStringLiteral("interrupted"));
        const auto before = figuresOf(killed, 1);
        QVERIFY(before.count(RunState::Finished) >= 3 && before.count(RunState::Finished) < 12);
        QVERIFY(before.count(RunState::Interrupted) >= 1);
        const Outcome resumed = killed(words("resume 1"));
        QVERIFY2(resumed.code == 0, qPrintable(resumed.err));
        QVERIFY(resultsOf(killed, 1) == resultsOf(through, 1));
        const auto after = figuresOf(killed, 1);
        for (std::size_t i = 0; i < before.rows.size(); ++i) {
            QVERIFY(after.rows[i].run->id == before.rows[i].run->id);
            if (before.rows[i].run->state == RunState::Finished)
                QVERIFY(*after.rows[i].run == *before.rows[i].run); // kept, not computed again
        }
    }

    /// No new child after it, those at work stopped where they can go on; then the rest with a new budget.
    void timeBudget()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        const Outcome spent = place({ "sweep", recipe(place, kTwelve), "--max-seconds", "2" });
        QCOMPARE(spent.code, 130);
        QVERIFY2(spent.err.contains(QLatin1String("The time budget is used up: ")) && spent.err.contains(QLatin1String("are left")),
            qPrintable(spent.err));
        QCOMPARE(place.state(1), QStringLiteral("cancelled"));
        const auto figures = figuresOf(place, 1);
        QVERIFY(figures.left() > 0 && figures.count(RunState::Running) == 0);
        QVERIFY(figures.count(RunState::Cancelled) + figures.count(RunState::Interrupted) >= 1);
        const Outcome rest = place(words("resume 1 --max-seconds 1000 --workers 1"));
        QVERIFY2(rest.code == 0, qPrintable(rest.err));
        QCOMPARE(figuresOf(place, 1).count(RunState::Finished), std::size_t(12));
        QCOMPARE(flaw(place(words("resume 2 --workers 2")), 2, { "run 2 is none" }), QString());
    }

    void cancelledWithItsChildren()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        Worker worker(place, { "sweep", place.path(recipe(place, kTwelve)) });
        QVERIFY(worker.untilProgress());
        QTRY_VERIFY_WITH_TIMEOUT(workersOf(place, 1).size() == 2, kPatienceMs);
        QElapsedTimer timer;
        timer.start();
        worker.say("cancel\n");
        QCOMPARE(worker.code(), 130);
        qInfo("cancelled after %lld ms", static_cast<long long>(timer.elapsed()));
        QVERIFY(timer.elapsed() < 2000);
        QVERIFY(worker.strangeLines().isEmpty());
        QTRY_VERIFY(workersOf(place, 1).empty());
        QCOMPARE(place.state(1), QStringLiteral("cancelled"));
        QCOMPARE(figuresOf(place, 1).count(RunState::Failed), std::size_t(0));
    }

    void pausedWithItsChildren()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        Worker worker(place, { "sweep", place.path(recipe(place, kTwelve)) });
        QVERIFY(worker.untilProgress());
        worker.say("pause\n");
        QVERIFY(worker.untilState(RunState::Paused));
        QCOMPARE(place.state(1), QStringLiteral("paused"));
        QTRY_VERIFY_WITH_TIMEOUT(figuresOf(place, 1).count(RunState::Running) == 0, kPatienceMs);
        const auto still = resultsOf(place, 1);
        QVERIFY(worker.isSilent(1200));
        QVERIFY(resultsOf(place, 1) == still);
        worker.say("resume\n");
        QVERIFY(worker.untilResults(1));
        QTRY_VERIFY_WITH_TIMEOUT(figuresOf(place, 1).count(RunState::Finished) > 0, kPatienceMs);
    }

    /// A child that fails costs itself and what starts from it.
    void failures()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        // 60 images of each class are asked for, 5 are there: found out as the run begins
        const char* text = R"({"workers": 2, "stages": [
          {"kind": "train", "model": "lenet5", "data": "glyphs", "set": {"epochs": 1, "train_split": "train[:100]"}},
          {"kind": "score", "from": "train", "grid": {"samples_per_class": [5, 90]}, "set": {"score_split": "train[:200]"}},
          {"kind": "search", "from": "score", "set": {"strategy": "model-wise"}}]})";
        const Outcome outcome = place({ "sweep", recipe(place, text) });
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains(QLatin1String("3 of 5 children are finished; 2 failed (run ")), qPrintable(outcome.err));
        const auto figures = figuresOf(place, 1);
        QVERIFY(figures.rows[2].run->failure.find("90") != std::string::npos);
        QVERIFY(figures.rows[4].run->failure.find("which this one starts from, failed") != std::string::npos);
        QVERIFY(figures.rows[3].run->state == RunState::Finished);
        QCOMPARE(place.state(1), QStringLiteral("finished"));
        const char* none = R"({"stages": [{"kind": "score", "from": 2, "set": {"samples_per_class": 90, "score_split": "train[:200]"}}]})";
        QCOMPARE(place({ "sweep", recipe(place, none) }).code, 1);
        QCOMPARE(place.state(7), QStringLiteral("failed"));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("code");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char* name, const char* text, int code, const QStringList& words) {
            QTest::newRow(name) << QString::fromUtf8(text) << code << words;
        };
        row("no JSON", "{", 3, { "no JSON" });
        row("parameter", R"({"stages": [{"kind": "train", "set": {"epoch": 1}}]})", 2, { "stage 'train'", "did you mean 'epochs'" });
        row("no such model", R"({"stages": [{"kind": "train", "model": "huge", "data": "glyphs"}]})", 2,
            { "stage 'train'", "no model 'huge'", "lenet5" });
        row("which model", R"({"stages": [{"kind": "train"}]})", 2, { "stage 'train'", "say which model is meant", "lenet5" });
        row("no such data set", R"({"stages": [{"kind": "train", "model": "lenet5", "data": "faces"}]})", 2, { "no data set 'faces'" });
        row("no such run", R"({"stages": [{"kind": "score", "from": 9}]})", 2, { "stage 'score'", "no run 9" });
        row("no run yet", R"({"stages": [{"kind": "score", "from": "last"}]})", 2, { "stage 'score'", "no runs yet" });
        row("untrained", R"({"stages": [{"kind": "score", "model": "lenet5"}]})", 2, { "stage 'score'", "no trained weights" });
        row("no scores", R"({"stages": [{"kind": "train", "model": "lenet5"}, {"kind": "search", "from": "train"}]})", 2,
            { "stage 'search'", "needs scores" });
        row("no bits", R"({"stages": [{"kind": "train", "model": "lenet5"}, {"kind": "refine", "from": "train"}]})", 2,
            { "stage 'refine'", "needs bit-widths" });
        row("split", R"({"stages": [{"kind": "train", "model": "lenet5", "set": {"train_split": "train[:700]"}}]})", 2,
            { "stage 'train'", "train_split" });
        row("shape", R"({"models": [{"name": "r", "source": "zoo:resnet20"}], "stages": [{"kind": "train", "model": "r"}]})", 3,
            { "stage 'train'", "reads images of 3x32x32" });
        row("unknown network", R"({"models": [{"name": "r", "source": "zoo:resnet21"}], "stages": [{"kind": "train", "model": "r"}]})", 2,
            { "model 'r'", "resnet21" });
        row("no file", R"({"models": [{"name": "r", "source": "r.onnx"}], "stages": [{"kind": "train", "model": "r"}]})", 3,
            { "model 'r'", "r.onnx", "neither" });
        row("another model", R"({"models": [{"name": "lenet5", "source": "zoo:mlp"}], "stages": [{"kind": "train", "model": "lenet5"}]})",
            2, { "model 'lenet5'", "another name" });
        row("kind of data", R"({"data": [{"name": "x", "kind": "photos"}], "stages": [{"kind": "train", "model": "lenet5", "data": "x"}]})",
            2, { "data set 'x'", "photos" });
        row("another stage's model",
            R"({"stages": [{"kind": "train", "model": "lenet5"}, {"kind": "score", "from": "train", "model": "mlp"}]})", 2,
            { "stage 'score'", "not of 'mlp'" });
    }

    /// One line that says where and what to do; nothing is left behind.
    void refusals()
    {
        QFETCH(QString, text);
        QFETCH(int, code);
        QFETCH(QStringList, words);
        const Workplace place;
        place.copyFrom(m_prepared);
        const Content before = place.content();
        QCOMPARE(flaw(place({ "sweep", recipe(place, qPrintable(text)) }), code, words), QString());
        QVERIFY(place.content() == before);
    }

    void wrongFiles()
    {
        const Workplace place;
        place.copyFrom(m_prepared);
        QCOMPARE(flaw(place(words("sweep nothing.json")), 3, { "nothing.json" }), QString());
        QCOMPARE(flaw(place({ "sweep", recipe(place, kTwelve), "--set", "learning_rate=1" }), 2, { "varies it" }), QString());
    }

private:
    const Workplace m_prepared;
};

QTEST_GUILESS_MAIN(SweepTest)
#include "tst_cli_sweep.moc"
