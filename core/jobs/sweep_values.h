// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/parameters.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// The most values that one text may stand for.
inline constexpr std::size_t kMostValues = 10000;

/// The values of one parameter that a text lists, each as parseParameter() reads it: "1.5, 2, 3", and for numbers ranges with both ends,
/// "1:4:0.5" being 1, 1.5, ..., 4 and "1:4" 1, 2, 3, 4. Values that are lists themselves stand between semicolons: "0,1,2; 0,4".
/// Throws Error(BadArgument), for nothing at all and for a value twice too.
std::vector<nlohmann::json> valuesFromText(const ParameterSpec& spec, const std::string& text);

/// "1-3, 7" is 1, 2, 3, 7. Throws Error(BadArgument), for a seed twice too.
std::vector<std::uint64_t> seedsFromText(const std::string& text);

/// The text that valuesFromText() reads back.
std::string valuesText(const ParameterSpec& spec, const std::vector<nlohmann::json>& values);

} // namespace bitscape
