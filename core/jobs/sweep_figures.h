// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/spread.h"
#include "core/jobs/sweep_recipe.h"
#include "core/project/project.h"
#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// What is told of every child, in this order: accuracy (0..1), average_bits, macs, bitops, size_bits.
const std::vector<std::string>& sweepFigureNames();

/// One child of a sweep.
struct SweepRow {
    int place = 0;
    std::string stage; ///< its id
    RunKind kind = RunKind::Train;
    std::optional<Run> run;            ///< nothing where it was removed
    std::vector<std::string> settings; ///< one per SweepFigures::varied, also of the children that it comes from; empty: does not apply
    std::uint64_t seed = 0;
    std::map<std::string, double> figures; ///< those of sweepFigureNames() that it has
    bool operator==(const SweepRow&) const = default;
};

/// The finished children of a stage that differ in nothing but their seeds.
struct SweepPoint {
    std::string stage;
    RunKind kind = RunKind::Train;
    std::vector<std::string> settings;     ///< as in SweepRow
    std::vector<RunId> runs;               ///< never none
    std::map<std::string, Spread> figures; ///< over the runs, by sweepFigureNames(); "seconds" too
};

/// All that there is to show of a sweep.
struct SweepFigures {
    std::string recipe;              ///< toText()
    std::vector<std::string> varied; ///< "target_bits", or "refine.epochs" where several stages vary it
    std::vector<SweepRow> rows;      ///< by place
    std::vector<SweepPoint> curve;

    std::size_t count(RunState state) const;
    /// Neither finished nor failed.
    std::size_t left() const;
};

/// `children` and `metrics` (by run) as the project has them. Pure.
SweepFigures sweepFigures(
    const SweepRecipe& recipe, const std::vector<Run>& children, const std::map<RunId, std::map<std::string, double>>& metrics);

/// Throws Error(BadArgument) for a run that is no sweep.
SweepFigures sweepFigures(Project& project, RunId sweep);

/// "9 of 12 children are finished; 1 failed (run 7: no memory); 2 are left"
std::string summaryOf(const SweepFigures& figures);

/// {"recipe": ..., "children": [{place, run, stage, kind, name, state, settings, seed, accuracy, ..., seconds}],
///  "curve": [{stage, kind, settings, runs, accuracy: {mean, deviation, n}, ...}]}
nlohmann::ordered_json toJson(const SweepFigures& figures);

} // namespace bitscape
