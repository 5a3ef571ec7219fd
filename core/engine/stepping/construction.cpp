// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepping/construction.h"

#include <algorithm>
#include <cmath>

namespace bitscape {
namespace {

/// Of its budget, what a subnet is to use at least.
constexpr double kWantedUse = 0.95;
/// Steps of the width of a nested subnet, as shares of a layer's filters.
constexpr int kWidthSteps = 1000;

/// The first share of every layer in the subnet, and at least one filter; later subnets' filters as they are.
void widen(FilterGroups& groups, const std::vector<Layer>& layers, int subnet, double share)
{
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto width = std::max<std::int64_t>(1, std::llround(share * static_cast<double>(layers[i].filters)));
        for (std::int64_t f = 0; f < width && !layers[i].last; ++f) {
            std::uint8_t& group = groups[i][static_cast<std::size_t>(f)];
            group = std::min(group, static_cast<std::uint8_t>(subnet));
        }
    }
}

} // namespace

Construction::Construction(
    const Graph& graph, const std::vector<Layer>& layers, std::vector<double> budgets, double alphaBase, Ranking ranking)
    : m_graph(graph)
    , m_layers(layers)
    , m_budgets(std::move(budgets))
    , m_alphaBase(alphaBase)
    , m_ranking(ranking)
    , m_groups(uniformGroups(layers, 1))
{
}

std::vector<Construction::Filter> Construction::ranked(const SubnetImportance& importance, int subnet, int from, int to) const
{
    std::vector<Filter> filters;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const std::size_t first = filters.size();
        double sum = 0, members = 0;
        for (std::size_t f = 0; f < m_groups[i].size() && !m_layers[i].last; ++f) {
            double own = 0;
            for (int k = subnet; k <= subnets(); ++k)
                own += std::pow(m_alphaBase, subnets() - k) * importance[static_cast<std::size_t>(k - 1)][i][f];
            const int group = m_groups[i][f];
            if (group <= subnet) {
                sum += own;
                ++members;
            }
            if (group >= from && group <= to)
                filters.push_back({ i, f, own });
        }
        for (std::size_t k = first; k < filters.size() && m_ranking == Ranking::InLayer && sum > 0; ++k)
            filters[k].importance *= members / sum;
    }
    std::ranges::stable_sort(filters, {}, &Filter::importance);
    return filters;
}

bool Construction::pushOn(const Filter& filter)
{
    std::uint8_t& group = m_groups[filter.layer][filter.index];
    ++group;
    if (group > 2)
        return true;
    // A sum's channel has the larger group of its addends: it may be the last one in S_1 where its layer has more.
    for (const auto& channels : channelGroups(m_graph, m_layers, m_groups)) {
        if (std::ranges::find(channels, std::uint8_t { 1 }) == channels.end()) {
            --group;
            return false;
        }
    }
    return true;
}

void Construction::moveOn(const SubnetImportance& importance, const WeightCounts* weights, int iterationsLeft)
{
    const SubnetCost cost(m_graph, m_layers, weights);
    for (int i = 1; i <= subnets(); ++i) {
        auto now = static_cast<double>(cost.macs(m_groups, i));
        const double budget = m_budgets[static_cast<std::size_t>(i - 1)];
        const double goal = now - (now - budget) / iterationsLeft;
        if (now <= budget)
            continue;
        for (const Filter& filter : ranked(importance, i, i, i)) {
            if (now <= goal)
                break;
            if (!pushOn(filter))
                continue;
            now = static_cast<double>(cost.macs(m_groups, i));
        }
    }
}

bool Construction::fits(const SubnetCost& cost) const
{
    for (int i = 1; i <= subnets(); ++i) {
        if (static_cast<double>(cost.macs(m_groups, i)) > m_budgets[static_cast<std::size_t>(i - 1)])
            return false;
    }
    return true;
}

