// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/network/layers.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// A score per filter, for every layer of the network.
using FilterScores = std::vector<std::vector<double>>;

/// Which bit-widths there are to give away, lowest first, and what the layers that get none keep.
struct BitChoice {
    std::vector<int> allowed { 0, 1, 2, 3, 4 };
    int edgeBits = 8;
    bool operator==(const BitChoice&) const = default;
};

/// methods.md section 3: a filter of score g gets allowed[j], j = #{k : p_k <= g + 1e-9}. `thresholds` has one entry less than
/// `allowed` and does not fall. Layers that are not quantizable get the edge bits.
LayerBits bitsFromThresholds(
    const std::vector<Layer>& layers, const FilterScores& scores, const std::vector<double>& thresholds, const BitChoice& choice);

/// The stored table of methods.md section 3a: D[f, b, m] for every quantizable filter.
struct SensitivityTable {
    std::vector<int> bits; ///< the bit-widths of its columns, rising
    int classes = 0;
    std::vector<std::vector<float>> damage; ///< per layer [filters, bits, classes], row-major; empty where not quantizable
    bool operator==(const SensitivityTable&) const = default;
};

/// What an allocation from a table is to respect.
struct AllocationRequest {
    double targetBits = 2;
    BitChoice choice;                 ///< allowed: a subset of the table's bits
    std::vector<double> classWeights; ///< c_m, one per class; empty: 1/M each
    LayerBits locked;                 ///< empty, or per layer empty, or per filter its fixed bits, kFree where it is free
    static constexpr std::uint8_t kFree = 255;
};

/// methods.md section 3a: from the lowest bits up, along each filter's lower convex hull of D over bits, the step with the largest decrease
/// of D per weight bit first (ties: earlier layer, earlier filter), while the average stays within the target; a step that does not fit is
/// skipped. Pure arithmetic, milliseconds for 20000 filters. Throws Error(BadArgument) where the request does not fit the table.
LayerBits allocate(const std::vector<Layer>& layers, const SensitivityTable& table, const AllocationRequest& request);

} // namespace bitscape
