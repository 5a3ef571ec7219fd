// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/network/graph.h"
#include "core/network/layers.h"

#include <cstdint>
#include <vector>

namespace bitscape {

constexpr int kFullPrecisionBits = 32;
constexpr int kImageBits = 8;

/// What a layer, or one of its filters, costs for one image, with 0-bit filters followed into the layers that they feed (methods.md section
/// 1).
struct LayerCost {
    std::int64_t macs = 0;     ///< multiply-accumulates
    std::int64_t bitops = 0;   ///< MACs * weight bits * activation bits of the input
    std::int64_t sizeBits = 0; ///< weights, scales and biases of the filters that are not pruned
    bool operator==(const LayerCost&) const = default;
};

struct Cost {
    std::vector<LayerCost> layers;
    std::int64_t macs = 0;
    std::int64_t bitops = 0;
    std::int64_t sizeBits = 0;
    double averageBits = 0; ///< over quantizable filters, weighted by their weights; 0 where there are none
    bool operator==(const Cost&) const = default;
};

/// What every filter costs, layer by layer; a layer's cost is the sum over its filters. `activationBits`: of every layer's input but the
/// image's; 32 where activations are not quantized.
std::vector<std::vector<LayerCost>> filterCosts(
    const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits, int activationBits = kFullPrecisionBits);

/// The same, added up.
Cost costOf(const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits, int activationBits = kFullPrecisionBits);

/// Every quantizable filter at `bits`, the others at `edgeBits`.
LayerBits uniformBits(const std::vector<Layer>& layers, int bits, int edgeBits);

/// Sum over quantizable filters of bits * weights, over their weight count.
double averageBits(const std::vector<Layer>& layers, const LayerBits& bits);

/// Whether a node's output is the image itself, seen through operations that compute nothing new: it comes at kImageBits.
bool isImage(const Graph& graph, int node);

} // namespace bitscape
