// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/accuracy_interval.h"

#include "core/base/random.h"

#include <QtTest>

#include <cmath>
#include <numeric>
#include <vector>

using namespace bitscape;

namespace {

/// Probabilities of finding 0, 1, 2, ... of `kind` among `seen` of `total`, by drawing one after the other.
std::vector<double> foundBy(std::int64_t total, std::int64_t kind, std::int64_t seen)
{
    std::vector<double> chances { 1 };
    for (std::int64_t drawn = 0; drawn < seen; ++drawn) {
        std::vector<double> next(chances.size() + 1);
        for (std::size_t found = 0; found < chances.size(); ++found) {
            const double left = static_cast<double>(total - drawn);
            const double another = static_cast<double>(kind) - static_cast<double>(found);
            next[found] += chances[found] * (left - another) / left;
            next[found + 1] += chances[found] * another / left;
        }
        chances = next;
    }
    return chances;
}

double tail(const std::vector<double>& chances, std::int64_t first, std::int64_t last)
{
    double sum = 0;
    for (std::int64_t found = std::max<std::int64_t>(first, 0); found <= last && found < std::ssize(chances); ++found)
        sum += chances[static_cast<std::size_t>(found)];
    return sum;
}

/// A test split of which every image is known to be right or wrong before and now.
struct Split {
    std::vector<bool> before, now;

    Split(std::size_t images, double right, double lost, double gained, Random& random)
    {
        for (std::size_t i = 0; i < images; ++i) {
            before.push_back(random.uniform() < right);
            now.push_back(before.back() ? random.uniform() >= lost : random.uniform() < gained);
        }
    }

    SeenAnswers seen(const std::vector<std::size_t>& order, std::size_t images) const
    {
        SeenAnswers all;
        for (std::size_t i = 0; i < images; ++i) {
            const std::size_t at = order[i];
            ++all.images;
            all.right += now[at] ? 1 : 0;
            all.knownRight += before[at] ? 1 : 0;
            all.lost += before[at] && !now[at] ? 1 : 0;
            all.gained += !before[at] && now[at] ? 1 : 0;
        }
        return all;
    }
};

std::int64_t countOf(const std::vector<bool>& flags)
{
    return std::ranges::count(flags, true);
}

} // namespace

class AccuracyIntervalTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// By its definition: every count is tried, with probabilities had in another way.
    void asDefined()
    {
        for (const auto& [total, seen] :
            { std::pair<std::int64_t, std::int64_t>(1, 0), { 1, 1 }, { 7, 3 }, { 40, 9 }, { 60, 59 }, { 60, 60 } }) {
            for (std::int64_t found = 0; found <= seen; ++found) {
                CountInterval wanted { total, 0 };
                for (std::int64_t kind = 0; kind <= total; ++kind) {
                    const auto chances = foundBy(total, kind, seen);
                    if (tail(chances, found, seen) <= 0.025 || tail(chances, 0, found) <= 0.025)
                        continue;
                    wanted = { std::min(wanted.low, kind), std::max(wanted.high, kind) };
                }
                const CountInterval got = countInterval(total, seen, found, 0.05);
                QCOMPARE(got.low, wanted.low);
                QCOMPARE(got.high, wanted.high);
            }
        }
    }

    /// Exactly, without a simulation: for every true count, the probability of those findings whose interval has it.
    void covers()
    {
        constexpr std::int64_t kTotal = 300, kSeen = 40;
        std::vector<CountInterval> intervals;
        for (std::int64_t found = 0; found <= kSeen; ++found)
            intervals.push_back(countInterval(kTotal, kSeen, found, 0.05));
        for (std::int64_t kind = 0; kind <= kTotal; ++kind) {
            const auto chances = foundBy(kTotal, kind, kSeen);
            double covered = 0;
            for (std::size_t found = 0; found < intervals.size(); ++found)
                covered += intervals[found].low <= kind && kind <= intervals[found].high ? chances[found] : 0;
            QVERIFY2(covered >= 0.95, qPrintable(QStringLiteral("%1 at %2").arg(covered).arg(kind)));
        }
    }

    /// Of ten thousand images: about as wide as the normal approximation says, in no time.
    void width()
    {
        const CountInterval interval = countInterval(10000, 640, 512, 0.05);
        const double wanted = 2 * 1.96 * std::sqrt(0.8 * 0.2 / 640 * (1 - 0.064));
        const double found = static_cast<double>(interval.high - interval.low) / 10000;
        QVERIFY2(std::abs(found - wanted) < 0.003, qPrintable(QString::number(found)));
        QCOMPARE(countInterval(1000000, 1000000, 123456, 0.05), (CountInterval { 123456, 123456 }));
        const CountInterval large = countInterval(1000000, 500000, 250000, 0.05);
        QVERIFY(large.low > 498500 && large.high < 501500 && large.low < 500000 && large.high > 500000);
    }

    /// By drawing: edits that change few answers, many, and ruin everything; with what is known of the network before and without.
    void coversByDrawing_data()
    {
        QTest::addColumn<double>("right");
        QTest::addColumn<double>("lost");
        QTest::addColumn<double>("gained");
        QTest::newRow("the same") << 0.8 << 0.0 << 0.0;
        QTest::newRow("a little") << 0.8 << 0.01 << 0.03;
        QTest::newRow("much") << 0.8 << 0.2 << 0.2;
        QTest::newRow("ruin") << 0.9 << 0.9 << 0.1;
        QTest::newRow("rare") << 0.99 << 0.005 << 0.3;
    }

    void coversByDrawing()
    {
        QFETCH(double, right);
        QFETCH(double, lost);
        QFETCH(double, gained);
        constexpr std::size_t kImages = 1000, kSeen = 100;
        constexpr int kTrials = 2000;
        Random random(static_cast<std::uint64_t>(right * 100 + lost * 10000));
        const Split split(kImages, right, lost, gained, random);
        const double exact = static_cast<double>(countOf(split.now)) / kImages;
        std::vector<std::size_t> order(kImages);
        std::iota(order.begin(), order.end(), std::size_t { 0 });
        int plain = 0, compared = 0;
        double plainWidth = 0, comparedWidth = 0;
        for (int trial = 0; trial < kTrials; ++trial) {
            shuffle(order, random);
            const SeenAnswers seen = split.seen(order, kSeen);
            const AccuracyEstimate without = estimateAccuracy(kImages, seen, std::nullopt);
            const AccuracyEstimate with = estimateAccuracy(kImages, seen, countOf(split.before));
            plain += without.low <= exact && exact <= without.high ? 1 : 0;
            compared += with.low <= exact && exact <= with.high ? 1 : 0;
            plainWidth += without.high - without.low;
            comparedWidth += with.high - with.low;
            QVERIFY(with.low <= with.accuracy && with.accuracy <= with.high);
        }
        const double slack = 3 * std::sqrt(0.95 * 0.05 * kTrials); // three deviations of a coverage of 95 %
        QVERIFY2(plain >= 0.95 * kTrials - slack, qPrintable(QString::number(plain)));
        QVERIFY2(compared >= 0.95 * kTrials - slack, qPrintable(QString::number(compared)));
        if (lost + gained < 0.1)
            QVERIFY2(comparedWidth < 0.95 * plainWidth, qPrintable(QStringLiteral("%1 %2").arg(comparedWidth).arg(plainWidth)));
        qInfo("covered %.1f %% of width %.3f without, %.1f %% of %.3f with", 100.0 * plain / kTrials, plainWidth / kTrials,
            100.0 * compared / kTrials, comparedWidth / kTrials);
    }

    /// Against the normal distribution, which it comes close to.
    void ofManyImages()
    {
        struct Case {
            std::int64_t total, seen, found;
            double error, deviations;
        };
        for (const Case& at : { Case { 10000, 5000, 500, 0.05, 1.95996 }, Case { 10000, 3000, 300, 0.01, 2.57583 },
                 Case { 8000, 3000, 120, 0.02, 2.32635 }, Case { 50000, 10000, 1000, 0.05, 1.95996 },
                 Case { 10000, 5000, 4500, 0.05, 1.95996 }, Case { 60000, 300, 150, 0.05, 1.95996 } }) {
            const auto total = static_cast<double>(at.total), seen = static_cast<double>(at.seen);
            const double share = static_cast<double>(at.found) / seen;
            const double reach = at.deviations * total * std::sqrt(share * (1 - share) / seen * (1 - seen / total));
            const CountInterval found = countInterval(at.total, at.seen, at.found, at.error);
            QVERIFY2(std::abs(static_cast<double>(found.low) - (share * total - reach)) < 0.1 * reach + 5,
                qPrintable(QString::number(found.low)));
            QVERIFY2(std::abs(static_cast<double>(found.high) - (share * total + reach)) < 0.1 * reach + 5,
                qPrintable(QString::number(found.high)));
        }
        QCOMPARE(countInterval(10000, 5000, 0, 0.05).low, std::int64_t(0));
        QVERIFY(countInterval(10000, 5000, 0, 0.05).high < 10);
        QVERIFY(countInterval(10000, 5000, 5000, 0.05).low > 9990);
    }

    void ends()
    {
        Random random(3);
        const Split split(500, 0.7, 0.1, 0.2, random);
        std::vector<std::size_t> order(500);
        std::iota(order.begin(), order.end(), std::size_t { 0 });
        const double exact = static_cast<double>(countOf(split.now)) / 500;
        QVERIFY(estimateAccuracy(500, split.seen(order, 500), countOf(split.before)) == (AccuracyEstimate { exact, exact, exact }));
        QVERIFY(estimateAccuracy(500, split.seen(order, 500), std::nullopt) == (AccuracyEstimate { exact, exact, exact }));
        const AccuracyEstimate nothing = estimateAccuracy(500, {}, std::nullopt);
        QCOMPARE(nothing.low, 0.0);
        QCOMPARE(nothing.high, 1.0);
    }
};

QTEST_GUILESS_MAIN(AccuracyIntervalTest)
#include "tst_jobs_accuracy_interval.moc"
