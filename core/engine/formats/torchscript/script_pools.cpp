// SPDX-License-Identifier: GPL-3.0-or-later
// Pools of a script, and means and maxima over space.
#include "core/engine/formats/torchscript/script_call.h"

#include <algorithm>

namespace bitscape::script {
namespace {

Value pool(const Call& call, Op op, const std::string& word)
{
    Node node;
    node.op = op;
    node.name = call.name(word);
    node.kernel = call.pair("kernel_size");
    const bool ownStride = !call.integers("stride").empty();
    node.stride = ownStride ? call.pair("stride") : node.kernel;
    node.padding = call.pair("padding");
    node.ceilMode = call.flag("ceil_mode");
    if (op == Op::MaxPool) {
        node.dilation = call.pair("dilation");
    } else {
        node.countPadding = call.flag("count_include_pad");
        if (!call.isNone("divisor_override"))
            call.refuse("has a divisor of its own, which is not understood");
    }
    return call.add({ std::move(node), {}, {}, {}, {} }, { call.image("self") });
}

Value maxPool(const Call& call)
{
    return pool(call, Op::MaxPool, "max_pool");
}

Value averagePool(const Call& call)
{
    return pool(call, Op::AveragePool, "average_pool");
}

/// An output size of None stands for the input's.
Pair targetOf(const Call& call, const ActivationPtr& x)
{
    const auto* list = std::get_if<ListPtr>(&call.at("output_size"));
    if (!list || (*list)->items.size() != 2)
        return call.pair("output_size");
    Pair target { x->dims[1], x->dims[2] };
    for (std::size_t axis = 0; axis < 2; ++axis) {
        if (const auto* size = std::get_if<std::int64_t>(&(*list)->items[axis]))
            target[axis] = *size;
        else if (!std::holds_alternative<std::monostate>((*list)->items[axis]))
            call.refuse("has an output size that is not known before the network runs");
    }
    return target;
}

Value adaptiveAveragePool(const Call& call)
{
    const ActivationPtr x = call.image("self");
    Node node;
    node.target = targetOf(call, x);
    if (node.target == Pair { x->dims[1], x->dims[2] })
        return std::make_shared<Activation>(*x);
    node.op = node.target == Pair { 1, 1 } ? Op::GlobalAveragePool : Op::AdaptiveAveragePool;
    node.name = call.name("avgpool");
    return call.add({ std::move(node), {}, {}, {}, {} }, { x });
}

/// Answers the maxima and, for who asks, that the positions are not known.
Value adaptiveMaxPool(const Call& call)
{
    const ActivationPtr x = call.image("self");
    if (targetOf(call, x) != Pair { 1, 1 })
        call.refuse("has an output of more than one position, which is not understood");
    Node node;
    node.op = Op::GlobalMaxPool;
    node.name = call.name("maxpool");
    return listOf({ call.add({ std::move(node), {}, {}, {}, {} }, { x }), Unknown { "the position of a maximum" } });
}

/// The axes of `dims` that are reduced, counted without the batch.
std::vector<std::size_t> reducedAxes(const Call& call, std::size_t rank)
{
    std::vector<std::size_t> axes;
    for (std::int64_t dim : call.integers("dim")) {
        dim += dim < 0 ? static_cast<std::int64_t>(rank) + 1 : 0;
        if (dim < 2 || dim > static_cast<std::int64_t>(rank))
            call.refuse("works along dimension " + std::to_string(dim) + ": only height and width are understood");
        axes.push_back(static_cast<std::size_t>(dim - 1));
    }
    std::ranges::sort(axes);
    if (axes.empty() || std::ranges::adjacent_find(axes) != axes.end())
        call.refuse("works along no dimension, or along one twice: only height and width are understood");
    return axes;
}

Value overSpace(const Call& call, Op global, Op windowed)
{
    const ActivationPtr given = call.activation("self");
    const auto axes = reducedAxes(call, given->dims.size());
    if (!call.isNone("dtype") && call.integer("dtype") != 6)
        call.refuse("computes in another precision than float32");
    const ActivationPtr x = call.image("self");
    Node node;
    node.op = axes.size() == 2 ? global : windowed;
    node.name = call.name(call.operatorName().substr(6));
    if (axes.size() == 1)
        node.kernel[axes[0] - 1] = node.stride[axes[0] - 1] = x->dims[axes[0]];
    const Value output = call.add({ std::move(node), {}, {}, {}, {} }, { x });
    if (call.flag("keepdim") && given->dims.size() == 3)
        return output;
    std::vector<std::int64_t> dims;
    for (std::size_t axis = 0; axis < given->dims.size(); ++axis) {
        const bool reduced = std::ranges::find(axes, axis) != axes.end();
        if (!reduced || call.flag("keepdim"))
            dims.push_back(reduced ? 1 : given->dims[axis]);
    }
    return call.view(std::get<ActivationPtr>(output), dims);
}

Value mean(const Call& call)
{
    if (!call.find("dim"))
        return Unknown { "what the network computes" };
    return overSpace(call, Op::GlobalAveragePool, Op::AveragePool);
}

Value amax(const Call& call)
{
    return overSpace(call, Op::GlobalMaxPool, Op::MaxPool);
}

} // namespace

OperatorList poolOperators()
{
    return { { "max_pool2d", maxPool }, { "avg_pool2d", averagePool }, { "adaptive_avg_pool2d", adaptiveAveragePool },
        { "adaptive_max_pool2d", adaptiveMaxPool }, { "mean", mean }, { "amax", amax } };
}

} // namespace bitscape::script
