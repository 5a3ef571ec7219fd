// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions, fully connected layers and batch normalisations of a script.
#include "core/engine/formats/torchscript/script_call.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/ir.h>

namespace bitscape::script {
namespace {

void setBias(NetworkDraft::Entry& entry, const std::optional<Parameter>& bias)
{
    if (!bias)
        return;
    entry.bias = bias->tensor;
    entry.node.bias = bias->name;
}

/// "same" of an even window takes one position more at the end: a Pad node in front does it.
ActivationPtr padSame(const Call& call, Node& node, const ActivationPtr& x)
{
    Node pad;
    pad.op = Op::Pad;
    pad.name = node.name + ".pad";
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t total = node.dilation[axis] * (node.kernel[axis] - 1);
        pad.padding[axis] = total / 2;
        pad.paddingEnd[axis] = total - total / 2;
    }
    if (pad.padding == pad.paddingEnd) {
        node.padding = pad.padding;
        return x;
    }
    return std::get<ActivationPtr>(call.add({ std::move(pad), {}, {}, {}, {} }, { x }));
}

Value convolution(const Call& call)
{
    const auto weight = call.parameter("weight");
    if (!weight || weight->tensor.dim() != 4)
        call.refuse("has weights of " + std::to_string(weight ? weight->tensor.dim() : 0)
            + " dimensions: only convolutions of images are understood");
    if (call.find("transposed") && call.flag("transposed"))
        call.refuse("is transposed, which is not understood");
    NetworkDraft::Entry entry;
    Node& node = entry.node;
    node.op = Op::Conv2d;
    node.name = call.layerName(*weight, "conv2d");
    node.filters = weight->tensor.size(0);
    node.kernel = { weight->tensor.size(2), weight->tensor.size(3) };
    node.stride = call.pair("stride");
    node.dilation = call.pair("dilation");
    const std::int64_t groups = call.integer("groups");
    if (groups < 1 || groups > node.filters)
        call.refuse("has " + std::to_string(groups) + " groups for " + std::to_string(node.filters) + " filters");
    node.groups = static_cast<int>(groups);
    node.weight = weight->name;
    entry.weight = weight->tensor;
    setBias(entry, call.parameter("bias"));
    ActivationPtr x = call.image("input");
    if (const auto* word = std::get_if<std::string>(&call.at("padding"))) {
        if (*word == "same")
            x = padSame(call, node, x);
    } else {
        node.padding = call.pair("padding");
    }
    if (weight->tensor.size(1) * groups != call.draft().shape(x->node).channels)
        call.refuse("has weights for " + std::to_string(weight->tensor.size(1) * groups) + " input channels but reads "
            + toString(call.draft().shape(x->node)) + ": check the input shape");
    return call.add(std::move(entry), { x });
}

/// `weight`: [F, in].
Value fullyConnected(const Call& call, const ActivationPtr& x, const Parameter& weight, const std::optional<Parameter>& bias)
{
    if (weight.tensor.dim() != 2 || (bias && bias->tensor.dim() != 1))
        call.refuse("has weights or a bias of other dimensions than [F,in] and [F]");
    if (x->dims.size() != 1 || x->dims[0] != weight.tensor.size(1))
        call.refuse("has weights for vectors of " + std::to_string(weight.tensor.size(1)) + " but reads "
            + std::to_string(x->dims.size() + 1) + " dimensions, the last of " + std::to_string(x->dims.back())
            + ": check the input shape");
    NetworkDraft::Entry entry;
    entry.node.op = Op::Linear;
    entry.node.name = call.layerName(weight, "linear");
    entry.node.filters = weight.tensor.size(0);
    entry.node.weight = weight.name;
    entry.weight = weight.tensor;
    setBias(entry, bias);
    return call.add(std::move(entry), { x });
}

Value linear(const Call& call)
{
    const auto weight = call.parameter("weight");
    if (!weight)
        call.refuse("has no weights");
    return fullyConnected(call, call.activation("input"), *weight, call.parameter("bias"));
}

Parameter transposed(const Call& call, const Parameter& weight)
{
    if (weight.tensor.dim() != 2)
        call.refuse("has weights of " + std::to_string(weight.tensor.dim()) + " dimensions where a matrix is needed");
    return { weight.name, weight.tensor.t().contiguous() };
}

/// bias + x * weight, the weight being [in, F].
Value addmm(const Call& call)
{
    if (call.number("alpha") != 1 || call.number("beta") != 1)
        call.refuse("has factors other than 1");
    const auto weight = call.parameter("mat2");
    if (!weight)
        call.refuse("has no weights");
    return fullyConnected(call, call.activation("mat1"), transposed(call, *weight), call.parameter("self"));
}

/// Only with weights of the file; a product of two computed tensors is attention, which is not understood.
Value matmul(const Call& call)
{
    const auto weight = call.parameter(call.find("mat2") ? "mat2" : "other");
    if (!weight)
        call.refuse("has no weights");
    return fullyConnected(call, call.activation("self"), transposed(call, *weight), std::nullopt);
}

Value transpose(const Call& call)
{
    if (!std::holds_alternative<Parameter>(call.at("self")))
        call.refuse("transposes what the network computes, which is not understood");
    return transposed(call, *call.parameter("self"));
}

Value batchNorm(const Call& call)
{
    if (call.flag("training"))
        call.refuse("normalises by each batch's own statistics: call eval() before the network is traced or frozen");
    const auto mean = call.parameter("running_mean"), variance = call.parameter("running_var");
    const auto weight = call.parameter("weight"), bias = call.parameter("bias");
    if (!mean || !variance)
        call.refuse("has no running statistics");
    const std::int64_t channels = mean->tensor.numel();
    NetworkDraft::Entry entry;
    Node& node = entry.node;
    node.op = Op::BatchNorm;
    node.name = call.layerName(*mean, "batch_norm");
    node.epsilon = call.number("eps");
    node.momentum = call.number("momentum");
    if (!(node.epsilon >= 0 && node.epsilon <= 1) || !(node.momentum >= 0 && node.momentum <= 1))
        call.refuse("has an epsilon or a momentum that is not between 0 and 1");
    entry.mean = mean->tensor;
    entry.variance = variance->tensor;
    entry.weight = weight ? weight->tensor : at::ones({ channels }, at::kFloat);
    entry.bias = bias ? bias->tensor : at::zeros({ channels }, at::kFloat);
    node.mean = mean->name;
    node.variance = variance->name;
    node.weight = weight.value_or(Parameter {}).name;
    node.bias = bias.value_or(Parameter {}).name;
    const ActivationPtr x = call.activation("input");
    for (const at::Tensor& tensor : { entry.mean, entry.variance, entry.weight, entry.bias }) {
        if (tensor.dim() != 1 || tensor.size(0) != x->dims.front())
            call.refuse("has tensors for " + std::to_string(tensor.numel()) + " channels but reads " + std::to_string(x->dims.front()));
    }
    return call.add(std::move(entry), { x });
}

} // namespace

OperatorList layerOperators()
{
    return { { "conv2d", convolution }, { "_convolution", convolution }, { "_convolution_mode", convolution },
        { "convolution", convolution }, { "linear", linear }, { "addmm", addmm }, { "matmul", matmul }, { "mm", matmul },
        { "t", transpose }, { "batch_norm", batchNorm } };
}

} // namespace bitscape::script
