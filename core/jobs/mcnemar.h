// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace bitscape {

/// Two classifiers on the same images, by McNemar's exact test: were both equally good, each image that only one of them answers right
/// would be either's with probability 1/2.
struct McNemar {
    std::int64_t images = 0;
    std::int64_t onlyFirst = 0;  ///< b: images that the first alone answers right
    std::int64_t onlySecond = 0; ///< c: images that the second alone answers right
    double p = 1;                ///< two-sided, 0..1
    bool operator==(const McNemar&) const = default;
};

/// min(1, 2 * P(X <= min(b, c))) for X binomial with b + c trials of probability 1/2, summed term by term. `b`, `c` >= 0; 0 where the
/// value is below the smallest double. A million images take about 10 ms.
double mcnemarP(std::int64_t b, std::int64_t c);

/// All three hold a class per image, the same images in the same order.
McNemar mcnemar(std::span<const std::uint16_t> labels, std::span<const std::uint16_t> first, std::span<const std::uint16_t> second);

} // namespace bitscape
