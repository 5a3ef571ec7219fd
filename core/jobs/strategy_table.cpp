// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/strategy_table.h"

#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
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
        + (apart >= 0 ? "is " + percent(apart) + " points ahead of" : "loses to") + " the best baseline, " + other->strategy
        + (apart >= 0 ? "" : ", by " + percent(-apart) + " points") + " (" + percent((cq->*stage).mean()) + " % against "
        + percent((other->*stage).mean()) + " %).");
}

} // namespace

double Spread::mean() const
{
    return values.empty() ? 0.0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Spread::deviation() const
{
    if (values.size() < 2)
        return 0;
    double sum = 0;
    for (const double value : values)
        sum += (value - mean()) * (value - mean());
    return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::vector<StrategyRow> strategyTable(Project& project)
{
    using Key = std::tuple<std::int64_t, std::int64_t, double, std::string>;
    std::map<Key, StrategyRow> rows;
    std::map<std::int64_t, Key> keyOfSearch;
    for (const Run& run : runs(project)) {
        if (run.state != RunState::Finished || !run.model || !run.dataset)
            continue;
        if (run.kind == RunKind::Search) {
            const Key key { run.model->value, run.dataset->value, -run.parameters.value("target_bits", 0.0), strategyWord(run) };
            keyOfSearch[run.id.value] = key;
            StrategyRow& row = rows[key];
            row.model = model(project, *run.model).name;
            row.data = dataset(project, *run.dataset).name;
            row.strategy = strategyWord(run);
            row.targetBits = run.parameters.value("target_bits", 0.0);
            const auto figures = metrics(project, run.id);
            row.averageBits.values.push_back(figures.at("average_bits"));
            row.bitops.values.push_back(figures.at("bitops"));
            row.before.values.push_back(figures.at("accuracy"));
            row.runs.push_back(run.id.value);
        } else if (run.kind == RunKind::Refine && run.parent && keyOfSearch.contains(run.parent->value)) {
            StrategyRow& row = rows[keyOfSearch[run.parent->value]];
            row.after.values.push_back(metrics(project, run.id).at("accuracy"));
            row.runs.push_back(run.id.value);
        }
    }
    std::vector<StrategyRow> table;
    for (auto& [key, row] : rows)
        table.push_back(std::move(row));
    std::ranges::stable_sort(table, [](const StrategyRow& a, const StrategyRow& b) {
        return std::tuple(a.model, a.data, -a.targetBits, -a.after.mean(), -a.before.mean())
            < std::tuple(b.model, b.data, -b.targetBits, -b.after.mean(), -b.before.mean());
    });
    return table;
}

std::vector<std::string> verdicts(const std::vector<StrategyRow>& rows)
{
    std::vector<std::string> sentences;
    std::map<std::tuple<std::string, std::string, double>, std::vector<StrategyRow>> groups;
    for (const StrategyRow& row : rows)
        groups[{ row.model, row.data, -row.targetBits }].push_back(row);
    for (const auto& [key, group] : groups) {
        addVerdict(sentences, group, &StrategyRow::before, "not retrained");
        addVerdict(sentences, group, &StrategyRow::after, "refined");
    }
    return sentences;
}

} // namespace bitscape
