// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/quantizer.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

// The same plain arithmetic, compiled for wider vectors too and chosen when the program starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define BITSCAPE_VECTORISED __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define BITSCAPE_VECTORISED
#endif

namespace bitscape {
namespace {

constexpr int kFullPrecision = 32;
constexpr int kCandidates = 100;
constexpr std::size_t kLanes = 8;

/// Adding and taking away 1.5 * 2^23 rounds a small float to the nearest integer, halves to even.
constexpr float kRound = 12582912.0F;

/// floor() of a small value, in operations that every vector unit has.
inline float floorSmall(float x)
{
    const float rounded = (x + kRound) - kRound;
    return rounded > x ? rounded - 1.0F : rounded;
}

/// 2 * floor(w / 2s) + 1 within +-(2^b - 1): clamping w / 2s to [-half, half - 0.5] first comes to the same.
inline float midriseLevel(float w, float doubleScale, float half)
{
    const float x = std::min(std::max(w / doubleScale, -half), half - 0.5F);
    return 2.0F * floorSmall(x) + 1.0F;
}

inline float narrowLevel(float w, float scale, float largest)
{
    const float x = std::min(std::max(w / scale, -largest), largest);
    return (x + kRound) - kRound;
}

/// Sum over the weights of (w - level * scale)^2 in double, in eight interleaved partial sums whatever the machine.
template <typename Level> inline double squaredError(const float* w, std::size_t count, float scale, Level level)
{
    std::array<double, kLanes> sums {};
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const double error = static_cast<double>(w[i + lane]) - static_cast<double>(level(w[i + lane]) * scale);
            sums[lane] += error * error;
        }
    }
    double total = 0;
    for (; i < count; ++i) {
        const double error = static_cast<double>(w[i]) - static_cast<double>(level(w[i]) * scale);
        total += error * error;
    }
    for (const double sum : sums)
        total += sum;
    return total;
}

BITSCAPE_VECTORISED double midriseError(const float* w, std::size_t count, float scale, float half)
{
    const float doubleScale = 2.0F * scale;
    return squaredError(w, count, scale, [=](float x) { return midriseLevel(x, doubleScale, half); });
}

BITSCAPE_VECTORISED double narrowError(const float* w, std::size_t count, float scale, float largest)
{
    return squaredError(w, count, scale, [=](float x) { return narrowLevel(x, scale, largest); });
}

float halfLevels(int bits)
{
    return static_cast<float>(1 << (bits - 1));
}

double errorAt(std::span<const float> weights, int bits, float scale, Grid grid)
{
    if (grid == Grid::Midrise)
        return midriseError(weights.data(), weights.size(), scale, halfLevels(bits));
    return narrowError(weights.data(), weights.size(), scale, static_cast<float>(largestLevel(bits, grid)));
}

/// The best of 100 fractions of the minmax scale, the larger one on a tie.
float leastErrorScale(std::span<const float> weights, int bits, float minmax, Grid grid)
{
    float best = minmax;
    double least = errorAt(weights, bits, minmax, grid);
    for (int k = kCandidates - 1; k >= 1; --k) {
        const float scale = static_cast<float>(static_cast<double>(minmax) * k / kCandidates);
        if (scale <= 0)
            break;
        const double error = errorAt(weights, bits, scale, grid);
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    return best;
}

float meanMagnitude(std::span<const float> weights)
{
    double sum = 0;
    for (const float w : weights)
        sum += std::fabs(static_cast<double>(w));
    return static_cast<float>(sum / static_cast<double>(weights.size()));
}

} // namespace

Grid gridFrom(const std::string& word)
{
    if (word == "midrise")
        return Grid::Midrise;
    if (word == "narrow")
        return Grid::Narrow;
    throw Error(ErrorCode::BadArgument, "grid is 'midrise' or 'narrow', not '" + word + "'.");
}

RangeRule rangeRuleFrom(const std::string& word)
{
    if (word == "minmax")
        return RangeRule::MinMax;
    if (word == "mse")
        return RangeRule::Mse;
    throw Error(ErrorCode::BadArgument, "range is 'minmax' or 'mse', not '" + word + "'.");
}

int largestLevel(int bits, Grid grid)
{
    if (bits == 1)
        return 1;
    return grid == Grid::Midrise ? (1 << bits) - 1 : (1 << (bits - 1)) - 1;
}

float filterScale(std::span<const float> weights, int bits, const QuantizerOptions& options)
{
    if (bits == kFullPrecision)
        return 1;
    if (bits == 0 || weights.empty())
        return 0;
    if (bits == 1)
        return meanMagnitude(weights);
    float largest = 0;
    for (const float w : weights)
        largest = std::max(largest, std::fabs(w));
    const float minmax = largest / static_cast<float>(largestLevel(bits, options.grid));
    if (minmax <= 0)
        return 0;
    return options.range == RangeRule::MinMax ? minmax : leastErrorScale(weights, bits, minmax, options.grid);
}

void quantizeFilter(std::span<const float> weights, int bits, float scale, Grid grid, std::span<float> out)
{
    if (bits == kFullPrecision) {
        std::ranges::copy(weights, out.begin());
    } else if (bits == 0 || scale <= 0) {
        std::ranges::fill(out, 0.0F);
    } else if (bits == 1) {
        std::ranges::transform(weights, out.begin(), [=](float w) { return w < 0 ? -scale : scale; });
    } else if (grid == Grid::Midrise) {
        const float half = halfLevels(bits);
        std::ranges::transform(weights, out.begin(), [=](float w) { return midriseLevel(w, 2.0F * scale, half) * scale; });
    } else {
        const float largest = static_cast<float>(largestLevel(bits, grid));
        std::ranges::transform(weights, out.begin(), [=](float w) { return narrowLevel(w, scale, largest) * scale; });
    }
}

float passLimit(int bits, float scale, Grid grid)
{
    if (bits == 0)
        return -1;
    if (bits == 1 || bits == kFullPrecision)
        return std::numeric_limits<float>::infinity();
    const int levels = grid == Grid::Midrise ? 1 << bits : largestLevel(bits, grid);
    return static_cast<float>(levels) * scale;
}

} // namespace bitscape
