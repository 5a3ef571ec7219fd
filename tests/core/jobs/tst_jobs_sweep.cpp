// SPDX-License-Identifier: GPL-3.0-or-later
// What a recipe stands for, against lists written by hand, what is refused of it, and figures against sums written out.
#include "core/base/error.h"
#include "core/jobs/parameters.h"
#include "core/jobs/run_tables.h"
#include "core/jobs/sweep_figures.h"
#include "core/jobs/sweep_recipe.h"
#include "core/jobs/sweep_values.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace bitscape;
using nlohmann::json;

namespace {

constexpr const char* kStudy = R"({
  "name": "study", "workers": 3, "max_seconds": 90,
  "models": [{"name": "small", "source": "zoo:mlp?hidden=8", "mean": [0.5], "std": [0.25]}],
  "data": [{"name": "g", "kind": "glyphs", "path": "train=100,test=50,seed=1"}],
  "set": {"test_split": "test[:40]"},
  "stages": [
    {"id": "train", "kind": "train", "model": "small", "data": "g", "set": {"epochs": 1}, "seeds": "1-2"},
    {"kind": "score", "from": "train"},
    {"id": "search", "kind": "search", "from": "score", "grid": {"target_bits": "1:2:0.5", "strategy": ["cq", "fisher"]}},
    {"id": "refine", "kind": "refine", "from": "search", "list": [{"epochs": 1}, {"epochs": 2, "alpha": 0.5}], "seeds": [7]}
  ]})";

