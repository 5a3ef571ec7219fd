// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepping/subnet_step.h"

#include <ATen/ATen.h>

#include <cmath>

namespace bitscape {
namespace {

bool hasOwnNorms(SubnetKind kind)
{
    return kind == SubnetKind::Slimmable;
}

std::string ownName(const std::string& name, int subnet)
{
    return name + "@" + std::to_string(subnet);
}

/// The names of a batch normalisation's tensors.
std::vector<std::string> namesOf(const Node& norm)
{
    return { norm.weight, norm.bias, norm.mean, norm.variance };
}

at::Tensor factors(const std::vector<float>& values, const at::Device& device)
{
    return at::tensor(values).to(device);
}

} // namespace

SubnetState freshSubnets(const Graph& graph, const TensorMap& tensors, const Construction& construction, SubnetKind kind)
{
    SubnetState state;
    state.tensors = cloned(tensors);
    state.groups = construction.groups();
    for (const Node& node : graph.nodes) {
        if (!hasOwnNorms(kind) || node.op != Op::BatchNorm)
            continue;
        for (const std::string& name : namesOf(node)) {
            for (int k = 1; k <= construction.subnets(); ++k)
                state.tensors[ownName(name, k)] = tensors.at(name).clone();
            state.tensors.erase(name);
        }
    }
    for (const std::string& name : trainedNames(graph)) {
        if (state.tensors.contains(name))
            state.velocity[name] = at::zeros_like(state.tensors.at(name));
        for (int k = 1; k <= construction.subnets(); ++k) {
            if (const auto own = state.tensors.find(ownName(name, k)); own != state.tensors.end())
                state.velocity[own->first] = at::zeros_like(own->second);
        }
    }
    for (int k = 0; k < construction.subnets(); ++k) {
        state.importance.emplace_back();
        for (const auto& layer : state.groups)
            state.importance.back().emplace_back(layer.size(), 0.0);
    }
    return state;
}

TensorMap tensorsOfSubnet(const Graph& graph, const TensorMap& tensors, int subnet, SubnetKind kind)
{
    TensorMap own = tensors;
    for (const Node& node : graph.nodes) {
        if (!hasOwnNorms(kind) || node.op != Op::BatchNorm)
            continue;
        for (const std::string& name : namesOf(node))
            own[name] = tensors.at(ownName(name, subnet));
    }
    return own;
}

SubnetStep::SubnetStep(
    const Graph& graph, const std::vector<Layer>& layers, const SubnetTraining& training, SubnetState& state, const at::Device& device)
    : m_graph(graph)
    , m_layers(layers)
    , m_training(training)
    , m_state(state)
    , m_device(device)
    , m_layerOfTap(graph.nodes.size(), -1)
{
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (!layers[i].last)
            m_layerOfTap[static_cast<std::size_t>(layers[i].tap)] = static_cast<int>(i);
    }
}

void SubnetStep::follow(const FilterGroups& groups)
{
    m_subnets.clear();
    const auto count = static_cast<int>(m_state.importance.size());
    for (int k = 1; k <= count; ++k) {
        Subnet subnet { planSubnet(m_graph, m_layers, groups, k, m_training.kind == SubnetKind::Slimmable, m_device), {}, {} };
        share(subnet);
        m_subnets.push_back(std::move(subnet));
    }
}

SubnetStep::Share SubnetStep::shareOf(const std::vector<std::uint8_t>& groups, int subnet) const
{
    std::vector<float> member, scale;
    const double beta = m_training.kind == SubnetKind::Stepping ? m_training.beta : 1;
    for (const std::uint8_t group : groups) {
        member.push_back(group <= subnet ? 1 : 0);
        scale.push_back(group <= subnet ? static_cast<float>(std::pow(beta, subnet - group)) : 0);
    }
    return { factors(member, m_device), factors(scale, m_device) };
}

SubnetStep::Share SubnetStep::shareOfWeight(
    const Layer& layer, const std::vector<std::uint8_t>& from, const std::vector<std::uint8_t>& to, int subnet) const
{
    const Share inputs = shareOf(from, subnet), filters = shareOf(to, subnet);
    Share share;
    share.member = filters.member.unsqueeze(1) * inputs.member.unsqueeze(0);
    if (m_training.kind != SubnetKind::Slimmable && !layer.last) {
        const auto groupsOf = [&](const std::vector<std::uint8_t>& groups) {
            return at::tensor(std::vector<int>(groups.begin(), groups.end())).to(m_device);
        };
        share.member = share.member * groupsOf(from).unsqueeze(0).le(groupsOf(to).unsqueeze(1));
    }
    share.scale = share.member * (layer.last ? inputs.scale.unsqueeze(0) : filters.scale.unsqueeze(1));
    if (layer.op == Op::Conv2d) {
        share.member = share.member.unsqueeze(2).unsqueeze(3);
        share.scale = share.scale.unsqueeze(2).unsqueeze(3);
    }
    return share;
}

