// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/network/tensors.h"
#include "core/network/graph.h"

namespace bitscape {

/// A network with the same outputs (up to float rounding) that runs faster.
struct FoldedNetwork {
    Graph graph; ///< node positions are those of the original
    TensorMap tensors;
};

/// Batch normalisations directly behind a layer are folded into its weights and bias, and become identities.
FoldedNetwork foldBatchNorm(const Graph& graph, const TensorMap& tensors);

} // namespace bitscape
