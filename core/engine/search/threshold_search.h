// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"
#include "core/network/allocation.h"
#include "core/network/layers.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

enum class SearchOrder { Ascending, Descending };

/// methods.md section 3.
struct ThresholdSearchOptions {
    BitChoice choice;
    double targetBits = 2;
    SearchOrder order = SearchOrder::Ascending;
    int classes = 10;           ///< M: the largest score
    double step = 0.1;          ///< thresholds are whole multiples of it
    double accuracyFloor = 0.9; ///< F
    double floorDecay = 0.8;    ///< R
    double fullAccuracy = 1;    ///< A, on the search split, 0..1
    std::optional<double> maxSeconds;
};

enum class SearchEnd { Reached, Unreachable, TimeUp };

/// One evaluated point, before its cost is known.
struct SearchMove {
    int phase = 0; ///< from 1, counted on over the rounds; 0 for the start
    std::vector<double> thresholds;
    LayerBits bits;
    double accuracy = 0;
    double floor = 0; ///< 0 where none was tested
    bool kept = true;
};

struct SearchResult {
    LayerBits bits;
    std::vector<double> thresholds;
    double averageBits = 0;
    SearchEnd end = SearchEnd::Reached;
};

/// What a search asks of the world.
struct SearchWorld {
    std::function<double(const LayerBits&)> accuracy; ///< top-1 on the search split, 0..1
    std::function<double()> seconds;                  ///< of the last noted point, since the search began, over all its sessions
    std::function<void(const SearchMove&)> note;      ///< called for every evaluated point, the start included
};

/// Moves thresholds over the scores until the average bit-width is at or below the target (methods.md section 3). A move that changes no
/// bits is taken without evaluation. Deterministic: the same accuracies give the same moves, so that a search is resumed by replaying it.
SearchResult searchThresholds(const std::vector<Layer>& layers, const FilterScores& scores, const ThresholdSearchOptions& options,
    const SearchWorld& world, JobContext& context);

} // namespace bitscape
