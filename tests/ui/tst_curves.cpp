// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curves_charts.h"
#include "ui/views/curves_points.h"

#include "core/jobs/parameters.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <random>
#include <set>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

/// A project's runs, put together by hand.
struct Runs {
    RunMap map;
    std::int64_t next = 1;

    RunId add(
        RunKind kind, std::optional<RunId> parent, nlohmann::json parameters, std::uint64_t seed, std::map<std::string, double> metrics)
    {
        RunRecord record;
        record.run.id = { next++ };
        record.run.kind = kind;
        record.run.name = toString(kind);
        record.run.state = RunState::Finished;
        record.run.model = ModelId { 1 };
        record.run.dataset = DatasetId { 1 };
        record.run.parent = parent;
        record.run.parameters = std::move(parameters);
        record.run.seed = seed;
        record.metrics = std::move(metrics);
        const RunId id = record.run.id;
        map[id] = std::make_shared<const RunRecord>(std::move(record));
        return id;
    }

    void change(RunId id, const std::function<void(RunRecord&)>& how)
    {
        RunRecord record = *map.at(id);
        how(record);
        map[id] = std::make_shared<const RunRecord>(std::move(record));
    }
};

nlohmann::json search(const char* strategy, const char* order = "ascending", double target = 2)
{
    return completeParameters(RunKind::Search, { { "strategy", strategy }, { "order", order }, { "target_bits", target } });
}

std::map<std::string, double> figures(double accuracy, double macs)
{
    return { { "accuracy", accuracy }, { "macs", macs }, { "average_bits", 2 }, { "full_accuracy", 0.97 } };
}

CurveRequest request(CurveCost cost = CurveCost::Macs)
{
    return { .model = { 1 }, .dataset = DatasetId { 1 }, .cost = cost, .selected = {}, .fullFigures = { { "macs", 1e6 } } };
}

Curves curvesOf(const RunMap& runs, const CurveRequest& request)
{
    ParameterNumbers numbers;
    return bitscape::ui::curvesOf(runs, request, numbers);
}

/// Whether a point is beaten, by the definition.
std::vector<std::size_t> frontByForce(const std::vector<TradeOff>& points)
{
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto beats = [&](const TradeOff& q) {
            return q.cost <= points[i].cost && q.gain >= points[i].gain && (q.cost < points[i].cost || q.gain > points[i].gain);
        };
        if (std::ranges::none_of(points, beats))
            front.push_back(i);
    }
    return front;
}

/// Everything about a run but its seed, as text, with all that it comes from.
std::string lineage(const RunMap& runs, RunId id)
{
    const Run& run = runs.at(id)->run;
    const std::string own = toString(run.kind) + run.parameters.dump() + std::to_string(run.dataset ? run.dataset->value : -1);
    return run.parent ? lineage(runs, *run.parent) + '>' + own : own;
}

/// A project of `count` runs: trainings, scores, searches and refinements with few different settings and many seeds.
Runs manyRuns(int count, std::mt19937& random)
{
    Runs runs;
    const std::vector<const char*> strategies { "cq", "fisher", "model-wise", "random" };
    const auto pick = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
    const nlohmann::json train = completeParameters(RunKind::Train, nullptr), score = completeParameters(RunKind::Score, nullptr);
    std::vector<RunId> scores, searches;
    for (int i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(pick(5));
        const double accuracy = 0.5 + 0.005 * pick(90), macs = 1000.0 * (1 + pick(200));
        if (i % 50 == 0) {
            const RunId trained = runs.add(RunKind::Train, {}, train, seed, { { "accuracy", accuracy } });
            scores.push_back(runs.add(RunKind::Score, trained, score, 0, { { "accuracy", accuracy }, { "full_accuracy", accuracy } }));
        } else if (i % 2 == 1 || searches.empty()) {
            const auto order = pick(2) ? "ascending" : "descending";
            searches.push_back(runs.add(RunKind::Search, scores[static_cast<std::size_t>(pick(static_cast<int>(scores.size())))],
                search(strategies[static_cast<std::size_t>(pick(4))], order, 1 + 0.01 * pick(300)), seed, figures(accuracy, macs)));
        } else {
            const RunId parent = searches[static_cast<std::size_t>(pick(static_cast<int>(searches.size())))];
            runs.add(
                RunKind::Refine, parent, completeParameters(RunKind::Refine, { { "epochs", 1 + pick(3) } }), seed, figures(accuracy, macs));
        }
    }
    return runs;
}

} // namespace

