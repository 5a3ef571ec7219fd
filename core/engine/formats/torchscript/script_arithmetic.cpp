// SPDX-License-Identifier: GPL-3.0-or-later
// Sums, products and quotients of a script: of activations, which become nodes, or of numbers, which steer it.
#include "core/engine/formats/torchscript/script_call.h"
#include "core/engine/formats/torchscript/script_parameter.h"
#include "core/engine/formats/torchscript/script_scalars.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace bitscape::script {
namespace {

constexpr double kClose = 1e-6; ///< of a factor 1/6 as a file may write it

bool isComputed(const Value& value)
{
    return std::holds_alternative<ActivationPtr>(value) || std::holds_alternative<PartialSwish>(value)
        || std::holds_alternative<PartialQuantizer>(value);
}

bool sameTensor(const ActivationPtr& a, const ActivationPtr& b)
{
    return a->node == b->node && a->dims == b->dims;
}

/// A bias that follows a fully connected layer as a sum of its own belongs to the layer.
Value withBias(const Call& call, const ActivationPtr& x, const Parameter& bias)
{
    NetworkDraft::Entry entry = call.draft().entry(x->node);
    if (entry.node.op != Op::Linear || entry.bias.defined() || bias.tensor.sizes() != at::IntArrayRef(x->dims))
        call.refuse("adds " + kindOf(Value(bias)) + ", which is understood only as the bias of a fully connected layer");
    const std::vector<int> inputs = std::exchange(entry.node.inputs, {});
    entry.bias = bias.tensor;
    entry.node.bias = bias.name;
    auto input = std::make_shared<Activation>();
    input->node = inputs.front();
    input->dims = { entry.weight.size(1) };
    return call.add(std::move(entry), { input });
}

Value addNumber(const Call& call, const ActivationPtr& x, double number)
{
    if (number == 0)
        return x;
    if (number != 3)
        call.refuse(
            "adds the number " + std::to_string(number) + ", which is understood only as part of a hard-swish, x * relu6(x + 3) / 6");
    return PartialSwish { PartialSwish::Shifted, x };
}

Value sum(const Call& call)
{
    const Value &a = call.at("self"), &b = call.at("other");
    const double alpha = call.find("alpha") ? call.number("alpha") : 1;
    if (!isComputed(a) && isComputed(b) && !call.operatorName().ends_with('_') && alpha == 1 && numberOf(a))
        return addNumber(call, call.activation("other"), *numberOf(a));
    const ActivationPtr x = call.activation("self");
    if (const auto number = numberOf(b))
        return addNumber(call, x, *number * alpha);
    if (alpha != 1)
        call.refuse("adds with a factor (alpha) other than 1, which is not understood");
    if (std::holds_alternative<Parameter>(b))
        return withBias(call, x, *call.parameter("other"));
    const ActivationPtr y = call.activation("other");
    if (x->dims != y->dims)
        call.refuse("adds tensors of different sizes, which is not understood");
    Node node;
    node.op = Op::Add;
    node.name = call.name("add");
    return call.addInPlace(std::move(node), { x, y });
}

Value swish(const Call& call, const ActivationPtr& x, Op op)
{
    Node node;
    node.op = op;
    node.name = call.name(toString(op));
    return call.add({ std::move(node), {}, {}, {}, {} }, { x });
}

/// What a number times it makes of a tensor: only 1, and the 1/6 of a hard-swish.
Value scaled(const Call& call, const Value& value, double factor)
{
    const auto* partial = std::get_if<PartialSwish>(&value);
    if (partial && partial->stage != PartialSwish::Shifted && std::fabs(factor * 6 - 1) < kClose)
        return swish(call, partial->x, partial->stage == PartialSwish::Clipped ? Op::HardSigmoid : Op::HardSwish);
    const auto* quantizer = std::get_if<PartialQuantizer>(&value);
    if (quantizer && quantizer->stage == PartialQuantizer::Clamped && factor == quantizer->scale) {
        call.note(kActivationsNote);
        return quantizer->x;
    }
    if (factor != 1)
        call.refuse("multiplies by the number " + std::to_string(factor)
            + ", which is understood only as part of a hard-swish, x * relu6(x + 3) / 6");
    return value;
}

/// x * relu6(x + 3), from either side.
bool isSwish(const Value& a, const Value& b)
{
    const auto* partial = std::get_if<PartialSwish>(&a);
    const auto* x = std::get_if<ActivationPtr>(&b);
    return partial && x && partial->stage == PartialSwish::Clipped && sameTensor(partial->x, *x);
}

Value product(const Call& call)
{
    const Value &a = call.at("self"), &b = call.at("other");
    if (const auto factor = numberOf(b))
        return scaled(call, a, *factor);
    if (const auto factor = numberOf(a))
        return scaled(call, b, *factor);
    if (isSwish(a, b) || isSwish(b, a))
        return PartialSwish { PartialSwish::Multiplied, std::get<PartialSwish>(isSwish(a, b) ? a : b).x };
    const ActivationPtr x = call.factor("self"), y = call.factor("other");
    if (x->dims.size() != y->dims.size() || (x->expanded && y->expanded) || ((x->expanded || y->expanded) && x->dims != y->dims))
        call.refuse("multiplies tensors of sizes that do not fit");
    Node node;
    node.op = Op::Multiply;
    node.name = call.name("mul");
    return call.addInPlace(std::move(node), { x, y });
}

Value quotient(const Call& call)
{
    const auto divisor = numberOf(call.at("other"));
    if (!divisor || *divisor == 0 || !isComputed(call.at("self")) || !call.isNone("rounding_mode"))
        call.refuse("divides by something else than a number, which is not understood");
    if (std::holds_alternative<ActivationPtr>(call.at("self")) && *divisor > 0 && *divisor != 1)
        return PartialQuantizer { PartialQuantizer::Divided, *divisor, call.activation("self") };
    return scaled(call, call.at("self"), 1 / *divisor);
}

template <Operator ofTensors, Operator ofNumbers> Value either(const Call& call)
{
    return std::ranges::any_of(call.values(), isComputed) ? ofTensors(call) : ofNumbers(call);
}

} // namespace

OperatorList arithmeticOperators()
{
    return { { "add", either<sum, plusOf> }, { "mul", either<product, timesOf> }, { "multiply", either<product, timesOf> },
        { "div", either<quotient, dividedOf> } };
}

} // namespace bitscape::script
