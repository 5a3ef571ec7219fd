// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/quantize/bit_network.h"

#include <ATen/core/Tensor.h>

namespace bitscape {

struct ActivationGrid;

/// methods.md section 5: forward the quantized weights, backward the gradient where |w| is at most the filter's limit, else none.
/// `weight` [F,...] asks for gradients; `quantized` is quantizeWeight() of it.
at::Tensor straightThroughWeight(const at::Tensor& weight, const QuantizedWeight& quantized);

/// Forward the quantized activation, backward the gradient where the activation lies within the grid's range.
at::Tensor straightThroughActivation(const at::Tensor& activation, const ActivationGrid& grid);

} // namespace bitscape