class TestCurves : public QObject {
    Q_OBJECT
private slots:
    void frontIsThatOfTheDefinition()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 300; ++round) {
            // Few different values: ties in one coordinate and in both.
            std::uniform_int_distribution<int> value(0, 1 + round % 9), size(0, 40);
            std::vector<TradeOff> points(static_cast<std::size_t>(size(random)));
            for (TradeOff& point : points)
                point = { static_cast<double>(value(random)), static_cast<double>(value(random)) };
            std::vector<std::size_t> front = paretoFront(points);
            QVERIFY(std::ranges::is_sorted(front, {}, [&](std::size_t i) { return points[i].cost; }));
            std::ranges::sort(front);
            QCOMPARE(front, frontByForce(points));
        }
    }

    void spreadIsTheSampleDeviation()
    {
        QCOMPARE(meanSpread({ 0.3 }), (MeanSpread { 0.3, 0 }));
        const MeanSpread spread = meanSpread({ 1, 2, 3, 4 });
        QCOMPARE(spread.mean, 2.5);
        QCOMPARE(spread.deviation, std::sqrt(5.0 / 3));
        QCOMPARE(meanSpread({ 0.1, 0.1, 0.1 }), (MeanSpread { 0.1, 0 }));
    }

    void runsThatDifferInTheirSeedAreOnePoint()
    {
        Runs runs;
        const RunId train = runs.add(RunKind::Train, {}, completeParameters(RunKind::Train, nullptr), 1, { { "accuracy", 0.97 } });
        const RunId a = runs.add(RunKind::Search, train, search("random"), 1, figures(0.90, 1000));
        const RunId b = runs.add(RunKind::Search, train, search("random"), 2, figures(0.92, 1200));
        const RunId c = runs.add(RunKind::Search, train, search("random"), 3, figures(0.925, 1100));
        runs.add(RunKind::Search, train, search("random", "ascending", 3), 1, figures(0.95, 2000));
        const Curves curves = curvesOf(runs.map, request());
        QCOMPARE(curves.ways.size(), std::size_t { 2 });
        const CurvePoint* point = curves.pointOf(a);
        QVERIFY(point);
        QCOMPARE(point, curves.pointOf(b));
        QCOMPARE(point->runs.size(), std::size_t { 3 });
        QCOMPARE(point->seeds, (std::vector<std::uint64_t> { 1, 2, 3 }));
        QCOMPARE(point->accuracy.mean, (0.90 + 0.92 + 0.925) / 3);
        QCOMPARE(point->cost.mean, 1100.0);
        QCOMPARE(point->cost.deviation, 100.0);
        QCOMPARE(point->key(), b); // 0.92 is the closest to 0.915
        QVERIFY(curves.pointOf(c) == point);
        QCOMPARE(curves.fullAccuracy, std::optional(0.97));
    }

    void seedsOfAncestorsTellRepeatsApart()
    {
        Runs runs;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const RunId train = runs.add(RunKind::Train, {}, completeParameters(RunKind::Train, nullptr), seed, { { "accuracy", 0.97 } });
            const RunId found = runs.add(RunKind::Search, train, search("cq"), 0, figures(0.90, 1000));
            runs.add(RunKind::Refine, found, completeParameters(RunKind::Refine, nullptr), 0, figures(0.95, 1000));
        }
        const Curves curves = curvesOf(runs.map, request());
        QCOMPARE(curves.points.size(), std::size_t { 3 });
        for (const CurvePoint& point : curves.points)
            QCOMPARE(point.seeds, (std::vector<std::uint64_t> { 1, 2, 3 }));
    }

    void groupsAreThoseOfWholeLineages()
    {
        std::mt19937 random(2);
        const Runs runs = manyRuns(400, random);
        std::map<std::string, std::set<std::int64_t>> expected, found;
        for (const auto& [id, record] : runs.map) {
            if (record->run.kind != RunKind::Score)
                expected[lineage(runs.map, id)].insert(id.value);
        }
        const Curves curves = curvesOf(runs.map, request());
        std::vector<TradeOff> offers;
        for (const CurvePoint& point : curves.points) {
            for (const auto& record : point.runs)
                found[lineage(runs.map, record->run.id)].insert(record->run.id.value);
            offers.push_back({ point.cost.mean, point.accuracy.mean });
        }
        QCOMPARE(found, expected);
        QCOMPARE(curves.points.size(), expected.size());
        auto front = curves.front;
        std::ranges::sort(front);
        QCOMPARE(front, frontByForce(offers));
    }

    void waysHaveTheirWords()
    {
        Runs runs;
        const RunId train = runs.add(RunKind::Train, {}, completeParameters(RunKind::Train, nullptr), 1, { { "accuracy", 0.97 } });
        const RunId score = runs.add(RunKind::Score, train, completeParameters(RunKind::Score, nullptr), 1, { { "accuracy", 0.97 } });
        const RunId cq = runs.add(RunKind::Search, score, search("cq", "descending"), 1, figures(0.90, 1000));
        const RunId fisher = runs.add(RunKind::Search, score, search("fisher"), 1, figures(0.93, 1000));
        const RunId refined = runs.add(RunKind::Refine, fisher, completeParameters(RunKind::Refine, nullptr), 1, figures(0.95, 1000));
        runs.add(RunKind::Evaluate, refined, completeParameters(RunKind::Evaluate, nullptr), 1, figures(0.95, 1000));
        runs.add(RunKind::Evaluate, train, completeParameters(RunKind::Evaluate, nullptr), 1, figures(0.97, 9000));
        runs.add(RunKind::Search, cq, search("model-wise"), 1, figures(0.80, 900));
        const Curves curves = curvesOf(runs.map, request());
        QStringList titles;
        for (const CurveWay& way : curves.ways)
            titles << titleOf(way);
        const QStringList expected { "train (32 bits)", "evaluate (32 bits)", "search cq descending", "search fisher",
            "refine after fisher", "evaluate after fisher", "search model-wise" };
        QCOMPARE(titles, expected);
    }

    void onlyComparableRunsAreShown()
    {
        Runs runs;
        const auto add = [&](double accuracy) {
            return runs.add(RunKind::Search, {}, search("cq", "ascending", accuracy * 4), 1, figures(accuracy, 1000));
        };
        const RunId shown = add(0.5);
        runs.change(add(0.6), [](RunRecord& record) { record.run.model = ModelId { 2 }; });
        runs.change(add(0.7), [](RunRecord& record) { record.run.dataset = DatasetId { 2 }; });
        runs.change(add(0.8), [](RunRecord& record) { record.run.state = RunState::Running; });
        runs.change(add(0.9), [](RunRecord& record) { record.metrics.erase("macs"); });
        runs.change(add(0.95), [](RunRecord& record) { record.metrics["accuracy"] = std::nan(""); });
        const Curves curves = curvesOf(runs.map, request());
        QCOMPARE(curves.points.size(), std::size_t { 1 });
        QVERIFY(curves.pointOf(shown));
    }

    void chartHasUnitsKeysAndBars()
    {
        Runs runs;
        runs.add(RunKind::Search, {}, search("model-wise"), 1, figures(0.90, 400000));
        runs.add(RunKind::Search, {}, search("model-wise"), 2, figures(0.92, 400000));
        const RunId single = runs.add(RunKind::Search, {}, search("model-wise", "ascending", 3), 1, figures(0.95, 500000));
        const ChartSpec spec = curvesSpec(curvesOf(runs.map, request()), CurveCost::Macs, true);
        QCOMPARE(spec.x.title, QStringLiteral("MACs per image (k)"));
        QVERIFY(spec.x.logarithmic);
        QCOMPARE(spec.y.title, QStringLiteral("accuracy (test, %)"));
        QCOMPARE(spec.series.size(), std::size_t { 2 });
        const Series& front = spec.series[0];
        QVERIFY(front.style == SeriesStyle::Steps);
        QCOMPARE(front.x, (std::vector<double> { 400, 500 }));
        const Series& uniform = spec.series[1];
        QCOMPARE(uniform.name, QStringLiteral("search model-wise"));
        QVERIFY(uniform.dashed && uniform.hollow && uniform.style == SeriesStyle::LineAndPoints);
        QCOMPARE(uniform.keys.back(), single.value);
        QCOMPARE(uniform.y.front(), 91.0);
        QCOMPARE(uniform.high.front() - 91.0, 100 * std::sqrt(2 * 0.01 * 0.01));
        QVERIFY(std::isnan(uniform.low.back()));
        QVERIFY2(uniform.notes.front().contains("runs 1, 2") && uniform.notes.front().contains("n = 2, seeds 1, 2"),
            qPrintable(uniform.notes.front()));
        QVERIFY2(uniform.notes.back().startsWith("run 3 · search"), qPrintable(uniform.notes.back()));
        QCOMPARE(spec.marks.size(), std::size_t { 1 });
        QCOMPARE(spec.marks.front().at, 97.0);
        QVERIFY(!spec.marks.front().vertical);
    }

    void subnetsAreStairsAndOffers()
    {
        Runs runs;
        const nlohmann::json wide = completeParameters(RunKind::Step, nullptr),
                             narrow = completeParameters(RunKind::Step, { { "expansion", 1.5 } });
        const auto steps = [](double accuracy) {
            std::map<std::string, double> metrics { { "accuracy", accuracy + 0.02 }, { "macs", 300000 } };
            for (const std::string family : { "stepping", "any-width" }) {
                for (int k = 1; k <= 2; ++k) {
                    metrics[family + "_accuracy_" + std::to_string(k)] = accuracy + 0.01 * k - (family == "stepping" ? 0 : 0.05);
                    metrics[family + "_macs_" + std::to_string(k)] = 150000 * k;
                }
            }
            return metrics;
        };
        const RunId first = runs.add(RunKind::Step, {}, wide, 1, steps(0.80));
        const RunId again = runs.add(RunKind::Step, {}, wide, 2, steps(0.84));
        const RunId other = runs.add(RunKind::Step, {}, narrow, 1, steps(0.90));
        const RunId old = runs.add(RunKind::Step, {}, completeParameters(RunKind::Step, { { "expansion", 2.0 } }), 1, figures(0.5, 1000));
        auto asked = request();
        asked.selected = again;
        const Curves curves = curvesOf(runs.map, asked);
        QStringList titles;
        for (const CurveWay& way : curves.ways)
            titles << titleOf(way);
        // baselines of the selected run only; a run that does not know its subnets' MACs is one point
        QCOMPARE(titles, (QStringList { "stepping (run 1)", "any-width (run 1)", "stepping (run 3)", "step (run 4)" }));
        const ChartSpec spec = curvesSpec(curves, CurveCost::Macs, false);
        const Series& seeds = spec.series[1];
        QVERIFY(seeds.style == SeriesStyle::StepsAndPoints && !seeds.dashed && spec.series[2].dashed);
        QCOMPARE(seeds.x, (std::vector<double> { 150, 300 }));
        QVERIFY(std::abs(seeds.y[0] - 83) < 1e-9 && std::abs(seeds.y[1] - 84) < 1e-9); // means of 81, 85 and 82, 86
        QVERIFY(std::abs(seeds.high[0] - seeds.y[0] - std::sqrt(8)) < 1e-9);
        QVERIFY2(seeds.notes[1].contains("subnet 2") && seeds.notes[1].contains("n = 2, seeds 1, 2"), qPrintable(seeds.notes[1]));
        QVERIFY(seeds.keys[0] == first.value || seeds.keys[0] == again.value); // both are as near to the mean
        QCOMPARE(spec.series[3].keys, (std::vector<std::int64_t>(2, other.value)));
        QCOMPARE(curves.pointOf(old)->subnet, 0);
        std::vector<double> front;
        for (const std::size_t i : curves.front)
            front.push_back(curves.points[i].cost.mean);
        QCOMPARE(front, (std::vector<double> { 1000, 150000, 300000 }));
        const Curves bits = curvesOf(runs.map, request(CurveCost::AverageBits)); // no subnet has bits
        QCOMPARE(bits.points.size(), std::size_t { 1 });
    }

    void theNewestStepRunIsComparedWhereNoneIsSelected()
    {
        Runs runs;
        for (const double expansion : { 1.5, 2.0 }) {
            runs.add(RunKind::Step, {}, completeParameters(RunKind::Step, { { "expansion", expansion } }), 1,
                { { "accuracy", 0.9 }, { "macs", 10 }, { "stepping_accuracy_1", 0.9 }, { "stepping_macs_1", 10 },
                    { "slimmable_accuracy_1", 0.8 }, { "slimmable_macs_1", 10 } });
        }
        QStringList titles;
        for (const CurveWay& way : curvesOf(runs.map, request()).ways)
            titles << titleOf(way);
        QCOMPARE(titles, (QStringList { "stepping (run 1)", "stepping (run 2)", "slimmable (run 2)" }));
    }

    void sizesAreDrawnInBytes()
    {
        Runs runs;
        auto metrics = figures(0.9, 1);
        metrics["size_bits"] = 128000;
        runs.add(RunKind::Search, {}, search("cq"), 1, metrics);
        const ChartSpec spec = curvesSpec(curvesOf(runs.map, request(CurveCost::Size)), CurveCost::Size, false);
        QCOMPARE(spec.x.title, QStringLiteral("size of the weights (kB)"));
        QCOMPARE(spec.series[1].x, (std::vector<double> { 16 }));
    }

    /// How long it takes is printed: no test depends on it.
    void tenThousandRuns()
    {
        std::mt19937 random(3);
        const Runs runs = manyRuns(10000, random);
        ParameterNumbers numbers;
        double best = 1000;
        for (int round = 0; round < 5; ++round) {
            const std::clock_t start = std::clock();
            const ChartSpec spec = curvesSpec(bitscape::ui::curvesOf(runs.map, request(), numbers), CurveCost::Macs, false);
            best = std::min(best, 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
            QVERIFY(spec.series.size() > 5);
        }
        qInfo("10000 runs in %.1f ms", best);
    }
};

QTEST_GUILESS_MAIN(TestCurves)
#include "tst_curves.moc"
