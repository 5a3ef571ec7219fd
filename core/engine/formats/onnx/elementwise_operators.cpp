// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/translation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace bitscape::onnx_operators {
namespace {

using Binary = double (*)(double, double);

constexpr int kDeepest = 24; ///< far more operators than any way of writing an activation takes

struct Activation {
    std::function<double(double)> function;
    std::optional<Node> node; ///< nothing where Bitscape has it with other parameters only
};

Node nodeWith(Op op)
{
    Node node;
    node.op = op;
    return node;
}

std::optional<double> bound(OnnxTranslation& translation, const NodeView& node, int k, const std::string& attribute)
{
    if (node.hasAttribute(attribute))
        return node.real(attribute, 0);
    if (!node.has(k))
        return std::nullopt;
    const at::Tensor& constant = translation.constant(node, k);
    if (constant.numel() != 1)
        node.refuse(ErrorCode::BadInput, "has a bound that is not one number.");
    return constant.to(at::kDouble).item<double>();
}

Activation clip(OnnxTranslation& translation, const NodeView& node)
{
    constexpr double kLargest = static_cast<double>(std::numeric_limits<float>::max());
    const double low = std::max(bound(translation, node, 1, "min").value_or(-kLargest), -kLargest);
    const double high = std::min(bound(translation, node, 2, "max").value_or(kLargest), kLargest);
    if (!(low <= high))
        node.refuse(ErrorCode::BadInput, "clips to a range that is empty.");
    Node own = nodeWith(Op::Clip);
    own.low = low;
    own.high = high;
    if (low == 0)
        own = high == kLargest ? nodeWith(Op::Relu) : high == 6 ? nodeWith(Op::Relu6) : own;
    return { [=](double x) { return std::min(std::max(x, low), high); }, own };
}

Activation leaky(const NodeView& node, double slope)
{
    if (!std::isfinite(slope))
        node.refuse(ErrorCode::BadInput, "has a slope that is no number.");
    Node own = nodeWith(Op::LeakyRelu);
    own.slope = slope;
    return { [=](double x) { return x < 0 ? slope * x : x; }, own };
}

Activation parametricRelu(OnnxTranslation& translation, const NodeView& node)
{
    const at::Tensor& slope = translation.constant(node, 1);
    if (slope.numel() == 0 || (slope.numel() > 1 && !at::eq(slope, slope.reshape({ -1 })[0]).all().item<bool>()))
        node.refuse("has a slope per channel; Bitscape has one for all.");
    return leaky(node, slope.to(at::kDouble).reshape({ -1 })[0].item<double>());
}

Activation hardSigmoid(const NodeView& node)
{
    const double alpha = node.real("alpha", static_cast<double>(0.2F)), beta = node.real("beta", 0.5);
    return { [=](double x) { return std::clamp(alpha * x + beta, 0.0, 1.0); }, std::nullopt };
}

double sigmoid(double x)
{
    return 1 / (1 + std::exp(-x));
}

Activation activationFrom(OnnxTranslation& translation, const NodeView& node)
{
    const std::string& type = node.type();
    if (type == "Relu")
        return { [](double x) { return std::max(x, 0.0); }, nodeWith(Op::Relu) };
    if (type == "Clip")
        return clip(translation, node);
    if (type == "LeakyRelu")
        return leaky(node, node.real("alpha", static_cast<double>(0.01F)));
    if (type == "PRelu")
        return parametricRelu(translation, node);
    if (type == "Sigmoid")
        return { sigmoid, nodeWith(Op::Sigmoid) };
    if (type == "HardSigmoid")
        return hardSigmoid(node);
    if (type == "HardSwish")
        return { [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; }, nodeWith(Op::HardSwish) };
    Node gelu = nodeWith(Op::Gelu);
    gelu.tanh = node.text("approximate", "none") == "tanh";
    return { [](double x) { return x * 0.5 * (1 + std::erf(x / std::sqrt(2.0))); }, gelu };
}

/// What comes after too many operators starts from a node of its own.
std::shared_ptr<Elementwise> rooted(OnnxTranslation& translation, const std::shared_ptr<Elementwise>& element)
{
    return element->depth < kDeepest ? element : elementOf(translation.nodeOf(*element));
}

std::shared_ptr<Elementwise> elementFor(const NodeView& node, const std::vector<std::shared_ptr<Elementwise>>& parts)
{
    auto element = std::make_shared<Elementwise>();
    element->base = parts.front()->base;
    element->parts = parts;
    element->name = node.name();
    element->type = node.type();
    for (const auto& part : parts)
        element->depth = std::max(element->depth, part->depth + 1);
    return element;
}

void defineFunction(OnnxTranslation& translation, const NodeView& node, const OnnxValue& input, const Activation& activation)
{
    const auto inner = rooted(translation, input.element);
    auto element = elementFor(node, { inner });
    element->function = applied(activation.function, inner->function);
    element->own = activation.node;
    translation.define(node, 0, OnnxValue { {}, std::move(element), input.sizes, input.reshapedBy, input.expandedFrom });
}

Binary functionOf(const NodeView& node)
{
    const std::string& type = node.type();
    if (type == "Add" || type == "Sum")
        return [](double a, double b) { return a + b; };
    if (type == "Sub")
        return [](double a, double b) { return a - b; };
    if (type == "Mul")
        return [](double a, double b) { return a * b; };
    if (type == "Div")
        return [](double a, double b) { return a / b; };
    if (type == "Pow")
        return [](double a, double b) { return std::pow(a, b); };
    if (type == "Max")
        return [](double a, double b) { return std::max(a, b); };
    return [](double a, double b) { return std::min(a, b); };
}

Op joinOf(const NodeView& node)
{
    return node.type() == "Add" || node.type() == "Sum" ? Op::Add : node.type() == "Mul" ? Op::Multiply : Op::Identity;
}

/// Whether a constant holds one number per channel of these sizes.
bool isPerChannel(const at::Tensor& constant, const Sizes& sizes)
{
    const auto rank = static_cast<std::int64_t>(sizes.size());
    for (std::int64_t i = 0; i < constant.dim(); ++i) {
        const std::int64_t axis = rank - constant.dim() + i;
        if (constant.size(i) != 1 && (axis != 1 || constant.size(i) != sizes[1]))
            return false;
    }
    return constant.dim() <= rank && constant.numel() == sizes[1];
}

/// Puts it into the weights of the layer or batch normalisation that made the activation.
void foldIntoLayer(OnnxTranslation& translation, const NodeView& node, const OnnxValue& input, const at::Tensor& given, bool isFirst)
{
    const int layer = input.element->made;
    const std::string& type = node.type();
    const bool isScale = type == "Mul" || type == "Div", isShift = type == "Add" || type == "Sub";
    const Op op = layer < 0 ? Op::Input : translation.draft().node(layer).op;
    const bool isWeighted = op == Op::Conv2d || op == Op::Linear || op == Op::BatchNorm;
    if (!isWeighted || (!isScale && !isShift) || (isFirst && type == "Div") || !isPerChannel(given, input.sizes)
        || !translation.isReadOnce(layer) || translation.draft().shape(layer).channels != input.sizes[1])
        node.refuse("computes with the constant '" + node.input(isFirst ? 0 : 1)
            + "': Bitscape takes one number per channel, directly behind a layer or a batch normalisation that nothing else reads. "
              "The normalisation of images is given at import (--mean, --std).");
    at::Tensor constant = given.to(at::kDouble).reshape({ -1 });
    at::Tensor factor = at::ones_like(constant), shift = at::zeros_like(constant);
    if (isScale)
        factor = type == "Mul" ? constant : 1 / constant;
    else
        shift = type == "Sub" && !isFirst ? -constant : constant;
    if (type == "Sub" && isFirst)
        factor = -factor;
    translation.draft().scale(layer, factor, shift);
    translation.define(node, 0, input);
}

void withConstant(OnnxTranslation& translation, const NodeView& node, int k)
{
    const OnnxValue input = translation.activation(node, k);
    const at::Tensor& constant = translation.constant(node, 1 - k);
    const bool isOneNumber = constant.numel() == 1 && constant.dim() <= static_cast<std::int64_t>(input.sizes.size());
    if (!isOneNumber || (input.sizes.size() > 1 && input.sizes[1] == 1 && constant.dim() > 0)) {
        foldIntoLayer(translation, node, input, constant, k == 1);
        return;
    }
    const double number = constant.to(at::kDouble).item<double>();
    const Binary function = functionOf(node);
    const auto one = k == 0 ? std::function<double(double)>([=](double x) { return function(x, number); })
                            : std::function<double(double)>([=](double x) { return function(number, x); });
    defineFunction(translation, node, input, { one, std::nullopt });
}

/// As it was before it was expanded.
OnnxValue narrow(OnnxValue value)
{
    if (!value.expandedFrom.empty())
        value.sizes = std::exchange(value.expandedFrom, {});
    return value;
}

/// Of different activations: nodes of their own.
void joinNodes(OnnxTranslation& translation, const NodeView& node, const OnnxValue& a, const OnnxValue& b)
{
    Node join;
    join.name = node.name();
    join.op = joinOf(node);
    if (join.op == Op::Identity)
        node.refuse("joins two activations; Bitscape adds and multiplies them only.");
    if (join.op == Op::Add && a.sizes != b.sizes)
        node.refuse("adds " + toString(a.sizes) + " and " + toString(b.sizes) + "; Bitscape adds what has the same shape only.");
    const bool broadcasts = join.op == Op::Multiply;
    join.inputs = { translation.nodeOf(node, broadcasts ? narrow(a) : a), translation.nodeOf(node, broadcasts ? narrow(b) : b) };
    translation.define(node, 0, translation.draft().add(std::move(join)));
}

} // namespace

