// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace bitscape {

/// Mean and spread of a figure over runs that differ in their seeds.
struct Spread {
    std::vector<double> values;
    double mean() const;
    /// Sample standard deviation (n - 1); 0 for fewer than two values.
    double deviation() const;
};

} // namespace bitscape
