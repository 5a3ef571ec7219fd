// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/parameter_values.h"

#include <array>

namespace bitscape {

using nlohmann::json;

namespace {

/// "integer 1..10000", "cosine|steps|constant", "reals 0..1, rising"
std::string valuesText(const ParameterSpec& spec)
{
    std::string text = spec.type == ParameterType::Choice ? joined(spec.choices, "|") : toString(spec.type);
    if (const std::string range = rangeText(spec); !range.empty())
        text += " " + range;
    if (!spec.unit.empty())
        text += " (" + spec.unit + ")";
    if (spec.minimumCount > 0)
        text += ", " + std::to_string(spec.minimumCount) + " or more";
    if (spec.rising)
        text += ", rising";
    return text;
}

/// "default 3", "or none (as in the search run), default none"
std::string defaultText(const ParameterSpec& spec)
{
    const std::string fallback = parameterText(spec.fallback);
    const std::string text = "default " + (fallback.empty() ? "empty" : fallback);
    return spec.optional ? "or none (" + spec.noneMeaning + "), " + text : text;
}

} // namespace

std::string toString(ParameterType type)
{
    constexpr std::array words { "integer", "real", "flag", "choice", "split", "bits", "reals", "edits" };
    return words.at(static_cast<std::size_t>(type));
}

std::string describe(const ParameterSpec& spec)
{
    return spec.name + "  " + valuesText(spec) + ", " + defaultText(spec) + ": " + spec.help + " (" + spec.source + ")";
}

json toJson(const ParameterSpec& spec)
{
    json object = { { "name", spec.name }, { "type", toString(spec.type) }, { "default", spec.fallback }, { "optional", spec.optional },
        { "help", spec.help }, { "source", spec.source } };
    if (spec.minimum)
        object["minimum"] = *spec.minimum;
    if (spec.maximum)
        object["maximum"] = *spec.maximum;
    if (spec.minimumExclusive)
        object["minimum_exclusive"] = true;
    if (spec.maximumExclusive)
        object["maximum_exclusive"] = true;
    if (spec.minimumCount > 0)
        object["minimum_count"] = spec.minimumCount;
    if (spec.rising)
        object["rising"] = true;
    if (!spec.unit.empty())
        object["unit"] = spec.unit;
    if (!spec.choices.empty())
        object["choices"] = spec.choices;
    if (!spec.noneMeaning.empty())
        object["none_meaning"] = spec.noneMeaning;
    return object;
}

} // namespace bitscape
