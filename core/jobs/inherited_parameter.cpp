// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/inherited_parameter.h"

#include "core/jobs/parameters.h"

#include <algorithm>
#include <ranges>

namespace bitscape {
namespace {

/// What an edit's history ends with.
nlohmann::json lastInHistory(const Run& edit, const char* op, const char* argument)
{
    const auto history = edit.parameters.find("edits");
    if (history == edit.parameters.end() || !history->is_array())
        return {};
    for (auto change = history->rbegin(); change != history->rend(); ++change)
        if (change->is_object() && change->value("op", nlohmann::json()) == op && change->contains(argument))
            return change->at(argument);
    return {};
}

nlohmann::json valueIn(const Run& run, const std::string& name)
{
    if (run.kind == RunKind::Edit && name == "allowed_bits")
        return lastInHistory(run, "allow", "bits");
    if (run.kind == RunKind::Edit && name == "class_weights")
        return lastInHistory(run, "target", "class_weights");
    const auto found = run.parameters.find(name);
    return found == run.parameters.end() ? nlohmann::json() : *found;
}

/// What comes before such a run says nothing about those after it.
bool isWhole(const Run& run)
{
    return run.kind == RunKind::Search || run.kind == RunKind::Train;
}

nlohmann::json searchDefault(const std::string& name)
{
    const auto& specs = parametersOf(RunKind::Search);
    const auto found = std::ranges::find(specs, name, &ParameterSpec::name);
    return found == specs.end() ? nlohmann::json() : found->fallback;
}

} // namespace

nlohmann::json inheritedParameter(const Run& run, const std::vector<Run>& ancestors, const std::string& name)
{
    nlohmann::json value = valueIn(run, name);
    bool open = !isWhole(run);
    bool edited = run.kind == RunKind::Edit;
    for (auto ancestor = ancestors.begin(); open && value.is_null() && ancestor != ancestors.end(); ++ancestor) {
        const bool scores = edited && ancestor->kind == RunKind::Score;
        if (scores || ancestor->kind == RunKind::Search || ancestor->kind == RunKind::Refine || ancestor->kind == RunKind::Edit)
            value = valueIn(*ancestor, name);
        edited = edited || ancestor->kind == RunKind::Edit;
        open = !isWhole(*ancestor) && !scores;
        if (scores && value.is_null())
            value = searchDefault(name);
    }
    return value;
}

} // namespace bitscape
