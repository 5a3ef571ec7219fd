// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/parameters.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// For core/jobs alone: one parameter's value, checked and put into words.
namespace bitscape {

/// The value in its canonical form (reals as JSON reals, integers as JSON integers). Throws Error(BadArgument) that names parameter,
/// value and what is allowed.
nlohmann::json checkedValue(const ParameterSpec& spec, const nlohmann::json& value);

/// The same, but nothing in place of an error. Knows no "none".
std::optional<nlohmann::json> canonicalValue(const ParameterSpec& spec, const nlohmann::json& value);

/// Throws Error(BadArgument): "parameter 'epochs' cannot be `value`: give an integer 1..10000".
[[noreturn]] void refuseValue(const ParameterSpec& spec, const std::string& value);

/// Whether checkSplitText() takes it.
bool isSplitText(const std::string& text);

/// The bounds in words: "1..10000", "above 0, at most 10", "at least 0"; empty without bounds.
std::string rangeText(const ParameterSpec& spec);

/// What the parameter takes, for the end of a message: "an integer 1..10000".
std::string allowedText(const ParameterSpec& spec);

/// A number in its shortest form that reads back as itself, without an exponent from 1e-4 to 1e15.
std::string numberText(double value);

/// A person's text for a message: valid UTF-8 on one line, cut after 60 bytes.
std::string shown(const std::string& text);

/// `words` with `separator` between them.
std::string joined(const std::vector<std::string>& words, std::string_view separator);

} // namespace bitscape
