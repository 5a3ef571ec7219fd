// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/onnx_model.h"
#include "core/network/graph.h"

#include <string>
#include <vector>

namespace bitscape {

/// A node without weights in opset 13; answers its output's name. Some take several operators: the last bears the node's name. Throws
/// Error(Unsupported) for pooling to windows of unequal size, which ONNX cannot say.
std::string addOperator(OnnxModel& model, const Graph& graph, const Node& node, const std::vector<std::string>& inputs);

/// Kernel, stride, padding and dilation of a convolution or a maximum pool.
void addWindow(onnx::NodeProto& added, const Node& node);

} // namespace bitscape
