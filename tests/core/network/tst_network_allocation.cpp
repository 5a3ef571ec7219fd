// SPDX-License-Identifier: GPL-3.0-or-later
#include "slow_allocation.h"

#include "core/network/allocation.h"
#include "core/network/cost.h"

#include <QtTest>

#include <algorithm>
#include <limits>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// A kept layer, then one quantizable layer per entry { filters, weights per filter }, then a kept one.
std::vector<Layer> layersWith(const std::vector<std::pair<int, int>>& sizes)
{
    std::vector<Layer> layers;
    const auto add = [&](int filters, int weights, bool quantizable) {
        Layer layer;
        layer.filters = filters;
        layer.inputs = weights;
        layer.quantizable = quantizable;
        layers.push_back(layer);
    };
    add(2, 5, false);
    for (const auto& [filters, weights] : sizes)
        add(filters, weights, true);
    add(3, 7, false);
    return layers;
}

template <typename Draw> SensitivityTable tableFor(const std::vector<Layer>& layers, const std::vector<int>& bits, int classes, Draw draw)
{
    SensitivityTable table { bits, classes, {} };
    for (const Layer& layer : layers) {
        table.damage.emplace_back();
        const std::size_t count = static_cast<std::size_t>(layer.filters) * bits.size() * static_cast<std::size_t>(classes);
        for (std::size_t i = 0; layer.quantizable && i < count; ++i)
            table.damage.back().push_back(static_cast<float>(draw()));
    }
    return table;
}

/// Falls with the bits, each bit by less than the one before: convex.
SensitivityTable convexTable(const std::vector<Layer>& layers, const std::vector<int>& bits, Random& random)
{
    SensitivityTable table = tableFor(layers, bits, 1, [] { return 0; });
    for (auto& damage : table.damage) {
        for (std::size_t f = 0; f < damage.size() / bits.size(); ++f) {
            const double size = random.uniform(0.1, 10), factor = random.uniform(0.2, 0.8);
            for (std::size_t b = 0; b < bits.size(); ++b)
                damage[f * bits.size() + b] = static_cast<float>(size * std::pow(factor, bits[b]));
        }
    }
    return table;
}

AllocationRequest requestFor(double target, const std::vector<int>& allowed = { 0, 1, 2, 3, 4 })
{
    AllocationRequest request;
    request.targetBits = target;
    request.choice.allowed = allowed;
    return request;
}

QString text(const LayerBits& bits)
{
    QString all;
    for (const auto& layer : bits) {
        for (const std::uint8_t b : layer)
            all += QString::number(b) + ' ';
        all += "| ";
    }
    return all;
}

/// What fits the table and nothing else: one thing changed at a time.
struct Misfit {
    const char* name;
    void (*apply)(SensitivityTable&, AllocationRequest&);
};

const std::vector<Misfit>& misfits()
{
    using T = SensitivityTable;
    using R = AllocationRequest;
    static const std::vector<Misfit> all {
        { "bits without a column",
            [](T&, R& r) {
                r.choice.allowed = { 0, 1, 5 };
            } },
        { "no bits allowed", [](T&, R& r) { r.choice.allowed.clear(); } },
        { "bits that fall",
            [](T&, R& r) {
                r.choice.allowed = { 2, 1 };
            } },
        { "bits twice",
            [](T&, R& r) {
                r.choice.allowed = { 1, 1, 2 };
            } },
        { "too few class weights",
            [](T&, R& r) {
                r.classWeights = { 1, 1 };
            } },
        { "too many class weights",
            [](T&, R& r) {
                r.classWeights = { 1, 1, 1, 1 };
            } },
        { "no classes", [](T& t, R&) { t.classes = 0; } },
        { "negative classes", [](T& t, R&) { t.classes = -3; } },
        { "other classes", [](T& t, R&) { t.classes = 2; } },
        { "a layer too few", [](T& t, R&) { t.damage.pop_back(); } },
        { "a layer too many", [](T& t, R&) { t.damage.emplace_back(); } },
        { "an entry missing", [](T& t, R&) { t.damage[1].pop_back(); } },
        { "a filter too many", [](T& t, R&) { t.damage[2].resize(t.damage[2].size() + 15); } },
        { "a quantizable layer missing", [](T& t, R&) { t.damage[1].clear(); } },
        { "a column missing",
            [](T& t, R&) {
                t.bits = { 0, 1, 2, 3 };
            } },
        { "locked layers missing",
            [](T&, R& r) {
                r.locked = { {}, { 1, 1 } };
            } },
        { "locked filters missing",
            [](T&, R& r) {
                r.locked = { {}, { 1 }, {}, {} };
            } },
        { "locked filters too many",
            [](T&, R& r) {
                r.locked = { {}, {}, { 1, 1, 1, 1 }, {} };
            } },
    };
    return all;
}

} // namespace

