// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/onnx_operators.h"

#include "core/base/error.h"
#include "core/engine/formats/averaging_matrix.h"

#include <limits>

namespace bitscape {
namespace {

using Values = std::vector<std::string>;

std::vector<std::int64_t> sizes(const Pair& pair)
{
    return { pair.begin(), pair.end() };
}

std::vector<std::int64_t> bothSides(const Pair& padding)
{
    return { padding[0], padding[1], padding[0], padding[1] };
}

std::string clip(OnnxModel& model, const Node& node, const Values& inputs)
{
    constexpr double kNone = std::numeric_limits<float>::max();
    const bool six = node.op == Op::Relu6;
    const double low = six ? 0 : node.low, high = six ? 6 : node.high;
    Values all = inputs;
    all.push_back(low > -kNone ? model.scalar(node.name + ".low", static_cast<float>(low)) : "");
    if (high < kNone)
        all.push_back(model.scalar(node.name + ".high", static_cast<float>(high)));
    return model.node("Clip", node.name, all).output(0);
}

std::string hardSigmoid(OnnxModel& model, const std::string& name, const Values& inputs)
{
    onnx::NodeProto& added = model.node("HardSigmoid", name, inputs);
    with(added, "alpha", 1.0F / 6.0F);
    return with(added, "beta", 0.5F).output(0);
}

/// x * gate(x), the gate under a name of its own.
std::string gated(OnnxModel& model, const Node& node, const std::string& input, const std::string& gate)
{
    return model.node("Mul", node.name, { input, gate }).output(0);
}

/// What PyTorch writes for it in opset 13.
std::string gelu(OnnxModel& model, const Node& node, const std::string& x)
{
    const auto part = [&](const char* type, const char* name, const Values& inputs) {
        return model.node(type, node.name + "." + name, inputs).output(0);
    };
    const auto number = [&](const char* name, float value) { return model.scalar(node.name + "." + name, value); };
    std::string shape;
    if (node.tanh) {
        const std::string cube = part("Mul", "cube", { part("Mul", "square", { x, x }), x });
        const std::string sum = part("Add", "sum", { x, part("Mul", "bend", { cube, number("c", 0.044715F) }) });
        shape = part("Tanh", "tanh", { part("Mul", "scaled", { sum, number("k", 0.7978845608028654F) }) });
    } else {
        shape = part("Erf", "erf", { part("Div", "scaled", { x, number("root", 1.4142135623730951F) }) });
    }
    const std::string gate = part("Add", "gate", { shape, number("one", 1.0F) });
    return model.node("Mul", node.name, { part("Mul", "doubled", { x, gate }), number("half", 0.5F) }).output(0);
}

std::string averagePool(OnnxModel& model, const Node& node, const Values& inputs)
{
    onnx::NodeProto& added = model.node("AveragePool", node.name, inputs);
    with(added, "kernel_shape", sizes(node.kernel));
    with(added, "strides", sizes(node.stride));
    with(added, "pads", bothSides(node.padding));
    with(added, "ceil_mode", std::int64_t { node.ceilMode });
    return with(added, "count_include_pad", std::int64_t { node.countPadding }).output(0);
}

/// ONNX has no pooling to windows of unequal size: that is a product with one matrix along each axis.
std::string adaptivePool(OnnxModel& model, const Shape& in, const Node& node, const Values& inputs)
{
    if (in.height % node.target[0] == 0 && in.width % node.target[1] == 0) {
        Node pool = node;
        pool.kernel = pool.stride = { in.height / node.target[0], in.width / node.target[1] };
        pool.padding = { 0, 0 };
        return averagePool(model, pool, inputs);
    }
    std::vector<float> rows(static_cast<std::size_t>(in.height * node.target[0]));
    const std::vector<float> turned = averagingMatrix(in.height, node.target[0]);
    for (std::int64_t from = 0; from < in.height; ++from) {
        for (std::int64_t to = 0; to < node.target[0]; ++to)
            rows[static_cast<std::size_t>(to * in.height + from)] = turned[static_cast<std::size_t>(from * node.target[0] + to)];
    }
    const std::string left = model.floats(node.name + ".rows", { node.target[0], in.height }, rows);
    const std::string right = model.floats(node.name + ".columns", { in.width, node.target[1] }, averagingMatrix(in.width, node.target[1]));
    const std::string across = model.node("MatMul", node.name + ".across", { inputs.front(), right }).output(0);
    return model.node("MatMul", node.name, { left, across }).output(0);
}

std::string slice(OnnxModel& model, const Node& node, Values inputs)
{
    inputs.push_back(model.int64s(node.name + ".begin", { node.begin }));
    inputs.push_back(model.int64s(node.name + ".end", { node.end }));
    inputs.push_back(model.int64s(node.name + ".axis", { 1 + static_cast<std::int64_t>(node.axis) }));
    inputs.push_back(model.int64s(node.name + ".step", { node.step }));
    return model.node("Slice", node.name, inputs).output(0);
}

std::string pad(OnnxModel& model, const Node& node, Values inputs)
{
    inputs.push_back(
        model.int64s(node.name + ".pads", { 0, 0, node.padding[0], node.padding[1], 0, 0, node.paddingEnd[0], node.paddingEnd[1] }));
    inputs.push_back(model.scalar(node.name + ".value", static_cast<float>(node.value)));
    return model.node("Pad", node.name, inputs).output(0);
}

std::string reshape(OnnxModel& model, const Node& node, const Values& inputs)
{
    if (node.shape.flat)
        return with(model.node("Flatten", node.name, inputs), "axis", std::int64_t { 1 }).output(0);
    const std::string sizes = model.int64s(node.name + ".shape", { 0, node.shape.channels, node.shape.height, node.shape.width });
    return model.node("Reshape", node.name, { inputs.front(), sizes }).output(0);
}

std::string sum(OnnxModel& model, const Node& node, const Values& inputs)
{
    std::string total = inputs.front();
    for (std::size_t i = 1; i < inputs.size(); ++i)
        total = model.node("Add", i + 1 == inputs.size() ? node.name : node.name + ".sum", { total, inputs[i] }).output(0);
    return total;
}

std::string maxPool(OnnxModel& model, const Node& node, const Values& inputs)
{
    onnx::NodeProto& added = model.node("MaxPool", node.name, inputs);
    addWindow(added, node);
    return with(added, "ceil_mode", std::int64_t { node.ceilMode }).output(0);
}

} // namespace

std::string addOperator(OnnxModel& model, const Graph& graph, const Node& node, const Values& inputs)
{
    const Shape& in = graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape;
    const auto plain = [&](const char* type) { return model.node(type, node.name, inputs).output(0); };
    switch (node.op) {
    case Op::Relu:
        return plain("Relu");
    case Op::Relu6:
    case Op::Clip:
        return clip(model, node, inputs);
    case Op::LeakyRelu:
        return with(model.node("LeakyRelu", node.name, inputs), "alpha", static_cast<float>(node.slope)).output(0);
    case Op::Sigmoid:
        return plain("Sigmoid");
    case Op::HardSigmoid:
        return hardSigmoid(model, node.name, inputs);
    case Op::Silu:
        return gated(model, node, inputs.front(), model.node("Sigmoid", node.name + ".gate", inputs).output(0));
    case Op::HardSwish:
        return gated(model, node, inputs.front(), hardSigmoid(model, node.name + ".gate", inputs));
    case Op::Gelu:
        return gelu(model, node, inputs.front());
    case Op::MaxPool:
        return maxPool(model, node, inputs);
    case Op::AveragePool:
        return averagePool(model, node, inputs);
    case Op::AdaptiveAveragePool:
        return adaptivePool(model, in, node, inputs);
    case Op::GlobalAveragePool:
        return plain(in.flat ? "Identity" : "GlobalAveragePool");
    case Op::GlobalMaxPool:
        return plain(in.flat ? "Identity" : "GlobalMaxPool");
    case Op::Flatten:
        return with(model.node("Flatten", node.name, inputs), "axis", std::int64_t { 1 }).output(0);
    case Op::Reshape:
        return reshape(model, node, inputs);
    case Op::Slice:
        return slice(model, node, inputs);
    case Op::Pad:
        return pad(model, node, inputs);
    case Op::Concat:
        return with(model.node("Concat", node.name, inputs), "axis", 1 + static_cast<std::int64_t>(node.axis)).output(0);
    case Op::Add:
        return sum(model, node, inputs);
    case Op::Multiply:
        return plain("Mul");
    case Op::Identity:
        return plain("Identity");
    case Op::Input:
    case Op::Conv2d:
    case Op::Linear:
    case Op::BatchNorm:
        break;
    }
    throw Error(ErrorCode::Internal, "Node '" + node.name + "' is not written here.");
}

void addWindow(onnx::NodeProto& added, const Node& node)
{
    with(added, "kernel_shape", sizes(node.kernel));
    with(added, "strides", sizes(node.stride));
    with(added, "pads", bothSides(node.padding));
    with(added, "dilations", sizes(node.dilation));
}

} // namespace bitscape
