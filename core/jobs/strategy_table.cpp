// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/strategy_table.h"

#include "core/jobs/parameters.h"

#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

namespace bitscape {
namespace {

std::string strategyWord(const Run& run)
{
    const auto strategy = run.parameters.value("strategy", std::string());
    const bool ordered = strategy == "cq" || strategy == "magnitude" || strategy == "random";
    return ordered ? strategy + " " + run.parameters.value("order", std::string()) : strategy;
}

std::string percent(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", share * 100);
    return text;
}

bool isCq(const StrategyRow& row)
{
    return row.strategy.starts_with("cq");
}

/// The best of the rows for which `wanted` holds, by the stage's mean.
template <typename Wanted> const StrategyRow* best(const std::vector<StrategyRow>& rows, Spread StrategyRow::*stage, Wanted wanted)
{
    const StrategyRow* found = nullptr;
    for (const StrategyRow& row : rows) {
        if (wanted(row) && !(row.*stage).values.empty() && (!found || (row.*stage).mean() > (found->*stage).mean()))
            found = &row;
    }
    return found;
}

void addVerdict(
    std::vector<std::string>& sentences, const std::vector<StrategyRow>& group, Spread StrategyRow::*stage, const std::string& when)
{
    const StrategyRow* cq = best(group, stage, isCq);
    const StrategyRow* other = best(group, stage, [](const StrategyRow& row) { return !isCq(row); });
    if (!cq || !other)
        return;
    const double apart = (cq->*stage).mean() - (other->*stage).mean();
    char target[32];
    std::snprintf(target, sizeof target, "%.2f", cq->targetBits);
    sentences.push_back(cq->model + " on " + cq->data + " at " + target + " bits, " + when + ": CQ (" + cq->strategy + ") "
        + (apart >= 0 ? "is " + percent(apart) + " points ahead of" : "loses to") + " the best other strategy, " + other->strategy
        + (apart >= 0 ? "" : ", by " + percent(-apart) + " points") + " (" + percent((cq->*stage).mean()) + " % against "
        + percent((other->*stage).mean()) + " %).");
}

/// What of a run's parameters is not at its default and is not told by the row itself.
std::string settingsText(const Run& run)
{
    std::string text;
    for (const ParameterSpec& spec : parametersOf(run.kind)) {
        const auto value = run.parameters.find(spec.name);
        const bool told = spec.name == "strategy" || spec.name == "order" || spec.name == "target_bits";
        if (!told && value != run.parameters.end() && *value != spec.fallback)
            text += (text.empty() ? "" : " ") + spec.name + "=" + parameterText(*value);
    }
    return text;
}

using Rows = std::map<std::tuple<std::int64_t, std::int64_t, double, std::string, std::string>, StrategyRow>;

StrategyRow& rowFor(Rows& rows, Project& project, const Run& search, const Run* refinement)
{
    const double target = search.parameters.value("target_bits", 0.0);
    std::string settings = settingsText(search);
    if (refinement)
        settings += (settings.empty() ? "" : "; ") + std::string("refined: ") + settingsText(*refinement);
    StrategyRow& row = rows[{ search.model->value, search.dataset->value, target, strategyWord(search), settings }];
    row.model = model(project, *search.model).name;
    row.data = dataset(project, *search.dataset).name;
    row.strategy = strategyWord(search);
    row.settings = settings;
    row.targetBits = target;
    return row;
}

void addSearch(StrategyRow& row, const Run& run, const std::map<std::string, double>& figures)
{
    const auto figure = [&](const char* name) { return figures.contains(name) ? figures.at(name) : 0.0; };
    row.averageBits.values.push_back(figure("average_bits"));
    row.bitops.values.push_back(figure("bitops"));
    row.before.values.push_back(figure("accuracy"));
    row.runs.push_back(run.id.value);
}

} // namespace

std::vector<StrategyRow> strategyTable(Project& project)
{
    const auto all = runs(project);
    std::map<std::int64_t, std::vector<const Run*>> refinements;
    for (const Run& run : all) {
        if (run.state == RunState::Finished && run.kind == RunKind::Refine && run.parent)
            refinements[run.parent->value].push_back(&run);
    }
    Rows rows;
    for (const Run& run : all) {
        const auto figures = run.kind == RunKind::Search ? metrics(project, run.id) : std::map<std::string, double>();
        const bool counts
            = run.state == RunState::Finished && run.model && run.dataset && figures.contains("reached") && figures.at("reached") > 0;
        if (!counts)
            continue;
        if (!refinements.contains(run.id.value))
            addSearch(rowFor(rows, project, run, nullptr), run, figures);
        std::set<std::string> seen; // a search counts once per way of refining it
        for (const Run* refinement : refinements[run.id.value]) {
            StrategyRow& row = rowFor(rows, project, run, refinement);
            if (!seen.insert(row.settings).second)
                continue;
            addSearch(row, run, figures);
            row.after.values.push_back(metrics(project, refinement->id)["accuracy"]);
            row.runs.push_back(refinement->id.value);
        }
    }
    std::vector<StrategyRow> table;
    for (auto& [key, row] : rows)
        table.push_back(std::move(row));
    std::ranges::stable_sort(table, [](const StrategyRow& a, const StrategyRow& b) {
        return std::tuple(a.model, a.data, -a.targetBits, a.settings, -a.after.mean(), -a.before.mean())
            < std::tuple(b.model, b.data, -b.targetBits, b.settings, -b.after.mean(), -b.before.mean());
    });
    return table;
}

std::vector<std::string> verdicts(const std::vector<StrategyRow>& rows)
{
    std::vector<std::string> sentences;
    std::map<std::tuple<std::string, std::string, double, std::string>, std::vector<StrategyRow>> groups;
    for (const StrategyRow& row : rows)
        groups[{ row.model, row.data, -row.targetBits, row.settings }].push_back(row);
    for (const auto& [key, group] : groups) {
        addVerdict(sentences, group, &StrategyRow::before, "not retrained");
        addVerdict(sentences, group, &StrategyRow::after, "refined");
    }
    return sentences;
}

} // namespace bitscape
