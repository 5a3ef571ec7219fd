// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/comparison.h"

#include "core/base/error.h"
#include "core/jobs/inherited_parameter.h"
#include "core/jobs/parameters.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace bitscape {
namespace {

enum class Better { More, Less, Neither };

constexpr std::array kFirstFigures { "accuracy", "full_accuracy", "accuracy_before", "search_accuracy", "average_bits", "macs", "bitops",
    "size_bits", "seconds" };
constexpr std::array kFirstParameters { "kind", "model", "data", "from", "seed", "threads", "device" };

Better betterFor(const std::string& figure)
{
    if (figure.ends_with("accuracy") || figure == "accuracy_before" || figure.find("_accuracy_") != std::string::npos)
        return Better::More;
    for (const char* cost : { "average_bits", "macs", "bitops", "size_bits", "seconds" }) {
        if (figure == cost)
            return Better::Less;
    }
    return figure.find("_macs_") != std::string::npos ? Better::Less : Better::Neither;
}

std::optional<std::size_t> bestOf(const std::vector<std::optional<double>>& values, Better better)
{
    std::optional<std::size_t> best;
    bool tied = false;
    std::size_t known = 0;
    for (std::size_t i = 0; better != Better::Neither && i < values.size(); ++i) {
        if (!values[i])
            continue;
        ++known;
        const double apart = best ? (better == Better::More ? 1 : -1) * (*values[i] - *values[*best]) : 1;
        if (apart > 0)
            best = i;
        tied = !(apart > 0) && (tied || apart >= 0);
    }
    return tied || known < 2 ? std::nullopt : best;
}

/// Where a name stands among those that come first; all others behind.
template <std::size_t N> std::size_t placeOf(const std::string& name, const std::array<const char*, N>& first)
{
    return static_cast<std::size_t>(std::ranges::find(first, name) - first.begin());
}

template <typename Compared, std::size_t N> void sortByName(std::vector<Compared>& all, const std::array<const char*, N>& first)
{
    std::ranges::sort(all, {}, [&](const Compared& each) { return std::pair(placeOf(each.name, first), each.name); });
}

std::string runText(const RunResults& results)
{
    return "run " + std::to_string(results.run.id.value);
}

std::string upper(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::vector<ComparedFigure> figuresOf(const Comparison& comparison)
{
    std::map<std::string, std::vector<std::optional<double>>> found;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        std::map<std::string, double> own = comparison.runs[i]->metrics;
        own["seconds"] = comparison.runs[i]->run.seconds;
        for (const auto& [name, value] : own) {
            auto& values = found[name];
            values.resize(comparison.runs.size());
            values[i] = value;
        }
    }
    std::vector<ComparedFigure> figures;
    for (auto& [name, values] : found)
        figures.push_back({ name, values, bestOf(values, betterFor(name)) });
    sortByName(figures, kFirstFigures);
    return figures;
}

std::map<std::string, std::string> parametersOf(const RunResults& results)
{
    const Run& run = results.run;
    std::map<std::string, std::string> all { { "kind", toString(run.kind) }, { "model", results.modelName }, { "data", results.dataName },
        { "from",
            results.ancestors.empty() ? "-" : std::to_string(results.ancestors.front().id.value) + " " + results.ancestors.front().name },
        { "seed", std::to_string(run.seed) }, { "threads", std::to_string(run.threads) }, { "device", run.device } };
    for (const auto& [name, value] : run.parameters.items())
        all[name] = parameterText(inheritedParameter(run, results.ancestors, name));
    return all;
}

std::vector<ComparedParameter> parametersOf(const Comparison& comparison)
{
    std::map<std::string, std::vector<std::string>> found;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        for (const auto& [name, value] : parametersOf(*comparison.runs[i])) {
            auto& values = found[name];
            values.resize(comparison.runs.size(), "-");
            values[i] = value;
        }
    }
    std::vector<ComparedParameter> parameters;
    for (auto& [name, values] : found)
        parameters.push_back({ name, std::move(values) });
    sortByName(parameters, kFirstParameters);
    return parameters;
}

