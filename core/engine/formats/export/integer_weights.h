// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/quantizer.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace bitscape {

/// A layer's quantized weights as what they are: one integer each, one scale per filter (methods.md section 4). Level times scale, in
/// float32, is the quantized weight to the last bit.
struct IntegerWeights {
    std::vector<std::uint8_t> bits;   ///< per filter, 0..8
    std::vector<float> scales;        ///< per filter; 0 at 0 bits and where all weights are zero, as then the levels are
    std::vector<std::int16_t> levels; ///< [filters, weights per filter], row-major; odd on the midrise grid
    int largest = 0;                  ///< |level|
    std::size_t perFilter() const { return bits.empty() ? 0 : levels.size() / bits.size(); }
};

/// `weight`: [F, ...] in full precision; one entry of `bits` per filter, all up to 8.
IntegerWeights integerWeights(const at::Tensor& weight, const std::vector<std::uint8_t>& bits, const QuantizerOptions& options);

} // namespace bitscape
