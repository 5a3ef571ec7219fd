// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bitscape::ui {

/// A run as a person asks for it: what becomes a command line of bitscape-cli.
struct RunRequest {
    RunKind kind = RunKind::Train;
    std::optional<RunId> parent;
    std::optional<ModelId> model;
    std::optional<DatasetId> dataset;
    nlohmann::json parameters = nlohmann::json::object(); ///< those that are set; the others keep their defaults
    std::uint64_t seed = 0;
    std::string name; ///< empty: a name made from kind and parameters
    bool operator==(const RunRequest&) const = default;
};

} // namespace bitscape::ui
