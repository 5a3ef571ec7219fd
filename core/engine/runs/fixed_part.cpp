// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/fixed_part.h"

#include "core/engine/quantize/statistics.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitscape {
namespace {

/// Which nodes some quantizable layer's bits can change.
std::vector<std::uint8_t> changing(const Graph& graph, const std::vector<Layer>& layers)
{
    std::vector<std::uint8_t> changes(graph.nodes.size(), 0);
    for (const Layer& layer : layers)
        changes[static_cast<std::size_t>(layer.node)] = layer.quantizable ? 1 : 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
        for (const int input : graph.nodes[i].inputs)
            changes[i] |= changes[static_cast<std::size_t>(input)];
    return changes;
}

/// The one node that does not change and is read by those that do; -1 where there are several or none.
int frontierOf(const Graph& graph, const std::vector<std::uint8_t>& changes)
{
    int frontier = -1;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const int input : graph.nodes[i].inputs) {
            if (!changes[i] || changes[static_cast<std::size_t>(input)] || input == frontier)
                continue;
            if (frontier >= 0)
                return -1;
            frontier = input;
        }
    }
    return frontier;
}

/// These nodes as a graph of their own.
Graph partOf(const Graph& graph, const std::vector<int>& nodes, int output)
{
    Graph part;
    std::vector<int> places(graph.nodes.size(), -1);
    for (const int node : nodes) {
        places[static_cast<std::size_t>(node)] = static_cast<int>(part.nodes.size());
        Node copy = graph.nodes[static_cast<std::size_t>(node)];
        if (part.nodes.empty()) {
            copy.op = Op::Input;
            copy.inputs.clear();
        }
        for (int& input : copy.inputs)
            input = places[static_cast<std::size_t>(input)];
        part.nodes.push_back(std::move(copy));
    }
    part.output = places[static_cast<std::size_t>(output)];
    return part;
}

NodeHook hookOn(const NodeHook& hook, const std::vector<int>& nodes, bool withInput)
{
    if (!hook)
        return {};
    return [hook, nodes, withInput](int node, const at::Tensor& output) {
        return node == 0 && !withInput ? output : hook(nodes[static_cast<std::size_t>(node)], output);
    };
}

} // namespace

std::optional<NetworkCut> cutNetwork(const Graph& graph, const std::vector<Layer>& layers)
{
    const auto changes = changing(graph, layers);
    const int frontier = frontierOf(graph, changes);
    if (frontier <= 0 || graph.nodes[static_cast<std::size_t>(frontier)].shape.flat)
        return std::nullopt;
    NetworkCut cut;
    cut.tailNodes.push_back(frontier);
    for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
        if (changes[static_cast<std::size_t>(i)])
            cut.tailNodes.push_back(i);
        else if (i <= frontier)
            cut.headNodes.push_back(i);
    }
    const bool isWhole = changes[static_cast<std::size_t>(graph.output)] != 0 && std::ranges::is_sorted(cut.tailNodes);
    if (!isWhole)
        return std::nullopt;
    cut.head = partOf(graph, cut.headNodes, frontier);
    cut.tail = partOf(graph, cut.tailNodes, graph.output);
    return cut;
}

FixedPart::FixedPart(const std::vector<Layer>& layers, NetworkCut cut, std::size_t batches, const NodeHook& hook)
    : m_layers(layers)
    , m_cut(std::move(cut))
    , m_headHook(hookOn(hook, m_cut.headNodes, true))
    , m_tailHook(hookOn(hook, m_cut.tailNodes, false))
    , m_kept(batches)
{
}

std::int64_t FixedPart::bytesFor(const NetworkCut& cut, std::int64_t images)
{
    return images * cut.tail.inputShape().size() * static_cast<std::int64_t>(sizeof(float));
}

void FixedPart::runHead(const TensorMap& tensors, const std::vector<Batch>& images, JobContext& context)
{
    TensorMap own = tensors;
    m_statistics.clear();
    for (const Node& node : m_cut.head.nodes)
        if (node.op == Op::BatchNorm)
            for (const std::string& name : { node.mean, node.variance })
                m_statistics[name] = own[name] = tensors.at(name).clone();
    ExecutionOptions options;
    options.training = true;
    options.hook = m_headHook;
    std::vector<Batch> read;
    for (const Batch& batch : images) {
        context.checkpoint();
        options.momentum = 1.0 / static_cast<double>(read.size() + 1);
        read.push_back({ execute(m_cut.head, own, batch.images, options), batch.labels });
    }
    m_calibration = std::move(read);
}

TensorMap FixedPart::recalibrated(const TensorMap& tensors, const std::vector<Batch>& images, JobContext& context)
{
    for (const Batch& batch : images)
        requireStatistics(m_cut.head, batch.images.size(0));
    if (m_calibration.empty())
        runHead(tensors, images, context);
    TensorMap result = bitscape::recalibrated(m_cut.tail, tensors, m_calibration, m_tailHook, context);
    for (const auto& [name, values] : m_statistics)
        result[name] = values;
    return result;
}

void FixedPart::prepare(const InferenceNetwork& network)
{
    auto cut = cutNetwork(network.folded.graph, m_layers); // folding leaves every node in its place
    if (!cut)
        throw Error(ErrorCode::Internal, "A folded network cannot be cut where the plain one can.");
    m_head = { { std::move(cut->head), network.folded.tensors }, m_headHook, {} };
    m_tail = { { std::move(cut->tail), network.folded.tensors }, m_tailHook, {} };
}

at::Tensor FixedPart::logits(std::size_t batch, const at::Tensor& images)
{
    at::Tensor& read = m_kept[batch];
    if (!read.defined())
        read = logitsOf(m_head, images);
    return logitsOf(m_tail, read);
}

} // namespace bitscape
