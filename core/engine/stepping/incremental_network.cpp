// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepping/incremental_network.h"

#include "core/engine/network/executor.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace bitscape {
namespace {

at::Tensor indexOf(const std::vector<std::int64_t>& list)
{
    return at::tensor(list, at::kLong);
}

at::Tensor rows(const at::Tensor& tensor, const std::vector<std::int64_t>& chosen)
{
    return tensor.index_select(0, indexOf(chosen));
}

bool isLayer(const Node& node)
{
    return node.op == Op::Conv2d || node.op == Op::Linear;
}

bool isElementwise(const Node& node)
{
    return node.op == Op::Add || node.op == Op::Multiply;
}

} // namespace

IncrementalNetwork::IncrementalNetwork(
    const FoldedNetwork& folded, const std::vector<Layer>& layers, const FilterGroups& groups, int subnets, const WeightCounts& weights)
    : m_graph(folded.graph)
    , m_subnets(subnets)
    , m_channels(channelGroups(folded.graph, layers, groups))
    , m_steps(folded.graph.nodes.size(), std::vector<StepOfNode>(static_cast<std::size_t>(subnets)))
    , m_macs(static_cast<std::size_t>(subnets), 0)
{
    const c10::InferenceMode inference;
    std::size_t layer = 0;
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
        for (int step = 1; step <= subnets; ++step)
            m_steps[i][static_cast<std::size_t>(step - 1)].channels = std::ranges::count(m_channels[i], step);
        if (isLayer(m_graph.nodes[i])) {
            prepareLayer(i, layers[layer], folded.tensors, weights[layer]);
            ++layer;
        } else {
            prepareOthers(i, folded.tensors);
        }
    }
}

std::vector<std::int64_t> IncrementalNetwork::ordered(std::size_t node, int first, int last) const
{
    std::vector<std::int64_t> channels;
    for (int group = first; group <= last; ++group) {
        for (std::size_t c = 0; c < m_channels[node].size(); ++c) {
            if (m_channels[node][c] == group)
                channels.push_back(static_cast<std::int64_t>(c));
        }
    }
    return channels;
}

void IncrementalNetwork::prepareLayer(
    std::size_t index, const Layer& layer, const TensorMap& tensors, const std::vector<std::uint16_t>& weights)
{
    const Node& node = m_graph.nodes[index];
    const auto input = static_cast<std::size_t>(node.inputs.front());
    const at::Tensor& weight = tensors.at(node.weight);
    const std::size_t width = m_channels[input].size();
    for (int step = 1; step <= m_subnets; ++step) {
        StepOfNode& own = m_steps[index][static_cast<std::size_t>(step - 1)];
        // The last layer adds the new inputs' contributions to all logits; every other layer its new filters over all inputs so far.
        const auto inputs = ordered(input, layer.last ? step : 1, step);
        const auto filters = layer.last ? ordered(index, 1, 1) : ordered(index, step, step);
        if (inputs.empty() || filters.empty())
            continue;
        own.weight = rows(weight, filters).index_select(1, indexOf(inputs));
        own.weight = own.weight.dim() == 4 ? own.weight.contiguous(at::MemoryFormat::ChannelsLast) : own.weight.contiguous();
        if (!node.bias.empty() && (!layer.last || step == 1))
            own.bias = rows(tensors.at(node.bias), filters);
        for (const std::int64_t f : filters) {
            for (const std::int64_t u : inputs)
                own.macs += weights[static_cast<std::size_t>(f) * width + static_cast<std::size_t>(u)];
        }
        own.macs *= layer.positions;
        m_macs[static_cast<std::size_t>(step - 1)] += own.macs;
    }
}

void IncrementalNetwork::prepareOthers(std::size_t index, const TensorMap& tensors)
{
    const Node& node = m_graph.nodes[index];
    for (int step = 1; step <= m_subnets; ++step) {
        StepOfNode& own = m_steps[index][static_cast<std::size_t>(step - 1)];
        const auto channels = ordered(index, step, step);
        if (channels.empty())
            continue;
        if (node.op == Op::BatchNorm) {
            own.weight = rows(tensors.at(node.weight), channels);
            own.bias = rows(tensors.at(node.bias), channels);
            own.mean = rows(tensors.at(node.mean), channels);
            own.variance = rows(tensors.at(node.variance), channels);
        }
        for (const int operand : node.inputs) {
            if (!isElementwise(node))
                continue;
            if (channels == ordered(static_cast<std::size_t>(operand), step, step)) {
                own.picks.emplace_back();
                continue;
            }
            const auto available = ordered(static_cast<std::size_t>(operand), 1, step);
            std::vector<std::int64_t> places;
            for (const std::int64_t channel : channels)
                places.push_back(std::ranges::find(available, channel) - available.begin());
            own.picks.push_back(indexOf(places));
        }
    }
}

