// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace bitscape {

/// Parameters that go together, under a name. What it does not name has its default.
struct Preset {
    std::string name;      ///< for --preset: "quick"
    std::string title;     ///< for a form: "Quick look"
    std::string help;      ///< one line: what for, and at what price
    nlohmann::json values; ///< parameters with values that differ from the default, or that are the point of it
    bool operator==(const Preset&) const = default;
};

/// In the order in which a form offers them; empty for kinds with few parameters.
const std::vector<Preset>& presetsOf(RunKind kind);

/// Throws Error(BadArgument) for an unknown name, naming those that there are.
const Preset& presetOf(RunKind kind, const std::string& name);

/// "augment=crop epochs=20 keep=best", as --set would take them.
std::string settingsText(const Preset& preset);

} // namespace bitscape
