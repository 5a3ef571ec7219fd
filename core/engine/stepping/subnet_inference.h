// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/answers.h"
#include "core/engine/stepping/subnet_plan.h"

namespace bitscape {

/// The whole network's tensors (of tensorsOfSubnet()) with pruned weights at zero and batch normalisation folded.
FoldedNetwork foldedSubnets(const Graph& graph, const TensorMap& tensors, double pruneBelow);

/// One subnet at its own size, to be evaluated as any network is.
InferenceNetwork subnetNetwork(const FoldedNetwork& folded, SubnetPlan plan);

} // namespace bitscape
