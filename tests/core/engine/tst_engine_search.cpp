// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/engine/tiny_network.h"

#include "core/engine/search/baselines.h"
#include "core/engine/search/threshold_search.h"
#include "core/network/cost.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// Four layers of which two are quantizable, of 6 and 10 filters with 4 and 9 weights each.
std::vector<Layer> layersForSearch()
{
    std::vector<Layer> layers(4);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        layers[i].name = "layer" + std::to_string(i);
        layers[i].filters = i == 1 ? 6 : i == 2 ? 10 : 3;
        layers[i].inputs = i == 1 ? 4 : 9;
        layers[i].quantizable = i == 1 || i == 2;
    }
    return layers;
}

/// Whole hundredths times ten classes, as counts give them.
FilterScores randomScores(const std::vector<Layer>& layers, std::uint64_t seed)
{
    Random random(seed);
    FilterScores scores;
    for (const Layer& layer : layers) {
        scores.emplace_back();
        for (std::int64_t f = 0; f < layer.filters; ++f)
            scores.back().push_back(static_cast<double>(random.below(1001)) / 100.0);
    }
    return scores;
}

/// An accuracy that falls as bits go, unevenly.
double pretendAccuracy(const LayerBits& bits)
{
    double lost = 0;
    for (std::size_t i = 1; i <= 2; ++i) {
        for (std::size_t f = 0; f < bits[i].size(); ++f)
            lost += std::pow(4 - bits[i][f], 2) * (1 + static_cast<double>((f * 7 + i) % 5)) / 3000;
    }
    return std::max(0.05, 0.9 - lost);
}

/// Decides as the accuracy does, but tells bounds only.
Verdict pretendVerdict(const SearchMove& move)
{
    const double accuracy = pretendAccuracy(move.bits);
    return { accuracy - 0.03, accuracy + 0.01, accuracy >= move.floor };
}

/// methods.md section 3 written out plainly: thresholds as doubles, every move evaluated, nothing clever.
struct PlainSearch {
    const std::vector<Layer>& layers;
    const FilterScores& scores;
    const ThresholdSearchOptions& options;
    std::vector<int> p = std::vector<int>(4, 0);
    int phase = 0;
    std::vector<SearchMove> moves;

    LayerBits bits(const std::vector<int>& at) const
    {
        LayerBits result = uniformBits(layers, 0, 8);
        for (std::size_t i = 1; i <= 2; ++i) {
            for (std::size_t f = 0; f < result[i].size(); ++f) {
                int j = 0;
                for (const int t : at)
                    j += t * options.step <= scores[i][f] + 1e-9 ? 1 : 0;
                result[i][f] = static_cast<std::uint8_t>(options.choice.allowed[static_cast<std::size_t>(j)]);
            }
        }
        return result;
    }
    double average() const
    {
        const LayerBits now = bits(p);
        double sum = 0;
        for (const int b : now[1])
            sum += 4.0 * b;
        for (const int b : now[2])
            sum += 9.0 * b;
        return sum / (6 * 4 + 10 * 9);
    }
    bool isDone() const { return average() <= options.targetBits + 1e-9; }

    void run()
    {
        const int last = static_cast<int>(std::lround((10 + options.step) / options.step));
        for (int round = 0; round < 200 && !isDone(); ++round) {
            for (int i = 1; i <= 4 && !isDone(); ++i) {
                ++phase;
                const std::size_t k = static_cast<std::size_t>(options.order == SearchOrder::Ascending ? i - 1 : 4 - i);
                const double floor = options.accuracyFloor * std::pow(options.floorDecay, i - 1) * std::pow(options.floorDecay, round)
                    * options.fullAccuracy;
                while (!isDone()) {
                    auto next = p;
                    ++next[k];
                    if (next[k] > last || (options.order == SearchOrder::Descending && k < 3 && next[k] > p[k + 1]))
                        break;
                    for (std::size_t j = k + 1; j < 4; ++j)
                        next[j] = std::max(next[j], next[k]);
                    const bool kept = floor < 0.1 || pretendAccuracy(bits(next)) >= floor;
                    if (bits(next) != bits(p))
                        moves.push_back({ 0, phase, {}, bits(next), { 0, 1, kept }, floor < 0.1 ? 0 : floor });
                    if (!kept)
                        break;
                    p = next;
                }
            }
        }
    }
};

ThresholdSearchOptions optionsFor(SearchOrder order, double target)
{
    ThresholdSearchOptions options;
    options.order = order;
    options.targetBits = target;
    options.accuracyFloor = order == SearchOrder::Ascending ? 0.9 : 0.98;
    options.fullAccuracy = 0.9;
    return options;
}

} // namespace

