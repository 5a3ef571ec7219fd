// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/reuse_plan.h"

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

/// A pass over an activation costs about as much as this many multiply-accumulates per element.
constexpr double kPass = 8;
/// Vector lanes: a product of one filter costs as much as one of this many.
constexpr std::int64_t kLanes = 16;

bool isPerChannel(const Node& node)
{
    switch (node.op) {
    case Op::BatchNorm:
    case Op::MaxPool:
    case Op::AveragePool:
    case Op::AdaptiveAveragePool:
    case Op::GlobalAveragePool:
    case Op::GlobalMaxPool:
    case Op::Pad:
    case Op::Identity:
    case Op::Flatten:
        return true;
    default:
        return isActivation(node.op);
    }
}

/// Channels of a flattened activation that come from these channels.
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& channels, std::int64_t positions)
{
    std::vector<std::int64_t> result;
    for (const std::int64_t channel : channels) {
        for (std::int64_t p = 0; p < positions; ++p)
            result.push_back(channel * positions + p);
    }
    return result;
}

class Planner final {
public:
    Planner(const Graph& graph, const std::vector<Layer>& layers, const std::vector<bool>& kept, bool byFilter)
        : m_graph(graph)
        , m_layers(layers)
        , m_kept(kept)
        , m_byFilter(byFilter)
        , m_layerAt(graph.nodes.size(), nullptr)
    {
        for (const Layer& layer : layers)
            m_layerAt[static_cast<std::size_t>(layer.node)] = &layer;
    }

    ReusePlan plan(const ChangedFilters& changed)
    {
        m_plan = {};
        m_plan.nodes.resize(m_graph.nodes.size());
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            at(m_layers[i].node).filters = changed[i];
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i)
            spreadChange(i);
        needWhole(m_graph.output);
        for (std::size_t i = m_graph.nodes.size(); i-- > 0;)
            passNeedsOn(i);
        return std::move(m_plan);
    }

private:
    NodePlan& at(int node) { return m_plan.nodes[static_cast<std::size_t>(node)]; }
    const Node& node(std::size_t i) const { return m_graph.nodes[i]; }

    void spreadChange(std::size_t i)
    {
        NodePlan& own = m_plan.nodes[i];
        if (node(i).inputs.empty())
            return;
        const NodePlan& input = at(node(i).inputs.front());
        if (m_layerAt[i]) {
            changeLayer(i, own, input);
        } else if (isPerChannel(node(i))) {
            own.change = input.change;
            const Shape& from = m_graph.nodes[static_cast<std::size_t>(node(i).inputs.front())].shape;
            own.channels = node(i).op == Op::Flatten && !from.flat ? spread(input.channels, from.positions()) : input.channels;
        } else {
            const bool any = std::ranges::any_of(node(i).inputs, [&](int k) { return at(k).change != Change::None; });
            own.change = any ? Change::All : Change::None;
        }
    }

    void changeLayer(std::size_t i, NodePlan& own, const NodePlan& input)
    {
        if (input.change == Change::None && own.filters.empty())
            return;
        own.change = Change::All;
        const bool few = 2 * static_cast<std::int64_t>(own.filters.size()) <= node(i).filters;
        if (m_byFilter && m_kept[i] && input.change == Change::None && few) {
            own.change = Change::Channels;
            own.channels = own.filters;
        }
    }

    bool canUpdate(std::size_t i) const
    {
        const NodePlan& own = m_plan.nodes[i];
        const NodePlan& input = m_plan.nodes[static_cast<std::size_t>(node(i).inputs.front())];
        const Layer& layer = *m_layerAt[i];
        return m_byFilter && m_kept[i] && input.change == Change::Channels && layer.groups == 1
            && 4 * static_cast<std::int64_t>(own.filters.size()) <= layer.filters
            && 2 * static_cast<std::int64_t>(input.channels.size()) <= layer.inputs;
    }

    void needWhole(int index)
    {
        NodePlan& own = at(index);
        const auto i = static_cast<std::size_t>(index);
        if (own.whole != Source::Unneeded)
            return;
        if (node(i).inputs.empty())
            own.whole = Source::Computed;
        else if (own.change == Change::None)
            own.whole = m_kept[i] ? Source::Kept : Source::Computed;
        else if (own.change == Change::Channels)
            own.whole = m_kept[i] ? Source::Patched : Source::Computed;
        else
            own.whole = m_layerAt[i] && canUpdate(i) ? Source::Updated : Source::Computed;
    }

    /// In reverse order, so that all needs of a node are known.
    void passNeedsOn(std::size_t i)
    {
        NodePlan& own = m_plan.nodes[i];
        if (node(i).inputs.empty())
            return;
        const int input = node(i).inputs.front();
        own.changedOnly = own.changedOnly || own.whole == Source::Patched;
        if (own.whole == Source::Computed) {
            for (const int k : node(i).inputs)
                needWhole(k);
        } else if (own.whole == Source::Updated) {
            at(input).changedOnly = at(input).former = true;
            if (!own.filters.empty())
                needWhole(input);
        }
        if (own.changedOnly) {
            if (m_layerAt[i])
                needWhole(input);
            else
                at(input).changedOnly = true;
        }
        if (own.former && !m_kept[i])
            at(input).former = true;
        m_plan.work += workOf(i);
    }

    double workOf(std::size_t i) const
    {
        const NodePlan& own = m_plan.nodes[i];
        const auto size = static_cast<double>(node(i).shape.size());
        const double channels = static_cast<double>(node(i).shape.channels);
        const double part = static_cast<double>(own.channels.size()) / channels;
        double work = own.whole == Source::Computed || own.whole == Source::Updated ? kPass * size : 0;
        work += own.changedOnly ? kPass * size * part : 0;
        const Layer* layer = m_layerAt[i];
        if (!layer)
            return work;
        const auto lanes = [&](std::size_t filters) {
            const std::int64_t rounded = (static_cast<std::int64_t>(filters) + kLanes - 1) / kLanes * kLanes;
            return static_cast<double>(std::min(rounded, layer->filters)) / static_cast<double>(layer->filters);
        };
        const auto macs = static_cast<double>(layer->macs());
        if (own.whole == Source::Computed)
            work += macs;
        else if (own.changedOnly)
            work += macs * lanes(own.channels.size());
        if (own.whole == Source::Updated) {
            const NodePlan& input = m_plan.nodes[static_cast<std::size_t>(node(i).inputs.front())];
            work += macs * static_cast<double>(input.channels.size()) / static_cast<double>(layer->inputs)
                + macs * lanes(own.filters.size());
        }
        return work;
    }

    const Graph& m_graph;
    const std::vector<Layer>& m_layers;
    const std::vector<bool>& m_kept;
    bool m_byFilter;
    std::vector<const Layer*> m_layerAt;
    ReusePlan m_plan;
};

} // namespace

ReusePlan planReuse(
    const Graph& graph, const std::vector<Layer>& layers, const std::vector<bool>& kept, const ChangedFilters& changed, bool byFilter)
{
    return Planner(graph, layers, kept, byFilter).plan(changed);
}

ReusePlan planWhole(const Graph& graph, const std::vector<Layer>& layers)
{
    ChangedFilters all;
    for (const Layer& layer : layers) {
        all.emplace_back(static_cast<std::size_t>(layer.filters));
        std::iota(all.back().begin(), all.back().end(), 0);
    }
    ReusePlan plan = planReuse(graph, layers, std::vector<bool>(graph.nodes.size(), false), all, false);
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) // what nothing has changed has never been computed either
        plan.nodes[i].change = Change::All;
    return plan;
}

} // namespace bitscape
