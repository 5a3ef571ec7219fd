// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/network/graph.h"
#include "core/network/layers.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Per layer (of layersOf()) and filter the smallest subnet that contains it: 1..n, or n + 1 for none (methods.md section 7). The last
/// layer's entries are 1: the logits belong to all subnets.
using FilterGroups = LayerBits;

/// Per layer, filter and input channel or feature, the number of weights that are not zero: filters x inputs numbers in row-major order.
using WeightCounts = std::vector<std::vector<std::uint16_t>>;

/// Throws Error(Unsupported) with the node's name where a network's channels cannot be followed from filter to filter: grouped
/// convolutions, reshapes, slices, joins over space, and networks whose logits do not come out of a fully connected layer.
void checkSteppable(const Graph& graph);

/// A network that can be stepped, with `factor` times as many filters (rounded, at least 1) in every layer but the last.
Graph widened(const Graph& graph, double factor);

/// Every filter in the same group.
FilterGroups uniformGroups(const std::vector<Layer>& layers, int group);

/// Per node, the group of each channel of its output: a sum or product has the larger group of its operands, the image is in group 1.
std::vector<std::vector<std::uint8_t>> channelGroups(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups);

/// A weight from channel u to filter v exists only if g(u) <= g(v); every weight of the last layer exists.
inline bool isConnected(const Layer& layer, int from, int to)
{
    return layer.last || from <= to;
}

/// Counts multiply-accumulates of subnets.
class SubnetCost final {
public:
    /// All three outlive this. Without `weights`: as if no weight were zero, which is counted faster.
    SubnetCost(const Graph& graph, const std::vector<Layer>& layers, const WeightCounts* weights = nullptr);

    /// MACs of subnet i of these groups: every weight that is not zero, exists, and joins filters of S_i, once per output position.
    std::int64_t macs(const FilterGroups& groups, int subnet) const;

private:
    const Graph& m_graph;
    const std::vector<Layer>& m_layers;
    const WeightCounts* m_weights;
};

} // namespace bitscape