void activation(OnnxTranslation& translation, const NodeView& node)
{
    defineFunction(translation, node, translation.activation(node, 0), activationFrom(translation, node));
}

void unary(OnnxTranslation& translation, const NodeView& node)
{
    const std::string& type = node.type();
    using Function = double (*)(double);
    Function function = [](double x) { return -x; };
    if (type == "Erf")
        function = [](double x) { return std::erf(x); };
    else if (type == "Tanh")
        function = [](double x) { return std::tanh(x); };
    else if (type == "Exp")
        function = [](double x) { return std::exp(x); };
    else if (type == "Reciprocal")
        function = [](double x) { return 1 / x; };
    defineFunction(translation, node, translation.activation(node, 0), { function, std::nullopt });
}

void arithmetic(OnnxTranslation& translation, const NodeView& node)
{
    if (node.inputs() != 2)
        node.refuse("joins " + std::to_string(node.inputs()) + " values; Bitscape takes two.");
    if (translation.value(node, 0).isConstant() || translation.value(node, 1).isConstant()) {
        withConstant(translation, node, translation.value(node, 0).isConstant() ? 1 : 0);
        return;
    }
    const OnnxValue a = translation.activation(node, 0), b = translation.activation(node, 1);
    const bool sameRoot = a.element->base == b.element->base && a.sizes == b.sizes && a.expandedFrom == b.expandedFrom;
    if (!sameRoot || std::max(a.element->depth, b.element->depth) >= kDeepest) {
        joinNodes(translation, node, a, b);
        return;
    }
    auto element = elementFor(node, { a.element, b.element });
    element->function = combined(functionOf(node), a.element->function, b.element->function);
    element->join = joinOf(node);
    translation.define(node, 0, OnnxValue { {}, std::move(element), a.sizes, a.reshapedBy, a.expandedFrom });
}

} // namespace bitscape::onnx_operators
