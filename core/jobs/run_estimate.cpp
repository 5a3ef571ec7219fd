// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/run_estimate.h"

#include "core/base/error.h"
#include "core/base/split.h"
#include "core/jobs/parameters.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace bitscape {
namespace {

constexpr std::size_t kMostRuns = 20;
constexpr int kMostLookedAt = 200;

bool isTraining(const Run& run)
{
    return run.kind == RunKind::Train || run.kind == RunKind::Refine;
}

bool isAlike(const Run& run, const Run& wanted)
{
    return run.kind != RunKind::Search || run.parameters.value("strategy", "") == wanted.parameters.at("strategy").get<std::string>();
}

/// Leaves those for which `wanted` holds, where there are any.
template <typename Wanted> void prefer(std::vector<Run>& runs, const Wanted& wanted)
{
    if (std::ranges::any_of(runs, wanted))
        std::erase_if(runs, [&](const Run& run) { return !wanted(run); });
}

/// The latest first.
std::vector<Run> alikeRuns(Project& project, const Run& wanted)
{
    std::vector<Run> alike = finishedRuns(project, wanted.kind, *wanted.model, *wanted.dataset, kMostLookedAt);
    std::erase_if(alike, [&](const Run& run) { return !isAlike(run, wanted); });
    prefer(alike, [&](const Run& run) { return run.device == wanted.device; });
    prefer(alike, [&](const Run& run) { return run.threads == wanted.threads; });
    alike.resize(std::min(alike.size(), kMostRuns));
    return alike;
}

/// How much the run's time grows with: images over all epochs, scored images per class, or 1 for a whole run. Nothing where that is
/// unknown.
std::optional<double> sizeOf(const Run& run, const Dataset& dataset)
{
    const auto parameter = [&](const char* name) { return run.parameters.value(name, nlohmann::json()); };
    if (run.kind == RunKind::Score)
        return parameter("samples_per_class").is_number() ? std::optional(parameter("samples_per_class").get<double>()) : std::nullopt;
    if (!isTraining(run))
        return 1;
    if (!parameter("train_split").is_string() || !parameter("epochs").is_number())
        return std::nullopt;
    const auto sum = [](const auto& counts) { return std::accumulate(counts.begin(), counts.end(), std::int64_t { 0 }); };
    try {
        const Split split = resolveSplit(parameter("train_split").get<std::string>(), sum(dataset.trainCounts), sum(dataset.testCounts));
        return static_cast<double>(split.count()) * parameter("epochs").get<double>();
    } catch (const Error&) { // a split that the data set does not have: the run will be refused, which is not for here
        return std::nullopt;
    }
}

/// Seconds per unit of sizeOf(): one for every epoch of a training, one for any other run.
std::vector<double> ratesOf(Project& project, const Run& run, double size)
{
    std::vector<double> rates;
    if (!isTraining(run))
        rates.push_back(run.seconds / size);
    else
        for (const Epoch& epoch : epochs(project, run.id))
            rates.push_back(epoch.seconds * run.parameters.at("epochs").get<double>() / size);
    std::erase_if(rates, [](double rate) { return !std::isfinite(rate) || rate <= 0; });
    return rates;
}

double medianOf(std::vector<double> values)
{
    std::ranges::sort(values);
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

std::string basisOf(int runs, const std::string& model, const std::string& dataset, bool otherThreads)
{
    const std::string count = runs == 1 ? "an earlier run" : std::to_string(runs) + " earlier runs";
    const std::string text = "from " + count + " of " + model + " on " + dataset;
    return otherThreads ? text + " with other numbers of threads" : text;
}

} // namespace

std::optional<RunEstimate> estimate(Project& project, const Run& wanted)
{
    if (!wanted.model || !wanted.dataset)
        return std::nullopt;
    Run complete = wanted;
    complete.parameters = completeParameters(wanted.kind, wanted.parameters);
    const Dataset dataset = bitscape::dataset(project, *wanted.dataset);
    const auto wantedSize = sizeOf(complete, dataset);
    if (!wantedSize)
        return std::nullopt;
    RunEstimate found;
    std::vector<double> rates;
    bool otherThreads = false;
    for (const Run& run : alikeRuns(project, complete)) {
        const auto size = sizeOf(run, dataset);
        const auto own = size && *size > 0 ? ratesOf(project, run, *size) : std::vector<double> {};
        if (own.empty())
            continue;
        ++found.runs;
        otherThreads = wanted.threads > 0 && run.threads != wanted.threads;
        rates.insert(rates.end(), own.begin(), own.end());
    }
    if (rates.empty())
        return std::nullopt;
    found.seconds = medianOf(rates) * *wantedSize;
    found.basis = basisOf(found.runs, model(project, *wanted.model).name, dataset.name, otherThreads);
    return found;
}

} // namespace bitscape
