// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace bitscape {

/// Bounds of a count, both within.
struct CountInterval {
    std::int64_t low = 0, high = 0;
    bool operator==(const CountInterval&) const = default;
};

/// How many of `total` things may be of a kind when `found` of `seen`, drawn at random without replacement, were: every count that an
/// exact (hypergeometric) test does not reject on either side at error / 2, as Clopper and Pearson do it for a binomial share. It covers
/// the true count with a probability of at least 1 - `error`, whatever the count. 0 <= found <= seen <= total, 0 < error < 1.
CountInterval countInterval(std::int64_t total, std::int64_t seen, std::int64_t found, double error);

/// What a network answered to some images of a split, drawn at random, beside what another network, of which the answers to all images are
/// known, answered to the same ones.
struct SeenAnswers {
    std::int64_t images = 0;
    std::int64_t right = 0;
    std::int64_t knownRight = 0; ///< of the other network
    std::int64_t lost = 0;       ///< right before, wrong now
    std::int64_t gained = 0;     ///< wrong before, right now
};

/// Top-1 on all images of the split, 0..1.
struct AccuracyEstimate {
    double accuracy = 0;
    double low = 0, high = 1; ///< covers the exact accuracy with a probability of at least 95 %
    bool operator==(const AccuracyEstimate&) const = default;
};

/// `total`: images of the split; `knownRight`: how many of them the other network answers right, nothing where none is known. With it the
/// interval is what two have in common: one of the share of right answers, and one of what was lost and what was gained, which is far
/// narrower where few answers differ; their errors (1 % and 4 %) add up to no more than 5 %.
AccuracyEstimate estimateAccuracy(std::int64_t total, const SeenAnswers& seen, std::optional<std::int64_t> knownRight);

} // namespace bitscape
