// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/windows.h"

#include <algorithm>

namespace bitscape {
namespace {

constexpr std::int64_t kLargest = std::int64_t { 1 } << 20; ///< what shapes.cpp lets pass

Pair pairOf(const NodeView& node, const std::string& attribute)
{
    const Sizes values = node.integers(attribute).value_or(Sizes { 1, 1 });
    if (values.size() != 2)
        node.refuse("has " + std::to_string(values.size()) + " " + attribute + " where images have 2.");
    return { values[0], values[1] };
}

struct Padding {
    Pair begin { 0, 0 }, end { 0, 0 };
};

/// As much as makes ceil(size / stride) windows; an odd one goes to the end (SAME_UPPER) or the beginning (SAME_LOWER).
Padding samePadding(const Node& window, const Shape& in, bool upper)
{
    Padding padding;
    for (const std::size_t axis : { 0U, 1U }) {
        const std::int64_t size = axis == 0 ? in.height : in.width;
        const std::int64_t reach = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
        const std::int64_t windows = (size + window.stride[axis] - 1) / window.stride[axis];
        const std::int64_t total = std::max<std::int64_t>((windows - 1) * window.stride[axis] + reach - size, 0);
        padding.begin[axis] = upper ? total / 2 : total - total / 2;
        padding.end[axis] = total - padding.begin[axis];
    }
    return padding;
}

Padding paddingOf(const NodeView& node, const Node& window, const Shape& in)
{
    const std::string automatic = node.text("auto_pad", "NOTSET");
    if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER")
        return samePadding(window, in, automatic == "SAME_UPPER");
    if (automatic == "VALID")
        return {};
    if (automatic != "NOTSET" && !automatic.empty())
        node.refuse(ErrorCode::BadInput, "has the unknown auto_pad '" + automatic + "'.");
    const Sizes pads = node.integers("pads").value_or(Sizes { 0, 0, 0, 0 });
    if (pads.size() != 4)
        node.refuse("has " + std::to_string(pads.size()) + " pads where images have 4.");
    return { { pads[0], pads[1] }, { pads[2], pads[3] } };
}

void checkSizes(const NodeView& node, const Node& window)
{
    for (const Pair& pair : { window.kernel, window.stride, window.dilation }) {
        if (std::ranges::any_of(pair, [](std::int64_t value) { return value < 1 || value > kLargest; }))
            node.refuse(ErrorCode::BadInput, "has a kernel, stride or dilation that no image can have.");
    }
}

} // namespace

int readWindow(OnnxTranslation& translation, const NodeView& node, Node& window, int input, double fill)
{
    if (const auto kernel = node.integers("kernel_shape"); kernel && !std::ranges::equal(*kernel, window.kernel))
        node.refuse(ErrorCode::BadInput, "has a kernel_shape that is not its weights'.");
    window.stride = pairOf(node, "strides");
    window.dilation = pairOf(node, "dilations");
    checkSizes(node, window);
    const Padding padding = paddingOf(node, window, translation.draft().shape(input));
    const bool isPool = window.op != Op::Conv2d;
    const bool fits = !isPool || (padding.begin[0] <= window.kernel[0] / 2 && padding.begin[1] <= window.kernel[1] / 2);
    if (padding.begin == padding.end && fits) {
        window.padding = padding.begin;
        return input;
    }
    if (window.op == Op::AveragePool && !window.countPadding)
        node.refuse("averages without its padding, which is not the same on both sides.");
    Node pad;
    pad.name = node.name() + ".pad";
    pad.op = Op::Pad;
    pad.inputs = { input };
    pad.padding = padding.begin;
    pad.paddingEnd = padding.end;
    pad.value = fill;
    return translation.draft().add(std::move(pad));
}

} // namespace bitscape
