// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <string>

namespace bitscape {

/// What a parameter is about: how forms put parameters together.
enum class ParameterGroup { Images, Training, Scoring, Search, Quantizer, Stepping, Evaluation };

/// Throws Error(Internal) for a name that no declaration has.
ParameterGroup groupOf(const std::string& name);

/// The place of a group in the form of a run kind: what the kind is about comes first, then the others, images and how they are evaluated
/// last.
int shownPlace(RunKind kind, ParameterGroup group);

/// Why a parameter has no effect beside the others' values (an object with every parameter of the run's kind): "only with schedule =
/// steps". Empty where it has one, and where what decides it is not among the values.
std::string whyIneffective(const std::string& name, const nlohmann::json& values);

} // namespace bitscape
