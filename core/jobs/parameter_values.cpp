// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/parameter_values.h"

#include "core/base/error.h"
#include "core/network/bit_edits_json.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace bitscape {

using nlohmann::json;

namespace {

/// A number as a person wrote it in JSON: a real never looks like an integer.
std::string jsonNumberText(const json& value)
{
    std::string text = parameterText(value);
    if (value.is_number_float() && text.find_first_not_of("-0123456789") == std::string::npos)
        text += ".0";
    return text;
}

/// Any JSON for a message, without following it down however deep it is.
std::string jsonShown(const json& value)
{
    if (value.is_string())
        return "the text '" + shown(value.get_ref<const std::string&>()) + "'";
    if (value.is_object())
        return "a JSON object";
    if (!value.is_array())
        return "'" + (value.is_number() ? jsonNumberText(value) : parameterText(value)) + "'";
    std::vector<std::string> entries;
    for (const json& entry : value) {
        if (!entry.is_number())
            return "a list with other things than numbers";
        entries.push_back(jsonNumberText(entry));
    }
    return "the list '" + shown(joined(entries, ",")) + "'";
}

bool inRange(const ParameterSpec& spec, double value)
{
    if (!std::isfinite(value))
        return false;
    if (spec.minimum && (spec.minimumExclusive ? value <= *spec.minimum : value < *spec.minimum))
        return false;
    return !spec.maximum || (spec.maximumExclusive ? value < *spec.maximum : value <= *spec.maximum);
}

std::optional<std::int64_t> integerOf(const json& value)
{
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > largest)
        return std::nullopt;
    return value.is_number_integer() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}

/// The canonical number, or nothing where type or range are wrong.
std::optional<json> numberOf(const ParameterSpec& spec, const json& value)
{
    if (spec.type == ParameterType::Integer || spec.type == ParameterType::Bits) {
        const auto integer = integerOf(value);
        return integer && inRange(spec, static_cast<double>(*integer)) ? std::optional<json>(*integer) : std::nullopt;
    }
    if (!value.is_number())
        return std::nullopt;
    const double real = value.get<double>() + 0.0; // -0.0 becomes 0.0
    return inRange(spec, real) ? std::optional<json>(real) : std::nullopt;
}

std::optional<json> listOf(const ParameterSpec& spec, const json& value)
{
    if (!value.is_array() || value.size() < spec.minimumCount)
        return std::nullopt;
    json list = json::array();
    for (const json& entry : value) {
        const auto number = numberOf(spec, entry);
        if (!number || (spec.rising && !list.empty() && *number <= list.back()))
            return std::nullopt;
        list.push_back(*number);
    }
    return list;
}

std::optional<json> wordOf(const ParameterSpec& spec, const json& value)
{
    if (!value.is_string())
        return std::nullopt;
    const auto& word = value.get_ref<const std::string&>();
    const bool good = spec.type == ParameterType::Split ? isSplitText(word) : std::ranges::count(spec.choices, word) > 0;
    return good ? std::optional<json>(value) : std::nullopt;
}

} // namespace

std::optional<json> canonicalValue(const ParameterSpec& spec, const json& value)
{
    switch (spec.type) {
    case ParameterType::Integer:
    case ParameterType::Real:
        return numberOf(spec, value);
    case ParameterType::Flag:
        return value.is_boolean() ? std::optional<json>(value) : std::nullopt;
    case ParameterType::Choice:
    case ParameterType::Split:
        return wordOf(spec, value);
    case ParameterType::Bits:
    case ParameterType::Reals:
        return listOf(spec, value);
    case ParameterType::Edits:
        try {
            return toJson(editsFromJson(value));
        } catch (const Error&) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

void refuseValue(const ParameterSpec& spec, const std::string& value)
{
    throw Error(ErrorCode::BadArgument, "parameter '" + spec.name + "' cannot be " + value + ": give " + allowedText(spec));
}

json checkedValue(const ParameterSpec& spec, const json& value)
{
    if (spec.optional && value.is_null())
        return nullptr;
    if (spec.type == ParameterType::Edits)
        return toJson(editsFromJson(value)); // which says what is wrong with which edit
    auto good = canonicalValue(spec, value);
    if (!good)
        refuseValue(spec, jsonShown(value));
    return *std::move(good);
}

} // namespace bitscape
