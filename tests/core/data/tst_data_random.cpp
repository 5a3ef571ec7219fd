// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

using namespace bitscape;

class RandomTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void isSplitMix64();
    void belowIsUniform();
    void uniformIsInItsRange();
    void normalHasItsMoments();
    void normalIsThePolarMethod();
    void shuffleIsFisherYates();
    void stateContinues();
    void derivedSeedsDiffer();
};

void RandomTest::isSplitMix64()
{
    // The values that other implementations give for this seed (e.g. Rosetta Code, "Pseudo-random numbers/Splitmix64").
    const std::array<std::uint64_t, 5> published { 6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u,
        16408922859458223821u };
    Random random(1234567);
    for (const std::uint64_t value : published)
        QCOMPARE(random.next(), value);
}

void RandomTest::belowIsUniform()
{
    QCOMPARE(Random(1).below(0), 0u);
    QCOMPARE(Random(1).below(1), 0u);
    Random random(3);
    std::array<int, 7> counts {};
    for (int i = 0; i < 70000; ++i)
        ++counts.at(random.below(counts.size()));
    // Each count is binomial with standard deviation 93: five of them.
    for (const int count : counts)
        QVERIFY2(std::abs(count - 10000) < 465, qPrintable(QString::number(count)));
    // Where a quarter of all 64-bit values must be rejected, the result is still below n and its mean n / 2.
    const std::uint64_t large = 0xC000000000000000u;
    double sum = 0;
    for (int i = 0; i < 10000; ++i) {
        const std::uint64_t value = random.below(large);
        QVERIFY(value < large);
        sum += static_cast<double>(value) / static_cast<double>(large);
    }
    QVERIFY(std::abs(sum / 10000 - 0.5) < 0.015); // five standard deviations of the mean, 0.0029
}

void RandomTest::uniformIsInItsRange()
{
    Random random(5);
    double sum = 0;
    for (int i = 0; i < 10000; ++i) {
        const double value = random.uniform();
        QVERIFY(value >= 0.0 && value < 1.0);
        sum += value;
        const double other = random.uniform(-3.0, 2.0);
        QVERIFY(other >= -3.0 && other < 2.0);
    }
    QVERIFY(std::abs(sum / 10000 - 0.5) < 0.015);
}

void RandomTest::normalHasItsMoments()
{
    Random random(7);
    const int count = 200000;
    double mean = 0;
    double square = 0;
    double fourth = 0;
    int beyond = 0;
    for (int i = 0; i < count; ++i) {
        const double x = random.normal();
        mean += x / count;
        square += x * x / count;
        fourth += x * x * x * x / count;
        beyond += std::abs(x) > 1.959964 ? 1 : 0;
    }
    // Five standard deviations of each estimate: 1, sqrt(2), sqrt(96) and 0.218 over the square root of the count.
    const double unit = 5.0 / std::sqrt(count);
    QVERIFY(std::abs(mean) < unit);
    QVERIFY(std::abs(square - 1.0) < 1.42 * unit);
    QVERIFY(std::abs(fourth - 3.0) < 9.8 * unit);
    QVERIFY(std::abs(beyond / static_cast<double>(count) - 0.05) < 0.218 * unit);
}

void RandomTest::normalIsThePolarMethod()
{
    Random random(11);
    Random same(11);
    for (int i = 0; i < 10000; ++i) {
        double u = 0;
        double square = 2;
        while (square >= 1.0 || square <= 0.0) {
            u = 2.0 * same.uniform() - 1.0;
            const double v = 2.0 * same.uniform() - 1.0;
            square = u * u + v * v;
        }
        const double expected = u * std::sqrt(-2.0 * std::log(square) / square);
        const double value = random.normal();
        // A few units in the last place: the logarithm is not the library's.
        QVERIFY2(std::abs(value - expected) <= 4e-15 * std::max(1.0, std::abs(expected)), qPrintable(QString::number(value - expected)));
    }
    QCOMPARE(random, same);
}

void RandomTest::shuffleIsFisherYates()
{
    std::vector<int> values(6);
    std::iota(values.begin(), values.end(), 0);
    std::vector<int> expected = values;
    Random same(9);
    for (std::size_t i = 5; i > 0; --i)
        std::swap(expected[i], expected[same.below(i + 1)]);
    Random random(9);
    shuffle(values, random);
    QCOMPARE(values, expected);

    std::set<std::vector<int>> orders;
    for (int i = 0; i < 200; ++i) {
        std::vector<int> three { 0, 1, 2 };
        shuffle(three, random);
        orders.insert(three);
    }
    QCOMPARE(orders.size(), std::size_t { 6 });
}

void RandomTest::stateContinues()
{
    Random random(13);
    random.normal();
    Random resumed(random.state());
    QCOMPARE(resumed.next(), random.next());
}

void RandomTest::derivedSeedsDiffer()
{
    std::set<std::uint64_t> seeds;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        for (std::uint64_t stream = 0; stream < 100; ++stream)
            seeds.insert(deriveSeed(seed, stream));
    }
    QCOMPARE(seeds.size(), std::size_t { 10000 });
}

QTEST_APPLESS_MAIN(RandomTest)
#include "tst_data_random.moc"
