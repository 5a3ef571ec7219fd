// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/subnet_graph.h"

#include "core/base/error.h"
#include "core/network/graph_builder.h"

#include <algorithm>
#include <map>
#include <utility>

namespace bitscape {
namespace {

using Numbers = std::vector<std::int64_t>;

/// What a node of the original has become: per group, a node and the channels that it puts out.
struct Part {
    int node = -1; ///< -1: no channels
    Numbers channels;
};

class Splitting final {
public:
    Splitting(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int subnets)
        : m_graph(graph)
        , m_subnets(subnets)
        , m_groups(channelGroups(graph, layers, groups))
        , m_parts(graph.nodes.size(), std::vector<Part>(static_cast<std::size_t>(subnets)))
    {
    }

    SubnetGraph split()
    {
        m_parts[0][0] = { add(m_graph.nodes[0], { 0, channelsOf(0, 1), {} }), channelsOf(0, 1) };
        for (std::size_t i = 1; i < m_graph.nodes.size(); ++i) {
            if (static_cast<int>(i) == m_graph.output) {
                splitLogits(i);
                continue;
            }
            for (int group = 1; group <= m_subnets; ++group)
                split(i, group);
        }
        return used();
    }

private:
    Numbers channelsOf(std::size_t node, int group) const
    {
        Numbers channels;
        for (std::size_t c = 0; c < m_groups[node].size(); ++c) {
            if (m_groups[node][c] == group)
                channels.push_back(static_cast<std::int64_t>(c));
        }
        return channels;
    }

    Part& part(int node, int group) { return m_parts[static_cast<std::size_t>(node)][static_cast<std::size_t>(group - 1)]; }

    int add(Node node, SubnetGraph::Piece piece)
    {
        std::vector<Shape> inputs;
        for (const int input : node.inputs)
            inputs.push_back(m_whole.nodes[static_cast<std::size_t>(input)].shape);
        node.shape = inputs.empty() ? node.shape : outputShape(node, inputs);
        m_pieces.push_back(std::move(piece));
        m_whole.nodes.push_back(std::move(node));
        return static_cast<int>(m_whole.nodes.size()) - 1;
    }

    /// A node that only moves channels.
    int add(const std::string& name, Op op, std::vector<int> inputs)
    {
        Node node;
        node.name = name;
        node.op = op;
        node.inputs = std::move(inputs);
        return add(std::move(node), {});
    }

    /// All channels of the groups up to this one.
    Part joined(int node, int group)
    {
        Part whole;
        std::vector<int> nodes;
        for (int k = 1; k <= group; ++k) {
            const Part& own = part(node, k);
            if (own.node >= 0)
                nodes.push_back(own.node);
            std::ranges::copy(own.channels, std::back_inserter(whole.channels));
        }
        if (nodes.empty())
            throw Error(ErrorCode::Unsupported,
                "Subnet " + std::to_string(group) + " has none of the channels of node '"
                    + m_graph.nodes[static_cast<std::size_t>(node)].name + "': give the smallest subnet a larger budget.");
        if (nodes.size() == 1) {
            whole.node = nodes.front();
            return whole;
        }
        const auto [place, isNew] = m_joined.emplace(nodes, -1);
        if (isNew)
            place->second = add(m_graph.nodes[static_cast<std::size_t>(node)].name + ".upto" + std::to_string(group), Op::Concat, nodes);
        whole.node = place->second;
        return whole;
    }

    /// The node as it stands in the original, for some of its channels.
    Node copyOf(std::size_t index, int group, std::vector<int> inputs) const
    {
        Node node = m_graph.nodes[index];
        node.name += ".s" + std::to_string(group);
        node.inputs = std::move(inputs);
        for (const auto& [tensor, ending] : { std::pair { &node.weight, ".weight" }, { &node.bias, ".bias" },
                 { &node.mean, ".running_mean" }, { &node.variance, ".running_var" } }) {
            if (!tensor->empty())
                *tensor = node.name + ending;
        }
        return node;
    }