std::int64_t imagesOf(const std::vector<std::int64_t>& row)
{
    return std::accumulate(row.begin(), row.end(), std::int64_t { 0 });
}

std::vector<ComparedFigure> classesOf(const Comparison& comparison)
{
    std::vector<ComparedFigure> classes;
    for (const std::string& name : comparison.runs.front()->classNames)
        classes.push_back({ name, std::vector<std::optional<double>>(comparison.runs.size()), {} });
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const Confusion& confusion = comparison.runs[i]->confusion;
        const auto shares = perClassAccuracy(confusion);
        for (std::size_t m = 0; m < classes.size() && m < shares.size(); ++m) {
            if (imagesOf(confusion[m]) > 0)
                classes[m].values[i] = shares[m];
        }
    }
    for (ComparedFigure& each : classes)
        each.best = bestOf(each.values, Better::More);
    if (std::ranges::all_of(comparison.runs, [](const auto& run) { return run->confusion.empty(); }))
        classes.clear();
    return classes;
}

std::string splitText(const RunResults& results)
{
    if (!results.testImages)
        return "images that are not known";
    const Split& split = *results.testImages;
    return split.part + "[" + std::to_string(split.first) + ":" + std::to_string(split.last) + "]";
}

ComparedPair pairOf(const Comparison& comparison, std::size_t first, std::size_t second)
{
    const RunResults &one = *comparison.runs[first], &other = *comparison.runs[second];
    ComparedPair pair { first, second, {}, {} };
    for (const RunResults* each : { &one, &other }) {
        if (!each->answers) {
            pair.reason = upper(runText(*each))
                + " has not kept which images it answered right: it was made before runs did, or reports no "
                  "accuracy. Evaluate it again.";
            return pair;
        }
    }
    if (one.testImages != other.testImages || one.answers->labels != other.answers->labels)
        pair.reason = upper(runText(one)) + " was tested on " + splitText(one) + ", " + runText(other) + " on " + splitText(other)
            + ": only answers to the same images are compared.";
    else
        pair.test = mcnemar(one.answers->labels, one.answers->answers, other.answers->answers);
    return pair;
}

void requireNumber(std::size_t runs)
{
    if (runs < kFewestCompared || runs > kMostCompared)
        throw Error(ErrorCode::BadArgument, "Two to six runs are compared, not " + std::to_string(runs) + ".");
}

void requireFinished(const Run& run)
{
    if (run.state != RunState::Finished)
        throw Error(ErrorCode::BadArgument,
            "Run " + std::to_string(run.id.value) + " (" + run.name + ") is " + toString(run.state) + ": only finished runs are compared.");
    if (run.kind == RunKind::Sweep)
        throw Error(ErrorCode::BadArgument,
            "Run " + std::to_string(run.id.value) + " (" + run.name + ") is a sweep: compare the runs that it made.");
}

} // namespace

std::optional<double> ComparedFigure::difference(std::size_t run, std::size_t baseline) const
{
    if (run == baseline || !values.at(run) || !values.at(baseline))
        return std::nullopt;
    return *values[run] - *values[baseline];
}

bool ComparedParameter::differs() const
{
    const auto first = std::ranges::find_if(values, [](const std::string& value) { return value != "-"; });
    return std::any_of(first, values.end(), [&](const std::string& value) { return value != "-" && value != *first; });
}

const ComparedPair* Comparison::pair(std::size_t one, std::size_t other) const
{
    const auto found = std::ranges::find_if(
        pairs, [&](const ComparedPair& each) { return each.first == std::min(one, other) && each.second == std::max(one, other); });
    return found == pairs.end() ? nullptr : &*found;
}

