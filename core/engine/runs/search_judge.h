// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/floor_judge.h"
#include "core/engine/runs/run_evaluator.h"
#include "core/engine/runs/search_strategies.h"
#include "core/engine/search/threshold_search.h"
#include "core/project/results.h"

#include <optional>
#include <vector>

namespace bitscape {

/// Answers a search's questions about accuracy with as little work as its parameters allow: from an earlier session's points, from the
/// project's evaluations, from as many images as a decision takes.
class SearchJudge final {
public:
    /// `earlier`: the points of the same search before it was interrupted, with their bits.
    SearchJudge(const RunJob& job, const SearchSetting& setting, RunEvaluator& evaluator, const std::vector<TrajectoryPoint>& earlier,
        JobContext& context);

    /// On the search split as decisions are made, in full: 0..1. Asked for the start before anything else.
    double accuracy(const LayerBits& bits);

    Verdict judge(const SearchMove& move);

    /// Stores what a later session needs to decide as this one would have; answers the blob's name, empty where nothing is needed.
    std::string checkpoint();

private:
    FloorJudge::Anchor anchor(const std::vector<std::size_t>& places) const;
    FloorJudge& floorJudge(const LayerBits& bits);
    std::vector<std::size_t> order(const LayerBits& bits);
    void count(std::int64_t before);
    std::optional<Judgement> knownOf(const LayerBits& bits);
    void keep(const LayerBits& bits, const Judgement& judgement);
    Verdict verdictOf(const Judgement& judgement) const;

    const RunJob& m_job;
    const SearchSetting& m_setting;
    RunEvaluator& m_evaluator;
    const std::vector<TrajectoryPoint>& m_earlier;
    JobContext& m_context;
    std::optional<FloorJudge> m_judge;
    std::vector<std::uint16_t> m_start; ///< predictions at the start, in file order
};

} // namespace bitscape
