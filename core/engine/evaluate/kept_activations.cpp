// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/kept_activations.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitscape {
namespace {

constexpr int kUpdatesBeforeWhole = 64;

at::Tensor indexOf(const std::vector<std::int64_t>& list)
{
    return at::tensor(list, at::kLong);
}

/// One batch through the network by a plan.
class PlannedRun final {
public:
    PlannedRun(const InferenceNetwork& network, const ReusePlan& plan, const std::vector<bool>& keep, std::vector<at::Tensor>& kept)
        : m_graph(network.folded.graph)
        , m_tensors(network.folded.tensors)
        , m_hook(network.hook)
        , m_plan(plan)
        , m_keep(keep)
        , m_kept(kept)
        , m_values(m_graph.nodes.size())
        , m_lastReader(m_graph.nodes.size(), -1)
    {
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
            for (const int input : m_graph.nodes[i].inputs)
                m_lastReader[static_cast<std::size_t>(input)] = static_cast<int>(i);
        }
    }

    at::Tensor run(const at::Tensor& images)
    {
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
            if (m_graph.nodes[i].inputs.empty())
                m_values[i].whole = images;
            else
                step(i);
            for (const int input : m_graph.nodes[i].inputs) {
                if (m_lastReader[static_cast<std::size_t>(input)] == static_cast<int>(i))
                    m_values[static_cast<std::size_t>(input)] = {};
            }
        }
        return m_values[static_cast<std::size_t>(m_graph.output)].whole;
    }

private:
    struct Value {
        at::Tensor whole;   ///< all channels
        at::Tensor changed; ///< the changed channels' new values
        at::Tensor former;  ///< and their former ones
    };

    const Value& input(const Node& node) const { return m_values[static_cast<std::size_t>(node.inputs.front())]; }
    const NodePlan& inputPlan(const Node& node) const { return m_plan.nodes[static_cast<std::size_t>(node.inputs.front())]; }
    static bool isLayer(const Node& node) { return node.op == Op::Conv2d || node.op == Op::Linear; }

    void step(std::size_t i)
    {
        const Node& node = m_graph.nodes[i];
        const NodePlan& plan = m_plan.nodes[i];
        Value& value = m_values[i];
        if (plan.former)
            value.former = m_keep[i] ? m_kept[i].index_select(1, indexOf(plan.channels))
                                     : hooked(i, computeNode(node, m_tensors, { input(node).former }));
        if (plan.changedOnly)
            value.changed = hooked(i, isLayer(node) ? filters(node, plan.filters) : computeNode(node, m_tensors, { input(node).changed }));
        if (m_keep[i] && plan.change == Change::Channels)
            put(m_kept[i], plan.channels, value.changed);
        switch (plan.whole) {
        case Source::Unneeded:
            return;
        case Source::Kept:
        case Source::Patched:
            value.whole = m_kept[i];
            return;
        case Source::Updated:
            value.whole = updated(i);
            return;
        case Source::Computed:
            value.whole = hooked(i, computeNode(node, m_tensors, wholeInputs(node)));
            if (m_keep[i])
                m_kept[i] = value.whole;
        }
    }

    std::vector<at::Tensor> wholeInputs(const Node& node) const
    {
        std::vector<at::Tensor> inputs;
        std::ranges::transform(node.inputs, std::back_inserter(inputs), [&](int k) { return m_values[static_cast<std::size_t>(k)].whole; });
        return inputs;
    }

    at::Tensor hooked(std::size_t i, const at::Tensor& output) const { return m_hook ? m_hook(static_cast<int>(i), output) : output; }

    /// Some filters of a layer on their own.
    at::Tensor filters(const Node& node, const std::vector<std::int64_t>& chosen) const
    {
        const at::Tensor index = indexOf(chosen);
        const at::Tensor weight = dense(m_tensors.at(node.weight).index_select(0, index));
        const at::Tensor bias = node.bias.empty() ? at::Tensor() : m_tensors.at(node.bias).index_select(0, index);
        return computeLayer(node, input(node).whole, weight, bias);
    }

    /// What was kept, plus what the changed inputs add to it.
    at::Tensor updated(std::size_t i)
    {
        const Node& node = m_graph.nodes[i];
        const NodePlan& plan = m_plan.nodes[i];
        const at::Tensor weight = dense(m_tensors.at(node.weight).index_select(1, indexOf(inputPlan(node).channels)));
        m_kept[i].add_(computeLayer(node, dense(input(node).changed - input(node).former), weight, {}));
        if (!plan.filters.empty())
            put(m_kept[i], plan.filters, filters(node, plan.filters));
        return m_kept[i];
    }

    static at::Tensor dense(const at::Tensor& tensor)
    {
        return tensor.dim() == 4 ? tensor.contiguous(at::MemoryFormat::ChannelsLast) : tensor;
    }

    static void put(at::Tensor& whole, const std::vector<std::int64_t>& channels, const at::Tensor& values)
    {
        for (std::size_t k = 0; k < channels.size(); ++k)
            whole.select(1, channels[k]).copy_(values.select(1, static_cast<std::int64_t>(k)));
    }

    const Graph& m_graph;
    const TensorMap& m_tensors;
    const NodeHook& m_hook;
    const ReusePlan& m_plan;
    const std::vector<bool>& m_keep;
    std::vector<at::Tensor>& m_kept;
    std::vector<Value> m_values;
    std::vector<int> m_lastReader;
};

} // namespace

KeptActivations::KeptActivations(
    const Graph& graph, const std::vector<Layer>& layers, std::size_t batches, std::int64_t images, std::int64_t bytes, bool byFilter)
    : m_graph(graph)
    , m_layers(layers)
    , m_byFilter(byFilter)
    , m_keep(nodesWorthKeeping(graph, layers, images, bytes, byFilter))
    , m_keepsAnything(std::ranges::find(m_keep, true) != m_keep.end())
    , m_whole(planWhole(graph, layers))
    , m_batches(batches)
{
}

ChangedFilters KeptActivations::changedSince(const LayerBits& before) const
{
    ChangedFilters changed(m_layers.size());
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        for (std::size_t f = 0; f < before[i].size(); ++f) {
            if (before[i][f] != (*m_weights)[i][f])
                changed[i].push_back(static_cast<std::int64_t>(f));
        }
    }
    return changed;
}

void KeptActivations::prepare(const InferenceNetwork& network, const LayerBits& weights, const std::vector<std::size_t>& batches)
{
    m_network = &network;
    if (!m_weights || *m_weights != weights) {
        m_weights = std::make_shared<const LayerBits>(weights);
        m_plans.clear();
    }
    for (const std::size_t batch : batches) {
        Kept& kept = m_batches[batch];
        kept.plan = &m_whole;
        if (!kept.weights || kept.updates >= kUpdatesBeforeWhole)
            continue;
        auto [plan, isNew] = m_plans.try_emplace(kept.weights);
        if (isNew)
            plan->second = planReuse(m_graph, m_layers, m_keep, changedSince(*kept.weights), m_byFilter);
        kept.plan = &plan->second;
    }
}

at::Tensor KeptActivations::logits(std::size_t batch, const at::Tensor& images)
{
    Kept& kept = m_batches[batch];
    kept.outputs.resize(m_graph.nodes.size());
    kept.updates = kept.plan == &m_whole ? 0 : kept.updates + 1;
    kept.weights.reset(); // until it is whole again
    const at::Tensor logits = PlannedRun(*m_network, *kept.plan, m_keep, kept.outputs).run(images);
    kept.weights = m_weights;
    return logits;
}

} // namespace bitscape
