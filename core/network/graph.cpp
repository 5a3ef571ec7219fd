// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph.h"

#include "core/base/error.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <utility>

namespace bitscape {
namespace {

constexpr std::array<std::pair<Op, const char*>, 12> kOps { {
    { Op::Input, "input" },
    { Op::Conv2d, "conv2d" },
    { Op::Linear, "linear" },
    { Op::BatchNorm, "batch_norm" },
    { Op::Relu, "relu" },
    { Op::Relu6, "relu6" },
    { Op::MaxPool, "max_pool" },
    { Op::AveragePool, "average_pool" },
    { Op::GlobalAveragePool, "global_average_pool" },
    { Op::Flatten, "flatten" },
    { Op::Add, "add" },
    { Op::Identity, "identity" },
} };

/// Far above any network's, and small enough that the product of two does not overflow.
constexpr std::int64_t kMostElements = std::int64_t { 1 } << 31;
constexpr std::int64_t kLargestWindow = std::int64_t { 1 } << 20;

[[noreturn]] void refuse(const Node& node, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "Node '" + node.name + "' (" + toString(node.op) + ") " + what + ".");
}

/// Whether all sizes are at least 1 and their product is no more than a network can have.
bool isPossible(const std::vector<std::int64_t>& sizes)
{
    std::int64_t product = 1;
    return std::ranges::all_of(sizes, [&](std::int64_t size) {
        const bool fits = size >= 1 && size <= kMostElements && product * size <= kMostElements;
        product = fits ? product * size : product;
        return fits;
    });
}

void checkWindow(const Node& node, std::size_t axis)
{
    for (const std::int64_t value : { node.kernel[axis], node.stride[axis], node.dilation[axis] }) {
        if (value < 1 || value > kLargestWindow)
            refuse(node, "has a kernel, stride or dilation of " + std::to_string(value));
    }
    const std::int64_t most = node.op == Op::Conv2d ? kLargestWindow : node.kernel[axis] / 2; // LibTorch's rule for pools
    if (node.padding[axis] < 0 || node.padding[axis] > most)
        refuse(node, "has a padding of " + std::to_string(node.padding[axis]));
}

std::int64_t windowed(const Node& node, std::size_t axis, std::int64_t size)
{
    checkWindow(node, axis);
    const std::int64_t reach = node.dilation[axis] * (node.kernel[axis] - 1) + 1;
    const std::int64_t room = size + 2 * node.padding[axis] - reach;
    if (room < 0)
        refuse(node, "has a window of " + std::to_string(reach) + " that does not fit its input of " + std::to_string(size));
    std::int64_t count = (node.ceilMode ? room + node.stride[axis] - 1 : room) / node.stride[axis] + 1;
    if (node.ceilMode && (count - 1) * node.stride[axis] >= size + node.padding[axis])
        --count; // a window that would start in the padding behind the input is not counted
    return count;
}

Shape windowShape(const Node& node, const Shape& in, std::int64_t channels)
{
    if (in.flat)
        refuse(node, "needs an image [C,H,W] but reads a vector of " + toString(in));
    if (node.op == Op::Conv2d && node.ceilMode)
        refuse(node, "rounds its shape up, which only pools do");
    if (node.op == Op::AveragePool && node.dilation != Pair { 1, 1 })
        refuse(node, "has a dilation, which average pools do not have");
    return { channels, windowed(node, 0, in.height), windowed(node, 1, in.width), false };
}

Shape convShape(const Node& node, const Shape& in)
{
    if (node.filters < 1)
        refuse(node, "has no filters");
    if (node.groups < 1 || in.channels % node.groups != 0 || node.filters % node.groups != 0)
        refuse(node,
            "has " + std::to_string(node.groups) + " groups for " + std::to_string(in.channels) + " input channels and "
                + std::to_string(node.filters) + " filters");
    return windowShape(node, in, node.filters);
}

Shape uncheckedShape(const Node& node, const std::vector<Shape>& inputs)
{
    const std::size_t wanted = node.op == Op::Input ? 0 : node.op == Op::Add ? inputs.size() : 1;
    if (inputs.size() != wanted || (node.op == Op::Add && inputs.size() < 2))
        refuse(node, "has " + std::to_string(inputs.size()) + " inputs");
    switch (node.op) {
    case Op::Input:
        return node.shape;
    case Op::Conv2d:
        return convShape(node, inputs[0]);
    case Op::Linear:
        if (!inputs[0].flat)
            refuse(node, "needs a vector but reads an image of " + toString(inputs[0]) + ": put a flatten in front");
        if (node.filters < 1)
            refuse(node, "has no neurons");
        if (node.groups != 1 || node.kernel != Pair { 1, 1 })
            refuse(node, "has groups or a kernel, which only convolutions have");
        return { node.filters, 1, 1, true };
    case Op::MaxPool:
    case Op::AveragePool:
        return windowShape(node, inputs[0], inputs[0].channels);
    case Op::GlobalAveragePool:
        return { inputs[0].channels, 1, 1, inputs[0].flat };
    case Op::Flatten:
        return { inputs[0].size(), 1, 1, true };
    case Op::Add:
        if (std::any_of(inputs.begin(), inputs.end(), [&](const Shape& shape) { return shape != inputs[0]; }))
            refuse(node, "adds " + toString(inputs[0]) + " and " + toString(inputs[1]));
        return inputs[0];
    case Op::BatchNorm:
    case Op::Relu:
    case Op::Relu6:
    case Op::Identity:
        break;
    }
    return inputs[0];
}

void checkTensors(const Graph& graph)
{
    std::set<std::string> names;
    for (const TensorInfo& tensor : graph.tensors) {
        if (tensor.name.empty() || !names.insert(tensor.name).second)
            throw Error(ErrorCode::BadInput, "The network has two tensors called '" + tensor.name + "', or one without a name.");
        if (!isPossible(tensor.shape))
            throw Error(ErrorCode::BadInput, "Tensor '" + tensor.name + "' is too large.");
    }
}

/// One vector of logits, and nothing that does not lead to it.
void checkOutput(const Graph& graph)
{
    if (graph.output < 0 || static_cast<std::size_t>(graph.output) >= graph.nodes.size()
        || !graph.nodes[static_cast<std::size_t>(graph.output)].shape.flat)
        throw Error(ErrorCode::BadInput, "The network's output is not a vector of logits.");
    const auto readers = readersOf(graph);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (readers[i].empty() && static_cast<int>(i) != graph.output)
            refuse(graph.nodes[i], "is neither read by another node nor the output");
    }
}

} // namespace

