// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <filesystem>

namespace bitscape {

/// How many elements a tensor's dimensions say; throws Error(BadInput) where one is negative or there are more than 2^31.
std::int64_t elementsOf(const onnx::TensorProto& tensor);

/// Throws Error(BadInput) where the tensor holds more or less data than its dimensions say, or has external data that lies outside `folder`
/// or is not there; Error(Unsupported) for a type that is neither a float nor an integer. Reads no data.
void checkTensor(const onnx::TensorProto& tensor, const std::filesystem::path& folder);

/// The tensor's values: floats of any width as float32, int32 and int64 as int64, int8, uint8 and bool as they are. May share the proto's
/// memory. The tensor has passed checkTensor().
at::Tensor valuesOf(const onnx::TensorProto& tensor, const std::filesystem::path& folder);

} // namespace bitscape
