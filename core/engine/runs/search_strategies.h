// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/run_evaluator.h"
#include "core/engine/runs/run_job.h"
#include "core/engine/search/threshold_search.h"
#include "core/project/results.h"

#include <string>
#include <vector>

namespace bitscape {

/// A search run's parameters, resolved for its network and data.
struct SearchSetting {
    std::string strategy;
    BitChoice choice;
    double targetBits = 2;
    std::string split;                              ///< the search split
    Statistics decided = Statistics::AsStored;      ///< how decisions are evaluated
    Statistics reported = Statistics::Recalibrated; ///< how the result is
};

SearchSetting searchSettingFrom(const RunInputs& inputs);

/// Runs the strategy (methods.md sections 3, 3a, 6), storing the trajectory as it goes. `earlier`: the points of the same search before it
/// was interrupted, whose times count while it is replayed.
SearchResult runStrategy(const RunJob& job, const SearchSetting& setting, RunEvaluator& evaluator, const Deployment& deployment,
    const std::vector<TrajectoryPoint>& earlier, JobContext& context);

} // namespace bitscape
