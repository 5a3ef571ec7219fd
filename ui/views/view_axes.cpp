// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_axes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitscape::ui {
namespace {

constexpr double kRoomBelow = 0.08, kRoomAbove = 0.2; ///< shares of the span of the data
constexpr double kAll = 100;
constexpr double kLeastSpan = 2;       ///< percentage points
constexpr double kRoomAboveAll = 0.13; ///< of the span, above 100 %: less than ticks are apart

} // namespace

AxisSpec percentAxis(AxisSpec axis, const std::vector<double>& values)
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (low > high)
        return axis;
    const double span = std::max(high - low, kLeastSpan);
    axis.from = std::max(low - kRoomBelow * span, 0.0);
    axis.to = std::max(std::min(high + kRoomAbove * span, kAll + kRoomAboveAll * span), *axis.from + kLeastSpan);
    return axis;
}

} // namespace bitscape::ui
