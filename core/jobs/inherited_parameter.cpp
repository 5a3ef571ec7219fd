// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/inherited_parameter.h"

namespace bitscape {
namespace {

nlohmann::json valueIn(const Run& run, const std::string& name)
{
    const auto found = run.parameters.find(name);
    return found == run.parameters.end() ? nlohmann::json() : *found;
}

/// What comes before such a run says nothing about those after it.
bool isWhole(const Run& run)
{
    return run.kind == RunKind::Search || run.kind == RunKind::Train;
}

} // namespace

nlohmann::json inheritedParameter(const Run& run, const std::vector<Run>& ancestors, const std::string& name)
{
    nlohmann::json value = valueIn(run, name);
    bool open = !isWhole(run);
    for (auto ancestor = ancestors.begin(); open && value.is_null() && ancestor != ancestors.end(); ++ancestor) {
        if (ancestor->kind == RunKind::Search || ancestor->kind == RunKind::Refine)
            value = valueIn(*ancestor, name);
        open = !isWhole(*ancestor);
    }
    return value;
}

} // namespace bitscape