std::string toString(Op op)
{
    return std::find_if(kOps.begin(), kOps.end(), [&](const auto& entry) { return entry.first == op; })->second;
}

Op opFrom(const std::string& word)
{
    for (const auto& [op, name] : kOps) {
        if (word == name)
            return op;
    }
    throw Error(ErrorCode::Unsupported, "Operator '" + word + "' is not one that Bitscape knows.");
}

std::string toString(const Shape& shape)
{
    if (shape.flat)
        return std::to_string(shape.channels);
    return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" + std::to_string(shape.width);
}

std::int64_t TensorInfo::elements() const
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t { 1 }, std::multiplies<>());
}

Shape outputShape(const Node& node, const std::vector<Shape>& inputs)
{
    const Shape shape = uncheckedShape(node, inputs);
    if (!isPossible({ shape.channels, shape.height, shape.width }))
        refuse(node, "has an output of " + toString(shape));
    return shape;
}

std::vector<TensorInfo> tensorsOf(const Node& node, const Shape& input)
{
    std::vector<TensorInfo> tensors;
    if (node.op == Op::Conv2d)
        tensors.push_back({ node.weight, { node.filters, input.channels / node.groups, node.kernel[0], node.kernel[1] } });
    else if (node.op == Op::Linear)
        tensors.push_back({ node.weight, { node.filters, input.channels } });
    else if (node.op == Op::BatchNorm)
        return { { node.weight, { input.channels } }, { node.bias, { input.channels } }, { node.mean, { input.channels } },
            { node.variance, { input.channels } } };
    if (!tensors.empty() && !node.bias.empty())
        tensors.push_back({ node.bias, { node.filters } });
    return tensors;
}

void checkGraph(const Graph& graph)
{
    if (graph.nodes.empty() || graph.nodes.front().op != Op::Input)
        throw Error(ErrorCode::BadInput, "The network does not start with an input.");
    std::set<std::string> names;
    std::vector<TensorInfo> needed;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        if (node.name.empty() || !names.insert(node.name).second)
            refuse(node, "has a name that is empty or taken");
        if (i > 0 && node.op == Op::Input)
            refuse(node, "is a second input");
        std::vector<Shape> inputs;
        for (const int input : node.inputs) {
            if (input < 0 || static_cast<std::size_t>(input) >= i)
                refuse(node, "reads a node that does not come before it");
            inputs.push_back(graph.nodes[static_cast<std::size_t>(input)].shape);
        }
        const Shape shape = outputShape(node, inputs);
        if (shape != node.shape)
            refuse(node, "says shape " + toString(node.shape) + " where " + toString(shape) + " comes out");
        if (!inputs.empty())
            std::ranges::move(tensorsOf(node, inputs[0]), std::back_inserter(needed));
    }
    if (needed != graph.tensors)
        throw Error(ErrorCode::BadInput, "The network's list of tensors does not fit its nodes.");
    checkTensors(graph);
    checkOutput(graph);
}

std::vector<std::vector<int>> readersOf(const Graph& graph)
{
    std::vector<std::vector<int>> readers(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const int input : graph.nodes[i].inputs)
            readers[static_cast<std::size_t>(input)].push_back(static_cast<int>(i));
    }
    return readers;
}

std::int64_t parameterCount(const Graph& graph)
{
    std::int64_t count = 0;
    for (const TensorInfo& tensor : graph.tensors)
        count += tensor.elements();
    return count;
}

} // namespace bitscape
