// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/network/tensors.h"
#include "core/network/graph.h"

#include <functional>
#include <optional>

namespace bitscape {

/// Sees each node's output as it is computed and answers what the nodes behind it are to read: a tap, a quantizer, or both.
using NodeHook = std::function<at::Tensor(int node, const at::Tensor& output)>;

/// Sees each operand as a node reads it and answers what the node is to work on.
using NodeReader = std::function<at::Tensor(int node, std::size_t operand, const at::Tensor& value)>;

struct ExecutionOptions {
    bool training = false;          ///< batch normalisation by the batch's statistics, running ones updated in place
    std::optional<double> momentum; ///< of the running statistics, in place of the nodes' own
    NodeHook hook;                  ///< may be empty
    NodeReader reader;              ///< may be empty
};

/// Runs the network with ATen on `images` [N,C,H,W]; answers the logits [N, classes]. Gradients flow where tensors ask for them.
/// Any weights can stand in place of the stored ones. Throws Error(BadInput) where the images do not fit.
at::Tensor execute(const Graph& graph, const TensorMap& tensors, const at::Tensor& images, const ExecutionOptions& options = {});

/// One node's output from its inputs' ([N,...], in the node's order), in evaluation mode.
at::Tensor computeNode(const Node& node, const TensorMap& tensors, const std::vector<at::Tensor>& inputs);

/// A convolution or fully connected node with these weights [F,...] and bias [F] (undefined: none) in place of its own.
at::Tensor computeLayer(const Node& node, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias);

} // namespace bitscape
