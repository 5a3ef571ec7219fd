// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/spread.h"

#include <cmath>
#include <numeric>

namespace bitscape {

double Spread::mean() const
{
    return values.empty() ? 0.0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Spread::deviation() const
{
    if (values.size() < 2)
        return 0;
    double sum = 0;
    for (const double value : values)
        sum += (value - mean()) * (value - mean());
    return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

} // namespace bitscape