QString refusal(const std::string& recipe)
{
    try {
        sweepPlan(sweepRecipeFrom(recipe));
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return QStringLiteral("no error");
}

template <typename Body> QString told(Body&& body)
{
    try {
        body();
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return QStringLiteral("no error");
}

Run finished(std::int64_t id, const PlannedChild& child)
{
    Run run = child.run;
    run.id = { id };
    run.state = RunState::Finished;
    run.seconds = static_cast<double>(id);
    return run;
}

} // namespace

class SweepTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void values_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); ///< JSON, or words of the refusal
        const auto row = [](const char* name, const char* text, const char* expected) { QTest::newRow(text) << name << text << expected; };
        row("target_bits", "1.5, 2, 3", "[1.5,2.0,3.0]");
        row("target_bits", "1:4:0.5", "[1.0,1.5,2.0,2.5,3.0,3.5,4.0]");
        row("target_bits", "0.1:0.3:0.1, 4", "[0.1,0.2,0.3,4.0]");
        row("target_bits", "1:2", "[1.0,2.0]");
        row("samples_per_class", "10:30:10", "[10,20,30]");
        row("strategy", "cq, fisher", "[\"cq\",\"fisher\"]");
        row("allowed_bits", "0,1,2; 0,4", "[[0,1,2],[0,4]]");
        row("stop_early", "on, off", "[true,false]");
        row("max_seconds", "none, 5", "[null,5.0]");
        row("search_split", "train[0:10], train[90%:]", "[\"train[0:10]\",\"train[90%:]\"]");
        row("target_bits", "1, 1.0", "twice");
        row("target_bits", "4:1:0.5", "FIRST:LAST:STEP");
        row("target_bits", "1:2:0", "FIRST:LAST:STEP");
        row("target_bits", "1:9:1", "'target_bits' cannot be '9'");
        row("target_bits", "0:8:0.0001", "more than 10000");
        row("target_bits", "", "'target_bits' cannot be ''");
        row("samples_per_class", "1:2:0.5", "'samples_per_class' cannot be '1.5'");
        row("strategy", "cq, best", "'best'");
    }

    void values()
    {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const ParameterSpec& spec = parameterOf(RunKind::Search, name.toStdString());
        std::vector<json> values;
        const QString refused = told([&] { values = valuesFromText(spec, text.toStdString()); });
        if (!expected.startsWith(QLatin1Char('['))) {
            QVERIFY2(refused.contains(expected), qPrintable(refused));
            return;
        }
        QCOMPARE(refused, QStringLiteral("no error"));
        QCOMPARE(QString::fromStdString(json(values).dump()), expected);
        QVERIFY(valuesFromText(spec, valuesText(spec, values)) == values);
    }

    void seeds()
    {
        QVERIFY(seedsFromText("1-3, 7") == (std::vector<std::uint64_t> { 1, 2, 3, 7 }));
        QVERIFY(seedsFromText("18446744073709551615") == (std::vector<std::uint64_t> { 18446744073709551615ULL }));
        for (const char* wrong : { "", "3-1", "x", "-1", "1-", "1,,2", "0-99999999" })
            QVERIFY2(told([&] { seedsFromText(wrong); }).contains(QLatin1String("seeds cannot be")), wrong);
        QVERIFY(told([] { seedsFromText("1-3, 2"); }).contains(QLatin1String("seed 2 stands twice")));
    }

    /// Stage by stage, the last name of a grid running fastest.
    void children()
    {
        const SweepRecipe recipe = sweepRecipeFrom(kStudy);
        QCOMPARE(recipe.workers.value(), 3);
        QCOMPARE(recipe.maxSeconds.value(), 90.0);
        const auto plan = sweepPlan(recipe);
        QStringList lines;
        for (const PlannedChild& child : plan)
            lines << QString::fromStdString(toString(child.run.kind) + " " + std::to_string(child.startsFrom) + " s"
                + std::to_string(child.run.seed) + " " + child.run.name);
        const QStringList expected { "train 0 s1 train 1 seed 1", "train 0 s2 train 1 seed 2", "score 1 s1 score neuron",
            "score 2 s2 score neuron", "search 3 s1 search cq 1", "search 3 s1 search fisher 1", "search 3 s1 search cq 1.5",
            "search 3 s1 search fisher 1.5", "search 3 s1 search cq 2", "search 3 s1 search fisher 2", "search 4 s2 search cq 1",
            "search 4 s2 search fisher 1", "search 4 s2 search cq 1.5", "search 4 s2 search fisher 1.5", "search 4 s2 search cq 2",
            "search 4 s2 search fisher 2" };
        QCOMPARE(lines.mid(0, 16), expected);
        QCOMPARE(plan.size(), std::size_t(16 + 12 * 2));
        QCOMPARE(lines[16], QStringLiteral("refine 5 s7 refine 1"));
        QCOMPARE(lines[17], QStringLiteral("refine 5 s7 refine 2 alpha=0.5"));
        QCOMPARE(lines[18], QStringLiteral("refine 6 s7 refine 1"));
        for (std::size_t i = 0; i < plan.size(); ++i)
            QCOMPARE(plan[i].run.place, static_cast<int>(i) + 1);
        QCOMPARE(plan[0].model, std::string("small"));
        QVERIFY(plan[4].model.empty());
        QVERIFY(plan[4].run.parameters
            == completeParameters(RunKind::Search, { { "target_bits", 1.0 }, { "strategy", "cq" }, { "test_split", "test[:40]" } }));
        QVERIFY(plan[17].run.parameters
            == completeParameters(RunKind::Refine, { { "epochs", 2 }, { "alpha", 0.5 }, { "test_split", "test[:40]" } }));
    }

    void theTextMeansTheSame()
    {
        const SweepRecipe recipe = sweepRecipeFrom(kStudy);
        QVERIFY(sweepRecipeFrom(toText(recipe)) == recipe);
        QCOMPARE(toText(sweepRecipeFrom(toText(recipe))), toText(recipe));
    }

    void modelsAndKindsVary()
    {
        const auto plan = sweepPlan(sweepRecipeFrom(
            R"({"stages": [{"kind": "train", "data": "g", "grid": {"model": ["a", "b"], "epochs": [1, 2]}},
                           {"kind": "score", "from": "train", "list": [{"effect": "filter"}, {"kind": "evaluate"}]}]})"));
        QCOMPARE(plan.size(), std::size_t(4 + 8));
        QCOMPARE(plan[2].model, std::string("b"));
        QCOMPARE(plan[2].run.parameters.at("epochs").get<int>(), 1);
        QCOMPARE(toString(plan[4].run.kind), std::string("score"));
        QCOMPARE(toString(plan[5].run.kind), std::string("evaluate"));
    }

    void presets()
    {
        const auto quick = sweepRecipeFrom(R"({"stages": [{"kind": "train", "preset": "quick", "set": {"batch": 16}}]})");
        QCOMPARE(quick.stages[0].set.at("batch").get<int>(), 16);
        QVERIFY(quick.stages[0].set.size() > 1);
    }

    void settingFromOutside()
    {
        SweepRecipe recipe = sweepRecipeFrom(kStudy);
        setInStages(recipe, "batch=32");
        for (const PlannedChild& child : sweepPlan(recipe)) {
            if (child.run.kind != RunKind::Search)
                QCOMPARE(child.run.parameters.at("batch").get<int>(), 32);
        }
        QVERIFY(told([&] { setInStages(recipe, "target_bits=2"); }).contains(QLatin1String("stage 'search' of the recipe varies it")));
        QVERIFY(told([&] { setInStages(recipe, "alpha=1"); }).contains(QLatin1String("varies it")));
        QVERIFY(told([&] { setInStages(recipe, "batch=0"); }).contains(QLatin1String("'batch' cannot be '0'")));
        QVERIFY(told([&] { setInStages(recipe, "bacth=1"); }).contains(QLatin1String("did you mean 'batch'")));
        QVERIFY(told([&] { setInStages(recipe, "batch"); }).contains(QLatin1String("name=value")));
    }

    void paths()
    {
        SweepRecipe recipe = sweepRecipeFrom(
            R"({"models": [{"name": "a", "source": "nets/a.onnx"}, {"name": "b", "source": "zoo:lenet5"}, {"name": "c", "source": "/x/c.pt"}],
                "data": [{"name": "d", "kind": "idx", "path": "../mnist"}, {"name": "g", "kind": "glyphs", "path": "seed=3"}],
                "stages": [{"kind": "train"}]})");
        resolvePaths(recipe, "/work/recipes");
        QCOMPARE(recipe.models[0].source, std::string("/work/recipes/nets/a.onnx"));
        QCOMPARE(recipe.models[1].source, std::string("zoo:lenet5"));
        QCOMPARE(recipe.models[2].source, std::string("/x/c.pt"));
        QCOMPARE(recipe.data[0].path, std::string("/work/mnist"));
        QCOMPARE(recipe.data[1].path, std::string("seed=3"));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char* name, const char* recipe, const QStringList& words) {
            QTest::newRow(name) << QString::fromUtf8(recipe) << words;
        };
        row("no JSON", "{\"stages\": [}", { "no JSON", "line 1, column 13" });
        row("a list", "[]", { "at the top", "an object" });
        row("no stages", "{}", { "'stages' is missing" });
        row("unknown member", R"({"stage": []})", { "at the top", "no 'stage' here", "stages" });
        row("workers", R"({"workers": 0, "stages": [{"kind": "train"}]})", { "workers", "1..64" });
        row("budget", R"({"max_seconds": "long", "stages": [{"kind": "train"}]})", { "max_seconds", "'long'" });
        row("a model without source", R"({"models": [{"name": "a"}], "stages": [{"kind": "train"}]})",
            { "model 1", "'source' is missing" });
        row("no kind", R"({"stages": [{"id": "a"}]})", { "stage 'a'", "'kind' is missing" });
        row("wrong kind", R"({"stages": [{"kind": "learn"}]})", { "stage 1", "\"learn\"" });
        row("a sweep of sweeps", R"({"stages": [{"kind": "sweep"}]})", { "cannot be swept" });
        row("wrong member", R"({"stages": [{"kind": "train", "gird": {}}]})", { "stage 1", "'gird'", "grid" });
        row("same id", R"({"stages": [{"kind": "train"}, {"kind": "train"}]})", { "'train' already" });
        row("a number as id", R"({"stages": [{"kind": "train", "id": "7"}]})", { "cannot be called '7'" });
        row("from nowhere", R"({"stages": [{"kind": "train", "id": "t"}, {"kind": "score", "from": "training"}]})",
            { "stage 2", "no earlier stage 'training'", "use t," });
        row("from a later one", R"({"stages": [{"kind": "score", "from": "train"}, {"kind": "train"}]})", { "no earlier stage 'train'" });
        row("unknown parameter", R"({"stages": [{"kind": "search", "set": {"target_bit": 2}}]})",
            { "stage 'search'", "set", "did you mean 'target_bits'" });
        row("value out of range", R"({"stages": [{"kind": "search", "grid": {"target_bits": [2, 9]}}]})",
            { "stage 'search'", "target_bits", "'9'" });
        row("value of another type", R"({"stages": [{"kind": "search", "grid": {"strategy": [1]}}]})", { "strategy" });
        row("text of a grid", R"({"stages": [{"kind": "search", "grid": {"target_bits": "1:9"}}]})",
            { "stage 'search'", "grid", "target_bits" });
        row("unknown name in a grid", R"({"stages": [{"kind": "search", "grid": {"epoch": "1:9"}}]})", { "stage 'search'", "epoch" });
        row("value twice", R"({"stages": [{"kind": "search", "grid": {"target_bits": [2, 2]}}]})", { "stands twice" });
        row("no values", R"({"stages": [{"kind": "search", "grid": {"target_bits": []}}]})", { "no value" });
        row("grid and list", R"({"stages": [{"kind": "search", "grid": {"order": ["ascending"]}, "list": [{"order": "descending"}]}]})",
            { "list entry 1", "'order' is varied by the grid already" });
        row("list of numbers", R"({"stages": [{"kind": "search", "list": [1]}]})", { "list entry 1", "object" });
        row("relation", R"({"stages": [{"kind": "search", "set": {"allowed_bits": [0, 1]}, "grid": {"target_bits": [2]}}]})",
            { "target_bits", "allowed_bits" });
        row("seeds", R"({"stages": [{"kind": "train", "seeds": [1, 1]}]})", { "'seeds'" });
        row("seeds in words", R"({"stages": [{"kind": "train", "seeds": "some"}]})", { "seeds cannot be 'some'" });
        row("common set", R"({"set": {"epoch": 1}, "stages": [{"kind": "train"}]})", { "set", "did you mean 'epochs'" });
        row("preset", R"({"stages": [{"kind": "train", "preset": "nice"}]})", { "preset", "nice" });
        row("too many", R"({"stages": [{"kind": "train", "seeds": "1-5000", "grid": {"epochs": "1:3"}}]})", { "more than 10000 children" });
        row("too many combinations", R"({"stages": [{"kind": "train", "grid": {"epochs": "1:1000", "batch": "1:1000"}}]})",
            { "more than 10000 combinations" });
    }

    void refusals()
    {
        QFETCH(QString, recipe);
        QFETCH(QStringList, words);
        const QString told = refusal(recipe.toStdString());
        QVERIFY2(told.startsWith(QLatin1String("Recipe, ")) || told.startsWith(QLatin1String("The recipe is no JSON")), qPrintable(told));
        QVERIFY2(!told.contains(QLatin1Char('\n')), qPrintable(told));
        for (const QString& word : words)
            QVERIFY2(told.contains(word), qPrintable(told));
    }

    /// Mean and sample standard deviation, written out; a child that failed is in no mean.
    void meanAndSpread()
    {
        const SweepRecipe recipe = sweepRecipeFrom(
            R"({"stages": [{"kind": "search", "grid": {"target_bits": [1, 2]}, "seeds": [1, 2, 3]},
                           {"kind": "refine", "from": "search", "grid": {"epochs": [1]}}]})");
        const auto plan = sweepPlan(recipe);
        std::vector<Run> children;
        std::map<RunId, std::map<std::string, double>> metrics;
        const std::vector<double> accuracies { 0.5, 0.625, 0.75, 0.25, 0.375, 0.5 };
        for (std::size_t i = 0; i < 6; ++i) {
            children.push_back(finished(static_cast<std::int64_t>(i) + 10, plan[i]));
            metrics[children.back().id] = { { "accuracy", accuracies[i] }, { "macs", 100.0 + static_cast<double>(i) }, { "other", 1 } };
        }
        children[5].state = RunState::Failed;
        children[5].failure = "no memory";
        const SweepFigures figures = sweepFigures(recipe, children, metrics);
        QVERIFY(figures.varied == (std::vector<std::string> { "target_bits", "epochs" }));
        QCOMPARE(figures.rows.size(), std::size_t(12));
        QVERIFY(figures.rows[7].settings == (std::vector<std::string> { "1", "1" })); // a refinement has its search's target too
        QVERIFY(!figures.rows[7].run);
        QCOMPARE(figures.curve.size(), std::size_t(2));
        const Spread& three = figures.curve[0].figures.at("accuracy");
        QCOMPARE(three.mean(), (0.5 + 0.625 + 0.75) / 3);
        QCOMPARE(three.deviation(), std::sqrt((0.125 * 0.125 + 0 + 0.125 * 0.125) / 2));
        const Spread& two = figures.curve[1].figures.at("accuracy");
        QCOMPARE(two.values.size(), std::size_t(2));
        QCOMPARE(two.mean(), 0.3125);
        QCOMPARE(two.deviation(), std::sqrt(2 * 0.0625 * 0.0625));
        QCOMPARE(figures.curve[0].figures.at("macs").mean(), 101.0);
        QCOMPARE(figures.curve[0].figures.at("macs").deviation(), 1.0);
        QCOMPARE(figures.curve[0].figures.at("seconds").mean(), 11.0);
        QVERIFY(!figures.curve[0].figures.contains("bitops"));
        QCOMPARE(summaryOf(figures), std::string("5 of 12 children are finished; 1 failed (run 15: no memory); 6 are left"));
        const Table table = tableFrom(csvText(curveTable(figures)));
        QCOMPARE(
            std::stod(table.rows[1][static_cast<std::size_t>(std::ranges::find(table.names, "accuracy_deviation") - table.names.begin())]),
            two.deviation());
        const Table children2 = childTable(figures);
        QCOMPARE(children2.rows.size(), std::size_t(12));
        QVERIFY(tableFrom(csvText(children2)) == children2);
        const auto curve = toJson(figures).at("curve");
        QCOMPARE(curve[0].at("accuracy").at("n").get<int>(), 3);
        QCOMPARE(curve[0].at("accuracy").at("deviation").get<double>(), three.deviation());
    }

    /// A name that two stages vary has two columns.
    void columnsOfTheSameName()
    {
        const SweepRecipe recipe = sweepRecipeFrom(
            R"({"stages": [{"kind": "train", "grid": {"epochs": [1, 2]}}, {"kind": "train", "id": "more", "from": "train", "grid": {"epochs": [3]}}]})");
        const SweepFigures figures = sweepFigures(recipe, {}, {});
        QVERIFY(figures.varied == (std::vector<std::string> { "train.epochs", "more.epochs" }));
        QVERIFY(figures.rows[3].settings == (std::vector<std::string> { "2", "3" }));
        QVERIFY(figures.rows[0].settings == (std::vector<std::string> { "1", "" }));
    }
};

QTEST_GUILESS_MAIN(SweepTest)
#include "tst_jobs_sweep.moc"
