// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/mcnemar.h"

#include <algorithm>

namespace bitscape {

double mcnemarP(std::int64_t b, std::int64_t c)
{
    // Every C(n, i) as a multiple of C(n, k): a share needs no other scale.
    const std::int64_t n = b + c, k = std::min(b, c);
    long double tail = 1, term = 1;
    for (std::int64_t i = k; i > 0 && term > 0; --i) {
        term *= static_cast<long double>(i) / static_cast<long double>(n - i + 1);
        tail += term;
    }
    long double middle = 0; // between both tails
    term = 1;
    for (std::int64_t i = k; i < n - k - 1; ++i) {
        term *= static_cast<long double>(n - i) / static_cast<long double>(i + 1);
        middle += term;
    }
    return n == 2 * k ? 1 : static_cast<double>(2 * tail / (2 * tail + middle));
}

McNemar mcnemar(std::span<const std::uint16_t> labels, std::span<const std::uint16_t> first, std::span<const std::uint16_t> second)
{
    McNemar test;
    test.images = static_cast<std::int64_t>(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const bool one = first[i] == labels[i], other = second[i] == labels[i];
        test.onlyFirst += one && !other ? 1 : 0;
        test.onlySecond += other && !one ? 1 : 0;
    }
    test.p = mcnemarP(test.onlyFirst, test.onlySecond);
    return test;
}

} // namespace bitscape
