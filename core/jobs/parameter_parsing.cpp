// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/parameter_values.h"

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
    }
    return std::nullopt;
}

std::size_t skipDigits(std::string_view text, std::size_t at)
{
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        ++at;
    return at;
}

/// One bound of a slice: "", "100", "-100", "90%" or "12.5%".
bool isBound(std::string_view text)
{
    if (text.empty())
        return true;
    if (text.front() == '-')
        return text.size() > 1 && skipDigits(text, 1) == text.size();
    const std::size_t whole = skipDigits(text, 0);
    if (whole == 0 || whole == text.size())
        return whole > 0;
    std::size_t end = whole;
    if (text[whole] == '.') {
        end = skipDigits(text, whole + 1);
        if (end == whole + 1)
            return false;
    }
    return text.substr(end) == "%";
}

} // namespace

json parseParameter(const ParameterSpec& spec, const std::string& text)
{
    if (spec.optional && text == "none")
        return nullptr;
    const auto parsed = parsedText(spec.type, text);
    auto good = parsed ? canonicalValue(spec, *parsed) : std::nullopt;
    if (!good)
        refuseValue(spec, "'" + shown(text) + "'");
    return *std::move(good);
}

bool isSplitText(std::string_view text)
{
    for (const std::string_view part : { std::string_view("train"), std::string_view("test") }) {
        if (text == part)
            return true;
        if (!text.starts_with(part))
            continue;
        const std::string_view slice = text.substr(part.size());
        if (slice.size() < 3 || slice.front() != '[' || slice.back() != ']')
            return false;
        const std::string_view bounds = slice.substr(1, slice.size() - 2);
        const std::size_t colon = bounds.find(':');
        return colon != std::string_view::npos && isBound(bounds.substr(0, colon)) && isBound(bounds.substr(colon + 1));
    }
    return false;
}

} // namespace bitscape