Comparison compare(std::vector<std::shared_ptr<const RunResults>> runs)
{
    requireNumber(runs.size());
    std::set<RunId> named;
    for (const auto& each : runs) {
        requireFinished(each->run);
        if (!named.insert(each->run.id).second)
            throw Error(ErrorCode::BadArgument, upper(runText(*each)) + " is named twice.");
        if (each->dataFingerprint != runs.front()->dataFingerprint)
            throw Error(ErrorCode::BadArgument,
                upper(runText(*runs.front())) + " is of data set '" + runs.front()->dataName + "', " + runText(*each) + " of '"
                    + each->dataName + "': runs on the same data are compared.");
    }
    Comparison comparison;
    comparison.runs = std::move(runs);
    comparison.figures = figuresOf(comparison);
    comparison.parameters = parametersOf(comparison);
    comparison.classes = classesOf(comparison);
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        for (std::size_t j = i + 1; j < comparison.runs.size(); ++j)
            comparison.pairs.push_back(pairOf(comparison, i, j));
    }
    return comparison;
}

Comparison compare(Project& project, const std::vector<RunId>& ids)
{
    requireNumber(ids.size());
    for (const RunId id : ids)
        requireFinished(bitscape::run(project, id));
    std::vector<std::shared_ptr<const RunResults>> runs;
    for (const RunId id : ids)
        runs.push_back(std::make_shared<const RunResults>(runResults(project, id)));
    return compare(std::move(runs));
}

std::string unlikeLayers(const RunResults& run, const RunResults& baseline)
{
    if (run.layers.size() != baseline.layers.size())
        return upper(runText(run)) + " has a network of " + std::to_string(run.layers.size()) + " layers, " + runText(baseline) + " one of "
            + std::to_string(baseline.layers.size()) + ".";
    for (std::size_t i = 0; i < run.layers.size(); ++i) {
        const Layer &own = run.layers[i], &other = baseline.layers[i];
        if (own.name != other.name || own.op != other.op || own.filters != other.filters)
            return "Layer " + std::to_string(i + 1) + " is '" + own.name + "' with " + std::to_string(own.filters) + " filters in "
                + runText(run) + " and '" + other.name + "' with " + std::to_string(other.filters) + " in " + runText(baseline) + ".";
    }
    return {};
}

BitDifference bitDifference(const RunResults& run, const RunResults& baseline)
{
    const auto size = [](const auto& layer) { return layer.size(); };
    BitDifference difference;
    for (const RunResults* each : { &run, &baseline }) {
        if (each->bits.empty()) {
            difference.reason = upper(runText(*each)) + " gives its filters no bits.";
            return difference;
        }
    }
    difference.reason = unlikeLayers(run, baseline);
    if (difference.reason.empty() && !std::ranges::equal(run.bits, baseline.bits, {}, size, size))
        difference.reason = upper(runText(run)) + " and " + runText(baseline) + " do not give bits to the same filters.";
    for (std::size_t i = 0; difference.reason.empty() && i < run.bits.size(); ++i) {
        auto& layer = difference.layers.emplace_back();
        for (std::size_t f = 0; f < run.bits[i].size(); ++f) {
            layer.push_back(int { run.bits[i][f] } - int { baseline.bits[i][f] });
            difference.more += layer.back() > 0 ? 1 : 0;
            difference.fewer += layer.back() < 0 ? 1 : 0;
        }
    }
    return difference;
}

ConfusionDifference confusionDifference(const RunResults& run, const RunResults& baseline)
{
    ConfusionDifference difference;
    for (const RunResults* each : { &run, &baseline }) {
        if (each->confusion.empty() || each->confusion.size() != run.confusion.size()) {
            difference.reason = upper(runText(*each)) + " has not kept what it answered.";
            return difference;
        }
    }
    const auto share = [](const std::vector<std::int64_t>& row, std::size_t answered) {
        const std::int64_t images = imagesOf(row);
        return images > 0 ? static_cast<double>(row[answered]) / static_cast<double>(images) : std::numeric_limits<double>::quiet_NaN();
    };
    for (std::size_t m = 0; m < run.confusion.size(); ++m) {
        auto& row = difference.shares.emplace_back();
        for (std::size_t n = 0; n < run.confusion.size(); ++n)
            row.push_back(share(run.confusion[m], n) - share(baseline.confusion[m], n));
    }
    return difference;
}

} // namespace bitscape
