// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph.h"

#include "core/base/error.h"

#include <algorithm>

namespace bitscape {
namespace {

/// Far above any network's, and small enough that the product of two does not overflow.
constexpr std::int64_t kMostElements = std::int64_t { 1 } << 31;
constexpr std::int64_t kLargestWindow = std::int64_t { 1 } << 20;

[[noreturn]] void refuse(const Node& node, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "Node '" + node.name + "' (" + toString(node.op) + ") " + what + ".");
}

void checkWindow(const Node& node, std::size_t axis)
{
    for (const std::int64_t value : { node.kernel[axis], node.stride[axis], node.dilation[axis] }) {
        if (value < 1 || value > kLargestWindow)
            refuse(node, "has a kernel, stride or dilation of " + std::to_string(value));
    }
    const std::int64_t most = node.op == Op::Conv2d ? kLargestWindow : node.kernel[axis] / 2; // LibTorch's rule for pools
    if (node.padding[axis] < 0 || node.padding[axis] > most)
        refuse(node, "has a padding of " + std::to_string(node.padding[axis]));
}

std::int64_t windowed(const Node& node, std::size_t axis, std::int64_t size)
{
    checkWindow(node, axis);
    const std::int64_t reach = node.dilation[axis] * (node.kernel[axis] - 1) + 1;
    const std::int64_t room = size + 2 * node.padding[axis] - reach;
    if (room < 0)
        refuse(node, "has a window of " + std::to_string(reach) + " that does not fit its input of " + std::to_string(size));
    std::int64_t count = (node.ceilMode ? room + node.stride[axis] - 1 : room) / node.stride[axis] + 1;
    if (node.ceilMode && (count - 1) * node.stride[axis] >= size + node.padding[axis])
        --count; // a window that would start in the padding behind the input is not counted
    return count;
}

Shape windowShape(const Node& node, const Shape& in, std::int64_t channels)
{
    if (in.flat)
        refuse(node, "needs an image [C,H,W] but reads a vector of " + toString(in));
    if (node.op == Op::Conv2d && node.ceilMode)
        refuse(node, "rounds its shape up, which only pools do");
    if (node.op == Op::AveragePool && node.dilation != Pair { 1, 1 })
        refuse(node, "has a dilation, which average pools do not have");
    return { channels, windowed(node, 0, in.height), windowed(node, 1, in.width), false };
}

Shape convShape(const Node& node, const Shape& in)
{
    if (node.filters < 1)
        refuse(node, "has no filters");
    if (node.groups < 1 || in.channels % node.groups != 0 || node.filters % node.groups != 0)
        refuse(node,
            "has " + std::to_string(node.groups) + " groups for " + std::to_string(in.channels) + " input channels and "
                + std::to_string(node.filters) + " filters");
    return windowShape(node, in, node.filters);
}

Shape linearShape(const Node& node, const Shape& in)
{
    if (!in.flat)
        refuse(node, "needs a vector but reads an image of " + toString(in) + ": put a flatten in front");
    if (node.filters < 1)
        refuse(node, "has no neurons");
    if (node.groups != 1 || node.kernel != Pair { 1, 1 })
        refuse(node, "has groups or a kernel, which only convolutions have");
    return { node.filters, 1, 1, true };
}

void needImage(const Node& node, const Shape& in)
{
    if (in.flat)
        refuse(node, "needs an image [C,H,W] but reads a vector of " + toString(in));
}

Shape adaptiveShape(const Node& node, const Shape& in)
{
    needImage(node, in);
    if (std::ranges::any_of(node.target, [](std::int64_t size) { return size < 1 || size > kLargestWindow; }))
        refuse(node, "has an output of " + std::to_string(node.target[0]) + "x" + std::to_string(node.target[1]) + " positions");
    return { in.channels, node.target[0], node.target[1], false };
}

std::int64_t& sizeAlong(Shape& shape, Axis axis)
{
    return axis == Axis::Channels ? shape.channels : axis == Axis::Height ? shape.height : shape.width;
}

Shape sliceShape(const Node& node, Shape shape)
{
    if (node.axis != Axis::Channels)
        needImage(node, shape);
    std::int64_t& size = sizeAlong(shape, node.axis);
    if (node.begin < 0 || node.begin >= node.end || node.end > size || node.step < 1)
        refuse(node, "takes " + std::to_string(node.begin) + " to " + std::to_string(node.end) + " of " + std::to_string(size));
    size = (node.end - node.begin - 1) / node.step + 1;
    return shape;
}

Shape padShape(const Node& node, const Shape& in)
{
    needImage(node, in);
    for (const Pair& padding : { node.padding, node.paddingEnd }) {
        if (std::ranges::any_of(padding, [](std::int64_t size) { return size < 0 || size > kLargestWindow; }))
            refuse(node, "has a padding of " + std::to_string(padding[0]) + " and " + std::to_string(padding[1]));
    }
    return { in.channels, in.height + node.padding[0] + node.paddingEnd[0], in.width + node.padding[1] + node.paddingEnd[1], false };
}

Shape concatShape(const Node& node, const std::vector<Shape>& inputs)
{
    Shape shape = inputs[0];
    if (node.axis != Axis::Channels)
        needImage(node, shape);
    for (std::size_t i = 1; i < inputs.size(); ++i) {
        Shape next = inputs[i];
        const std::int64_t added = sizeAlong(next, node.axis);
        sizeAlong(next, node.axis) = sizeAlong(shape, node.axis);
        if (next != shape || added > kMostElements)
            refuse(node, "joins " + toString(inputs[0]) + " and " + toString(inputs[i]));
        sizeAlong(shape, node.axis) += added;
    }
    return shape;
}

Shape productShape(const Node& node, const Shape& a, const Shape& b)
{
    const Shape& larger = a.size() >= b.size() ? a : b;
    const Shape& other = a.size() >= b.size() ? b : a;
    const bool perChannel = !larger.flat && !other.flat && other.channels == larger.channels && other.positions() == 1;
    if (other != larger && !perChannel)
        refuse(node, "multiplies " + toString(a) + " and " + toString(b));
    return larger;
}

Shape uncheckedShape(const Node& node, const std::vector<Shape>& inputs)
{
    const bool many = node.op == Op::Add || node.op == Op::Concat;
    const std::size_t wanted = node.op == Op::Input ? 0 : node.op == Op::Multiply ? 2 : 1;
    if (many ? inputs.size() < 2 : inputs.size() != wanted)
        refuse(node, "has " + std::to_string(inputs.size()) + " inputs");
    switch (node.op) {
    case Op::Input:
        return node.shape;
    case Op::Conv2d:
        return convShape(node, inputs[0]);
    case Op::Linear:
        return linearShape(node, inputs[0]);
    case Op::MaxPool:
    case Op::AveragePool:
        return windowShape(node, inputs[0], inputs[0].channels);
    case Op::AdaptiveAveragePool:
        return adaptiveShape(node, inputs[0]);
    case Op::GlobalAveragePool:
    case Op::GlobalMaxPool:
        return { inputs[0].channels, 1, 1, inputs[0].flat };
    case Op::Flatten:
        return { inputs[0].size(), 1, 1, true };
    case Op::Reshape:
        if (node.shape.size() != inputs[0].size() || (node.shape.flat && node.shape.positions() != 1))
            refuse(node, "makes " + toString(node.shape) + " of " + toString(inputs[0]));
        return node.shape;
    case Op::Slice:
        return sliceShape(node, inputs[0]);
    case Op::Pad:
        return padShape(node, inputs[0]);
    case Op::Concat:
        return concatShape(node, inputs);
    case Op::Multiply:
        return productShape(node, inputs[0], inputs[1]);
    case Op::Add:
        if (std::any_of(inputs.begin(), inputs.end(), [&](const Shape& shape) { return shape != inputs[0]; }))
            refuse(node, "adds " + toString(inputs[0]) + " and " + toString(inputs[1]));
        return inputs[0];
    default:
        break;
    }
    return inputs[0];
}

} // namespace

bool isPossibleShape(const std::vector<std::int64_t>& sizes)
{
    std::int64_t product = 1;
    return std::ranges::all_of(sizes, [&](std::int64_t size) {
        const bool fits = size >= 1 && size <= kMostElements && product * size <= kMostElements;
        product = fits ? product * size : product;
        return fits;
    });
}

std::string toString(const Shape& shape)
{
    if (shape.flat)
        return std::to_string(shape.channels);
    return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" + std::to_string(shape.width);
}

Shape outputShape(const Node& node, const std::vector<Shape>& inputs)
{
    const Shape shape = uncheckedShape(node, inputs);
    if (!isPossibleShape({ shape.channels, shape.height, shape.width }))
        refuse(node, "has an output of " + toString(shape));
    return shape;
}

} // namespace bitscape