bool Construction::fillOnce(const SubnetImportance& importance, const SubnetCost& cost)
{
    bool moved = false;
    for (int i = subnets(); i >= 1; --i) {
        auto candidates = ranked(importance, i, i + 1, subnets() + 1);
        std::ranges::reverse(candidates);
        for (const Filter& filter : candidates) {
            std::uint8_t& group = m_groups[filter.layer][filter.index];
            const std::uint8_t before = group;
            group = static_cast<std::uint8_t>(i);
            if (fits(cost))
                moved = true;
            else
                group = before;
        }
    }
    return moved;
}

void Construction::fillWhollyUp(const SubnetImportance& importance, const SubnetCost& cost)
{
    // A filter that comes into a small subnet reads less there, which makes room in the larger ones: again, until nothing moves.
    while (fillOnce(importance, cost)) { }
}

double Construction::lack(const SubnetCost& cost, int subnet) const
{
    return std::max(0.0, kWantedUse - static_cast<double>(cost.macs(m_groups, subnet)) / m_budgets[static_cast<std::size_t>(subnet - 1)]);
}

double Construction::lack(const SubnetCost& cost) const
{
    double sum = 0;
    for (int i = 1; i <= subnets(); ++i)
        sum += lack(cost, i);
    return sum;
}

bool Construction::exchange(const SubnetImportance& importance, const SubnetCost& cost, int subnet)
{
    const double before = lack(cost);
    const FilterGroups kept = m_groups;
    auto candidates = ranked(importance, subnet, subnet + 1, subnets() + 1);
    std::ranges::reverse(candidates);
    std::vector<bool> isTried(m_layers.size());
    for (const Filter& wanted : candidates) {
        if (isTried[wanted.layer])
            continue;
        isTried[wanted.layer] = true;
        m_groups[wanted.layer][wanted.index] = static_cast<std::uint8_t>(subnet);
        for (const Filter& filter : ranked(importance, subnet, subnet, subnet)) {
            if (fits(cost))
                break;
            if (filter.layer != wanted.layer || filter.index != wanted.index)
                pushOn(filter);
        }
        if (fits(cost)) {
            fillWhollyUp(importance, cost);
            if (lack(cost) < before)
                return true;
        }
        m_groups = kept;
    }
    return false;
}

void Construction::fillUp(const SubnetImportance& importance)
{
    moveOn(importance, nullptr, 1);
    const SubnetCost cost(m_graph, m_layers);
    fillWhollyUp(importance, cost);
    for (int i = subnets(); i >= 1;) {
        const bool isBetter = lack(cost, i) > 0 && exchange(importance, cost, i);
        i = isBetter ? subnets() : i - 1;
    }
}

void Construction::nest(bool dense)
{
    const SubnetCost cost(m_graph, m_layers);
    m_groups = uniformGroups(m_layers, subnets() + 1);
    for (int i = 1; i <= subnets(); ++i) {
        FilterGroups best = m_groups;
        widen(best, m_layers, i, 0);
        int low = 0, high = kWidthSteps;
        while (low < high) { // MACs rise with the width
            const int share = (low + high + 1) / 2;
            FilterGroups tried = m_groups;
            widen(tried, m_layers, i, static_cast<double>(share) / kWidthSteps);
            const std::int64_t macs = dense ? denseMacs(m_graph, m_layers, tried, i) : cost.macs(tried, i);
            const bool fit = static_cast<double>(macs) <= m_budgets[static_cast<std::size_t>(i - 1)];
            low = fit ? share : low;
            high = fit ? high : share - 1;
            if (fit)
                best = std::move(tried);
        }
        m_groups = std::move(best);
    }
}

std::int64_t denseMacs(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int subnet)
{
    const auto channels = channelGroups(graph, layers, groups);
    std::int64_t total = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& from = channels[static_cast<std::size_t>(graph.nodes[static_cast<std::size_t>(layers[i].node)].inputs.front())];
        const auto within = [&](std::uint8_t group) { return group <= subnet; };
        total
            += std::ranges::count_if(from, within) * std::ranges::count_if(groups[i], within) * layers[i].kernelArea * layers[i].positions;
    }
    return total;
}

} // namespace bitscape