    void split(std::size_t index, int group)
    {
        const Node& node = m_graph.nodes[index];
        if (node.op == Op::Conv2d || node.op == Op::Linear)
            splitLayer(index, group);
        else if (node.op == Op::Add || node.op == Op::Multiply)
            splitSum(index, group);
        else if (node.op == Op::Concat)
            splitConcat(index, group);
        else
            splitOther(index, group);
    }

    void splitLayer(std::size_t index, int group)
    {
        Numbers filters = channelsOf(index, group);
        if (filters.empty())
            return;
        Part input = joined(m_graph.nodes[index].inputs.front(), group);
        Node node = copyOf(index, group, { input.node });
        node.filters = static_cast<std::int64_t>(filters.size());
        const int made = add(std::move(node), { static_cast<int>(index), filters, std::move(input.channels) });
        part(static_cast<int>(index), group) = { made, std::move(filters) };
    }

    /// Every group's own filters contribute to all logits.
    void splitLogits(std::size_t index)
    {
        const int from = m_graph.nodes[index].inputs.front();
        for (int group = 1; group <= m_subnets; ++group) {
            const Part& input = group == 1 ? joined(from, 1) : part(from, group);
            if (input.node >= 0) {
                Node node = copyOf(index, group, { input.node });
                if (group > 1)
                    node.bias.clear();
                const int added = add(std::move(node), { static_cast<int>(index), channelsOf(index, 1), input.channels });
                const std::string name = m_graph.nodes[index].name + ".logits" + std::to_string(group);
                m_logits.push_back(m_logits.empty() ? added : add(name, Op::Add, { m_logits.back(), added }));
            } else {
                m_logits.push_back(m_logits.back());
            }
        }
    }

    /// Group and place there of each channel of a node.
    std::map<std::int64_t, std::pair<int, std::int64_t>> placesOf(int node)
    {
        std::map<std::int64_t, std::pair<int, std::int64_t>> places;
        for (int group = 1; group <= m_subnets; ++group) {
            const Numbers& own = part(node, group).channels;
            for (std::size_t k = 0; k < own.size(); ++k)
                places[own[k]] = { group, static_cast<std::int64_t>(k) };
        }
        return places;
    }

    int slice(const Part& from, std::int64_t begin, std::int64_t end, const std::string& name)
    {
        if (end - begin == static_cast<std::int64_t>(from.channels.size()))
            return from.node;
        Node node;
        node.name = name;
        node.op = Op::Slice;
        node.inputs = { from.node };
        node.begin = begin;
        node.end = end;
        return add(std::move(node), {});
    }

    /// These channels of an operand, in this order, out of the groups that they lie in.
    int picked(int operand, const Numbers& channels, const std::string& name)
    {
        const auto places = placesOf(operand);
        std::vector<int> runs;
        for (std::size_t k = 0; k < channels.size();) {
            const auto [group, begin] = places.at(channels[k]);
            std::int64_t end = begin;
            for (; k < channels.size() && places.at(channels[k]) == std::pair { group, end }; ++k)
                ++end;
            runs.push_back(slice(part(operand, group), begin, end, name + ".run" + std::to_string(runs.size() + 1)));
        }
        return runs.size() == 1 ? runs.front() : add(name, Op::Concat, std::move(runs));
    }

    void splitSum(std::size_t index, int group)
    {
        Numbers channels = channelsOf(index, group);
        if (channels.empty())
            return;
        const Node& node = m_graph.nodes[index];
        std::vector<int> operands;
        for (std::size_t k = 0; k < node.inputs.size(); ++k)
            operands.push_back(picked(node.inputs[k], channels, node.name + ".s" + std::to_string(group) + ".of" + std::to_string(k + 1)));
        const int made = add(copyOf(index, group, std::move(operands)), { static_cast<int>(index), channels, {} });
        part(static_cast<int>(index), group) = { made, std::move(channels) };
    }

