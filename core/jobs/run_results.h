// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/split.h"
#include "core/jobs/kept_answers.h"
#include "core/jobs/stepping_result.h"
#include "core/jobs/sweep_figures.h"
#include "core/network/allocation.h"
#include "core/network/cost.h"
#include "core/network/graph.h"
#include "core/network/layers.h"
#include "core/network/quantizer.h"
#include "core/project/project.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// All that the project holds about one run, put together for those who show it: `show --json`, the studio, reports.
struct RunResults {
    Run run;
    std::vector<Run> ancestors; ///< the parent first, up to the root
    std::string modelName, dataName;
    std::string dataFingerprint; ///< of the data set; empty without one
    std::map<std::string, double> metrics;
    std::vector<std::string> classNames;
    Graph graph;                     ///< of the run's model, widened where the run makes subnets; no nodes where it has none
    std::vector<Layer> layers;       ///< with `keep_first_last` as the run, or the search that it comes from, has it
    std::optional<RunId> scoreRun;   ///< this run, or its nearest ancestor that has scores
    std::vector<LayerScores> scores; ///< of `scoreRun`, one per layer
    FilterScores filterScores;       ///< gamma, 0..classes: the sums over classes of counts / samples
    LayerBits bits;                  ///< empty where the run gives none
    std::vector<int> allowedBits;    ///< of the run or the search that it comes from; empty without one
    std::vector<double> thresholds;  ///< p_1..p_N that the bits follow; empty for strategies without
    int activationBits = kFullPrecisionBits;
    QuantizerOptions quantizer; ///< of the run or the search that it comes from
    std::optional<Cost> cost;   ///< of `bits`
    std::vector<Epoch> epochs;
    std::vector<TrajectoryPoint> trajectory; ///< without bits
    std::optional<Split> testImages;         ///< `test_split`, resolved; nothing where the run has none
    std::optional<KeptAnswers> answers;      ///< to `testImages`; nothing where they were not kept
    Confusion confusion;                     ///< of these answers, or as runs before them kept it; empty where unknown
    Confusion fullConfusion;                 ///< of the full-precision network on the same images; empty where unknown
    std::optional<SteppingResult> stepping;  ///< of a step run, as far as it has come
    std::optional<SweepFigures> sweep;       ///< of a sweep, which has nothing else but `metrics`

    int classes() const { return static_cast<int>(classNames.size()); }
    /// Share of class `m`'s images for which the filter is critical (methods.md section 2), 0..1.
    double beta(std::size_t layer, std::size_t filter, std::size_t m) const;
};

/// Throws Error(BadArgument) for an unknown run, Error(Store) for results that Bitscape cannot have written.
RunResults runResults(Project& project, RunId id);

/// The SHA-256 of the weights that the run's network has: of a step run the widened network's; of a refinement, and of what evaluates it,
/// its shadow weights; else those of the nearest training; else the model's. Empty for an untrained network.
std::string weightsBlobOf(Project& project, RunId id);

/// One filter's weights, in the layout of its tensor.
struct FilterWeights {
    std::vector<float> stored;    ///< [C/groups, kh, kw] of a convolution, [in] of a neuron
    std::vector<float> quantized; ///< the same at the filter's bits; empty where the run gives no bits
    int bits = kFullPrecisionBits;
    float scale = 1;
};

/// Takes one filter out of the raw tensors of a graph (Graph::tensors order, little-endian float32). Throws Error(BadInput) where
/// `bytes` does not have the graph's size, BadArgument where the network has no such filter.
FilterWeights filterWeights(const RunResults& results, const std::vector<std::byte>& bytes, std::size_t layer, std::size_t filter);

} // namespace bitscape
