// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"
#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// One subnet (methods.md section 7).
struct SubnetFigures {
    double budget = 0; ///< share of the original network's MACs that it may use
    std::int64_t macs = 0;
    double macsShare = 0; ///< of the original network's
    double accuracy = 0;  ///< top-1 on the test split, 0..1
    bool operator==(const SubnetFigures&) const = default;
};

/// One way to make subnets: "stepping", "any-width" or "slimmable".
struct SubnetFamily {
    std::string kind;
    std::vector<SubnetFigures> subnets;
    bool operator==(const SubnetFamily&) const = default;
};

/// What one iteration of construction left, per subnet; accuracy on the batches that it trained on, 0..1.
struct SubnetIteration {
    std::vector<std::int64_t> macs;
    std::vector<double> accuracy;
    double loss = 0;
    bool operator==(const SubnetIteration&) const = default;
};

/// Every image stops at the first subnet whose top-1 confidence reaches `threshold`, or at the last one.
struct AnytimePoint {
    double threshold = 0;
    double macs = 0;     ///< mean over the test images
    double accuracy = 0; ///< 0..1
    bool operator==(const AnytimePoint&) const = default;
};

/// All that a step run found.
struct SteppingResult {
    std::int64_t originalMacs = 0;
    double originalAccuracy = 0;
    std::vector<SubnetFamily> families;            ///< stepping first, then the baselines
    std::vector<std::vector<std::uint8_t>> groups; ///< per layer of the widened network and filter; n + 1: in no subnet
    std::vector<SubnetIteration> iterations;
    std::vector<AnytimePoint> anytime;
    bool operator==(const SteppingResult&) const = default;
};

nlohmann::json toJson(const SteppingResult& result);
/// Throws nlohmann::json::exception for what toJson() cannot have written.
SteppingResult steppingFromJson(const nlohmann::json& json);

/// Where stepping's subnets are the best and where a baseline is, in a sentence; empty without baselines.
std::string steppingVerdict(const SteppingResult& result);

/// Kept with a run as attachment "stepping".
void keepStepping(Project& project, RunId id, const SteppingResult& result);
std::optional<SteppingResult> keptStepping(Project& project, RunId id);

} // namespace bitscape
