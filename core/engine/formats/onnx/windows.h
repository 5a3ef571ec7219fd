// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/onnx/translation.h"

namespace bitscape {

/// Reads stride, dilation and padding of a convolution or a pool whose kernel is set. Padding that is not the same on both sides, or that
/// is more than half a pool's kernel, becomes a Pad node of `fill` behind `input`; answers what the window is slid over.
int readWindow(OnnxTranslation& translation, const NodeView& node, Node& window, int input, double fill);

} // namespace bitscape
