// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"
#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// One figure of several runs.
struct ComparedFigure {
    std::string name;
    std::vector<std::optional<double>> values; ///< one per run
    std::optional<std::size_t> best;           ///< where one run alone is best; nothing for figures that are neither good nor bad
    bool operator==(const ComparedFigure&) const = default;
};

/// One parameter that is not the same in all runs, as text; "-" where a run has none of that name.
struct ComparedParameter {
    std::string name;
    std::vector<std::string> values;
    bool operator==(const ComparedParameter&) const = default;
};

struct Comparison {
    std::vector<RunId> runs;
    std::vector<ComparedFigure> figures;
    std::vector<ComparedParameter> parameters;
    bool operator==(const Comparison&) const = default;
};

/// Figures and differing parameters (seed, model, data set and kind among them) of runs side by side. Throws Error(BadArgument) for an
/// unknown run.
Comparison compare(Project& project, const std::vector<RunId>& ids);

/// {"runs": [...], "figures": {name: {"values": [...], "best": run}}, "parameters": {name: [...]}}
nlohmann::ordered_json toJson(const Comparison& comparison);

} // namespace bitscape
