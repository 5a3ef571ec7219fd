// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/deployable.h"

#include <string>

namespace bitscape {

/// The network in QONNX (domain qonnx.custom_op.general, opset 13), for one image at a time, as qonnx's tools want it.
///
/// The filters of a layer are grouped by bit-width: per group one Quant of the weights and one operator, concatenated and gathered back
/// into order. Filters of 0 bits are constants. What was read in qonnx's sources (of 2024 and 2025), as its tools do not run here:
///
/// - Narrow grid: signed Quant, zero point 0. Executed exactly; counted at its bits (SCALEDINT).
/// - Midrise grid: unsigned Quant with zero point (2^b - 1) / 2 and twice the scale. Executed exactly; but qonnx infers a type for zero
/// point
///   0 only, so that its cost analysis counts these weights as FLOAT32.
/// - 1 bit: BipolarQuant, whose type is BIPOLAR with a scale of 1 only: the scale per filter is a Mul behind the operator. Counted at 1
/// bit.
/// - Activations: Quant, zero point 0, counted at their bits behind Quant, MaxPool, Concat, Reshape and the like. A signed tap of 1 bit has
///   the three levels that take 2 bits here. The image, and what an average pool makes, is FLOAT32 to qonnx.
/// - Filters with zeros on the narrow grid are counted with discount_sparsity=False as Bitscape counts them.
std::string exportQonnx(const Deployable& network);

} // namespace bitscape
