// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/translation.h"
#include "core/engine/formats/onnx/windows.h"

#include <ATen/ATen.h>

namespace bitscape::onnx_operators {
namespace {

/// "layer1.conv" of a weight "layer1.conv.weight": what the network itself calls it; else the node's name.
std::string layerName(const NodeView& node, int weightInput)
{
    constexpr std::string_view kEnding = ".weight";
    const std::string weight = node.input(weightInput);
    return weight.size() > kEnding.size() && weight.ends_with(kEnding) ? weight.substr(0, weight.size() - kEnding.size()) : node.name();
}

at::Tensor floats(OnnxTranslation& translation, const NodeView& node, int k)
{
    const at::Tensor& tensor = translation.constant(node, k);
    if (!at::isFloatingType(tensor.scalar_type()))
        node.refuse("has weights that are no floats and go through no DequantizeLinear.");
    return tensor;
}

/// A matrix [inputs, outputs] in front of what it is multiplied with.
int addLinear(OnnxTranslation& translation, const NodeView& node, const at::Tensor& weight, const at::Tensor& bias)
{
    const OnnxValue& input = translation.activation(node, 0);
    if (input.sizes.size() != 2)
        node.refuse("multiplies " + toString(input.sizes) + " with a matrix; Bitscape does so with vectors [N,F] only.");
    Node layer;
    layer.name = layerName(node, 1);
    layer.op = Op::Linear;
    layer.inputs = { translation.nodeOf(node, input) };
    layer.filters = weight.size(0);
    const int position = translation.draft().add(std::move(layer), { weight, bias, {}, {} });
    translation.alias(node, position);
    return position;
}

at::Tensor matrix(OnnxTranslation& translation, const NodeView& node)
{
    const at::Tensor weight = floats(translation, node, 1);
    if (weight.dim() != 2)
        node.refuse("multiplies with a tensor of " + std::to_string(weight.dim()) + " axes where Bitscape wants a matrix.");
    return weight;
}

} // namespace

void conv(OnnxTranslation& translation, const NodeView& node)
{
    const OnnxValue& input = translation.activation(node, 0);
    const at::Tensor weight = floats(translation, node, 1);
    if (input.sizes.size() != 4 || weight.dim() != 4)
        node.refuse("is no convolution of images [N,C,H,W].");
    Node layer;
    layer.name = layerName(node, 1);
    layer.op = Op::Conv2d;
    layer.filters = weight.size(0);
    layer.kernel = { weight.size(2), weight.size(3) };
    const auto groups = node.integer("group", 1);
    if (groups < 1 || groups > layer.filters)
        node.refuse(ErrorCode::BadInput, "has " + std::to_string(groups) + " groups for " + std::to_string(layer.filters) + " filters.");
    layer.groups = static_cast<int>(groups);
    const int padded = readWindow(translation, node, layer, translation.nodeOf(node, input), 0);
    layer.inputs = { padded };
    const int position
        = translation.draft().add(std::move(layer), { weight, node.has(2) ? floats(translation, node, 2) : at::Tensor(), {}, {} });
    translation.alias(node, position);
    translation.define(node, 0, position);
}

void gemm(OnnxTranslation& translation, const NodeView& node)
{
    if (node.integer("transA", 0) != 0)
        node.refuse("transposes its input.");
    at::Tensor weight = matrix(translation, node);
    if (node.integer("transB", 0) == 0)
        weight = weight.t();
    if (node.real("alpha", 1) != 1)
        weight = weight * node.real("alpha", 1);
    at::Tensor bias;
    if (node.has(2)) {
        bias = floats(translation, node, 2);
        if (bias.numel() != 1 && (bias.numel() != weight.size(0) || (bias.dim() == 2 && bias.size(0) != 1)))
            node.refuse("adds a bias that is not one number per output.");
        bias = bias.reshape({ -1 }).expand({ weight.size(0) }) * node.real("beta", 1);
    }
    translation.define(node, 0, addLinear(translation, node, weight, bias));
}

void matMul(OnnxTranslation& translation, const NodeView& node)
{
    if (averageAlongAxis(translation, node))
        return;
    translation.define(node, 0, addLinear(translation, node, matrix(translation, node).t(), {}));
}

void batchNormalization(OnnxTranslation& translation, const NodeView& node)
{
    if (node.integer("training_mode", 0) != 0 || node.integer("spatial", 1) != 1)
        node.refuse("is in training mode or not per channel: export the network after model.eval().");
    Node norm;
    norm.name = layerName(node, 1);
    norm.op = Op::BatchNorm;
    norm.inputs = { translation.nodeOf(node, translation.activation(node, 0)) };
    norm.epsilon = node.real("epsilon", 1e-5);
    norm.momentum = 1 - node.real("momentum", 0.9); // ONNX says what is kept, PyTorch what is new
    NodeTensors tensors { floats(translation, node, 1), floats(translation, node, 2), floats(translation, node, 3),
        floats(translation, node, 4) };
    if (tensors.variance.numel() > 0 && tensors.variance.min().item<float>() < 0)
        node.refuse(ErrorCode::BadInput, "has a negative variance.");
    translation.define(node, 0, translation.draft().add(std::move(norm), std::move(tensors)));
}

} // namespace bitscape::onnx_operators
