// SPDX-License-Identifier: GPL-3.0-or-later
// What nodes make of sizes, of constants and of activations alike.
#pragma once

#include "core/engine/formats/onnx/node_view.h"

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace bitscape {

using Sizes = std::vector<std::int64_t>;

inline Sizes sizesOf(const at::Tensor& tensor)
{
    return tensor.sizes().vec();
}

/// The integers of a constant. Throws Error(BadInput) that names the node where they are none, or too many for a shape or an index.
Sizes integersOf(const NodeView& node, const at::Tensor& constant);

/// An axis counted from the end where negative. Throws Error(BadInput) where there is none such.
std::int64_t axisOf(const NodeView& node, std::int64_t axis, std::size_t rank);

/// The attribute "axes", or what the input that took its place says.
std::optional<Sizes> axesOf(const NodeView& node, const std::optional<Sizes>& input);

/// The attribute "perm", or the axes in reverse.
Sizes permutationOf(const NodeView& node, std::size_t rank);

/// Sizes that a Reshape node's target stands for, 0 and -1 resolved. Throws Error(BadInput) where the elements do not fit.
Sizes reshapedSizes(const NodeView& node, const Sizes& sizes, const Sizes& target);

/// Sizes behind a Squeeze or Unsqueeze node; no axes: all of size 1.
Sizes squeezedSizes(const NodeView& node, const Sizes& sizes, const std::optional<Sizes>& axes);
Sizes unsqueezedSizes(const NodeView& node, const Sizes& sizes, const Sizes& axes);

/// begin, begin + step, ... below end, all within the axis.
struct SliceOfAxis {
    std::int64_t axis = 0, begin = 0, end = 0, step = 1;
};

/// What a Slice node takes; `inputs`: starts, ends, axes, steps where they are inputs. Throws Error(Unsupported) for steps backwards.
std::vector<SliceOfAxis> slicesOf(const NodeView& node, const Sizes& sizes, const std::array<std::optional<Sizes>, 4>& inputs);

} // namespace bitscape
