// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/spread.h"
#include "core/project/project.h"

#include <string>
#include <vector>

namespace bitscape {

/// One way of giving bits to filters, at one target, over all its seeds.
struct StrategyRow {
    std::string model, data;
    std::string strategy; ///< "cq ascending", "fisher", ...
    std::string settings; ///< what else of search and refinement is not at its default: "grid=narrow; refined: epochs=1"
    double targetBits = 0;
    Spread averageBits;
    Spread bitops; ///< of searches
    Spread before; ///< test accuracy of the search's result, 0..1
    Spread after;  ///< the same refined; empty where nothing was refined
    std::vector<std::int64_t> runs;
};

/// Every finished search of a project that reached its target, with the refinements that followed it, grouped by model, data set, target,
/// strategy and all other settings: only seeds differ within a row. Targets from high to low, strategies from good to bad.
std::vector<StrategyRow> strategyTable(Project& project);

/// Sentences that say where another strategy beats CQ under the same settings, and where none does: one per model, data set, target,
/// settings and stage.
std::vector<std::string> verdicts(const std::vector<StrategyRow>& rows);

} // namespace bitscape
