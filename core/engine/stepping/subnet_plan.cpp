// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepping/subnet_plan.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

using Channels = std::vector<std::uint8_t>;

at::Tensor indexOf(const std::vector<std::int64_t>& list, const at::Device& device)
{
    return at::tensor(list, at::kLong).to(device);
}

std::vector<std::int64_t> within(const Channels& groups, int subnet)
{
    std::vector<std::int64_t> chosen;
    for (std::size_t c = 0; c < groups.size(); ++c) {
        if (groups[c] <= subnet)
            chosen.push_back(static_cast<std::int64_t>(c));
    }
    return chosen;
}

/// Where the chosen channels of a result stand among an operand's active ones; undefined where they are the same channels.
at::Tensor pickOf(const Channels& operand, const Channels& result, int subnet, const at::Device& device)
{
    std::vector<std::int64_t> pick;
    std::int64_t place = 0;
    bool all = true;
    for (std::size_t c = 0; c < result.size(); ++c) {
        if (operand[c] > subnet)
            continue;
        if (result[c] <= subnet)
            pick.push_back(place);
        else
            all = false;
        ++place;
    }
    return all ? at::Tensor() : indexOf(pick, device);
}

/// [F,U] or [F,U,1,1]: 1 where isConnected(); undefined where every weight is.
at::Tensor connections(const Layer& layer, const Channels& from, const Channels& to, int subnet, const at::Device& device)
{
    const auto inputs = within(from, subnet), filters = within(to, subnet);
    at::Tensor mask = at::ones({ static_cast<std::int64_t>(filters.size()), static_cast<std::int64_t>(inputs.size()) });
    auto value = mask.accessor<float, 2>();
    bool all = true;
    for (std::size_t f = 0; f < filters.size(); ++f) {
        for (std::size_t u = 0; u < inputs.size(); ++u) {
            const bool exists = isConnected(layer, from[static_cast<std::size_t>(inputs[u])], to[static_cast<std::size_t>(filters[f])]);
            value[static_cast<std::int64_t>(f)][static_cast<std::int64_t>(u)] = exists ? 1 : 0;
            all = all && exists;
        }
    }
    if (all)
        return {};
    return (layer.op == Op::Conv2d ? mask.unsqueeze(2).unsqueeze(3) : mask).to(device);
}

at::Tensor chosen(const at::Tensor& tensor, std::int64_t dimension, const at::Tensor& index)
{
    return index.defined() ? tensor.index_select(dimension, index) : tensor;
}

/// The gradient passes through what is set to zero.
at::Tensor pruned(const at::Tensor& weight, double below)
{
    if (below <= 0)
        return weight;
    const at::Tensor small = weight.detach().abs().lt(below);
    return small.any().item<bool>() ? weight - (weight * small).detach() : weight;
}

} // namespace

SubnetPlan planSubnet(
    const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int subnet, bool dense, const at::Device& device)
{
    SubnetPlan plan { subnet, channelGroups(graph, layers, groups), {}, {}, {} };
    plan.active.resize(graph.nodes.size());
    plan.picked.resize(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        const auto active = within(plan.channels[i], subnet);
        if (active.size() < plan.channels[i].size())
            plan.active[i] = indexOf(active, device);
        for (const int operand : node.inputs) {
            const bool elementwise = node.op == Op::Add || node.op == Op::Multiply;
            plan.picked[i].push_back(
                elementwise ? pickOf(plan.channels[static_cast<std::size_t>(operand)], plan.channels[i], subnet, device) : at::Tensor());
        }
    }
    for (std::size_t k = 0; k < layers.size(); ++k) {
        const auto from = static_cast<std::size_t>(graph.nodes[static_cast<std::size_t>(layers[k].node)].inputs.front());
        plan.connected.push_back(dense ? at::Tensor() : connections(layers[k], plan.channels[from], groups[k], subnet, device));
    }
    return plan;
}

TensorMap subnetTensors(const Graph& graph, const SubnetPlan& plan, const TensorMap& tensors, double pruneBelow)
{
    TensorMap own;
    std::size_t layer = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        const at::Tensor& active = plan.active[i];
        if (node.op == Op::Conv2d || node.op == Op::Linear) {
            const at::Tensor& inputs = plan.active[static_cast<std::size_t>(node.inputs.front())];
            at::Tensor weight = pruned(chosen(chosen(tensors.at(node.weight), 0, active), 1, inputs), pruneBelow);
            const at::Tensor& mask = plan.connected[layer++];
            own[node.weight] = mask.defined() ? weight * mask : weight;
            if (!node.bias.empty())
                own[node.bias] = chosen(tensors.at(node.bias), 0, active);
        } else if (node.op == Op::BatchNorm) {
            for (const std::string& name : { node.weight, node.bias, node.mean, node.variance })
                own[name] = chosen(tensors.at(name), 0, active);
        }
    }
    return own;
}

void putStatistics(const Graph& graph, const SubnetPlan& plan, const TensorMap& own, TensorMap& tensors)
{
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        if (node.op != Op::BatchNorm || !plan.active[i].defined())
            continue; // what is not cut out is updated in place
        for (const std::string& name : { node.mean, node.variance })
            tensors.at(name).index_copy_(0, plan.active[i], own.at(name));
    }
}

NodeReader readerOf(const SubnetPlan& plan)
{
    return [&plan](int node, std::size_t operand, const at::Tensor& value) {
        const at::Tensor& pick = plan.picked[static_cast<std::size_t>(node)][operand];
        return pick.defined() ? value.index_select(1, pick) : value;
    };
}

} // namespace bitscape
