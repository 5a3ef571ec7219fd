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
    bool skipUnchanged = true; ///< false: moves that change no bits are evaluated too, which changes nothing but the time
};

/// What is known of a point's accuracy (top-1 on the search split, 0..1), and whether it is kept.
struct Verdict {
    double low = 0;
    double high = 1; ///< equal to `low` where it was evaluated in full
    bool kept = true;
    bool isExact() const { return low >= high; }
    bool operator==(const Verdict&) const = default;
};

enum class SearchEnd { Reached, Unreachable, TimeUp };

/// One evaluated point, before its cost is known.
struct SearchMove {
    int step = 0;  ///< from 0, the start
    int phase = 0; ///< from 1, counted on over the rounds; 0 for the start
    std::vector<double> thresholds;
    LayerBits bits;
    Verdict verdict;
    double floor = 0; ///< 0 where none was tested
};

struct SearchResult {
    LayerBits bits;
    std::vector<double> thresholds;
    double averageBits = 0;
    SearchEnd end = SearchEnd::Reached;
};

/// What a search asks of the world.
struct SearchWorld {
    std::function<double(const LayerBits&)> accuracy; ///< in full
    /// Whether a point's accuracy is at or above the floor (0: none), with bounds as wide as that leaves them.
    std::function<Verdict(const SearchMove&)> judge;
    std::function<double()> seconds; ///< of the last noted point, since the search began, over all its sessions
    /// Called for every evaluated point, the start included; again with the same step when its accuracy becomes known in full.
    std::function<void(const SearchMove&)> note;
};

/// Moves thresholds over the scores until the average bit-width is at or below the target (methods.md section 3). A move that changes no
/// bits is taken without evaluation. The points that phases end on are evaluated in full. Deterministic: the same verdicts give the same
/// moves, so that a search is resumed by replaying it.
SearchResult searchThresholds(const std::vector<Layer>& layers, const FilterScores& scores, const ThresholdSearchOptions& options,
    const SearchWorld& world, JobContext& context);

} // namespace bitscape
