// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <filesystem>

namespace bitscape {

/// Whether `bytes` of a tensor's data are where it says, in a file in `folder` or below. Throws Error(BadInput) if not.
void checkExternalData(const onnx::TensorProto& tensor, const std::filesystem::path& folder, std::int64_t bytes);

/// Reads them to `target`.
void readExternalData(const onnx::TensorProto& tensor, const std::filesystem::path& folder, void* target, std::int64_t bytes);

} // namespace bitscape
