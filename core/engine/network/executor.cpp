// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/network/executor.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitscape {
namespace {

/// An absent bias is an undefined tensor.
at::Tensor optionalTensor(const TensorMap& tensors, const std::string& name)
{
    return name.empty() ? at::Tensor() : tensors.at(name);
}

at::Tensor batchNorm(const Node& node, const TensorMap& tensors, const at::Tensor& input, const ExecutionOptions& options)
{
    return at::batch_norm(input, tensors.at(node.weight), tensors.at(node.bias), tensors.at(node.mean), tensors.at(node.variance),
        options.training, options.momentum.value_or(node.momentum), node.epsilon, false);
}

at::Tensor sum(const std::vector<at::Tensor>& addends)
{
    at::Tensor total = addends.front();
    for (std::size_t i = 1; i < addends.size(); ++i)
        total = total + addends[i];
    return total;
}

at::Tensor activation(const Node& node, const at::Tensor& input)
{
    switch (node.op) {
    case Op::Relu:
        return at::relu(input);
    case Op::Relu6:
        return at::hardtanh(input, 0, 6);
    case Op::Clip:
        return at::clamp(input, node.low, node.high);
    case Op::LeakyRelu:
        return at::leaky_relu(input, node.slope);
    case Op::Sigmoid:
        return at::sigmoid(input);
    case Op::HardSigmoid:
        return at::hardsigmoid(input);
    case Op::Silu:
        return at::silu(input);
    case Op::HardSwish:
        return at::hardswish(input);
    case Op::Gelu:
        return at::gelu(input, node.tanh ? "tanh" : "none");
    default:
        throw Error(ErrorCode::Internal, "Node '" + node.name + "' is no activation.");
    }
}

/// Row-major elements, whatever the input's memory format.
at::Tensor reshaped(const Shape& shape, const at::Tensor& input)
{
    if (shape.flat)
        return at::flatten(input, 1);
    return at::reshape(input, { input.size(0), shape.channels, shape.height, shape.width });
}

std::int64_t dimension(const Node& node)
{
    return 1 + static_cast<std::int64_t>(node.axis);
}

at::Tensor compute(const Node& node, const TensorMap& tensors, const std::vector<at::Tensor>& inputs, const ExecutionOptions& options)
{
    const at::Tensor& input = inputs.front();
    if (isActivation(node.op))
        return activation(node, input);
    switch (node.op) {
    case Op::Conv2d:
    case Op::Linear:
        return computeLayer(node, input, tensors.at(node.weight), optionalTensor(tensors, node.bias));
    case Op::BatchNorm:
        return batchNorm(node, tensors, input, options);
    case Op::MaxPool:
        return at::max_pool2d(input, node.kernel, node.stride, node.padding, node.dilation, node.ceilMode);
    case Op::AveragePool:
        return at::avg_pool2d(input, node.kernel, node.stride, node.padding, node.ceilMode, node.countPadding);
    case Op::AdaptiveAveragePool:
        return at::adaptive_avg_pool2d(input, node.target);
    case Op::GlobalAveragePool:
        return node.shape.flat ? input : at::adaptive_avg_pool2d(input, { 1, 1 });
    case Op::GlobalMaxPool:
        return node.shape.flat ? input : at::amax(input, { 2, 3 }, true);
    case Op::Flatten:
        return at::flatten(input, 1);
    case Op::Reshape:
        return reshaped(node.shape, input);
    case Op::Slice:
        return at::slice(input, dimension(node), node.begin, node.end, node.step);
    case Op::Pad:
        return at::constant_pad_nd(input, { node.padding[1], node.paddingEnd[1], node.padding[0], node.paddingEnd[0] }, node.value);
    case Op::Concat:
        return at::cat(inputs, dimension(node));
    case Op::Add:
        return sum(inputs);
    case Op::Multiply:
        return inputs[0] * inputs[1];
    default:
        return input;
    }
}

/// The last node that reads each node's output, so that it can be let go of behind it.
std::vector<int> lastReaders(const Graph& graph)
{
    std::vector<int> last(graph.nodes.size(), -1);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const int input : graph.nodes[i].inputs)
            last[static_cast<std::size_t>(input)] = static_cast<int>(i);
    }
    return last;
}

void checkImages(const Graph& graph, const at::Tensor& images)
{
    const Shape& shape = graph.inputShape();
    if (images.dim() != 4 || images.size(1) != shape.channels || images.size(2) != shape.height || images.size(3) != shape.width)
        throw Error(ErrorCode::BadInput, "The network reads images of " + toString(shape) + ", which these are not.");
}

} // namespace

at::Tensor execute(const Graph& graph, const TensorMap& tensors, const at::Tensor& images, const ExecutionOptions& options)
{
    checkImages(graph, images);
    const auto last = lastReaders(graph);
    std::vector<at::Tensor> values(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        std::vector<at::Tensor> inputs;
        for (std::size_t k = 0; k < node.inputs.size(); ++k) {
            const at::Tensor& value = values[static_cast<std::size_t>(node.inputs[k])];
            inputs.push_back(options.reader ? options.reader(static_cast<int>(i), k, value) : value);
        }
        values[i] = node.op == Op::Input ? images : compute(node, tensors, inputs, options);
        if (options.hook)
            values[i] = options.hook(static_cast<int>(i), values[i]);
        for (const int input : node.inputs) {
            if (last[static_cast<std::size_t>(input)] == static_cast<int>(i))
                values[static_cast<std::size_t>(input)].reset();
        }
    }
    return values[static_cast<std::size_t>(graph.output)];
}

at::Tensor computeNode(const Node& node, const TensorMap& tensors, const std::vector<at::Tensor>& inputs)
{
    return compute(node, tensors, inputs, {});
}

at::Tensor computeLayer(const Node& node, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias)
{
    if (node.op == Op::Linear)
        return at::linear(input, weight, bias);
    return at::conv2d(input, weight, bias, node.stride, node.padding, node.dilation, node.groups);
}

} // namespace bitscape
