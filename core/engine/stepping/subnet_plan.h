// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/network/executor.h"
#include "core/network/subnets.h"

#include <string>
#include <vector>

namespace bitscape {

/// What of a network one subnet consists of, ready to be cut out (methods.md section 7). Tensors live on `device`.
struct SubnetPlan {
    int subnet = 1;
    std::vector<std::vector<std::uint8_t>> channels; ///< per node, the group of each channel
    std::vector<at::Tensor> active;                  ///< per node, the channels of S_i in order; undefined: all
    std::vector<at::Tensor> connected;               ///< per layer, 1 where a weight among them exists: [F,U] or [F,U,1,1]; undefined: all
    std::vector<std::vector<at::Tensor>> picked; ///< per node and operand, which of the operand's active channels it takes; undefined: all
};

/// `dense`: every filter of S_i reads all channels of S_i (the slimmable baseline), else only those of groups up to its own.
SubnetPlan planSubnet(
    const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int subnet, bool dense, const at::Device& device);

/// The subnet's own tensors, cut out of the whole network's, so that execute() runs it at its own size: weights
/// below `pruneBelow` and absent ones are zero. Gradients flow back, to pruned weights too.
TensorMap subnetTensors(const Graph& graph, const SubnetPlan& plan, const TensorMap& tensors, double pruneBelow);

/// Writes running statistics that a training pass has updated back into the whole network's.
void putStatistics(const Graph& graph, const SubnetPlan& plan, const TensorMap& own, TensorMap& tensors);

/// Makes execute() feed sums and products what they take of their operands.
NodeReader readerOf(const SubnetPlan& plan);

} // namespace bitscape
