// SPDX-License-Identifier: GPL-3.0-or-later
// Element by element operators of a script, and the softmax at its end.
#include "core/engine/formats/torchscript/script_call.h"
#include "core/engine/formats/torchscript/script_parameter.h"

#include <cmath>
#include <limits>

namespace bitscape::script {
namespace {

constexpr double kLargest = std::numeric_limits<float>::max();

std::string_view selfName(const Call& call)
{
    return call.find("self") ? "self" : "input";
}

Value element(const Call& call, Node node)
{
    node.name = call.name(toString(node.op));
    return call.addInPlace(std::move(node), { call.activation(selfName(call)) });
}

template <Op op> Value plain(const Call& call)
{
    Node node;
    node.op = op;
    return element(call, std::move(node));
}

double bound(const Call& call, std::string_view name, double none)
{
    if (call.isNone(name))
        return none;
    const double value = call.number(name);
    if (std::isnan(value))
        call.refuse("has a bound that is not a number");
    return std::clamp(value, -kLargest, kLargest);
}

Value clamped(const Call& call, const PartialQuantizer& quantizer)
{
    if (quantizer.stage != PartialQuantizer::Rounded)
        call.refuse("bounds a tensor divided by a number, which is understood only once it is rounded, in a quantizer");
    return PartialQuantizer { PartialQuantizer::Clamped, quantizer.scale, quantizer.x };
}

/// Only as part of a quantizer.
Value rounded(const Call& call)
{
    const auto* quantizer = std::get_if<PartialQuantizer>(&call.at("self"));
    if (!quantizer || quantizer->stage != PartialQuantizer::Divided)
        call.refuse("rounds what the network computes, which is understood only in a quantizer, clamp(round(x / scale)) * scale");
    return PartialQuantizer { PartialQuantizer::Rounded, quantizer->scale, quantizer->x };
}

/// Left out: quantizing activations is decided here anew.
Value fakeQuantize(const Call& call)
{
    call.note(kActivationsNote);
    return call.activation("self");
}

Value clip(const Call& call, double low, double high)
{
    if (!(low <= high))
        call.refuse("has a lower bound of " + std::to_string(low) + " above its upper bound of " + std::to_string(high));
    const auto* partial = std::get_if<PartialSwish>(&call.at(selfName(call)));
    if (partial && partial->stage == PartialSwish::Shifted && low == 0 && high == 6)
        return PartialSwish { PartialSwish::Clipped, partial->x };
    if (const auto* quantizer = std::get_if<PartialQuantizer>(&call.at(selfName(call))))
        return clamped(call, *quantizer);
    Node node;
    node.low = low;
    node.high = high;
    node.op = low == 0 && high == 6 ? Op::Relu6 : low == 0 && high == kLargest ? Op::Relu : Op::Clip;
    return element(call, std::move(node));
}

Value relu6(const Call& call)
{
    return clip(call, 0, 6);
}

Value hardtanh(const Call& call)
{
    return clip(call, bound(call, "min_val", -1), bound(call, "max_val", 1));
}

Value clamp(const Call& call)
{
    return clip(call, bound(call, "min", -kLargest), bound(call, "max", kLargest));
}

Value leakyRelu(const Call& call)
{
    Node node;
    node.op = Op::LeakyRelu;
    node.slope = call.number("negative_slope");
    if (!std::isfinite(node.slope))
        call.refuse("has a slope that is not a number");
    return element(call, std::move(node));
}

Value threshold(const Call& call)
{
    if (call.number("threshold") != 0 || call.number("value") != 0)
        call.refuse("has a threshold or value other than 0");
    return plain<Op::Relu>(call);
}

Value gelu(const Call& call)
{
    Node node;
    node.op = Op::Gelu;
    if (const Value* word = call.find("approximate")) {
        const auto* approximate = std::get_if<std::string>(word);
        if (!approximate || (*approximate != "none" && *approximate != "tanh"))
            call.refuse("has an approximation other than 'none' and 'tanh'");
        node.tanh = *approximate == "tanh";
    }
    return element(call, std::move(node));
}

Value softmax(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    const std::int64_t dim = call.integer("dim");
    if (dim != 1 && dim != -static_cast<std::int64_t>(x->dims.size()))
        call.refuse("works along dimension " + std::to_string(dim) + ": only one over the classes, at the network's end, is understood");
    auto output = std::make_shared<Activation>(*x);
    output->softmax = call.operatorName();
    return output;
}

} // namespace

OperatorList activationOperators()
{
    return { { "relu", plain<Op::Relu> }, { "relu6", relu6 }, { "hardtanh", hardtanh }, { "clamp", clamp }, { "clip", clamp },
        { "clamp_min", clamp }, { "clamp_max", clamp }, { "leaky_relu", leakyRelu }, { "threshold", threshold },
        { "silu", plain<Op::Silu> }, { "hardswish", plain<Op::HardSwish> }, { "hardsigmoid", plain<Op::HardSigmoid> },
        { "sigmoid", plain<Op::Sigmoid> }, { "gelu", gelu }, { "round", rounded }, { "fake_quantize_per_tensor_affine", fakeQuantize },
        { "softmax", softmax }, { "log_softmax", softmax } };
}

} // namespace bitscape::script
