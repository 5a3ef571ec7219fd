// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

namespace bitscape {

/// The two weight grids of methods.md section 4: odd integers times the scale without a zero, or integers with one.
enum class Grid { Midrise, Narrow };

/// How a filter's scale is found: its largest |w| on the largest level, or the least squared error.
enum class RangeRule { MinMax, Mse };

struct QuantizerOptions {
    Grid grid = Grid::Midrise;
    RangeRule range = RangeRule::Mse;
    bool operator==(const QuantizerOptions&) const = default;
};

/// "midrise", "narrow"; "minmax", "mse". Throw Error(BadArgument) for another word.
Grid gridFrom(const std::string& word);
RangeRule rangeRuleFrom(const std::string& word);

/// The largest integer level of `bits` >= 1 bits: 2^b - 1 (midrise), 2^(b-1) - 1 (narrow); 1 at one bit.
int largestLevel(int bits, Grid grid);

/// Scale of one filter (methods.md section 4), float32; 0 for 0 bits or an all-zero filter. `bits` 0..8, or 32: answers 1.
float filterScale(std::span<const float> weights, int bits, const QuantizerOptions& options);

/// Writes the quantized weights, level times scale, to `out` (same length). 0 bits: zeros; 32 bits: the weights themselves.
void quantizeFilter(std::span<const float> weights, int bits, float scale, Grid grid, std::span<float> out);

/// |w| up to which the straight-through estimator lets the gradient pass (methods.md section 5): largest level times scale, midrise
/// 2^b times scale; infinite at 1 and 32 bits, negative (nowhere) at 0 bits.
float passLimit(int bits, float scale, Grid grid);

} // namespace bitscape
