// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/subnets.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bitscape {

/// A stepping network as a plain graph (methods.md section 7): what a group of filters adds to a layer is a layer of its own, "conv2.s3",
/// that reads the groups up to its own; the classifier's groups add up to the logits of S_1, S_2, ... (Graph::subnets). No weight
/// in it is absent, so that scores, searches, costs and exports treat it as any network.
struct SubnetGraph {
    /// What a node is of the original network.
    struct Piece {
        int node = -1;                      ///< -1: only joins, picks or adds up
        std::vector<std::int64_t> channels; ///< its output channels, as numbered there
        std::vector<std::int64_t> inputs;   ///< of a layer: the input channels that it reads, in order
    };
    Graph graph;
    std::vector<Piece> pieces; ///< per node of `graph`
};

/// `groups`: per layer and filter, 1..subnets, above that in no subnet. Throws Error(Unsupported) where S_1 has none of the channels that a
/// node reads.
SubnetGraph subnetGraph(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int subnets);

/// The part of a network that one of its nodes depends on.
struct PartialGraph {
    Graph graph;            ///< with that node as output
    std::vector<int> nodes; ///< per node, its place in the whole
};

/// `node`: one whose output is a vector.
PartialGraph leadingTo(const Graph& graph, int node);

/// Per layer of the part, its position among the layers of the whole. Both in graph order.
std::vector<std::size_t> layersIn(const PartialGraph& part, const std::vector<Layer>& layers, const std::vector<Layer>& whole);

} // namespace bitscape
