// SPDX-License-Identifier: GPL-3.0-or-later
#include "network_test_support.h"

#include "core/network/quantizer.h"

#include <QtTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

using namespace bitscape;
using namespace bitscape::test;

namespace {

using Weights = std::vector<float>;

/// 1, 3, 7, ... 255 and 1, 1, 3, ... 127, written out.
int topLevel(int bits, Grid grid)
{
    static const std::vector<int> midrise { 0, 1, 3, 7, 15, 31, 63, 127, 255 }, narrow { 0, 1, 1, 3, 7, 15, 31, 63, 127 };
    return (grid == Grid::Midrise ? midrise : narrow)[static_cast<std::size_t>(bits)];
}

/// methods.md section 4 as it is written, in float32 with the standard library's floor and rounding.
float reference(float w, int bits, float scale, Grid grid)
{
    if (bits == 32)
        return w;
    if (bits == 0 || scale == 0)
        return 0;
    if (bits == 1)
        return w >= 0 ? scale : -scale;
    const float top = static_cast<float>(topLevel(bits, grid));
    const float level = grid == Grid::Midrise ? 2 * std::floor(w / (2 * scale)) + 1 : std::nearbyint(w / scale);
    return std::clamp(level, -top, top) * scale;
}

long double referenceError(const Weights& weights, int bits, float scale, Grid grid)
{
    long double sum = 0;
    for (const float w : weights) {
        const long double error = static_cast<long double>(w) - static_cast<long double>(reference(w, bits, scale, grid));
        sum += error * error;
    }
    return sum;
}

float largestMagnitude(const Weights& weights)
{
    float largest = 0;
    for (const float w : weights)
        largest = std::max(largest, std::abs(w));
    return largest;
}

/// All hundred fractions are tried, from the largest down; a later one has to be better.
float bestOfHundred(const Weights& weights, int bits, float minmax, Grid grid)
{
    float best = minmax;
    long double least = std::numeric_limits<long double>::infinity();
    for (int k = 100; k >= 1; --k) {
        const float scale = static_cast<float>(static_cast<long double>(minmax) * k / 100);
        const long double error = scale > 0 ? referenceError(weights, bits, scale, grid) : least;
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    return best;
}

float referenceScale(const Weights& weights, int bits, const QuantizerOptions& options)
{
    if (bits == 0)
        return 0;
    if (bits == 32)
        return 1;
    if (bits == 1) {
        double sum = 0;
        for (const float w : weights)
            sum += std::abs(static_cast<double>(w));
        return static_cast<float>(sum / static_cast<double>(weights.size()));
    }
    const float minmax = largestMagnitude(weights) / static_cast<float>(topLevel(bits, options.grid));
    return options.range == RangeRule::MinMax || minmax == 0 ? minmax : bestOfHundred(weights, bits, minmax, options.grid);
}

/// Equal bits; for the least error also another fraction whose error is the same but for the rounding of a sum in float64 (the reference
/// sums in long double, and up to 40 roundings of 2^-53 each may turn a tie).
bool sameScale(const Weights& weights, int bits, const QuantizerOptions& options, float scale)
{
    const float expected = referenceScale(weights, bits, options);
    if (std::bit_cast<std::uint32_t>(scale) == std::bit_cast<std::uint32_t>(expected))
        return true;
    if (options.range == RangeRule::MinMax || bits < 2 || bits > 8 || scale <= 0)
        return false;
    const long double ours = referenceError(weights, bits, scale, options.grid),
                      theirs = referenceError(weights, bits, expected, options.grid);
    return std::abs(ours - theirs) <= 40 * 0x1p-53L * theirs;
}

Weights quantized(const Weights& weights, int bits, float scale, Grid grid)
{
    Weights out(weights.size(), 77);
    quantizeFilter(weights, bits, scale, grid, out);
    return out;
}

bool agrees(const Weights& weights, int bits, const QuantizerOptions& options)
{
    const float scale = filterScale(weights, bits, options);
    if (!sameScale(weights, bits, options, scale))
        return false;
    const Weights out = quantized(weights, bits, scale, options.grid);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (out[i] != reference(weights[i], bits, scale, options.grid))
            return false;
    }
    return true;
}

/// Both grids, both rules, all bit-widths.
template <typename Visit> void eachSetting(Visit visit)
{
    for (const Grid grid : { Grid::Midrise, Grid::Narrow })
        for (const RangeRule range : { RangeRule::MinMax, RangeRule::Mse })
            for (const int bits : { 0, 1, 2, 3, 4, 5, 6, 7, 8, 32 })
                visit(bits, QuantizerOptions { grid, range });
}

Weights randomWeights(std::size_t count, Random& random, double deviation)
{
    Weights weights(count);
    for (float& w : weights)
        w = static_cast<float>(random.normal() * deviation);
    return weights;
}

/// Few different values, zeros of both signs among them: ties and boundaries abound.
Weights coarseWeights(std::size_t count, Random& random)
{
    Weights weights(count);
    for (float& w : weights)
        w = 0.25F * (static_cast<float>(random.below(17)) - 8) * (random.below(2) == 0 ? 1.0F : -1.0F);
    return weights;
}

QString textOf(int bits, const QuantizerOptions& options)
{
    return QStringLiteral("%1 bits, %2, %3")
        .arg(bits)
        .arg(options.grid == Grid::Midrise ? "midrise" : "narrow", options.range == RangeRule::Mse ? "mse" : "minmax");
}

/// The first setting in which a filter's scale or levels are not those of the reference, with its weights; empty if there is none.
QString difference(const Weights& weights)
{
    QString found;
    eachSetting([&](int bits, const QuantizerOptions& options) {
        if (!found.isEmpty() || agrees(weights, bits, options))
            return;
        found = textOf(bits, options) + ':';
        for (const float w : weights)
            found += ' ' + QString::number(static_cast<double>(w), 'g', 9);
    });
    return found;
}

/// Nine digits tell every float from every other; QCOMPARE of floats does not.
QString exact(float value)
{
    return QString::number(static_cast<double>(value), 'g', 9);
}

} // namespace

