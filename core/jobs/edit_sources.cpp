// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/edit_sources.h"

#include "core/jobs/inherited_parameter.h"
#include "core/jobs/parameters.h"
#include "core/jobs/sensitivity_store.h"
#include "core/network/cost.h"
#include "core/project/results.h"

#include "core/base/error.h"
#include "core/base/numbered.h"

#include <algorithm>
#include <optional>

namespace bitscape {
namespace {

constexpr int kMostSearches = 10000;

bool canBeEdited(RunKind kind)
{
    return kind == RunKind::Score || kind == RunKind::Search || kind == RunKind::Refine || kind == RunKind::Edit;
}

void checkBase(const Run& run)
{
    const std::string who = numbered("Run ", run.id.value);
    if (!canBeEdited(run.kind))
        throw Error(ErrorCode::BadArgument,
            who + " is of kind '" + toString(run.kind) + "', whose bits cannot be edited: take a score, search, refine or edit run.");
    if (run.state != RunState::Finished)
        throw Error(ErrorCode::BadArgument, who + " is " + toString(run.state) + ", not finished: only what has finished can be edited.");
}

nlohmann::json parameterOf(const Run& run, const std::vector<Run>& ancestors, const std::string& name)
{
    const nlohmann::json value = inheritedParameter(run, ancestors, name);
    return value.is_null() ? parameterOf(RunKind::Search, name).fallback : value;
}

/// The nearest training of a run, or 0 where its network came trained.
std::int64_t trainingOf(const std::vector<Run>& ancestors)
{
    const auto training = std::ranges::find(ancestors, RunKind::Train, &Run::kind);
    return training == ancestors.end() ? 0 : training->id.value;
}

bool isAlike(Project& project, const Run& search, const RunResults& base)
{
    if (search.parameters.value("strategy", "") != "fisher" || search.model != base.run.model || search.dataset != base.run.dataset)
        return false;
    for (const char* name : { "grid", "range", "keep_first_last" })
        if (parameterOf(search, {}, name) != parameterOf(base.run, base.ancestors, name))
            return false;
    return trainingOf(ancestry(project, search.id)) == trainingOf(base.ancestors);
}

std::optional<SensitivityTable> sensitivityFor(Project& project, const RunResults& base)
{
    if (auto own = storedSensitivity(project, base.run.id))
        return own;
    for (const Run& run : base.ancestors) {
        if (run.kind == RunKind::Train)
            break;
        if (auto theirs = storedSensitivity(project, run.id))
            return theirs;
    }
    if (!base.run.model || !base.run.dataset)
        return std::nullopt;
    auto searches = finishedRuns(project, RunKind::Search, *base.run.model, *base.run.dataset, kMostSearches);
    std::ranges::reverse(searches); // the oldest first: what comes later does not change what a history leads to
    for (const Run& search : searches)
        if (isAlike(project, search, base))
            if (auto theirs = storedSensitivity(project, search.id))
                return theirs;
    return std::nullopt;
}

} // namespace

EditSources editSources(Project& project, const RunResults& base)
{
    checkBase(base.run);
    EditSources sources;
    sources.layers = base.layers;
    sources.choice = { base.allowedBits, parameterOf(base.run, base.ancestors, "edge_bits").get<int>() };
    if (sources.choice.allowed.empty())
        sources.choice.allowed = parameterOf(RunKind::Search, "allowed_bits").fallback.get<std::vector<int>>();
    sources.start
        = base.run.kind == RunKind::Score ? uniformBits(sources.layers, sources.choice.allowed.back(), sources.choice.edgeBits) : base.bits;
    if (sources.start.empty())
        throw Error(ErrorCode::BadArgument, numbered("Run ", base.run.id.value) + " gives its filters no bits to edit.");
    sources.scores = base.filterScores;
    sources.thresholds = base.thresholds;
    sources.sensitivity = sensitivityFor(project, base);
    if (const auto weights = inheritedParameter(base.run, base.ancestors, "class_weights"); weights.is_array())
        sources.classWeights = weights.get<std::vector<double>>();
    return sources;
}

EditSources editSources(Project& project, RunId base)
{
    checkBase(run(project, base)); // before its results are read
    return editSources(project, runResults(project, base));
}

void addOtherBits(Project& project, EditSources& sources, const std::vector<BitEdit>& edits)
{
    for (const std::int64_t number : runsIn(edits)) {
        try {
            sources.otherBits.try_emplace(number, bits(project, RunId { number }));
        } catch (const Error& error) {
            if (error.code() != ErrorCode::BadArgument) // there is no such run
                throw;
        }
    }
}

} // namespace bitscape
