// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/network/executor.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace bitscape {

/// Activations of chosen nodes and the gradients there, in the order in which the nodes were given.
struct TapGradients {
    std::vector<at::Tensor> activations; ///< detached
    std::vector<at::Tensor> gradients;   ///< same shapes; zeros where a node does not reach the target
};

/// Runs the network in evaluation mode on `images`, and backward from `target(logits)` (a scalar) to the outputs of `nodes`; no gradient of
/// any weight is computed. A sum over images as target gives each image its own gradient.
TapGradients tapGradients(const Graph& graph, const TensorMap& tensors, const at::Tensor& images, const std::vector<int>& nodes,
    const std::function<at::Tensor(const at::Tensor& logits)>& target);

} // namespace bitscape
