// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/onnx/node_view.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bitscape {

/// Whether an operator is computed at once where all that it reads is constant.
bool isFoldable(const std::string& type);

/// The value of such a node. `inputs`: undefined where left out. Throws Error(BadInput) where the inputs do not fit the operator, or more
/// than `mostElements` would come out.
at::Tensor folded(
    const NodeView& node, const std::vector<at::Tensor>& inputs, const std::filesystem::path& folder, std::int64_t mostElements);

} // namespace bitscape
