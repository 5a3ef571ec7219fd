// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/chart_spec.h"

#include "core/jobs/run_results.h"

#include <cstdint>
#include <span>
#include <vector>

namespace bitscape::ui {

/// Counts of values in bins of the same width from the least to the largest value.
struct Histogram {
    double from = 0, width = 1; ///< of the first bin's left end; of a bin
    std::vector<std::int64_t> counts;
    double centre(std::size_t bin) const { return from + (static_cast<double>(bin) + 0.5) * width; }
};
/// With 2 n^(1/3) bins, 5 to 60; one bin where all values are the same, none without values.
Histogram histogramOf(std::span<const float> values);

/// A value that quantized weights have, and how many have it.
struct LevelCount {
    double value = 0;
    std::int64_t count = 0;
    bool operator==(const LevelCount&) const = default;
};
/// Rising.
std::vector<LevelCount> levelCounts(std::span<const float> quantized);

/// Stored weights as bars, quantized ones as points on sticks at their levels, a line at zero. `name` ends up in the file's name.
ChartSpec weightsSpec(const FilterWeights& weights, const QString& name);

/// For which share of each class's images the filter is critical; no series where the results have no scores.
ChartSpec classProfileSpec(const RunResults& results, std::size_t layer, std::size_t filter);

} // namespace bitscape::ui
