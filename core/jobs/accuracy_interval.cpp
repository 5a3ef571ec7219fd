// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/accuracy_interval.h"

#include <algorithm>
#include <cmath>

namespace bitscape {
namespace {

constexpr double kError = 0.05;
constexpr double kShareError = 0.01; ///< of kError, where there is another network to compare with

double logChoose(std::int64_t n, std::int64_t k)
{
    const auto logFactorial = [](std::int64_t m) { return std::lgamma(static_cast<double>(m) + 1); };
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/// `kind` of `total` things are of a kind; `seen` of them are drawn.
struct Draw {
    std::int64_t total = 0, kind = 0, seen = 0;

    bool isAboveMean(std::int64_t found) const { return found * total > seen * kind; }

    double probability(std::int64_t found) const
    {
        return std::exp(logChoose(kind, found) + logChoose(total - kind, seen - found) - logChoose(total, seen));
    }

    /// P(found) / P(found - 1)
    double step(std::int64_t found) const
    {
        return static_cast<double>(kind - found + 1) * static_cast<double>(seen - found + 1)
            / (static_cast<double>(found) * static_cast<double>(total - kind - seen + found));
    }

    /// Tails are summed from the side on which terms fall: far below the mean, probabilities are too small for a double.
    double atLeast(std::int64_t found) const
    {
        if (!isAboveMean(found))
            return 1 - atMost(found - 1);
        double sum = 0;
        double term = probability(found);
        for (std::int64_t k = found; k <= std::min(kind, seen) && (sum == 0 || term > sum * 1e-17); term *= step(++k))
            sum += term;
        return sum;
    }

    double atMost(std::int64_t found) const
    {
        if (isAboveMean(found))
            return 1 - atLeast(found + 1);
        double sum = 0;
        double term = probability(found);
        for (std::int64_t k = found; k >= std::max<std::int64_t>(0, kind + seen - total) && (sum == 0 || term > sum * 1e-17);
             term /= step(k--))
            sum += term;
        return sum;
    }
};

/// The first of low..high for which `holds`, which from there on holds; high where it holds for none before.
template <typename Holds> std::int64_t firstOf(std::int64_t low, std::int64_t high, Holds holds)
{
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (holds(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

} // namespace

CountInterval countInterval(std::int64_t total, std::int64_t seen, std::int64_t found, double error)
{
    const std::int64_t least = found, most = total - (seen - found);
    // What is as rare as that just here is not rejected, whatever rounding says.
    const double rare = error / 2 * (1 - 1e-9);
    const std::int64_t low = firstOf(least, most, [&](std::int64_t kind) { return Draw { total, kind, seen }.atLeast(found) > rare; });
    const std::int64_t over = firstOf(low, most + 1, [&](std::int64_t kind) {
        return kind > most || !(Draw { total, kind, seen }.atMost(found) > rare);
    });
    return { low, std::max(low, over - 1) };
}

AccuracyEstimate estimateAccuracy(std::int64_t total, const SeenAnswers& seen, std::optional<std::int64_t> knownRight)
{
    if (total == 0)
        return { 0, 0, 0 };
    const auto share = [total](double right) { return right / static_cast<double>(total); };
    if (seen.images == 0)
        return { knownRight ? share(static_cast<double>(*knownRight)) : 0.5, 0, 1 };
    CountInterval bounds = countInterval(total, seen.images, seen.right, knownRight ? kShareError : kError);
    const double mean = static_cast<double>(seen.right) / static_cast<double>(seen.images);
    if (!knownRight)
        return { mean, share(static_cast<double>(bounds.low)), share(static_cast<double>(bounds.high)) };
    const std::int64_t knownWrong = total - *knownRight, seenWrong = seen.images - seen.knownRight;
    const double error = (kError - kShareError) / 2;
    const CountInterval lost = countInterval(*knownRight, seen.knownRight, seen.lost, error);
    const CountInterval gained = countInterval(knownWrong, seenWrong, seen.gained, error);
    const CountInterval changed { *knownRight - lost.high + gained.low, *knownRight - lost.low + gained.high };
    if (changed.low <= bounds.high && changed.high >= bounds.low) // else one of them does not cover: the wider one is as good as any
        bounds = { std::max(bounds.low, changed.low), std::min(bounds.high, changed.high) };
    double right = mean * static_cast<double>(total);
    if (seen.knownRight > 0 && seenWrong > 0)
        right = static_cast<double>(*knownRight) * (1 - static_cast<double>(seen.lost) / static_cast<double>(seen.knownRight))
            + static_cast<double>(knownWrong) * static_cast<double>(seen.gained) / static_cast<double>(seenWrong);
    right = std::clamp(right, static_cast<double>(bounds.low), static_cast<double>(bounds.high));
    return { share(right), share(static_cast<double>(bounds.low)), share(static_cast<double>(bounds.high)) };
}

} // namespace bitscape
