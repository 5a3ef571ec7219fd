// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/onnx_kernels.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <map>

namespace bitscape {
namespace {

using Inputs = std::vector<at::Tensor>;
using Sizes = std::vector<std::int64_t>;

const onnx::AttributeProto* attribute(const onnx::NodeProto& node, const std::string& name)
{
    for (const onnx::AttributeProto& each : node.attribute()) {
        if (each.name() == name)
            return &each;
    }
    return nullptr;
}

std::int64_t integer(const onnx::NodeProto& node, const std::string& name, std::int64_t otherwise)
{
    const auto* found = attribute(node, name);
    return found ? found->i() : otherwise;
}

double real(const onnx::NodeProto& node, const std::string& name, double otherwise)
{
    const auto* found = attribute(node, name);
    return found ? static_cast<double>(found->f()) : otherwise;
}

Sizes sizes(const onnx::NodeProto& node, const std::string& name)
{
    const auto* found = attribute(node, name);
    return found ? Sizes(found->ints().begin(), found->ints().end()) : Sizes();
}

/// Bitscape pads both sides alike.
Sizes padding(const onnx::NodeProto& node)
{
    Sizes all = sizes(node, "pads");
    all.resize(2);
    return all;
}

Sizes numbers(const at::Tensor& tensor)
{
    const at::Tensor whole = tensor.to(at::kLong).contiguous();
    return { whole.data_ptr<std::int64_t>(), whole.data_ptr<std::int64_t>() + whole.numel() };
}

/// A scale, or zero point, of each index along `axis`, or of all.
at::Tensor along(const at::Tensor& values, const at::Tensor& tensor, std::int64_t axis)
{
    if (values.numel() == 1)
        return values.reshape({});
    Sizes shape(static_cast<std::size_t>(tensor.dim()), 1);
    shape[static_cast<std::size_t>(axis)] = -1;
    return values.reshape(shape);
}

at::Tensor optional(const Inputs& inputs, std::size_t place)
{
    return place < inputs.size() ? inputs[place] : at::Tensor();
}

at::Tensor conv(const onnx::NodeProto& node, const Inputs& in)
{
    return at::conv2d(
        in[0], in[1], optional(in, 2), sizes(node, "strides"), padding(node), sizes(node, "dilations"), integer(node, "group", 1));
}

at::Tensor gemm(const onnx::NodeProto& node, const Inputs& in)
{
    const at::Tensor product = at::matmul(in[0], integer(node, "transB", 0) ? in[1].t() : in[1]);
    return in.size() > 2 ? product + in[2] : product;
}

at::Tensor batchNorm(const onnx::NodeProto& node, const Inputs& in)
{
    return at::batch_norm(in[0], in[1], in[2], in[3], in[4], false, 0, real(node, "epsilon", 1e-5), false);
}

at::Tensor clip(const onnx::NodeProto&, const Inputs& in)
{
    at::Tensor result = in[0];
    if (optional(in, 1).defined())
        result = at::maximum(result, in[1]);
    return optional(in, 2).defined() ? at::minimum(result, in[2]) : result;
}

at::Tensor hardSigmoid(const onnx::NodeProto& node, const Inputs& in)
{
    return at::clamp(in[0] * real(node, "alpha", 0.2) + real(node, "beta", 0.5), 0, 1);
}

at::Tensor maxPool(const onnx::NodeProto& node, const Inputs& in)
{
    return at::max_pool2d(in[0], sizes(node, "kernel_shape"), sizes(node, "strides"), padding(node), sizes(node, "dilations"),
        integer(node, "ceil_mode", 0) != 0);
}

at::Tensor averagePool(const onnx::NodeProto& node, const Inputs& in)
{
    return at::avg_pool2d(in[0], sizes(node, "kernel_shape"), sizes(node, "strides"), padding(node), integer(node, "ceil_mode", 0) != 0,
        integer(node, "count_include_pad", 0) != 0);
}

at::Tensor reshape(const onnx::NodeProto&, const Inputs& in)
{
    Sizes shape = numbers(in[1]);
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
        shape[axis] = shape[axis] == 0 ? in[0].size(static_cast<std::int64_t>(axis)) : shape[axis];
    return at::reshape(in[0], shape);
}

at::Tensor slice(const onnx::NodeProto&, const Inputs& in)
{
    return at::slice(in[0], numbers(in[3])[0], numbers(in[1])[0], numbers(in[2])[0], numbers(in[4])[0]);
}

at::Tensor pad(const onnx::NodeProto&, const Inputs& in)
{
    const Sizes p = numbers(in[1]);
    return at::constant_pad_nd(in[0], { p[3], p[7], p[2], p[6] }, in[2].item());
}

/// What was made for one image holds for each of them.
at::Tensor concat(const onnx::NodeProto& node, Inputs in)
{
    std::int64_t batch = 1;
    for (const at::Tensor& each : in)
        batch = std::max(batch, each.size(0));
    for (at::Tensor& each : in) {
        Sizes shape = each.sizes().vec();
        shape[0] = batch;
        each = each.expand(shape);
    }
    return at::cat(in, integer(node, "axis", 0));
}

/// Saturates at the ends of the zero point's type, which Bitscape always gives.
at::Tensor quantizeLinear(const onnx::NodeProto&, const Inputs& in)
{
    const bool isUnsigned = in[2].scalar_type() == at::kByte;
    const at::Tensor levels = at::round(in[0] / in[1]) + in[2].to(at::kFloat);
    return at::clamp(levels, isUnsigned ? 0 : -128, isUnsigned ? 255 : 127);
}

at::Tensor dequantizeLinear(const onnx::NodeProto& node, const Inputs& in)
{
    const std::int64_t axis = integer(node, "axis", 1);
    at::Tensor levels = in[0].to(at::kFloat);
    if (optional(in, 2).defined())
        levels = levels - along(in[2].to(at::kFloat), levels, axis);
    return levels * along(in[1], levels, axis);
}

/// QONNX: clamped before it is rounded.
at::Tensor quant(const onnx::NodeProto& node, const Inputs& in)
{
    const bool isSigned = integer(node, "signed", 1) != 0, narrow = integer(node, "narrow", 0) != 0;
    const double span = std::exp2(in[3].item<double>() - (isSigned ? 1 : 0));
    const double low = !isSigned ? 0 : narrow ? 1 - span : -span;
    const double high = !isSigned && narrow ? span - 2 : span - 1;
    return (at::round(at::clamp(in[0] / in[1] + in[2], low, high)) - in[2]) * in[1];
}

at::Tensor bipolarQuant(const onnx::NodeProto&, const Inputs& in)
{
    return at::where(in[0] >= 0, at::ones_like(in[0]), -at::ones_like(in[0])) * in[1];
}

template <at::Tensor (*Function)(const at::Tensor&)> at::Tensor unary(const onnx::NodeProto&, const Inputs& in)
{
    return Function(in[0]);
}

const std::map<std::string, OnnxKernel>& kernels()
{
    static const std::map<std::string, OnnxKernel> all {
        { "Conv", conv },
        { "Gemm", gemm },
        { "BatchNormalization", batchNorm },
        { "Relu", unary<at::relu> },
        { "Sigmoid", unary<at::sigmoid> },
        { "Tanh", unary<at::tanh> },
        { "Erf", unary<at::erf> },
        { "Clip", clip },
        { "LeakyRelu", [](const auto& node, const Inputs& in) { return at::leaky_relu(in[0], real(node, "alpha", 0.01)); } },
        { "HardSigmoid", hardSigmoid },
        { "Add", [](const auto&, const Inputs& in) { return in[0] + in[1]; } },
        { "Mul", [](const auto&, const Inputs& in) { return in[0] * in[1]; } },
        { "Div", [](const auto&, const Inputs& in) { return in[0] / in[1]; } },
        { "MatMul", [](const auto&, const Inputs& in) { return at::matmul(in[0], in[1]); } },
        { "MaxPool", maxPool },
        { "AveragePool", averagePool },
        { "GlobalAveragePool",
            [](const auto&, const Inputs& in) {
                return at::adaptive_avg_pool2d(in[0], { 1, 1 });
            } },
        { "GlobalMaxPool",
            [](const auto&, const Inputs& in) {
                return at::amax(in[0], { 2, 3 }, true);
            } },
        { "Flatten", [](const auto&, const Inputs& in) { return at::flatten(in[0], 1); } },
        { "Reshape", reshape },
        { "Slice", slice },
        { "Pad", pad },
        { "Concat", concat },
        { "Gather", [](const auto& node, const Inputs& in) { return at::index_select(in[0], integer(node, "axis", 0), in[1]); } },
        { "Identity", [](const auto&, const Inputs& in) { return in[0]; } },
        { "QuantizeLinear", quantizeLinear },
        { "DequantizeLinear", dequantizeLinear },
        { "Quant", quant },
        { "BipolarQuant", bipolarQuant },
    };
    return all;
}

} // namespace

const OnnxKernel* onnxKernel(const std::string& type)
{
    const auto found = kernels().find(type);
    return found == kernels().end() ? nullptr : &found->second;
}

} // namespace bitscape