void SubnetStep::share(Subnet& subnet)
{
    const int k = subnet.plan.subnet;
    std::size_t layer = 0;
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
        const Node& node = m_graph.nodes[i];
        const auto& groups = subnet.plan.channels[i];
        if (node.op == Op::Conv2d || node.op == Op::Linear) {
            const auto& from = subnet.plan.channels[static_cast<std::size_t>(node.inputs.front())];
            subnet.shares[node.weight] = shareOfWeight(m_layers[layer++], from, groups, k);
            if (!node.bias.empty())
                subnet.shares[node.bias] = shareOf(groups, k);
        } else if (node.op == Op::BatchNorm) {
            for (const std::string& name : { node.weight, node.bias })
                subnet.shares[hasOwnNorms(m_training.kind) ? ownName(name, k) : name] = shareOf(groups, k);
        }
    }
}

void SubnetStep::forgetImportance()
{
    for (Subnet& subnet : m_subnets)
        subnet.sums.assign(m_layers.size(), {});
}

void SubnetStep::rememberImportance()
{
    for (std::size_t k = 0; k < m_subnets.size(); ++k) {
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            if (!m_subnets[k].sums[i].defined())
                continue;
            const at::Tensor sums = m_subnets[k].sums[i].to(at::kCPU).to(at::kDouble).contiguous();
            std::int64_t place = 0;
            for (std::size_t f = 0; f < m_state.groups[i].size(); ++f) {
                if (m_state.groups[i][f] <= static_cast<int>(k) + 1)
                    m_state.importance[k][i][f] = sums.data_ptr<double>()[place++];
            }
        }
    }
}

SubnetStep::Outcome SubnetStep::run(int number, const at::Tensor& images, const at::Tensor& labels, const at::Tensor& teacher, double rate)
{
    const at::AutoGradMode gradient(true);
    Subnet& subnet = m_subnets[static_cast<std::size_t>(number - 1)];
    TensorMap leaves = m_state.tensors;
    for (const auto& [name, share] : subnet.shares)
        leaves[name] = leaves.at(name).detach().requires_grad_(true);
    const TensorMap own
        = subnetTensors(m_graph, subnet.plan, tensorsOfSubnet(m_graph, leaves, number, m_training.kind), m_training.pruneBelow);
    std::vector<at::Tensor> ones(m_layers.size());
    ExecutionOptions options;
    options.training = true;
    options.reader = readerOf(subnet.plan);
    const bool measures = !subnet.sums.empty();
    if (measures) {
        options.hook = [&](int node, const at::Tensor& output) {
            const int layer = m_layerOfTap[static_cast<std::size_t>(node)];
            if (layer < 0)
                return output;
            at::Tensor& r = ones[static_cast<std::size_t>(layer)];
            r = at::ones({ output.size(1) }, output.options()).requires_grad_(true);
            return output * (output.dim() == 4 ? r.unsqueeze(1).unsqueeze(2) : r);
        };
    }
    const at::Tensor logits = execute(m_graph, own, images, options);
    const at::Tensor loss
        = teacher.defined() ? distillationLoss(logits, teacher, labels, m_training.gamma, 1) : at::cross_entropy_loss(logits, labels);
    Outcome outcome { loss.item<double>(), logits.argmax(1).eq(labels).sum().item<double>() };
    if (!std::isfinite(outcome.loss))
        return outcome;
    loss.backward();
    const at::NoGradGuard noGradient;
    for (std::size_t i = 0; measures && i < ones.size(); ++i) {
        if (!ones[i].defined() || !ones[i].grad().defined())
            continue;
        const at::Tensor size = ones[i].grad().abs();
        subnet.sums[i] = subnet.sums[i].defined() ? subnet.sums[i] + size : size;
    }
    TensorMap whole = tensorsOfSubnet(m_graph, m_state.tensors, number, m_training.kind);
    putStatistics(m_graph, subnet.plan, own, whole); // the same storage
    descend(subnet, leaves, rate);
    return outcome;
}

void SubnetStep::descend(const Subnet& subnet, const TensorMap& leaves, double rate)
{
    for (const auto& [name, share] : subnet.shares) {
        at::Tensor& weight = m_state.tensors.at(name);
        at::Tensor& velocity = m_state.velocity.at(name);
        at::Tensor change = velocity * m_training.plan.momentum;
        change.add_(weight, m_training.plan.weightDecay);
        if (const at::Tensor& gradient = leaves.at(name).grad(); gradient.defined())
            change.addcmul_(gradient, share.scale);
        velocity.copy_(at::where(share.member.gt(0), change, velocity));
        weight.addcmul_(velocity, share.member, -rate);
    }
}

} // namespace bitscape