IncrementalNetwork::Run::Run(const IncrementalNetwork& network, const at::Tensor& images)
    : m_network(network)
    , m_parts(network.m_graph.nodes.size(), std::vector<at::Tensor>(static_cast<std::size_t>(network.m_subnets)))
    , m_joined(network.m_graph.nodes.size())
{
    m_parts.front().front() = images;
}

const at::Tensor& IncrementalNetwork::Run::kept(int node, int group) const
{
    return m_parts[static_cast<std::size_t>(node)][static_cast<std::size_t>(group - 1)];
}

at::Tensor IncrementalNetwork::Run::step()
{
    if (m_step >= m_network.m_subnets)
        throw Error(ErrorCode::BadArgument, "All " + std::to_string(m_network.m_subnets) + " subnets have been computed.");
    const c10::InferenceMode inference;
    ++m_step;
    std::ranges::fill(m_joined, at::Tensor());
    for (std::size_t i = 1; i < m_network.m_graph.nodes.size(); ++i)
        compute(i);
    return m_logits;
}

/// All channels so far, in the order of their groups.
at::Tensor IncrementalNetwork::Run::joined(int node)
{
    at::Tensor& whole = m_joined[static_cast<std::size_t>(node)];
    if (whole.defined())
        return whole;
    std::vector<at::Tensor> parts;
    for (int group = 1; group <= m_step; ++group) {
        if (const at::Tensor& part = kept(node, group); part.defined())
            parts.push_back(part);
    }
    whole = parts.empty() ? at::Tensor() : parts.size() == 1 ? parts.front() : at::cat(parts, 1);
    return whole;
}

at::Tensor IncrementalNetwork::Run::layer(std::size_t index)
{
    const Node& node = m_network.m_graph.nodes[index];
    const StepOfNode& own = m_network.m_steps[index][static_cast<std::size_t>(m_step - 1)];
    const bool last = static_cast<int>(index) == m_network.m_graph.output;
    const int from = node.inputs.front();
    const at::Tensor input = last ? kept(from, m_step) : joined(from);
    if (!own.weight.defined())
        return {};
    m_multiplications += own.macs * input.size(0);
    return computeLayer(node, input, own.weight, own.bias);
}

at::Tensor IncrementalNetwork::Run::elementwise(std::size_t index)
{
    const Node& node = m_network.m_graph.nodes[index];
    const StepOfNode& own = m_network.m_steps[index][static_cast<std::size_t>(m_step - 1)];
    std::vector<at::Tensor> operands;
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
        const int operand = node.inputs[k];
        operands.push_back(own.picks[k].defined() ? joined(operand).index_select(1, own.picks[k]) : kept(operand, m_step));
    }
    return computeNode(node, {}, operands);
}

void IncrementalNetwork::Run::compute(std::size_t index)
{
    const Node& node = m_network.m_graph.nodes[index];
    const StepOfNode& own = m_network.m_steps[index][static_cast<std::size_t>(m_step - 1)];
    at::Tensor& part = m_parts[index][static_cast<std::size_t>(m_step - 1)];
    if (static_cast<int>(index) == m_network.m_graph.output) {
        const at::Tensor added = layer(index);
        m_logits = m_logits.defined() && added.defined() ? m_logits + added : added.defined() ? added : m_logits;
        return;
    }
    if (own.channels == 0)
        return;
    if (isLayer(node)) {
        part = layer(index);
    } else if (isElementwise(node)) {
        part = elementwise(index);
    } else if (node.op == Op::BatchNorm) {
        part = at::batch_norm(
            kept(node.inputs.front(), m_step), own.weight, own.bias, own.mean, own.variance, false, 0, node.epsilon, false);
    } else {
        std::vector<at::Tensor> operands;
        for (const int operand : node.inputs) {
            if (const at::Tensor& newest = kept(operand, m_step); newest.defined())
                operands.push_back(newest);
        }
        part = computeNode(node, {}, operands);
    }
}

} // namespace bitscape
