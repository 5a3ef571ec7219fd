// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitscape {

/// The weights of a network by tensor name, float32.
using TensorMap = std::unordered_map<std::string, at::Tensor>;

/// Reads raw little-endian float32, tensor after tensor in the graph's order. Throws Error(BadInput) for a wrong length or a value
/// that is not a number, naming the tensor.
TensorMap tensorsFromBytes(const Graph& graph, std::span<const std::byte> bytes);

/// The inverse. Tensors may live on any device.
std::vector<std::byte> tensorsToBytes(const Graph& graph, const TensorMap& tensors);

/// Fresh weights: normal with variance 2 / fan-in for layers (1 / fan-in for the logits), biases 0, batch normalisation as identity. The
/// same for the same seed.
TensorMap freshTensors(const Graph& graph, std::uint64_t seed);

/// A deep copy.
TensorMap cloned(const TensorMap& tensors);

/// On another device; convolution weights in channels-last order, which is what runs fastest (design.md section 4).
TensorMap placed(const TensorMap& tensors, const at::Device& device);

} // namespace bitscape
