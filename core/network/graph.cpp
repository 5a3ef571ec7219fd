// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph.h"

#include "core/base/error.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

namespace bitscape {
namespace {

[[noreturn]] void refuse(const Node& node, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "Node '" + node.name + "' (" + toString(node.op) + ") " + what + ".");
}

void checkTensors(const Graph& graph)
{
    std::set<std::string> names;
    for (const TensorInfo& tensor : graph.tensors) {
        if (tensor.name.empty() || !names.insert(tensor.name).second)
            throw Error(ErrorCode::BadInput, "The network has two tensors called '" + tensor.name + "', or one without a name.");
        if (!isPossibleShape(tensor.shape))
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

void checkSubnets(const Graph& graph)
{
    if (graph.subnets.empty())
        return;
    const auto isLogits = [&](int node) {
        return node >= 0 && static_cast<std::size_t>(node) < graph.nodes.size()
            && graph.nodes[static_cast<std::size_t>(node)].shape == graph.nodes[static_cast<std::size_t>(graph.output)].shape;
    };
    if (!std::ranges::all_of(graph.subnets, isLogits) || !std::ranges::is_sorted(graph.subnets) || graph.subnets.back() != graph.output)
        throw Error(ErrorCode::BadInput, "The network's subnets do not end in logits, small to large, the output last.");
}

} // namespace

std::int64_t TensorInfo::elements() const
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t { 1 }, std::multiplies<>());
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
    checkSubnets(graph);
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
