// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/onnx_model.h"
#include "core/network/graph.h"

#include <string>
#include <vector>

namespace bitscape {

/// A node without weights in opset 13; answers its output's name. Some take several operators: the last bears the node's name.
std::string addOperator(OnnxModel& model, const Graph& graph, const Node& node, const std::vector<std::string>& inputs);

/// Kernel, stride, padding and dilation of a convolution or a maximum pool.
void addWindow(onnx::NodeProto& added, const Node& node);

} // namespace bitscape
