// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/parameter_values.h"

#include "core/base/error.h"
#include "core/base/split.h"
#include "core/jobs/shallow_json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace bitscape {

using nlohmann::json;

namespace {

/// The whole text as a number, in every locale; nothing where it is none or too large.
template <typename Number> std::optional<json> parsedNumber(std::string_view text)
{
    Number value {};
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc {} && result.ptr == end ? std::optional<json>(value) : std::nullopt;
}

std::string_view withoutBlanks(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view {} : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<json> parsedList(ParameterType type, std::string_view text)
{
    json list = json::array();
    if (withoutBlanks(text).empty())
        return list;
    for (std::size_t first = 0; first <= text.size();) {
        const std::size_t comma = std::min(text.find(',', first), text.size());
        const std::string_view entry = withoutBlanks(text.substr(first, comma - first));
        const auto number = type == ParameterType::Bits ? parsedNumber<std::int64_t>(entry) : parsedNumber<double>(entry);
        if (!number)
            return std::nullopt;
        list.push_back(*number);
        first = comma + 1;
    }
    return list;
}

std::optional<json> parsedFlag(const std::string& text)
{
    const bool on = text == "true" || text == "yes" || text == "on";
    const bool off = text == "false" || text == "no" || text == "off";
    return on || off ? std::optional<json>(on) : std::nullopt;
}

std::optional<json> parsedText(ParameterType type, const std::string& text)
{
    switch (type) {
    case ParameterType::Integer:
        return parsedNumber<std::int64_t>(text);
    case ParameterType::Real:
        return parsedNumber<double>(text);
    case ParameterType::Flag:
        return parsedFlag(text);
    case ParameterType::Choice:
    case ParameterType::Split:
        return json(text);
    case ParameterType::Bits:
    case ParameterType::Reals:
        return parsedList(type, text);
    case ParameterType::Edits:
        break;
    }
    return std::nullopt;
}

json parsedEdits(const ParameterSpec& spec, const std::string& text)
{
    if (withoutBlanks(text).empty())
        return json::array();
    const json parsed = [&] {
        try {
            return shallowJson(text);
        } catch (const Error& error) {
            refuseValue(spec, "'" + shown(text) + "': " + error.what());
        }
    }();
    return checkedValue(spec, parsed);
}

} // namespace

json parseParameter(const ParameterSpec& spec, const std::string& text)
{
    if (spec.optional && text == "none")
        return nullptr;
    if (spec.type == ParameterType::Edits)
        return parsedEdits(spec, text);
    const auto parsed = parsedText(spec.type, text);
    auto good = parsed ? canonicalValue(spec, *parsed) : std::nullopt;
    if (!good)
        refuseValue(spec, "'" + shown(text) + "'");
    return *std::move(good);
}

bool isSplitText(const std::string& text)
{
    try {
        checkSplitText(text);
    } catch (const Error&) {
        return false;
    }
    return true;
}

} // namespace bitscape