class TestSearch : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void movesAreThoseOfThePlainSearch_data()
    {
        QTest::addColumn<int>("order");
        QTest::addColumn<double>("target");
        QTest::addColumn<int>("seed");
        for (int order = 0; order < 2; ++order) {
            for (const double target : { 4.0, 3.0, 2.0, 1.5, 0.7, 0.0 }) {
                for (int seed = 0; seed < 4; ++seed)
                    QTest::addRow("%s %.1f %d", order ? "descending" : "ascending", target, seed) << order << target << seed;
            }
        }
    }

    void movesAreThoseOfThePlainSearch()
    {
        QFETCH(int, order);
        QFETCH(double, target);
        QFETCH(int, seed);
        const auto layers = layersForSearch();
        const FilterScores scores = randomScores(layers, static_cast<std::uint64_t>(seed));
        const auto options = optionsFor(static_cast<SearchOrder>(order), target);
        PlainSearch plain { layers, scores, options, std::vector<int>(4, 0), 0, {} };
        plain.run();
        std::vector<SearchMove> moves;
        SilentContext context;
        const SearchWorld world { pretendAccuracy, pretendVerdict, [] { return 0.0; },
            [&](const SearchMove& move) {
                moves.resize(std::max(moves.size(), static_cast<std::size_t>(move.step) + 1));
                moves[static_cast<std::size_t>(move.step)] = move;
            } };
        const SearchResult found = searchThresholds(layers, scores, options, world, context);
        QCOMPARE(found.bits, plain.bits(plain.p));
        QCOMPARE(moves.size(), plain.moves.size() + 1); // and the start
        for (std::size_t i = 0; i < plain.moves.size(); ++i) {
            QCOMPARE(moves[i + 1].bits, plain.moves[i].bits);
            QCOMPARE(moves[i + 1].phase, plain.moves[i].phase);
            QCOMPARE(moves[i + 1].verdict.kept, plain.moves[i].verdict.kept);
            QCOMPARE(moves[i + 1].floor, plain.moves[i].floor);
        }
        // The last kept point of every phase is known in full, whatever decided it.
        for (std::size_t i = 1; i < moves.size(); ++i) {
            const auto behind = std::find_if(
                moves.begin() + static_cast<std::ptrdiff_t>(i) + 1, moves.end(), [&](const SearchMove& move) { return move.verdict.kept; });
            if (moves[i].verdict.kept && (behind == moves.end() || behind->phase != moves[i].phase))
                QCOMPARE(moves[i].verdict, (Verdict { pretendAccuracy(moves[i].bits), pretendAccuracy(moves[i].bits), true }));
        }
        for (std::size_t k = 0; k < 4; ++k)
            QVERIFY(std::fabs(found.thresholds[k] - plain.p[k] * options.step) < 1e-9);
        QCOMPARE(found.end, SearchEnd::Reached);
        QVERIFY(found.averageBits <= target + 1e-9);
    }

    void whatCannotBeReachedIsSaid()
    {
        const auto layers = layersForSearch();
        auto options = optionsFor(SearchOrder::Ascending, 0.5);
        options.choice.allowed = { 1, 2, 3 };
        SilentContext context;
        const SearchWorld world { pretendAccuracy, pretendVerdict, [] { return 0.0; }, [](const SearchMove&) {} };
        const SearchResult found = searchThresholds(layers, randomScores(layers, 1), options, world, context);
        QCOMPARE(found.end, SearchEnd::Unreachable);
        QCOMPARE(found.averageBits, 1.0);
    }

    void timeEndsIt()
    {
        const auto layers = layersForSearch();
        auto options = optionsFor(SearchOrder::Ascending, 0.5);
        options.maxSeconds = 5;
        int evaluations = 0;
        SilentContext context;
        const auto counted = [&](const LayerBits& bits) {
            ++evaluations;
            return pretendAccuracy(bits);
        };
        const auto judge = [&](const SearchMove& move) {
            const double accuracy = counted(move.bits);
            return Verdict { accuracy, accuracy, accuracy >= move.floor };
        };
        const SearchWorld world { counted, judge, [&] { return evaluations; }, [](const SearchMove&) {} };
        const SearchResult found = searchThresholds(layers, randomScores(layers, 1), options, world, context);
        QCOMPARE(found.end, SearchEnd::TimeUp);
        QCOMPARE(evaluations, 5);
        QVERIFY(found.averageBits > 0.5);
    }

    void scoresOfHundredthsCompareExactly()
    {
        // 0.1 + 0.2 and the like: a score of exactly n * 0.1 is reached by the n-th threshold, one hundredth less is not.
        const auto layers = layersForSearch();
        for (int n = 1; n <= 100; ++n) {
            FilterScores scores = randomScores(layers, 1);
            std::ranges::fill(scores[1], 10.0);
            std::ranges::fill(scores[2], n / 10.0);
            scores[2][0] = n / 10.0 - 0.01;
            std::vector<SearchMove> moves;
            auto options = optionsFor(SearchOrder::Ascending, 0.0);
            options.accuracyFloor = 0; // every move is kept
            SilentContext context;
            const SearchWorld world { [](const LayerBits&) { return 1.0; },
                [](const SearchMove&) {
                    return Verdict { 1, 1, true };
                },
                [] { return 0.0; }, [&](const SearchMove& m) { moves.push_back(m); } };
            searchThresholds(layers, scores, options, world, context);
            // First the filter one hundredth below goes, at p_1 = n * 0.1, then the others, one step later.
            QVERIFY(std::fabs(moves[1].thresholds[0] - n / 10.0) < 1e-9);
            QCOMPARE(moves[1].bits[2][0], std::uint8_t { 0 });
            QCOMPARE(moves[1].bits[2][1], std::uint8_t { 4 });
            QVERIFY(std::fabs(moves[2].thresholds[0] - (n + 1) / 10.0) < 1e-9);
            QCOMPARE(moves[2].bits[2][1], std::uint8_t { 0 });
        }
    }

    void modelWiseByHand()
    {
        const auto layers = layersForSearch(); // 24 and 90 weights
        int steps = 0;
        const auto count = [&](const LayerBits&, bool) { ++steps; };
        QCOMPARE(modelWiseBits(layers, {}, 2.0, count), uniformBits(layers, 2, 8));
        QCOMPARE(steps, 1);
        // 1.9: all at 2 is 228 bits of 114 weights; wanted at most 216.6: filters of 9 weights go down from the last: two of them.
        LayerBits expected = uniformBits(layers, 2, 8);
        expected[2][8] = expected[2][9] = 1;
        QCOMPARE(modelWiseBits(layers, {}, 1.9, count), expected);
        // 1.2: the last layer at 1 is (48 + 90) / 114 = 1.21, and one filter of the layer in front makes it 134 / 114.
        expected = uniformBits(layers, 1, 8);
        expected[1] = { 2, 2, 2, 2, 2, 1 };
        QCOMPARE(modelWiseBits(layers, {}, 1.2, count), expected);
        QVERIFY_EXCEPTION_THROWN(modelWiseBits(layers, {}, 4.5, count), Error);
    }

    void layerWiseByHand()
    {
        const auto layers = layersForSearch();
        // Accuracy at 0 (unused), 1, 2, 3, 4 bits alone.
        const LayerSensitivity accuracy { {}, { 0, 0.5, 0.7, 0.88, 0.9 }, { 0, 0.3, 0.6, 0.9, 0.9 }, {} };
        // From 4,4: layer 2 to 3 costs nothing; layer 1 to 3: 0.02/24; then layer 2 to 2: 0.3/90 against layer 1 to 2: 0.18/24 -> layer 2.
        LayerBits expected = uniformBits(layers, 4, 8);
        std::ranges::fill(expected[2], std::uint8_t { 3 });
        QCOMPARE(layerWiseBits(layers, {}, accuracy, 3.3), expected);
        std::ranges::fill(expected[1], std::uint8_t { 3 });
        QCOMPARE(layerWiseBits(layers, {}, accuracy, 3.0), expected);
        std::ranges::fill(expected[2], std::uint8_t { 2 });
        QCOMPARE(layerWiseBits(layers, {}, accuracy, 2.5), expected);
        // Never below one bit.
        QCOMPARE(layerWiseBits(layers, {}, accuracy, 0.1), uniformBits(layers, 1, 8));
    }

    void layersAreMeasuredAlone()
    {
        const auto layers = layersForSearch();
        SilentContext context;
        std::set<std::vector<std::uint8_t>> seen;
        const auto measured = measureLayers(
            layers, {},
            [&](const LayerBits& bits) {
                const bool first = bits[1][0] != 32, second = bits[2][0] != 32;
                return first == second || bits[0][0] != 8 ? -1.0 : (first ? bits[1][0] : 10.0 * bits[2][0]);
            },
            context);
        QCOMPARE(measured[1], (std::vector<double> { 0, 1, 2, 3, 4 }));
        QCOMPARE(measured[2], (std::vector<double> { 0, 10, 20, 30, 40 }));
    }

    void dealingKeepsEachLayersHistogram()
    {
        const auto layers = layersForSearch();
        LayerBits bits = uniformBits(layers, 2, 8);
        bits[1] = { 0, 1, 2, 3, 4, 4 };
        bits[2] = { 0, 0, 0, 1, 1, 2, 2, 3, 4, 4 };
        std::map<std::uint64_t, LayerBits> dealt;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            dealt[seed] = shuffledBits(layers, bits, seed);
            QCOMPARE(dealt[seed], shuffledBits(layers, bits, seed));
            for (std::size_t i = 0; i < 4; ++i) {
                auto a = bits[i], b = dealt[seed][i];
                std::ranges::sort(a);
                std::ranges::sort(b);
                QCOMPARE(a, b);
            }
        }
        QVERIFY(dealt[0] != dealt[1]);
        // Every filter gets a bit now and then.
        for (std::size_t f = 0; f < 6; ++f) {
            std::set<int> values;
            for (const auto& [seed, own] : dealt)
                values.insert(own[1][f]);
            QVERIFY(values.size() >= 3);
        }
    }

    void magnitudesAreSharesOfTheLargest()
    {
        const FilterScores scores = magnitudeScores({ { 1, 4, 2 }, {}, { 0, 0 } }, 10);
        QCOMPARE(scores, (FilterScores { { 2.5, 10, 5 }, {}, { 0, 0 } }));
    }
};

QTEST_APPLESS_MAIN(TestSearch)
#include "tst_engine_search.moc"
