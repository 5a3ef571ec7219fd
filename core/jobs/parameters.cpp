// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/parameters.h"

#include "core/base/error.h"
#include "core/jobs/parameter_values.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace bitscape {

using nlohmann::json;

namespace {

constexpr std::array kAllKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Edit, RunKind::Refine, RunKind::Step,
    RunKind::Evaluate, RunKind::Import, RunKind::Export, RunKind::Sweep };

const ParameterSpec* find(RunKind kind, const std::string& name)
{
    const auto& specs = parametersOf(kind);
    const auto found = std::ranges::find(specs, name, &ParameterSpec::name);
    return found == specs.end() ? nullptr : &*found;
}

/// Letters to add, drop or replace to get from one word to the other.
std::size_t editDistance(const std::string& from, const std::string& to)
{
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t { 0 });
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({ replaced, diagonal + 1, row[j] + 1 });
        }
    }
    return row.back();
}

/// The known name that `name` may be a slip of; nothing where none is close.
const ParameterSpec* nearest(RunKind kind, const std::string& name)
{
    constexpr std::size_t longestName = 64;
    const ParameterSpec* best = nullptr;
    std::size_t bound = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const ParameterSpec& spec : parametersOf(kind)) {
        const std::size_t distance = name.size() > longestName ? bound : editDistance(name, spec.name);
        if (distance < bound && distance < spec.name.size()) {
            bound = distance;
            best = &spec;
        }
    }
    return best;
}

std::vector<std::string> kindsWith(const std::string& name)
{
    std::vector<std::string> kinds;
    for (const RunKind kind : kAllKinds) {
        if (find(kind, name))
            kinds.push_back(toString(kind));
    }
    return kinds;
}

std::string adviceFor(RunKind kind, const std::string& name)
{
    if (const auto kinds = kindsWith(name); !kinds.empty())
        return "it belongs to " + joined(kinds, ", ");
    if (const ParameterSpec* near = nearest(kind, name))
        return "did you mean '" + near->name + "'?";
    std::vector<std::string> names;
    for (const ParameterSpec& spec : parametersOf(kind))
        names.push_back(spec.name);
    return names.empty() ? "leave it out, " + toString(kind) + " takes none" : "give one of " + joined(names, ", ");
}

void checkTargetBits(const json& parameters)
{
    const json& allowed = parameters.at("allowed_bits");
    const json& target = parameters.at("target_bits");
    const bool above = target > allowed.back();
    if (!above && target >= allowed.front())
        return;
    throw Error(ErrorCode::BadArgument,
        "parameter 'target_bits' cannot be '" + parameterText(target) + "' with allowed_bits '" + parameterText(allowed)
            + "': give a number from " + parameterText(allowed.front()) + " to " + parameterText(allowed.back()) + ", or allow "
            + (above ? "more" : "fewer") + " bits");
}

void checkClassWeights(const json& weights)
{
    const bool allZero = std::ranges::all_of(weights, [](const json& weight) { return weight == 0; });
    if (!weights.empty() && allZero)
        throw Error(ErrorCode::BadArgument,
            "parameter 'class_weights' cannot be '" + shown(parameterText(weights))
                + "': give at least one class a weight above 0, or none of them for equal weights");
}

void checkRelations(const json& parameters)
{
    if (parameters.contains("target_bits") && parameters.contains("allowed_bits"))
        checkTargetBits(parameters);
    if (parameters.contains("class_weights"))
        checkClassWeights(parameters.at("class_weights"));
}

} // namespace

const ParameterSpec& parameterOf(RunKind kind, const std::string& name)
{
    if (const ParameterSpec* spec = find(kind, name))
        return *spec;
    throw Error(ErrorCode::BadArgument, "unknown parameter '" + shown(name) + "' for " + toString(kind) + ": " + adviceFor(kind, name));
}

json completeParameters(RunKind kind, const json& given)
{
    if (!given.is_object() && !given.is_null())
        throw Error(ErrorCode::BadArgument, "the parameters for " + toString(kind) + " are no JSON object: give names with values");
    for (const auto& item : given.items())
        parameterOf(kind, item.key());
    json complete = json::object();
    for (const ParameterSpec& spec : parametersOf(kind))
        complete[spec.name] = given.contains(spec.name) ? checkedValue(spec, given.at(spec.name)) : spec.fallback;
    checkRelations(complete);
    return complete;
}

json parametersFromTexts(RunKind kind, const std::vector<std::string>& settings, const json& preset)
{
    json given = json::object();
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0)
            throw Error(
                ErrorCode::BadArgument, "setting '" + shown(setting) + "' for " + toString(kind) + " is not of the form name=value");
        const std::string name = setting.substr(0, equals);
        const ParameterSpec& spec = parameterOf(kind, name);
        if (given.contains(name))
            throw Error(ErrorCode::BadArgument, "parameter '" + name + "' for " + toString(kind) + " is given twice: give it once");
        given[name] = parseParameter(spec, setting.substr(equals + 1));
    }
    json all = preset;
    all.update(given);
    return completeParameters(kind, all);
}

} // namespace bitscape
