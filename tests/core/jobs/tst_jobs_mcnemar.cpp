// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/mcnemar.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace bitscape;

namespace {

/// C(n, k) as a product of fractions.
long double choose(std::int64_t n, std::int64_t k)
{
    long double product = 1;
    for (std::int64_t i = 1; i <= k; ++i)
        product = product * static_cast<long double>(n - k + i) / static_cast<long double>(i);
    return product;
}

double directly(std::int64_t b, std::int64_t c)
{
    long double sum = 0;
    for (std::int64_t i = 0; i <= std::min(b, c); ++i)
        sum += choose(b + c, i) * std::pow(2.0L, static_cast<long double>(-(b + c)));
    return static_cast<double>(std::min(1.0L, 2 * sum));
}

bool isNear(double found, double expected, double relative)
{
    return std::abs(found - expected) <= relative * expected;
}

} // namespace

class McNemarTest : public QObject {
    Q_OBJECT
private slots:
    void knownValues()
    {
        QVERIFY(isNear(mcnemarP(10, 2), 2 * (1 + 12 + 66) / 4096.0, 1e-15));
        QVERIFY(isNear(mcnemarP(0, 5), 0.0625, 1e-15));
        QVERIFY(isNear(mcnemarP(1, 0), 1, 0));
        QVERIFY(isNear(mcnemarP(0, 0), 1, 0));
        QVERIFY(isNear(mcnemarP(7, 7), 1, 0));
        QVERIFY(isNear(mcnemarP(0, 1000), std::pow(2.0, -999), 1e-15));   // one of 2^1000, on both sides
        QVERIFY(isNear(mcnemarP(121, 59), 4.434449263755176e-06, 1e-13)); // in whole numbers
    }

    void directSumOfBinomials()
    {
        for (std::int64_t b = 0; b <= 60; ++b) {
            for (std::int64_t c = 0; c <= 60; ++c)
                QVERIFY2(isNear(mcnemarP(b, c), directly(b, c), 1e-14), qPrintable(QStringLiteral("%1 %2").arg(b).arg(c)));
        }
        for (const auto& [b, c] : { std::pair<std::int64_t, std::int64_t> { 3000, 2900 }, { 2000, 2500 }, { 5000, 5001 } })
            QVERIFY2(isNear(mcnemarP(b, c), directly(b, c), 1e-12), qPrintable(QStringLiteral("%1 %2").arg(b).arg(c)));
    }

    void aMillionImages()
    {
        // The normal law with half an image of continuity is right to a few parts in a million here.
        const double z = (501000.0 - 499000.0 - 1) / std::sqrt(1e6);
        QVERIFY(isNear(mcnemarP(499000, 501000), std::erfc(z / std::sqrt(2.0)), 1e-4));
        QCOMPARE(mcnemarP(0, 1000000), 0.0);
        QCOMPARE(mcnemarP(500000, 500000), 1.0);
    }

    void discordantImagesAreCounted()
    {
        std::mt19937 random(5);
        std::vector<std::uint16_t> labels, first, second;
        std::int64_t only[2] = { 0, 0 };
        for (int i = 0; i < 500; ++i) {
            labels.push_back(static_cast<std::uint16_t>(random() % 300));
            const bool right[2] = { random() % 4 != 0, random() % 3 != 0 };
            first.push_back(static_cast<std::uint16_t>(labels.back() + (right[0] ? 0 : 1)));
            second.push_back(static_cast<std::uint16_t>(labels.back() + (right[1] ? 0 : 2)));
            if (right[0] != right[1])
                ++only[right[0] ? 0 : 1];
        }
        const McNemar test = mcnemar(labels, first, second);
        QCOMPARE(test.images, std::int64_t(500));
        QCOMPARE(test.onlyFirst, only[0]);
        QCOMPARE(test.onlySecond, only[1]);
        QVERIFY(isNear(test.p, directly(only[0], only[1]), 1e-13));
    }
};

QTEST_GUILESS_MAIN(McNemarTest)
#include "tst_jobs_mcnemar.moc"
