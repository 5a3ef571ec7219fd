// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/subnets.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Per subnet (from 0 for S_1), layer and filter the derivative |dL_k / dr_j|, summed over mini-batches.
using SubnetImportance = std::vector<std::vector<std::vector<double>>>;

/// What filters are ranked by: their importance over the mean of their layer's filters in the subnet, so that all layers shrink alike, or
/// their importance as it is, which empties layers of many filters first.
enum class Ranking { InLayer, Plain };

/// Which filter belongs to which subnet, and how that changes (methods.md section 7, "Construction").
class Construction final {
public:
    /// `budgets`: MACs, rising. `alphaBase`: alpha_k = alphaBase ^ (n - k). `graph` and `layers` outlive this.
    Construction(const Graph& graph, const std::vector<Layer>& layers, std::vector<double> budgets, double alphaBase,
        Ranking ranking = Ranking::InLayer);

    const FilterGroups& groups() const { return m_groups; }
    void setGroups(FilterGroups groups) { m_groups = std::move(groups); }
    int subnets() const { return static_cast<int>(m_budgets.size()); }

    /// For every subnet that is over its budget, small to large: moves its least important filters on to the next one, as many as make up
    /// its share of the way over the iterations that are left, this one included. One channel of every node stays in S_1.
    /// `weights`: what counts; null: all.
    void moveOn(const SubnetImportance& importance, const WeightCounts* weights, int iterationsLeft);

    /// The most important filters of larger subnets come into smaller ones, large subnets first, as long as no budget is passed, whatever
    /// of the weights may be zero. Where that leaves a subnet below 95 % of its budget, as no filter is small enough for what is left, the
    /// most important filter of some layer comes in and as many of the least important go as make room for it.
    void fillUp(const SubnetImportance& importance);

    /// Prefixes of every layer's filters, the same share of each layer, as wide as the budgets allow: the any-width baseline's groups. With
    /// `dense`, as wide as they allow where every filter reads all filters of its subnet: the slimmable baseline's.
    void nest(bool dense);

private:
    struct Filter {
        std::size_t layer, index;
        double importance;
    };
    /// M_j for subnet i of the filters whose group lies in from..to, least important first.
    std::vector<Filter> ranked(const SubnetImportance& importance, int subnet, int from, int to) const;
    /// To the next subnet, unless a node would then have no channel in S_1.
    bool pushOn(const Filter& filter);
    bool fits(const SubnetCost& cost) const;
    bool fillOnce(const SubnetImportance& importance, const SubnetCost& cost);
    void fillWhollyUp(const SubnetImportance& importance, const SubnetCost& cost);
    /// Share of its budget that a subnet lacks to 95 %; the sum over all.
    double lack(const SubnetCost& cost, int subnet) const;
    double lack(const SubnetCost& cost) const;
    /// Whether it lessened what is lacking.
    bool exchange(const SubnetImportance& importance, const SubnetCost& cost, int subnet);

    const Graph& m_graph;
    const std::vector<Layer>& m_layers;
    std::vector<double> m_budgets;
    double m_alphaBase;
    Ranking m_ranking;
    FilterGroups m_groups;
};

/// MACs of subnet i where every filter of S_i reads all channels of S_i.
std::int64_t denseMacs(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int subnet);

} // namespace bitscape
