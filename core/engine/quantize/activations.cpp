// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/quantize/activations.h"

#include "core/engine/quantize/straight_through.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>

namespace bitscape {
namespace {

constexpr double kShare = 0.999;
constexpr std::size_t kBins = 1U << 16;

/// The order statistics of one tap. Bit patterns of floats that are not negative rise with their values: the upper half of the
/// pattern picks a bin in the first pass, the lower half a value within that bin in the second.
struct TapOrder {
    std::vector<std::int64_t> bins = std::vector<std::int64_t>(kBins);
    std::int64_t count = 0;
    std::uint32_t upper = 0;     ///< the bin that holds the rank
    std::int64_t rankWithin = 0; ///< from 1
};

void countUpper(TapOrder& order, const float* values, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        ++order.bins[std::bit_cast<std::uint32_t>(std::fabs(values[i])) >> 16];
    order.count += count;
}

void countLower(TapOrder& order, const float* values, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const auto pattern = std::bit_cast<std::uint32_t>(std::fabs(values[i]));
        if (pattern >> 16 == order.upper)
            ++order.bins[pattern & 0xFFFFU];
    }
}

/// The bin in which the running count reaches `rank`, and the rank within it.
std::pair<std::uint32_t, std::int64_t> findRank(const std::vector<std::int64_t>& bins, std::int64_t rank)
{
    std::int64_t before = 0;
    for (std::uint32_t bin = 0; bin < bins.size(); ++bin) {
        if (before + bins[bin] >= rank)
            return { bin, rank - before };
        before += bins[bin];
    }
    return { 0, 1 };
}

using CountValues = void (*)(TapOrder&, const float*, std::int64_t);

void passOver(const Graph& graph, const TensorMap& tensors, const std::vector<Batch>& images, std::map<int, TapOrder>& taps,
    CountValues count, JobContext& context)
{
    ExecutionOptions options;
    options.hook = [&](int node, const at::Tensor& output) {
        if (const auto tap = taps.find(node); tap != taps.end()) {
            // The order does not matter here: memory as it lies.
            const at::Tensor values = output.to(at::kCPU);
            const at::Tensor dense = values.is_non_overlapping_and_dense() ? values : values.contiguous();
            count(tap->second, dense.data_ptr<float>(), dense.numel());
        }
        return output;
    };
    for (const Batch& batch : images) {
        context.checkpoint();
        execute(graph, tensors, batch.images, options);
    }
}

} // namespace

ActivationRanges calibrateActivations(
    const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors, const std::vector<Batch>& images, JobContext& context)
{
    const c10::InferenceMode inference;
    std::map<int, TapOrder> taps;
    for (const Layer& layer : layers) {
        if (!layer.last)
            taps[layer.tap];
    }
    passOver(graph, tensors, images, taps, countUpper, context);
    for (auto& [node, order] : taps) {
        const auto rank = static_cast<std::int64_t>(std::ceil(kShare * static_cast<double>(order.count)));
        std::tie(order.upper, order.rankWithin) = findRank(order.bins, std::max<std::int64_t>(rank, 1));
        std::ranges::fill(order.bins, 0);
    }
    passOver(graph, tensors, images, taps, countLower, context);
    ActivationRanges ranges;
    for (const Layer& layer : layers) {
        const auto tap = taps.find(layer.tap);
        const auto lower = tap == taps.end() ? 0U : findRank(tap->second.bins, tap->second.rankWithin).first;
        ranges.push_back(layer.last ? 0.0F : std::bit_cast<float>(tap->second.upper << 16 | lower));
    }
    return ranges;
}

ActivationGrid activationGrid(float range, int bits, bool isUnsigned)
{
    const int largest = isUnsigned ? (1 << bits) - 1 : std::max(1, (1 << (bits - 1)) - 1);
    const auto highest = static_cast<float>(largest);
    return { range / highest, isUnsigned ? 0.0F : -highest, highest };
}

NodeHook activationQuantizer(const std::map<int, ActivationGrid>& grids, bool straightThrough)
{
    return [grids, straightThrough](int node, const at::Tensor& output) {
        const auto found = grids.find(node);
        if (found == grids.end())
            return output;
        const ActivationGrid& grid = found->second;
        if (straightThrough)
            return straightThroughActivation(output, grid);
        if (grid.scale <= 0)
            return at::zeros_like(output);
        return at::mul(at::clamp(at::round(output / grid.scale), grid.lowest, grid.highest), grid.scale);
    };
}

NodeHook activationQuantizer(const std::vector<Layer>& layers, const ActivationRanges& ranges, int bits, bool straightThrough)
{
    std::map<int, ActivationGrid> grids;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (!layers[i].last)
            grids[layers[i].tap] = activationGrid(ranges[i], bits, layers[i].unsignedTap);
    }
    return activationQuantizer(grids, straightThrough);
}

} // namespace bitscape
