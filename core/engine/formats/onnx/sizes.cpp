// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/sizes.h"

#include "core/network/graph.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace bitscape {
namespace {

constexpr std::int64_t kLongestList = 4096;

std::int64_t product(const Sizes& sizes)
{
    return std::accumulate(sizes.begin(), sizes.end(), std::int64_t { 1 }, std::multiplies<>());
}

std::set<std::int64_t> distinctAxes(const NodeView& node, const Sizes& axes, std::size_t rank)
{
    std::set<std::int64_t> distinct;
    for (const std::int64_t axis : axes) {
        if (!distinct.insert(axisOf(node, axis, rank)).second)
            node.refuse(ErrorCode::BadInput, "names an axis twice.");
    }
    return distinct;
}

std::int64_t clamped(std::int64_t position, std::int64_t size)
{
    if (position < 0)
        position = std::max<std::int64_t>(position, -size) + size;
    return std::min(position, size);
}

} // namespace

Sizes integersOf(const NodeView& node, const at::Tensor& constant)
{
    if (!at::isIntegralType(constant.scalar_type(), false) || constant.numel() > kLongestList)
        node.refuse(ErrorCode::BadInput, "wants whole numbers for a shape or an index and reads something else.");
    const at::Tensor plain = constant.to(at::kLong).contiguous();
    return { plain.data_ptr<std::int64_t>(), plain.data_ptr<std::int64_t>() + plain.numel() };
}

std::int64_t axisOf(const NodeView& node, std::int64_t axis, std::size_t rank)
{
    const auto axes = static_cast<std::int64_t>(rank);
    if (axis < -axes || axis >= axes)
        node.refuse(ErrorCode::BadInput, "works along axis " + std::to_string(axis) + " of " + std::to_string(rank) + ".");
    return axis < 0 ? axis + axes : axis;
}

std::optional<Sizes> axesOf(const NodeView& node, const std::optional<Sizes>& input)
{
    return input ? input : node.integers("axes");
}

Sizes permutationOf(const NodeView& node, std::size_t rank)
{
    Sizes order(rank);
    std::iota(order.rbegin(), order.rend(), 0);
    const Sizes given = node.integers("perm").value_or(order);
    if (!std::ranges::is_permutation(given, order))
        node.refuse(ErrorCode::BadInput, "permutes axes that are not there.");
    return given;
}

Sizes reshapedSizes(const NodeView& node, const Sizes& sizes, const Sizes& target)
{
    Sizes result = target;
    const bool zeroIsZero = node.integer("allowzero", 0) != 0;
    for (std::size_t i = 0; i < result.size() && !zeroIsZero; ++i) {
        if (result[i] == 0 && i < sizes.size())
            result[i] = sizes[i];
    }
    const auto open = std::ranges::find(result, -1);
    if (open != result.end()) {
        *open = 1;
        if (isPossibleShape(result) && product(sizes) % product(result) == 0)
            *open = product(sizes) / product(result);
    }
    if (!isPossibleShape(result) || product(result) != product(sizes))
        node.refuse(ErrorCode::BadInput,
            "makes a shape that does not hold the " + std::to_string(product(sizes)) + " elements it reads, batch included.");
    return result;
}

Sizes squeezedSizes(const NodeView& node, const Sizes& sizes, const std::optional<Sizes>& axes)
{
    const auto gone = axes ? distinctAxes(node, *axes, sizes.size()) : std::set<std::int64_t> {};
    Sizes result;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const bool drop = axes ? gone.contains(static_cast<std::int64_t>(i)) : sizes[i] == 1;
        if (drop && sizes[i] != 1)
            node.refuse(ErrorCode::BadInput, "squeezes an axis of " + std::to_string(sizes[i]) + ".");
        if (!drop)
            result.push_back(sizes[i]);
    }
    return result;
}

Sizes unsqueezedSizes(const NodeView& node, const Sizes& sizes, const Sizes& axes)
{
    const std::size_t rank = sizes.size() + axes.size();
    const auto fresh = distinctAxes(node, axes, rank);
    Sizes result;
    auto next = sizes.begin();
    for (std::size_t i = 0; i < rank; ++i)
        result.push_back(fresh.contains(static_cast<std::int64_t>(i)) ? 1 : *next++);
    return result;
}

std::vector<SliceOfAxis> slicesOf(const NodeView& node, const Sizes& sizes, const std::array<std::optional<Sizes>, 4>& inputs)
{
    const auto starts = inputs[0] ? inputs[0] : node.integers("starts"), ends = inputs[1] ? inputs[1] : node.integers("ends");
    if (!starts || !ends || starts->size() != ends->size())
        node.refuse(ErrorCode::BadInput, "does not say where it starts and ends.");
    Sizes all(starts->size());
    std::iota(all.begin(), all.end(), 0);
    const Sizes axes = axesOf(node, inputs[2]).value_or(all);
    const Sizes steps = inputs[3].value_or(Sizes(starts->size(), 1));
    if (axes.size() != starts->size() || steps.size() != starts->size())
        node.refuse(ErrorCode::BadInput, "has lists of different lengths.");
    distinctAxes(node, axes, sizes.size());
    std::vector<SliceOfAxis> slices;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::int64_t axis = axisOf(node, axes[i], sizes.size());
        const std::int64_t size = sizes[static_cast<std::size_t>(axis)];
        if (steps[i] < 1)
            node.refuse("slices backwards.");
        slices.push_back({ axis, clamped((*starts)[i], size), clamped((*ends)[i], size), steps[i] });
    }
    return slices;
}

} // namespace bitscape
