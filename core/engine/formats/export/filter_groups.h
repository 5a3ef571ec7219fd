// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/integer_weights.h"
#include "core/network/layers.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Filters of a layer that one operator computes, as all of them have the same bits.
struct FilterGroup {
    int bits = 0;                      ///< 0: these answer their bias, whatever the image
    std::vector<std::int64_t> filters; ///< positions in the layer
    std::vector<std::int64_t> inputs;  ///< the input channels that they read; empty: all of them, in order
    std::int64_t groups = 1;           ///< of the operator
};

/// Every filter in one group. A convolution with groups of its own is split so that each part is one again: its filters of one bit-width
/// that read as many at a time from the same input channels.
std::vector<FilterGroup> filterGroups(const Layer& layer, const IntegerWeights& weights);

} // namespace bitscape
