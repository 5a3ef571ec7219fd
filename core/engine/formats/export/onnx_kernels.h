// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <onnx/onnx_pb.h>

#include <functional>
#include <string>
#include <vector>

namespace bitscape {

/// Computes an operator's one output. An input that is left out is an undefined tensor. Integers are kept as float32, which holds all that
/// a quantized tensor has.
using OnnxKernel = std::function<at::Tensor(const onnx::NodeProto& node, const std::vector<at::Tensor>& inputs)>;

/// Null for an operator that Bitscape does not write.
const OnnxKernel* onnxKernel(const std::string& type);

} // namespace bitscape
