// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/onnx/model_file.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bitscape {

/// Per value, the sizes that the file or ONNX's shape inference give it; -1 where a size is not fixed.
using DeclaredShapes = std::map<std::string, std::vector<std::int64_t>>;

/// Checks the graph as such: every operator known, every value made once and before it is read, every tensor as large as it says; up to
/// opset 17 by ONNX's own checker and shape inference as well, whose schemas end there. Answers the shapes found.
/// Throws Error(BadInput) or Error(Unsupported).
DeclaredShapes checkOnnxModel(const OnnxModelFile& file);

} // namespace bitscape
