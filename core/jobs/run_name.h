// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <string>

namespace bitscape {

/// "search cq 2": what a run with these parameters (all of its kind) is called where nobody named it.
std::string defaultRunName(RunKind kind, const nlohmann::json& parameters);

} // namespace bitscape