    void splitConcat(std::size_t index, int group)
    {
        Part whole;
        std::vector<int> operands;
        std::int64_t offset = 0;
        for (const int input : m_graph.nodes[index].inputs) {
            const Part& own = part(input, group);
            if (own.node >= 0)
                operands.push_back(own.node);
            for (const std::int64_t channel : own.channels)
                whole.channels.push_back(offset + channel);
            offset += m_graph.nodes[static_cast<std::size_t>(input)].shape.channels;
        }
        if (operands.empty())
            return;
        whole.node = operands.size() == 1 ? operands.front()
                                          : add(copyOf(index, group, std::move(operands)), { static_cast<int>(index), whole.channels, {} });
        part(static_cast<int>(index), group) = std::move(whole);
    }

    void splitOther(std::size_t index, int group)
    {
        const Node& node = m_graph.nodes[index];
        const Part& own = part(node.inputs.front(), group);
        if (own.node < 0)
            return;
        Part made { -1, own.channels };
        if (node.op == Op::Flatten) {
            const std::int64_t positions = m_graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape.positions();
            made.channels.clear();
            for (const std::int64_t channel : own.channels) {
                for (std::int64_t p = 0; p < positions; ++p)
                    made.channels.push_back(channel * positions + p);
            }
        }
        made.node = add(copyOf(index, group, { own.node }), { static_cast<int>(index), made.channels, {} });
        part(static_cast<int>(index), group) = std::move(made);
    }

    /// Without what no subnet reads.
    SubnetGraph used()
    {
        PartialGraph part = leadingTo(m_whole, m_logits.back());
        SubnetGraph result { std::move(part.graph), {} };
        for (const int node : part.nodes)
            result.pieces.push_back(std::move(m_pieces[static_cast<std::size_t>(node)]));
        for (const int logits : m_logits)
            result.graph.subnets.push_back(static_cast<int>(std::ranges::find(part.nodes, logits) - part.nodes.begin()));
        checkGraph(result.graph);
        return result;
    }

    const Graph& m_graph;
    int m_subnets;
    std::vector<std::vector<std::uint8_t>> m_groups; ///< per node and channel
    std::vector<std::vector<Part>> m_parts;          ///< per node and group
    std::map<std::vector<int>, int> m_joined;
    std::vector<int> m_logits;
    Graph m_whole; ///< nodes alone
    std::vector<SubnetGraph::Piece> m_pieces;
};

} // namespace

SubnetGraph subnetGraph(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int subnets)
{
    return Splitting(graph, layers, groups, subnets).split();
}

PartialGraph leadingTo(const Graph& graph, int node)
{
    std::vector<std::uint8_t> needed(graph.nodes.size(), 0);
    needed[static_cast<std::size_t>(node)] = 1;
    for (std::size_t i = graph.nodes.size(); i-- > 0;) {
        for (const int input : graph.nodes[i].inputs)
            needed[static_cast<std::size_t>(input)] |= needed[i];
    }
    PartialGraph part;
    std::vector<int> places(graph.nodes.size(), -1);
    GraphBuilder builder(graph.inputShape());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (!needed[i])
            continue;
        places[i] = static_cast<int>(part.nodes.size());
        part.nodes.push_back(static_cast<int>(i));
        if (i == 0)
            continue;
        Node copy = graph.nodes[i];
        for (int& input : copy.inputs)
            input = places[static_cast<std::size_t>(input)];
        builder.add(std::move(copy));
    }
    part.graph = builder.finish(places[static_cast<std::size_t>(node)]);
    return part;
}

std::vector<std::size_t> layersIn(const PartialGraph& part, const std::vector<Layer>& layers, const std::vector<Layer>& whole)
{
    std::vector<std::size_t> positions;
    for (const Layer& layer : layers) {
        const auto found = std::ranges::find(whole, part.nodes[static_cast<std::size_t>(layer.node)], &Layer::node);
        positions.push_back(static_cast<std::size_t>(found - whole.begin()));
    }
    return positions;
}

} // namespace bitscape