/// Bits from thresholds and from damages, against the words of methods.md sections 3 and 3a done slowly.
class TestAllocation final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// Scores and thresholds are whole hundredths: counted in integers.
    void thresholds()
    {
        Random random(1);
        const auto layers = layersWith({ { 30, 4 }, { 20, 9 } });
        for (int round = 0; round < 500; ++round) {
            const std::vector<int> allowed = round % 2 == 0 ? std::vector<int> { 0, 1, 2, 3, 4 } : std::vector<int> { 1, 4, 8 };
            std::vector<int> hundredths;
            for (std::size_t k = 1; k < allowed.size(); ++k)
                hundredths.push_back(static_cast<int>(random.below(1011)));
            std::ranges::sort(hundredths);
            std::vector<double> scale;
            for (const int p : hundredths)
                scale.push_back(0.01 * p); // 0.01 * p and p / 100.0 differ in the last bit for some
            FilterScores scores;
            LayerBits expected;
            for (const Layer& layer : layers) {
                scores.emplace_back();
                expected.emplace_back();
                for (std::int64_t f = 0; f < layer.filters; ++f) {
                    const int g = random.below(2) == 0 ? static_cast<int>(random.below(1001)) : hundredths[random.below(hundredths.size())];
                    scores.back().push_back(g / 100.0);
                    const auto reached = std::ranges::count_if(hundredths, [&](int p) { return p <= g; });
                    expected.back().push_back(
                        static_cast<std::uint8_t>(layer.quantizable ? allowed[static_cast<std::size_t>(reached)] : 8));
                }
            }
            QCOMPARE(text(bitsFromThresholds(layers, scores, scale, { allowed, 8 })), text(expected));
        }
    }

    /// p <= g + 1e-9, from both sides.
    void thresholdSlack()
    {
        const auto layers = layersWith({ { 5, 1 } });
        const FilterScores scores { { 0, 0 }, { 0.3 - 2e-9, 0.3 - 5e-10, 0.1 + 0.2, 0, -1 }, { 0, 0, 0 } };
        QCOMPARE(
            bitsFromThresholds(layers, scores, { 0.0, 0.3 }, { { 0, 2, 3 }, 7 }), (LayerBits { { 7, 7 }, { 2, 3, 3, 2, 0 }, { 7, 7, 7 } }));
        QCOMPARE(bitsFromThresholds(layersWith({ { 2, 1 } }), { {}, { 0, -1e-12 }, {} }, { 1e-9 }, { { 1, 2 }, 7 })[1],
            (std::vector<std::uint8_t> { 2, 1 })); // equal counts as reached
        QCOMPARE(bitsFromThresholds(layers, scores, {}, { { 3 }, 6 }), (LayerBits { { 6, 6 }, { 3, 3, 3, 3, 3 }, { 6, 6, 6 } }));
    }

    /// Three filters of one weight. Steps by gain: A 0>1 (6), C 0>2 (5 a bit), A 1>2 (3), B 0>1 (2), C 2>3 (1).
    void byHand_data()
    {
        QTest::addColumn<double>("target");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << 0.0 << "0 0 0 ";
        QTest::newRow("one bit") << 1 / 3.0 << "1 0 0 ";
        QTest::newRow("two bits") << 2 / 3.0 << "2 0 0 "; // C's two bits do not fit behind A's first, A's second does
        QTest::newRow("three bits") << 1.0 << "1 0 2 ";
        QTest::newRow("four bits") << 4 / 3.0 << "2 0 2 ";
        QTest::newRow("five bits") << 5 / 3.0 << "2 1 2 ";
        QTest::newRow("six bits") << 2.0 << "2 1 3 ";
        QTest::newRow("more than helps") << 3.0 << "2 1 3 ";
        QTest::newRow("a little less than five") << 5 / 3.0 - 1e-6 << "2 0 2 ";
    }

    void byHand()
    {
        QFETCH(const double, target);
        QFETCH(const QString, expected);
        const auto layers = layersWith({ { 3, 1 } });
        const SensitivityTable table { { 0, 1, 2, 3 }, 1, { {}, { 10, 4, 1, 1, 2, 0, 1, 5, 11, 10, 1, 0 }, {} } };
        QCOMPARE(text(allocate(layers, table, requestFor(target, { 0, 1, 2, 3 }))), "8 8 | " + expected + "| 8 8 8 | ");
    }

    void againstTheSlowWay_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("any reals, convex or not") << 0;
        QTest::newRow("few values, ties and flat stretches everywhere") << 1;
        QTest::newRow("zeros and ones") << 2;
        QTest::newRow("falling") << 3;
    }

    void againstTheSlowWay()
    {
        QFETCH(const int, kind);
        Random random(20 + static_cast<std::uint64_t>(kind));
        for (int round = 0; round < 400; ++round) {
            // ties are exact: four classes, whole damages, weights in powers of two (so a division by them never rounds)
            const auto layers
                = kind == 0 || kind == 3 ? layersWith({ { 6, 5 }, { 4, 9 }, { 7, 3 } }) : layersWith({ { 6, 4 }, { 4, 16 }, { 7, 1 } });
            const auto table = tableFor(layers, { 0, 1, 2, 3, 4, 6, 8 }, 4, [&] {
                return kind == 0 ? random.uniform(-1, 5)
                    : kind == 3  ? random.uniform()
                                 : static_cast<double>(random.below(kind == 1 ? 7 : 2));
            });
            SensitivityTable used = table;
            if (kind == 3)
                fall(used);
            AllocationRequest request = requestFor(random.uniform(-0.5, 9), randomSubset(table.bits, random));
            if (round % 3 == 0)
                request.targetBits = static_cast<double>(random.below(17)) / 2;
            if (round % 4 == 1)
                request.classWeights = { 0.5, 0, 2, 0.25 };
            if (round % 5 == 2)
                request.locked = randomLocks(layers, random);
            QCOMPARE(text(allocate(layers, used, request)), text(slowAllocation(layers, used, request)));
        }
    }

    void averagesStayWithinTheTarget()
    {
        Random random(30);
        const auto layers = layersWith({ { 40, 27 }, { 25, 64 }, { 10, 300 } });
        for (int round = 0; round < 200; ++round) {
            const auto table = tableFor(layers, { 0, 1, 2, 3, 4 }, 3, [&] { return random.uniform(); });
            const double target = random.uniform(0, 4);
            const LayerBits bits = allocate(layers, table, requestFor(target));
            QVERIFY(averageBits(layers, bits) <= target + 1e-9);
            for (const std::size_t kept : { std::size_t { 0 }, std::size_t { 4 } })
                QVERIFY(std::ranges::all_of(bits[kept], [](int b) { return b == 8; }));
        }
    }

    /// Convex damages, equal filters, bit by bit: a larger target takes the same steps and some more, and uses what it has.
    void largerTargetsTakeMoreSteps()
    {
        Random random(31);
        const auto layers = layersWith({ { 30, 12 }, { 20, 12 } });
        const auto table = convexTable(layers, { 0, 1, 2, 3, 4 }, random);
        LayerBits before = allocate(layers, table, requestFor(0));
        for (int steps = 1; steps <= 200; ++steps) {
            const LayerBits bits = allocate(layers, table, requestFor(steps / 50.0));
            QCOMPARE(averageBits(layers, bits), steps / 50.0);
            for (std::size_t i = 0; i < bits.size(); ++i)
                QVERIFY(std::ranges::equal(before[i], bits[i], std::less_equal<>()));
            before = bits;
        }
    }

    /// With room for everything each filter ends at its least damage, and at the fewest bits of those. Whole damages divided by ten
    /// classes make slopes that are equal but for the last bit: no step may be lost on the way.
    void enoughBitsForEverything()
    {
        Random random(32);
        const auto layers = layersWith({ { 300, 3 } });
        const std::vector<int> bits { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
        for (int round = 0; round < 100; ++round) {
            SensitivityTable table = tableFor(layers, bits, 10, [&] { return random.below(4); });
            for (std::size_t row = 0; round % 2 == 0 && row < table.damage[1].size(); row += 90) { // straight lines down to zero
                for (std::size_t m = 0; m < 10; ++m) {
                    const auto slope = static_cast<float>(random.below(50));
                    for (std::size_t b = 0; b < 9; ++b)
                        table.damage[1][row + b * 10 + m] = slope * static_cast<float>(8 - bits[b]);
                }
            }
            const LayerBits given = allocate(layers, table, requestFor(8, bits));
            for (std::size_t f = 0; f < given[1].size(); ++f) {
                const auto damage = slowDamage(table, 1, f, bits, std::vector<double>(10, 0.1));
                const double least = *std::ranges::min_element(damage);
                QVERIFY2(damage[given[1][f]] <= least + 1e-9, qPrintable(QStringLiteral("round %1, filter %2").arg(round).arg(f)));
            }
        }
    }

    void lockedFiltersStay()
    {
        Random random(33);
        const auto layers = layersWith({ { 10, 6 }, { 12, 10 } });
        for (int round = 0; round < 100; ++round) {
            const auto table = tableFor(layers, { 0, 1, 2, 3, 4 }, 2, [&] { return random.uniform(); });
            AllocationRequest request = requestFor(random.uniform(0, 4));
            request.locked = randomLocks(layers, random);
            const LayerBits bits = allocate(layers, table, request);
            for (std::size_t i = 0; i < bits.size(); ++i) {
                for (std::size_t f = 0; layers[i].quantizable && f < request.locked[i].size(); ++f)
                    QVERIFY(request.locked[i][f] == AllocationRequest::kFree || bits[i][f] == request.locked[i][f]);
            }
            request.locked = { {}, {}, {}, {} }; // nothing locked, written out
            QVERIFY(allocate(layers, table, request) == allocate(layers, table, requestFor(request.targetBits)));
        }
    }

    /// Other allowed bits, other class weights: as if the table had never held anything else.
    void subsetsOfTheTable()
    {
        Random random(34);
        const auto layers = layersWith({ { 10, 6 }, { 12, 10 } });
        for (int round = 0; round < 100; ++round) {
            const auto full = tableFor(layers, { 0, 1, 2, 3, 4 }, 3, [&] { return random.uniform(); });
            SensitivityTable part { { 1, 4 }, 1, {} };
            for (std::size_t i = 0; i < layers.size(); ++i) {
                part.damage.emplace_back();
                for (std::size_t f = 0; f < full.damage[i].size() / 15; ++f)
                    for (const std::size_t column : { 1, 4 })
                        part.damage.back().push_back(full.damage[i][f * 15 + column * 3 + 1]); // class 1
            }
            AllocationRequest request = requestFor(random.uniform(1, 4), { 1, 4 });
            request.classWeights = { 0, 1, 0 };
            const LayerBits bits = allocate(layers, full, request);
            request.classWeights.clear();
            QCOMPARE(text(bits), text(allocate(layers, part, request)));
        }
    }

    void misfitsAreRefused_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < misfits().size(); ++i)
            QTest::newRow(misfits()[i].name) << static_cast<int>(i);
    }

    void misfitsAreRefused()
    {
        QFETCH(const int, index);
        const auto layers = layersWith({ { 2, 3 }, { 3, 2 } });
        SensitivityTable table = tableFor(layers, { 0, 1, 2, 3, 4 }, 3, [] { return 1; });
        AllocationRequest request = requestFor(2);
        QVERIFY(!refusalOf([&] { allocate(layers, table, request); }));
        misfits()[static_cast<std::size_t>(index)].apply(table, request);
        QVERIFY(refuses([&] { allocate(layers, table, request); }, ErrorCode::BadArgument));
    }
};

QTEST_APPLESS_MAIN(TestAllocation)
#include "tst_network_allocation.moc"
