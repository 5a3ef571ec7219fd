// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/deployable.h"
#include "core/engine/formats/export/onnx_network.h"

#include <string>

namespace bitscape {

/// The network in ONNX's own operators, opset 13: what ONNX Runtime reads.
///
/// Weights are integers with DequantizeLinear(axis 0) and the scale per filter: int8 where the layer's levels fit, which is up to 7 bits on
/// the midrise grid and always on the narrow one. Midrise levels of 8 bits are odd numbers up to 255. No int8 or uint8 tensor has them:
/// half of each, (level - 1) / 2 with twice the scale, leaves an offset of one scale, and a zero point is a whole number, not -1/2. Such
/// layers are int32, which DequantizeLinear takes as well: still level times scale, to the last bit.
///
/// A quantized tap is a Clip to its grid's ends (where those are not the type's own), QuantizeLinear and DequantizeLinear, uint8 or int8.
std::string exportOnnx(const Deployable& network);

/// How it writes layers and taps. `network` outlives it.
OnnxDialect onnxDialect(const Deployable& network);

} // namespace bitscape
