// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/parameter_values.h"

#include "core/base/error.h"
#include "core/network/bit_edits_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace bitscape {

using nlohmann::json;

std::string parameterText(const json& value)
{
    if (value.is_null())
        return "none";
    if (value.is_boolean())
        return value.get<bool>() ? "true" : "false";
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_unsigned())
        return std::to_string(value.get<std::uint64_t>());
    if (value.is_number_integer())
        return std::to_string(value.get<std::int64_t>());
    if (value.is_number_float())
        return numberText(value.get<double>());
    if (value.is_array() && !value.empty() && value.front().is_object())
        return toJson(editsFromJson(value)).dump();
    std::vector<std::string> entries;
    for (const json& entry : value) {
        if (!value.is_array() || !entry.is_number())
            throw Error(ErrorCode::BadArgument, "a JSON object or a list of other things than numbers is no parameter's value");
        entries.push_back(parameterText(entry));
    }
    return joined(entries, ",");
}

std::string rangeText(const ParameterSpec& spec)
{
    if (spec.minimum && spec.maximum && !spec.minimumExclusive && !spec.maximumExclusive)
        return numberText(*spec.minimum) + ".." + numberText(*spec.maximum);
    std::vector<std::string> bounds;
    if (spec.minimum)
        bounds.push_back((spec.minimumExclusive ? "above " : "at least ") + numberText(*spec.minimum));
    if (spec.maximum)
        bounds.push_back((spec.maximumExclusive ? "below " : "at most ") + numberText(*spec.maximum));
    return joined(bounds, ", ");
}

std::string allowedText(const ParameterSpec& spec)
{
    constexpr std::array nouns { "an integer", "a number", "true or false", "one of ",
        "a split such as train[0:55000], train[90%:] or test", "integers", "numbers", "a JSON list of edits" };
    std::string text = nouns.at(static_cast<std::size_t>(spec.type)) + joined(spec.choices, ", ");
    if (const std::string range = rangeText(spec); !range.empty())
        text += " " + range;
    if (!spec.unit.empty())
        text += " (" + spec.unit + ")";
    if (spec.type == ParameterType::Bits || spec.type == ParameterType::Reals)
        text += " separated by commas";
    if (spec.minimumCount > 0)
        text += ", " + std::to_string(spec.minimumCount) + " or more";
    if (spec.rising)
        text += ", each above the one before";
    return spec.optional ? text + ", or none" : text;
}

std::string numberText(double value)
{
    std::array<char, 32> text {};
    const double size = std::abs(value);
    const bool plain = value == 0 || (size >= 1e-4 && size < 1e15);
    const auto result = plain ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed)
                              : std::to_chars(text.data(), text.data() + text.size(), value);
    return { text.data(), result.ptr };
}

std::string shown(const std::string& text)
{
    constexpr std::size_t longest = 60;
    const std::string quoted = json(text.substr(0, 4 * longest)).dump(-1, ' ', false, json::error_handler_t::replace);
    std::string clean = quoted.substr(1, quoted.size() - 2);
    if (clean.size() <= longest)
        return clean;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xC0U) == 0x80U)
        --end;
    return clean.substr(0, end) + "...";
}

std::string joined(const std::vector<std::string>& words, std::string_view separator)
{
    std::string text;
    for (const std::string& word : words) {
        if (&word != words.data())
            text += separator;
        text += word;
    }
    return text;
}

} // namespace bitscape
