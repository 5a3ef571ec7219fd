// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/subnets.h"

#include "core/base/error.h"
#include "core/network/graph_builder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitscape {
namespace {

using Channels = std::vector<std::uint8_t>;

[[noreturn]] void refuse(const Node& node, const char* why)
{
    throw Error(
        ErrorCode::Unsupported, "Node '" + node.name + "' (" + toString(node.op) + ") " + why + ": subnets cannot follow its channels.");
}

Channels largest(const std::vector<Channels>& channels, const std::vector<int>& inputs)
{
    Channels result = channels[static_cast<std::size_t>(inputs.front())];
    for (const int input : inputs) {
        const Channels& operand = channels[static_cast<std::size_t>(input)];
        std::ranges::transform(result, operand, result.begin(), [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
    }
    return result;
}

Channels spread(const Channels& groups, std::int64_t positions)
{
    Channels flat;
    for (const std::uint8_t group : groups)
        flat.insert(flat.end(), static_cast<std::size_t>(positions), group);
    return flat;
}

/// How many channels have a group of at most 0, 1, ... subnet.
std::vector<std::int64_t> channelsUpTo(const Channels& groups, int subnet)
{
    std::vector<std::int64_t> counts(static_cast<std::size_t>(subnet) + 1, 0);
    for (const std::uint8_t group : groups) {
        if (group <= subnet)
            ++counts[group];
    }
    std::partial_sum(counts.begin(), counts.end(), counts.begin());
    return counts;
}

std::int64_t weightsUpTo(const std::uint16_t* row, const Channels& from, int highest)
{
    std::int64_t sum = 0;
    for (std::size_t u = 0; u < from.size(); ++u)
        sum += from[u] <= highest ? row[u] : 0;
    return sum;
}

} // namespace

void checkSteppable(const Graph& graph)
{
    const Node& last = graph.nodes[static_cast<std::size_t>(graph.output)];
    if (last.op != Op::Linear)
        refuse(last, "makes the logits, where a fully connected layer has to");
    for (const Node& node : graph.nodes) {
        if (node.op == Op::Conv2d && node.groups != 1)
            refuse(node, "has groups");
        if (node.op == Op::Reshape || node.op == Op::Slice)
            refuse(node, "rearranges");
        if (node.op == Op::Concat && node.axis != Axis::Channels)
            refuse(node, "joins over space");
    }
}

Graph widened(const Graph& graph, double factor)
{
    checkSteppable(graph);
    GraphBuilder builder(graph.inputShape());
    for (std::size_t i = 1; i < graph.nodes.size(); ++i) {
        Node node = graph.nodes[i];
        if (node.filters > 0 && static_cast<int>(i) != graph.output)
            node.filters = std::max<std::int64_t>(1, std::llround(static_cast<double>(node.filters) * factor));
        builder.add(std::move(node));
    }
    return builder.finish(graph.output);
}

FilterGroups uniformGroups(const std::vector<Layer>& layers, int group)
{
    FilterGroups groups;
    for (const Layer& layer : layers)
        groups.emplace_back(static_cast<std::size_t>(layer.filters), static_cast<std::uint8_t>(layer.last ? 1 : group));
    return groups;
}

std::vector<std::vector<std::uint8_t>> channelGroups(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups)
{
    std::vector<Channels> channels(graph.nodes.size());
    std::size_t layer = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        const auto input = [&]() -> std::size_t { return static_cast<std::size_t>(node.inputs.front()); };
        if (node.op == Op::Input) {
            channels[i].assign(static_cast<std::size_t>(node.shape.channels), 1);
        } else if (node.op == Op::Conv2d || node.op == Op::Linear) {
            if (layer >= layers.size() || layer >= groups.size() || groups[layer].size() != static_cast<std::size_t>(node.filters))
                throw Error(ErrorCode::Internal, "The groups do not fit layer '" + node.name + "'.");
            channels[i] = groups[layer++];
        } else if (node.op == Op::Flatten) {
            channels[i] = spread(channels[input()], graph.nodes[input()].shape.positions());
        } else if (node.op == Op::Add || node.op == Op::Multiply) {
            channels[i] = largest(channels, node.inputs);
        } else if (node.op == Op::Concat) {
            for (const int k : node.inputs)
                std::ranges::copy(channels[static_cast<std::size_t>(k)], std::back_inserter(channels[i]));
        } else {
            channels[i] = channels[input()];
        }
    }
    return channels;
}

SubnetCost::SubnetCost(const Graph& graph, const std::vector<Layer>& layers, const WeightCounts* weights)
    : m_graph(graph)
    , m_layers(layers)
    , m_weights(weights)
{
}

std::int64_t SubnetCost::macs(const FilterGroups& groups, int subnet) const
{
    const auto channels = channelGroups(m_graph, m_layers, groups);
    std::int64_t total = 0;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer& layer = m_layers[i];
        const Channels& from = channels[static_cast<std::size_t>(m_graph.nodes[static_cast<std::size_t>(layer.node)].inputs.front())];
        const std::vector<std::int64_t> upTo = channelsUpTo(from, subnet);
        std::int64_t weights = 0;
        for (std::size_t f = 0; f < groups[i].size(); ++f) {
            if (groups[i][f] > subnet)
                continue;
            const int highest = layer.last ? subnet : groups[i][f]; // group of the channels that it reads
            weights += m_weights ? weightsUpTo((*m_weights)[i].data() + f * from.size(), from, highest)
                                 : upTo[static_cast<std::size_t>(highest)] * layer.kernelArea;
        }
        total += weights * layer.positions;
    }
    return total;
}

} // namespace bitscape
