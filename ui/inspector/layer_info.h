// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/info_rows.h"
#include "ui/project/selection.h"

#include <cstdint>
#include <vector>

namespace bitscape::ui {

/// A model as results without a run: graph and layers, no bits, no scores.
RunResults resultsOf(const ModelEntry& model);

/// Whether the results have such a layer; such a filter.
bool hasLayer(const RunResults& results, const FilterRef& ref);
bool hasFilter(const RunResults& results, const FilterRef& ref);

/// Where a filter's score stands among those of its layer.
struct Rank {
    int place = 0; ///< from 1: one more than the filters that score higher
    int tied = 0;  ///< others with the same score
    bool operator==(const Rank&) const = default;
};
Rank rankOf(const std::vector<double>& scores, std::size_t filter);

/// What one filter costs for one image (methods.md section 1); a layer's cost is the sum over its filters.
struct FilterCost {
    std::int64_t macs = 0, bitops = 0, sizeBits = 0;
    bool operator==(const FilterCost&) const = default;
};
/// At full precision where the results have no bits.
std::vector<FilterCost> filterCosts(const RunResults& results, std::size_t layer);

/// The layer's figures before and, where the results have bits, after quantization.
InfoRows layerRows(const RunResults& results, std::size_t layer);
InfoRows filterRows(const RunResults& results, std::size_t layer, std::size_t filter);
/// Scale, levels, error of a filter's quantized weights.
InfoRows weightRows(const FilterWeights& weights);

/// The neighbour of a filter, `step` forwards or backwards through all layers; the first of all where none is selected; `ref` at the ends.
FilterRef steppedFilter(const std::vector<Layer>& layers, const FilterRef& ref, int step);
/// The neighbour of a layer, at the same filter where there is one.
FilterRef steppedLayer(const std::vector<Layer>& layers, const FilterRef& ref, int step);

} // namespace bitscape::ui
