// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sweep_values.h"

#include "core/base/error.h"
#include "core/jobs/parameter_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace bitscape {

using nlohmann::json;

namespace {

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> parts(const std::string& text, char separator)
{
    std::vector<std::string> all;
    for (std::size_t first = 0; first <= text.size();) {
        const std::size_t end = std::min(text.find(separator, first), text.size());
        all.push_back(trimmed(text.substr(first, end - first)));
        first = end + 1;
    }
    return all;
}

bool isList(const ParameterSpec& spec)
{
    return spec.type == ParameterType::Bits || spec.type == ParameterType::Reals;
}

bool isNumber(const ParameterSpec& spec)
{
    return spec.type == ParameterType::Integer || spec.type == ParameterType::Real;
}

template <typename Number> std::optional<Number> numberIn(const std::string& text)
{
    Number number {};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// "1:4:0.5" as 1, 1.5, ..., 4.
std::vector<json> rangeOf(const ParameterSpec& spec, const std::string& text)
{
    const auto bounds = parts(text, ':');
    const auto first = numberIn<double>(bounds[0]), last = numberIn<double>(bounds[1]);
    const auto step = bounds.size() > 2 ? numberIn<double>(bounds[2]) : std::optional(1.0);
    if (bounds.size() > 3 || !first || !last || !step || !std::isfinite(*first) || !std::isfinite(*last) || !(*step > 0) || *last < *first)
        throw Error(ErrorCode::BadArgument,
            "parameter '" + spec.name + "' cannot have the range '" + shown(text) + "': write FIRST:LAST:STEP, such as 1:4:0.5");
    const double count = std::floor((*last - *first) / *step + 1e-9);
    if (count >= static_cast<double>(kMostValues))
        throw Error(ErrorCode::BadArgument,
            "the range '" + shown(text) + "' of parameter '" + spec.name + "' has more than " + std::to_string(kMostValues)
                + " values: give it a larger step");
    std::vector<json> values;
    for (int i = 0; i <= static_cast<int>(count); ++i) {
        const double value = std::round((*first + i * *step) * 1e9) / 1e9; // 1.1, not 1.1000000000000001
        values.push_back(parseParameter(spec, numberText(value)));
    }
    return values;
}

} // namespace

std::vector<json> valuesFromText(const ParameterSpec& spec, const std::string& text)
{
    std::vector<json> values;
    for (const std::string& part : parts(text, isList(spec) ? ';' : ',')) {
        const bool isRange = isNumber(spec) && part.find(':') != std::string::npos;
        const auto more = isRange ? rangeOf(spec, part) : std::vector { parseParameter(spec, part) };
        for (const json& value : more) {
            if (std::ranges::find(values, value) != values.end())
                throw Error(ErrorCode::BadArgument,
                    "parameter '" + spec.name + "' has the value '" + shown(parameterText(value)) + "' twice: give it once");
            values.push_back(value);
        }
    }
    return values;
}

std::vector<std::uint64_t> seedsFromText(const std::string& text)
{
    std::vector<std::uint64_t> seeds;
    for (const std::string& part : parts(text, ',')) {
        const std::size_t dash = part.find('-', 1);
        const auto first = numberIn<std::uint64_t>(trimmed(part.substr(0, dash)));
        const auto last = dash == std::string::npos ? first : numberIn<std::uint64_t>(trimmed(part.substr(dash + 1)));
        if (!first || !last || *last < *first || *last - *first >= kMostValues)
            throw Error(ErrorCode::BadArgument, "seeds cannot be '" + shown(text) + "': write whole numbers and ranges, such as 1-3, 7");
        for (std::uint64_t i = 0; i <= *last - *first; ++i) {
            if (std::ranges::find(seeds, *first + i) != seeds.end())
                throw Error(ErrorCode::BadArgument, "seed " + std::to_string(*first + i) + " stands twice: give it once");
            seeds.push_back(*first + i);
        }
    }
    return seeds;
}

std::string valuesText(const ParameterSpec& spec, const std::vector<json>& values)
{
    std::vector<std::string> texts;
    for (const json& value : values)
        texts.push_back(parameterText(value));
    return joined(texts, isList(spec) ? "; " : ", ");
}

} // namespace bitscape
