// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of a script that take activations apart, put them together or surround them.
#include "core/engine/formats/torchscript/script_call.h"
#include "core/engine/formats/torchscript/script_scalars.h"

#include <algorithm>
#include <limits>

namespace bitscape::script {
namespace {

/// Which axis a dimension is; the batch's is refused.
Axis axisOf(const Call& call, const ActivationPtr& x, std::string_view name = "dim")
{
    const auto rank = static_cast<std::int64_t>(x->dims.size());
    std::int64_t dim = call.integer(name);
    dim += dim < 0 ? rank + 1 : 0;
    if (dim < 1 || dim > rank || (rank != 1 && rank != 3))
        call.refuse("works along dimension " + std::to_string(dim) + " of " + std::to_string(rank + 1)
            + ": only channels, height and width are understood");
    return static_cast<Axis>(dim - 1);
}

std::int64_t sizeAlong(const ActivationPtr& x, Axis axis)
{
    return x->dims[static_cast<std::size_t>(axis)];
}

/// A piece shares the memory of the whole.
Value piece(const Call& call, const ActivationPtr& x, Axis axis, std::int64_t begin, std::int64_t end, std::int64_t step = 1)
{
    const std::int64_t size = sizeAlong(x, axis);
    if (begin == 0 && end == size && step == 1)
        return std::make_shared<Activation>(*x);
    Node node;
    node.op = Op::Slice;
    node.name = call.name("slice");
    node.axis = axis;
    node.begin = begin;
    node.end = end;
    node.step = step;
    const Value output = call.add({ std::move(node), {}, {}, {}, {} }, { x });
    const auto& made = std::get<ActivationPtr>(output);
    made->storage = x->storage;
    made->version = x->version;
    return output;
}

Value concatenate(const Call& call)
{
    const auto* list = std::get_if<ListPtr>(&call.at("tensors"));
    if (!list || (*list)->items.empty())
        call.refuse("has nothing to join");
    std::vector<ActivationPtr> inputs;
    for (const Value& item : (*list)->items)
        inputs.push_back(call.activation(item, "tensors"));
    Node node;
    node.op = Op::Concat;
    node.name = call.name("cat");
    node.axis = axisOf(call, inputs.front());
    if (inputs.size() == 1)
        return std::make_shared<Activation>(*inputs.front());
    return call.add({ std::move(node), {}, {}, {}, {} }, inputs);
}

Value pieces(const Call& call, const ActivationPtr& x, Axis axis, const std::vector<std::int64_t>& sizes)
{
    std::vector<Value> parts;
    std::int64_t begin = 0;
    for (const std::int64_t size : sizes) {
        if (size < 1 || size > sizeAlong(x, axis) - begin)
            call.refuse("takes " + std::to_string(size) + " where " + std::to_string(sizeAlong(x, axis) - begin) + " are left");
        parts.push_back(piece(call, x, axis, begin, begin + size));
        begin += size;
    }
    if (begin != sizeAlong(x, axis))
        call.refuse("leaves " + std::to_string(sizeAlong(x, axis) - begin) + " over");
    return listOf(std::move(parts));
}

Value even(const Call& call, const ActivationPtr& x, Axis axis, std::int64_t size)
{
    std::vector<std::int64_t> sizes;
    for (std::int64_t left = sizeAlong(x, axis); left > 0; left -= size) {
        if (size < 1 || sizes.size() == 4096)
            call.refuse("makes pieces of " + std::to_string(size));
        sizes.push_back(std::min(size, left));
    }
    return pieces(call, x, axis, sizes);
}

Value chunk(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    const Axis axis = axisOf(call, x);
    const std::int64_t chunks = call.integer("chunks");
    if (chunks < 1)
        call.refuse("makes " + std::to_string(chunks) + " chunks");
    return even(call, x, axis, sizeAlong(x, axis) / chunks + (sizeAlong(x, axis) % chunks ? 1 : 0));
}

Value split(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    const std::string_view name = call.find("split_size") ? "split_size" : "split_sizes";
    if (std::holds_alternative<ListPtr>(call.at(name)))
        return pieces(call, x, axisOf(call, x), call.integers(name));
    return even(call, x, axisOf(call, x), call.integer(name));
}

Value narrow(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    const Axis axis = axisOf(call, x);
    const std::int64_t size = sizeAlong(x, axis), length = call.integer("length");
    std::int64_t start = call.integer("start");
    start += start < 0 ? size : 0;
    if (start < 0 || length < 1 || start > size || length > size - start)
        call.refuse("takes " + std::to_string(length) + " from " + std::to_string(start) + " of " + std::to_string(size));
    return piece(call, x, axis, start, start + length);
}

Value slice(const Call& call)
{
    if (std::holds_alternative<ListPtr>(call.values().front()))
        return sliceOfList(call);
    const std::int64_t begin = call.isNone("start") ? 0 : call.integer("start");
    const std::int64_t end = call.isNone("end") ? std::numeric_limits<std::int64_t>::max() : call.integer("end");
    const std::int64_t step = call.integer("step");
    const ActivationPtr x = call.activation("self");
    if (call.integer("dim") == 0 && begin == 0 && end == std::numeric_limits<std::int64_t>::max() && step == 1)
        return std::make_shared<Activation>(*x);
    const Axis axis = axisOf(call, x);
    const std::int64_t size = sizeAlong(x, axis);
    const auto within = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
    if (within(begin) >= within(end) || step < 1)
        call.refuse("takes nothing of " + std::to_string(size));
    return piece(call, x, axis, within(begin), within(end), step);
}

Value pad(const Call& call)
{
    if (const Value* mode = call.find("mode");
        mode && (!std::holds_alternative<std::string>(*mode) || std::get<std::string>(*mode) != "constant"))
        call.refuse("pads with something else than a constant, which is not understood");
    auto sizes = call.integers("pad"); // left, right, above, below, and so on from the last dimension
    const ActivationPtr x = call.activation("self");
    if (std::ranges::all_of(sizes, [](std::int64_t size) { return size == 0; }))
        return std::make_shared<Activation>(*x);
    if (sizes.size() % 2 != 0 || x->dims.size() != 3
        || std::any_of(
            sizes.begin() + std::min<std::ptrdiff_t>(4, std::ssize(sizes)), sizes.end(), [](std::int64_t size) { return size != 0; }))
        call.refuse("pads something else than height and width, which is not understood");
    sizes.resize(4, 0);
    Node node;
    node.op = Op::Pad;
    node.name = call.name("pad");
    node.padding = { sizes[2], sizes[0] };
    node.paddingEnd = { sizes[3], sizes[1] };
    node.value = call.isNone("value") ? 0 : call.number("value");
    return call.add({ std::move(node), {}, {}, {}, {} }, { x });
}

} // namespace

OperatorList pieceOperators()
{
    return { { "cat", concatenate }, { "concat", concatenate }, { "chunk", chunk }, { "split", split }, { "split_with_sizes", split },
        { "narrow", narrow }, { "slice", slice }, { "pad", pad }, { "constant_pad_nd", pad } };
}

} // namespace bitscape::script
