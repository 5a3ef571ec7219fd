// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"

#include <string>
#include <vector>

namespace bitscape {

/// Mean and spread of a figure over runs that differ in their seeds.
struct Spread {
    std::vector<double> values;
    double mean() const;
    /// Sample standard deviation (n - 1); 0 for fewer than two values.
    double deviation() const;
};

/// One way of giving bits to filters, at one target, over all its seeds.
struct StrategyRow {
    std::string model, data;
    std::string strategy; ///< "cq ascending", "fisher", ...; "full precision" for the training itself
    double targetBits = 0;
    Spread averageBits;
    Spread bitops; ///< of searches
    Spread before; ///< test accuracy of the search's result, 0..1
    Spread after;  ///< the same refined; empty where nothing was refined
    std::vector<std::int64_t> runs;
};

/// Every finished search of a project with the refinement that followed it, grouped by model, data set, strategy and target; targets from
/// high to low, strategies from good to bad by the last figure that all have.
std::vector<StrategyRow> strategyTable(Project& project);

/// Sentences that say where CQ is beaten by a baseline at the same target, and where it is not: one per model, data set, target and stage.
std::vector<std::string> verdicts(const std::vector<StrategyRow>& rows);

} // namespace bitscape
