// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace bitscape {

/// A parameter of the run or, where it leaves it open, of the search, edit or refinement that it comes from; null where none has it.
/// `ancestors`: the parent first. Nothing is inherited across a training, which makes another network, nor beyond a search, which says
/// everything itself. An edit of scores has what they have, and else what a search has by default. An edit's `allowed_bits` and
/// `class_weights` are those that its history ends with, if it changes them.
nlohmann::json inheritedParameter(const Run& run, const std::vector<Run>& ancestors, const std::string& name);

} // namespace bitscape
