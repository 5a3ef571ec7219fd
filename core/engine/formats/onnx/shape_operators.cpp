// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/translation.h"

#include <ATen/ATen.h>
#include <ATen/ExpandUtils.h>

#include <algorithm>
#include <utility>

namespace bitscape::onnx_operators {
namespace {

/// The same elements in other sizes.
void resize(OnnxTranslation& translation, const NodeView& node, Sizes sizes)
{
    OnnxValue value = translation.activation(node, 0);
    if (!value.expandedFrom.empty())
        node.refuse("reshapes what has been expanded.");
    value.sizes = std::move(sizes);
    value.reshapedBy = node.name();
    translation.define(node, 0, std::move(value));
}

/// A slice of one axis, or what it is taken of where it takes all.
OnnxValue sliced(OnnxTranslation& translation, const NodeView& node, const OnnxValue& from, const SliceOfAxis& cut, const std::string& name)
{
    if (cut.begin == 0 && cut.step == 1 && cut.end == from.sizes[static_cast<std::size_t>(cut.axis)])
        return from;
    Node slice;
    slice.name = name;
    slice.op = Op::Slice;
    slice.axis = axisFrom(node, cut.axis, from.sizes.size());
    slice.begin = cut.begin;
    slice.end = cut.end;
    slice.step = cut.step;
    slice.inputs = { translation.nodeOf(node, from) };
    const int position = translation.draft().add(std::move(slice));
    OnnxValue part { {}, elementOf(position), from.sizes, {}, {} };
    part.sizes[static_cast<std::size_t>(cut.axis)] = (cut.end - cut.begin - 1) / cut.step + 1;
    return part;
}

/// How long the parts of a Split are: as said, or equal with a shorter last one.
Sizes partsOf(OnnxTranslation& translation, const NodeView& node, std::int64_t length)
{
    const auto input = translation.integers(node, 1);
    if (const auto given = input ? input : node.integers("split"))
        return *given;
    const std::int64_t count = node.outputs();
    const std::int64_t size = (length + count - 1) / count;
    Sizes parts(static_cast<std::size_t>(count), size);
    parts.back() = length - size * (count - 1);
    return parts;
}

} // namespace

Axis axisFrom(const NodeView& node, std::int64_t axis, std::size_t rank)
{
    if (axis < 1 || (rank != 2 && rank != 4))
        node.refuse(
            "works along axis " + std::to_string(axis) + " of " + std::to_string(rank) + "; Bitscape does on channels, height and width.");
    return static_cast<Axis>(axis - 1);
}

void shape(OnnxTranslation& translation, const NodeView& node)
{
    const Sizes& sizes = translation.value(node, 0).sizes;
    const auto rank = static_cast<std::int64_t>(sizes.size());
    const auto position = [&](const std::string& attribute, std::int64_t plain) {
        const std::int64_t given = node.integer(attribute, plain);
        return std::clamp<std::int64_t>(given < 0 ? given + rank : given, 0, rank);
    };
    const std::int64_t start = position("start", 0), end = std::max(position("end", rank), start);
    const Sizes part(sizes.begin() + start, sizes.begin() + end);
    translation.define(node, 0, OnnxValue { at::tensor(part, at::kLong), {}, { end - start }, {}, {} });
}

void reshape(OnnxTranslation& translation, const NodeView& node)
{
    const Sizes& sizes = translation.activation(node, 0).sizes;
    const std::string& type = node.type();
    if (type == "Reshape") {
        resize(translation, node, reshapedSizes(node, sizes, translation.integers(node, 1).value_or(Sizes {})));
    } else if (type == "Flatten") {
        const std::int64_t axis = node.integer("axis", 1);
        if (axis != 1 && axis != 1 - static_cast<std::int64_t>(sizes.size()))
            node.refuse("flattens from axis " + std::to_string(axis) + " on; Bitscape does from axis 1.");
        resize(translation, node, reshapedSizes(node, sizes, { sizes[0], -1 }));
    } else {
        const auto axes = axesOf(node, translation.integers(node, 1));
        resize(translation, node,
            type == "Squeeze" ? squeezedSizes(node, sizes, axes) : unsqueezedSizes(node, sizes, axes.value_or(Sizes {})));
    }
}

/// One number per channel, for all positions.
void expand(OnnxTranslation& translation, const NodeView& node)
{
    OnnxValue value = translation.activation(node, 0);
    const Sizes target = translation.integers(node, 1).value_or(Sizes {});
    const Sizes sizes = at::infer_size(value.sizes, target);
    if (sizes != value.sizes) {
        if (value.sizes.size() != 4 || sizes.size() != 4 || value.sizes[1] != sizes[1] || value.sizes[2] != 1 || value.sizes[3] != 1)
            node.refuse("expands " + toString(value.sizes) + " to " + toString(sizes) + "; Bitscape expands one number per channel only.");
        value.expandedFrom = std::exchange(value.sizes, sizes);
    }
    translation.define(node, 0, std::move(value));
}

/// Only where no element moves: axes of size 1 may stand anywhere.
void transpose(OnnxTranslation& translation, const NodeView& node)
{
    const Sizes& sizes = translation.activation(node, 0).sizes;
    const Sizes order = permutationOf(node, sizes.size());
    Sizes moved, result;
    for (const std::int64_t axis : order) {
        result.push_back(sizes[static_cast<std::size_t>(axis)]);
        if (result.back() != 1)
            moved.push_back(axis);
    }
    if (!std::ranges::is_sorted(moved))
        node.refuse("moves the elements of an activation, which Bitscape does not: export the network for images [N,C,H,W].");
    resize(translation, node, result);
}

void slice(OnnxTranslation& translation, const NodeView& node)
{
    OnnxValue value = translation.activation(node, 0);
    std::array<std::optional<Sizes>, 4> inputs;
    for (int k = 0; k < 4; ++k)
        inputs[static_cast<std::size_t>(k)] = translation.integers(node, k + 1);
    for (const SliceOfAxis& cut : slicesOf(node, value.sizes, inputs))
        value = sliced(translation, node, value, cut, node.name());
    translation.define(node, 0, std::move(value));
}

void split(OnnxTranslation& translation, const NodeView& node)
{
    const OnnxValue from = translation.activation(node, 0);
    const std::int64_t axis = axisOf(node, node.integer("axis", 0), from.sizes.size());
    const std::int64_t length = from.sizes[static_cast<std::size_t>(axis)];
    const Sizes parts = partsOf(translation, node, length);
    std::int64_t begin = 0;
    for (std::size_t k = 0; k < parts.size(); ++k) {
        if (parts[k] < 1 || parts[k] > length - begin || static_cast<int>(k) >= node.outputs())
            node.refuse(ErrorCode::BadInput, "splits " + std::to_string(length) + " into parts that do not fit.");
        const SliceOfAxis cut { axis, begin, begin + parts[k], 1 };
        translation.define(node, static_cast<int>(k), sliced(translation, node, from, cut, node.name() + "." + std::to_string(k)));
        begin += parts[k];
    }
}

void pad(OnnxTranslation& translation, const NodeView& node)
{
    const OnnxValue& input = translation.activation(node, 0);
    if (node.text("mode", "constant") != "constant")
        node.refuse("pads with mode '" + node.text("mode", "") + "'; Bitscape pads with a constant.");
    const auto given = translation.integers(node, 1);
    const Sizes pads = given ? *given : node.integers("pads").value_or(Sizes {});
    const std::size_t rank = input.sizes.size();
    Sizes axes = translation.integers(node, 3).value_or(Sizes {});
    for (std::size_t i = 0; !node.has(3) && i < rank; ++i)
        axes.push_back(static_cast<std::int64_t>(i));
    if (pads.size() != 2 * axes.size())
        node.refuse(ErrorCode::BadInput, "has " + std::to_string(pads.size()) + " pads for " + std::to_string(axes.size()) + " axes.");
    Node padded;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const auto axis = axisOf(node, axes[i], rank);
        const std::int64_t begin = pads[i], end = pads[i + axes.size()];
        if ((begin != 0 || end != 0) && (rank != 4 || axis < 2 || begin < 0 || end < 0))
            node.refuse("pads batch or channels, or takes something away; Bitscape pads height and width of an image.");
        if (axis >= 2) {
            padded.padding[static_cast<std::size_t>(axis) - 2] = begin;
            padded.paddingEnd[static_cast<std::size_t>(axis) - 2] = end;
        }
    }
    if (std::ranges::all_of(pads, [](std::int64_t size) { return size == 0; })) {
        translation.define(node, 0, input);
        return;
    }
    padded.name = node.name();
    padded.op = Op::Pad;
    padded.inputs = { translation.nodeOf(node, input) };
    padded.value = node.has(2) && translation.constant(node, 2).numel() == 1 ? translation.constant(node, 2).to(at::kDouble).item<double>()
                                                                             : node.real("value", 0);
    translation.define(node, 0, translation.draft().add(std::move(padded)));
}

} // namespace bitscape::onnx_operators
