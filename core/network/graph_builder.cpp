// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph_builder.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bitscape {
namespace {

Node nodeOf(const std::string& name, Op op, std::vector<int> inputs)
{
    Node node;
    node.name = name;
    node.op = op;
    node.inputs = std::move(inputs);
    return node;
}

} // namespace

GraphBuilder::GraphBuilder(const Shape& input)
{
    Node node = nodeOf("input", Op::Input, {});
    node.shape = input;
    m_graph.nodes.push_back(std::move(node));
}

int GraphBuilder::add(Node node)
{
    std::vector<Shape> inputs;
    for (const int input : node.inputs)
        inputs.push_back(shape(input));
    node.shape = outputShape(node, inputs);
    std::ranges::move(tensorsOf(node, inputs.front()), std::back_inserter(m_graph.tensors));
    m_graph.nodes.push_back(std::move(node));
    return static_cast<int>(m_graph.nodes.size()) - 1;
}

int GraphBuilder::conv(const std::string& name, int from, std::int64_t filters, int kernel, int stride, int padding, bool bias)
{
    Node node = nodeOf(name, Op::Conv2d, { from });
    node.filters = filters;
    node.kernel = { kernel, kernel };
    node.stride = { stride, stride };
    node.padding = { padding, padding };
    node.weight = name + ".weight";
    if (bias)
        node.bias = name + ".bias";
    return add(std::move(node));
}

int GraphBuilder::linear(const std::string& name, int from, std::int64_t neurons)
{
    Node node = nodeOf(name, Op::Linear, { from });
    node.filters = neurons;
    node.weight = name + ".weight";
    node.bias = name + ".bias";
    return add(std::move(node));
}

int GraphBuilder::batchNorm(const std::string& name, int from)
{
    Node node = nodeOf(name, Op::BatchNorm, { from });
    node.weight = name + ".weight";
    node.bias = name + ".bias";
    node.mean = name + ".running_mean";
    node.variance = name + ".running_var";
    return add(std::move(node));
}

int GraphBuilder::relu(const std::string& name, int from)
{
    return add(nodeOf(name, Op::Relu, { from }));
}

int GraphBuilder::maxPool(const std::string& name, int from, int kernel, int stride)
{
    Node node = nodeOf(name, Op::MaxPool, { from });
    node.kernel = { kernel, kernel };
    node.stride = { stride, stride };
    return add(std::move(node));
}

int GraphBuilder::globalAveragePool(const std::string& name, int from)
{
    return add(nodeOf(name, Op::GlobalAveragePool, { from }));
}

int GraphBuilder::flatten(const std::string& name, int from)
{
    return add(nodeOf(name, Op::Flatten, { from }));
}

int GraphBuilder::sum(const std::string& name, int a, int b)
{
    return add(nodeOf(name, Op::Add, { a, b }));
}

const Shape& GraphBuilder::shape(int node) const
{
    return m_graph.nodes[static_cast<std::size_t>(node)].shape;
}

Graph GraphBuilder::finish(int output)
{
    m_graph.output = output;
    checkGraph(m_graph);
    return std::move(m_graph);
}

} // namespace bitscape