/// Scales and levels against methods.md section 4 in plain loops, and against numbers worked out by hand.
class TestQuantizer final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// Lengths around every vector width.
    void randomFilters()
    {
        Random random(1);
        for (std::size_t count = 1; count <= 40; ++count) {
            for (const double deviation : { 0.05, 1.0, 300.0 })
                QCOMPARE(difference(randomWeights(count, random, deviation)), QString());
            QCOMPARE(difference(coarseWeights(count, random)), QString());
        }
    }

    void extremeFilters()
    {
        Random random(2);
        constexpr float tiny = std::numeric_limits<float>::denorm_min();
        for (const std::size_t count : { 1, 2, 7, 8, 9, 31 }) {
            QCOMPARE(difference(Weights(count, 0.0F)), QString());
            QCOMPARE(difference(Weights(count, -0.0F)), QString());
            QCOMPARE(difference(Weights(count, 0.3F)), QString());
            QCOMPARE(difference(Weights(count, -0.3F)), QString());
            QCOMPARE(difference(randomWeights(count, random, 2e37)), QString());
            QCOMPARE(difference(randomWeights(count, random, 1e-37)), QString()); // scales and fractions of them are denormal
            QCOMPARE(difference(randomWeights(count, random, 1e-43)), QString());
            QCOMPARE(difference(Weights(count, tiny)), QString());
            Weights outlier = randomWeights(count, random, 1e-3);
            outlier.back() = -1e4F;
            QCOMPARE(difference(outlier), QString());
        }
    }

    /// Everything is relative: a power of two in front changes nothing but the exponent.
    void powersOfTwo()
    {
        Random random(3);
        const Weights weights = randomWeights(37, random, 1);
        for (const float factor : { 0x1p-90F, 0x1p100F }) {
            Weights scaled = weights;
            for (float& w : scaled)
                w *= factor;
            eachSetting([&](int bits, const QuantizerOptions& options) {
                const float scale = filterScale(weights, bits, options);
                QCOMPARE(exact(filterScale(scaled, bits, options)), exact(bits == 32 ? scale : scale * factor));
                Weights expected = quantized(weights, bits, scale, options.grid);
                for (float& w : expected)
                    w *= factor;
                QVERIFY(quantized(scaled, bits, scale * factor, options.grid) == expected);
            });
        }
    }

    void levels_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("grid");
        QTest::addColumn<QList<float>>("weights"); // of a scale of 0.5
        QTest::addColumn<QList<float>>("levels");
        const float below = std::nextafter(1.0F, 0.0F), above = std::nextafter(1.0F, 2.0F);
        const int midrise = static_cast<int>(Grid::Midrise), narrow = static_cast<int>(Grid::Narrow);
        using F = QList<float>;
        // 2s = 1: boundaries at whole numbers, the level above on them
        QTest::newRow("midrise 2") << 2 << midrise << F { 0, -0.0F, 1e-30F, -1e-30F, below, 1, above, -below, -1, -above, 2, -2, 99, -99 }
                                   << F { 1, 1, 1, -1, 1, 3, 3, -1, -1, -3, 3, -3, 3, -3 };
        QTest::newRow("midrise 3") << 3 << midrise << F { 1, 2, 3, 4, -1, -2, -3, -4, 2.5F, -2.5F }
                                   << F { 3, 5, 7, 7, -1, -3, -5, -7, 5, -5 };
        QTest::newRow("midrise 8") << 8 << midrise << F { 127, 126.99F, 128, -127, -128, -127.01F, 0.5F }
                                   << F { 255, 253, 255, -253, -255, -255, 1 };
        // s = 0.5: halves between levels at odd quarters go to the even level
        QTest::newRow("narrow 2") << 2 << narrow << F { 0.25F, -0.25F, 0.26F, -0.26F, 0.75F, 0, 9, -9 } << F { 0, 0, 1, -1, 1, 0, 1, -1 };
        QTest::newRow("narrow 3") << 3 << narrow << F { 0.25F, 0.75F, 1.25F, 1.5F, 1.75F, -0.75F, -1.25F, -1.75F, 2 }
                                  << F { 0, 2, 2, 3, 3, -2, -2, -3, 3 };
        QTest::newRow("narrow 8") << 8 << narrow << F { 31.25F, 31.75F, 63.25F, 63.5F, 64, -64 } << F { 62, 64, 126, 127, 127, -127 };
        for (const int grid : { midrise, narrow })
            QTest::addRow("sign, grid %d", grid) << 1 << grid << F { 0, -0.0F, 5, -5, 1e-40F, -1e-40F } << F { 1, 1, 1, -1, 1, -1 };
    }

    void levels()
    {
        QFETCH(const int, bits);
        QFETCH(const int, grid);
        QFETCH(const QList<float>, weights);
        QFETCH(const QList<float>, levels);
        const Weights out = quantized(Weights(weights.begin(), weights.end()), bits, 0.5F, static_cast<Grid>(grid));
        for (qsizetype i = 0; i < levels.size(); ++i)
            QCOMPARE(exact(out[static_cast<std::size_t>(i)] / 0.5F + 0.0F), exact(levels[i]));
    }

    void scalesByHand()
    {
        const QuantizerOptions minmax { Grid::Midrise, RangeRule::MinMax }, narrowMinmax { Grid::Narrow, RangeRule::MinMax };
        const Weights weights { 0.5F, -3, 1.5F, 0 };
        QCOMPARE(exact(filterScale(weights, 0, minmax)), exact(0.0F));
        QCOMPARE(exact(filterScale(weights, 1, minmax)), exact(1.25F)); // (0.5 + 3 + 1.5 + 0) / 4
        QCOMPARE(exact(filterScale(weights, 2, minmax)), exact(1.0F));
        QCOMPARE(exact(filterScale(weights, 2, narrowMinmax)), exact(3.0F));
        QCOMPARE(exact(filterScale(weights, 3, narrowMinmax)), exact(1.0F));
        QCOMPARE(exact(filterScale(weights, 4, minmax)), exact(3.0F / 15));
        QCOMPARE(exact(filterScale(weights, 8, narrowMinmax)), exact(3.0F / 127));
        QCOMPARE(exact(filterScale(weights, 32, minmax)), exact(1.0F));
        QCOMPARE(exact(filterScale({}, 4, minmax)), exact(0.0F));
    }

    /// Scales that are whole numbers, so that all errors are exact.
    void leastErrorByHand()
    {
        const QuantizerOptions midrise, narrow { Grid::Narrow, RangeRule::Mse };
        // minmax 100, both weights on level 1: (100 - k)^2 + (51 - k)^2 is 25^2 + 24^2 at 75 and 24^2 + 25^2 at 76
        QCOMPARE(exact(filterScale(Weights { 100, 51 }, 2, narrow)), exact(76.0F));
        QCOMPARE(exact(filterScale(Weights { -100, 51 }, 2, narrow)), exact(76.0F));
        QCOMPARE(exact(filterScale(Weights { 100, 50 }, 2, narrow)), exact(75.0F));
        // a third weight on level 0 adds the same to all
        QCOMPARE(exact(filterScale(Weights { 100, 51, 3 }, 2, narrow)), exact(76.0F));
        // minmax 100, both weights on level 3: (300 - 3k)^2 + (285 - 3k)^2 is 9^2 + 6^2 at 97 and 6^2 + 9^2 at 98
        QCOMPARE(exact(filterScale(Weights { 300, 285 }, 2, midrise)), exact(98.0F));
        // the largest weight fits exactly, and nothing else does
        QCOMPARE(exact(filterScale(Weights { 300, 300 }, 2, midrise)), exact(100.0F));
        // many small ones, one outlier: 20 * (10 - s)^2 + (300 - 3s)^2 in a wide range, least at (20 * 10 + 3 * 300) / (20 + 9) = 37.93
        Weights outlier(20, 10.0F);
        outlier.push_back(300);
        QCOMPARE(exact(filterScale(outlier, 2, midrise)), exact(38.0F));
        // so many that the outlier is given up: (100 - 1)^2 = 9801 at 1; 10000 zeros at 100; more than both in between
        outlier.assign(10000, 1.0F);
        outlier.push_back(-100);
        QCOMPARE(exact(filterScale(outlier, 2, narrow)), exact(1.0F));
    }

    /// One bit too many does no harm: what is on the grid stays there.
    void quantizingTwiceChangesNothing()
    {
        Random random(6);
        eachSetting([&](int bits, const QuantizerOptions& options) {
            const Weights weights = randomWeights(33, random, 0.1);
            const float scale = filterScale(weights, bits, options);
            const Weights once = quantized(weights, bits, scale, options.grid);
            QVERIFY2(quantized(once, bits, scale, options.grid) == once, qPrintable(textOf(bits, options)));
        });
    }

    /// Within the range no weight is further than half a step from its level; a step is 2s (midrise) or s. 1e-6 of the scale times the
    /// level for the roundings of the division and the product.
    void nearestLevel()
    {
        Random random(7);
        for (const Grid grid : { Grid::Midrise, Grid::Narrow }) {
            for (int bits = 2; bits <= 8; ++bits) {
                const Weights weights = randomWeights(40, random, 1);
                const float scale = filterScale(weights, bits, { grid, RangeRule::MinMax });
                const float half = (grid == Grid::Midrise ? 1.0F : 0.5F) * scale;
                const Weights out = quantized(weights, bits, scale, grid);
                for (std::size_t i = 0; i < out.size(); ++i)
                    QVERIFY(std::abs(out[i] - weights[i]) <= half + 1e-6F * static_cast<float>(topLevel(bits, grid)) * scale);
            }
        }
    }

    /// The error shrinks with every bit, on the whole: with the least-error scale always on these filters of 40 weights.
    void moreBitsLessError()
    {
        Random random(8);
        const Weights weights = randomWeights(40, random, 1);
        for (const Grid grid : { Grid::Midrise, Grid::Narrow }) {
            long double before = std::numeric_limits<long double>::infinity();
            for (int bits = 0; bits <= 8; ++bits) {
                const long double error = referenceError(weights, bits, filterScale(weights, bits, { grid, RangeRule::Mse }), grid);
                QVERIFY(error < before);
                before = error;
            }
        }
    }

    void largestLevels()
    {
        for (int bits = 1; bits <= 8; ++bits) {
            QCOMPARE(largestLevel(bits, Grid::Midrise), topLevel(bits, Grid::Midrise));
            QCOMPARE(largestLevel(bits, Grid::Narrow), topLevel(bits, Grid::Narrow));
        }
    }

    void passLimits()
    {
        const float infinite = std::numeric_limits<float>::infinity();
        for (const Grid grid : { Grid::Midrise, Grid::Narrow }) {
            QVERIFY(passLimit(0, 0.5F, grid) < 0); // not even a weight of zero
            QCOMPARE(exact(passLimit(1, 0.5F, grid)), exact(infinite));
            QCOMPARE(exact(passLimit(32, 1, grid)), exact(infinite));
        }
        QCOMPARE(exact(passLimit(2, 0.5F, Grid::Midrise)), exact(2.0F));
        QCOMPARE(exact(passLimit(4, 0.5F, Grid::Midrise)), exact(8.0F));
        QCOMPARE(exact(passLimit(8, 0.5F, Grid::Midrise)), exact(128.0F));
        QCOMPARE(exact(passLimit(2, 0.5F, Grid::Narrow)), exact(0.5F));
        QCOMPARE(exact(passLimit(4, 0.5F, Grid::Narrow)), exact(3.5F));
        QCOMPARE(exact(passLimit(8, 0.5F, Grid::Narrow)), exact(63.5F));
    }

    void words()
    {
        QVERIFY(gridFrom("midrise") == Grid::Midrise && gridFrom("narrow") == Grid::Narrow);
        QVERIFY(rangeRuleFrom("minmax") == RangeRule::MinMax && rangeRuleFrom("mse") == RangeRule::Mse);
        QVERIFY((refuses([] { gridFrom("Midrise"); }, ErrorCode::BadArgument, { "grid", "'Midrise'", "'narrow'" })));
        QVERIFY((refuses([] { rangeRuleFrom(""); }, ErrorCode::BadArgument, { "range", "''", "'mse'" })));
    }
};

QTEST_APPLESS_MAIN(TestQuantizer)
#include "tst_network_quantizer.moc"
