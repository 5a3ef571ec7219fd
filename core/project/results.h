// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/ids.h"
#include "core/project/project.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

// For every function here: Error(BadArgument) for an unknown run. A double that is NaN comes back as NaN (the file holds NULL), infinities
// as they are; one call is one transaction.

/// One epoch of training or refinement.
struct Epoch {
    int epoch = 0;           ///< from 1
    double loss = 0;         ///< mean over the epoch's images
    double accuracy = 0;     ///< top-1 on the validation split, 0..1
    double learningRate = 0; ///< at the epoch's first batch
    double seconds = 0;
    bool operator==(const Epoch&) const = default;
};

/// Bits per filter, a vector per weighted layer in graph order.
using LayerBits = std::vector<std::vector<std::uint8_t>>;

/// One evaluated point of a search (methods.md section 3).
struct TrajectoryPoint {
    int step = 0;                   ///< from 0, the point with every filter at the highest bits
    int phase = 0;                  ///< from 1; 0 for the starting point
    std::vector<double> thresholds; ///< p_1..p_N; empty for strategies without
    double averageBits = 0;
    double macs = 0; ///< with 0-bit filters followed
    double bitops = 0;
    double sizeBits = 0;
    double accuracyLow = 0; ///< equal where it was evaluated in full; bounds otherwise
    double accuracyHigh = 0;
    double floor = 0; ///< the accuracy that it had to reach; 0: none
    bool kept = false;
    double seconds = 0; ///< since the run began, over all its sessions
    LayerBits bits;
    bool operator==(const TrajectoryPoint&) const = default;
};

/// Scores of one layer (methods.md section 2): critical-image counts of each filter's best position per class.
struct LayerScores {
    std::string layer;
    std::int64_t samples = 1;          ///< images per class: beta = count / samples
    std::vector<std::uint32_t> counts; ///< [filters, classes], row-major
    bool operator==(const LayerScores&) const = default;
};

/// Adds or replaces figures of a run by name: "accuracy" 0..1, "full_accuracy", "average_bits", "macs", "bitops", "size_bits", ...
/// (design.md section 6).
void putMetrics(Project& project, RunId id, const std::map<std::string, double>& metrics);
std::map<std::string, double> metrics(Project& project, RunId id);

/// Adds or replaces one epoch, and in the same transaction the checkpoint that goes with it (a blob's SHA-256,
/// kept as attachment "checkpoint"; the one before it is deleted with its bytes unless something else refers to them). Empty: leaves it
/// alone.
void putEpoch(Project& project, RunId id, const Epoch& epoch, const std::string& checkpoint);
/// In order of epochs.
std::vector<Epoch> epochs(Project& project, RunId id);

/// Adds or replaces one point by its step, and in the same transaction what the search goes on from behind it (a blob's SHA-256, kept as
/// putEpoch() keeps a checkpoint; empty: leaves it alone).
void putPoint(Project& project, RunId id, const TrajectoryPoint& point, const std::string& checkpoint = {});
/// In order of steps; without `bits` unless wanted.
std::vector<TrajectoryPoint> trajectory(Project& project, RunId id, bool withBits = false);
/// Forgets the points from step `steps` on.
void truncateTrajectory(Project& project, RunId id, int steps);

/// Replaces the scores of all layers. Throws Error(BadArgument) for a layer named twice or `samples` under 1.
void putScores(Project& project, RunId id, const std::vector<LayerScores>& scores);
/// As they were put; empty if none were.
std::vector<LayerScores> scores(Project& project, RunId id);

/// Replaces the bits that a run ends with: one per filter for every weighted layer, edge layers included.
void putBits(Project& project, RunId id, const LayerBits& bits);
/// Empty if none were put.
LayerBits bits(Project& project, RunId id);

/// Anything else that a run keeps, by role: "weights", "checkpoint", "best", "sensitivity", "ranges", "statistics", "labels",
/// "answers", "full_answers", "thresholds", "predictions", "stepping", "step_weights". What had the role before is deleted with its bytes
/// unless something else refers to them. Throws Error(BadArgument) if `blob` is no stored blob.
void putAttachment(Project& project, RunId id, const std::string& role, const std::string& blob);
/// SHA-256 of the blob, if the run has something in that role.
std::optional<std::string> attachment(Project& project, RunId id, const std::string& role);
/// Deletes it with its bytes unless something else refers to them; does nothing if there is none.
void dropAttachment(Project& project, RunId id, const std::string& role);

/// Drops every result of a run (metrics, epochs, points, scores, bits, attachments) so that it can begin anew.
void clearResults(Project& project, RunId id);

} // namespace bitscape
