// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/averaging_matrix.h"
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/translation.h"
#include "core/engine/formats/onnx/windows.h"

#include <ATen/ATen.h>

#include <limits>

namespace bitscape::onnx_operators {
namespace {

void pool(OnnxTranslation& translation, const NodeView& node, Node window, double fill)
{
    const OnnxValue& input = translation.activation(node, 0);
    const Sizes kernel = node.integers("kernel_shape").value_or(Sizes {});
    if (input.sizes.size() != 4 || kernel.size() != 2)
        node.refuse("is no pool of images [N,C,H,W].");
    window.name = node.name();
    window.kernel = { kernel[0], kernel[1] };
    window.ceilMode = node.integer("ceil_mode", 0) != 0;
    if (window.ceilMode) // ONNX counts a window that would start in the padding, PyTorch does not
        translation.distrustSizes();
    const int from = readWindow(translation, node, window, translation.nodeOf(node, input), fill);
    window.inputs = { from };
    const Pair one { 1, 1 }, none { 0, 0 };
    if (window.kernel == one && window.stride == one && window.padding == none)
        translation.define(node, 0, from);
    else
        translation.define(node, 0, translation.draft().add(std::move(window)));
}

/// From the right a matrix is [width, windows], from the left [windows, height].
bool averages(const at::Tensor& given, std::int64_t positions, bool fromLeft)
{
    if (given.dim() != 2 || !at::isFloatingType(given.scalar_type()))
        return false;
    const at::Tensor matrix = fromLeft ? given.t() : given;
    if (matrix.size(0) != positions || matrix.size(1) == 0)
        return false;
    const auto wanted = averagingMatrix(positions, matrix.size(1));
    return at::allclose(matrix.to(at::kFloat), at::tensor(wanted).reshape(matrix.sizes()), 1e-5, 1e-7);
}

} // namespace

bool averageAlongAxis(OnnxTranslation& translation, const NodeView& node)
{
    const bool fromLeft = translation.value(node, 0).isConstant();
    const OnnxValue& input = translation.value(node, fromLeft ? 1 : 0);
    const OnnxValue& matrix = translation.value(node, fromLeft ? 0 : 1);
    const std::size_t axis = fromLeft ? 0 : 1;
    if (input.isConstant() || !matrix.isConstant() || input.sizes.size() != 4
        || !averages(matrix.constant, input.sizes[axis + 2], fromLeft))
        return false;
    Draft& draft = translation.draft();
    const int from = translation.nodeOf(node, input);
    Node pool;
    pool.name = node.name();
    pool.op = Op::AdaptiveAveragePool;
    pool.inputs = { from };
    pool.target = { input.sizes[2], input.sizes[3] };
    pool.target[axis] = matrix.sizes[fromLeft ? 0 : 1];
    const Node& before = draft.node(from); // along the other axis: one pool does both
    if (before.op == Op::AdaptiveAveragePool && translation.isReadOnce(from)) {
        const Shape& whole = draft.shape(before.inputs.front());
        if ((axis == 0 ? whole.height : whole.width) == before.target[axis])
            pool.inputs = before.inputs;
    }
    translation.define(node, 0, draft.add(std::move(pool)));
    return true;
}

void maxPool(OnnxTranslation& translation, const NodeView& node)
{
    if (node.integer("storage_order", 0) != 0)
        node.refuse("counts columns first.");
    Node window;
    window.op = Op::MaxPool;
    pool(translation, node, std::move(window), static_cast<double>(std::numeric_limits<float>::lowest()));
}

void averagePool(OnnxTranslation& translation, const NodeView& node)
{
    Node window;
    window.op = Op::AveragePool;
    window.countPadding = node.integer("count_include_pad", 0) != 0;
    pool(translation, node, std::move(window), 0);
}

void globalPool(OnnxTranslation& translation, const NodeView& node)
{
    const OnnxValue& input = translation.activation(node, 0);
    if (input.sizes.size() != 4)
        node.refuse("reads " + toString(input.sizes) + ", which is no image.");
    Node pool;
    pool.name = node.name();
    pool.op = node.type() == "GlobalAveragePool" ? Op::GlobalAveragePool : Op::GlobalMaxPool;
    pool.inputs = { translation.nodeOf(node, input) };
    translation.define(node, 0, translation.draft().add(std::move(pool)));
}

/// Over all positions of an image, whether these are one axis or two.
void reduce(OnnxTranslation& translation, const NodeView& node)
{
    const OnnxValue& input = translation.activation(node, 0);
    const Sizes& sizes = input.sizes;
    Sizes axes = axesOf(node, translation.integers(node, 1)).value_or(Sizes {});
    for (std::int64_t& axis : axes)
        axis = axisOf(node, axis, sizes.size());
    std::ranges::sort(axes);
    const bool overSpace = (sizes.size() == 4 && axes == Sizes { 2, 3 }) || (sizes.size() == 3 && axes == Sizes { 2 });
    if (!overSpace)
        node.refuse("reduces " + toString(sizes) + " over other axes than height and width.");
    OnnxValue image { {}, input.element, sizes, input.reshapedBy, {} };
    if (sizes.size() == 3)
        image.sizes.push_back(1);
    Node pool;
    pool.name = node.name();
    pool.op = node.type() == "ReduceMean" ? Op::GlobalAveragePool : Op::GlobalMaxPool;
    pool.inputs = { translation.nodeOf(node, image) };
    OnnxValue reduced { {}, elementOf(translation.draft().add(std::move(pool))), { sizes[0], sizes[1] }, node.name() + ".flatten", {} };
    if (node.integer("keepdims", 1) != 0)
        reduced.sizes.resize(sizes.size(), 1);
    translation.define(node, 0, std::move(reduced));
}

} // namespace bitscape::onnx_operators
