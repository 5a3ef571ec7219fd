// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sweep_figures.h"

#include "core/project/results.h"
#include "core/project/sweeps.h"

#include <algorithm>
#include <utility>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

/// The columns of what is varied: a stage and a name each.
class Columns final {
public:
    Columns(const SweepRecipe& recipe, const std::vector<PlannedChild>& plan)
        : m_recipe(recipe)
    {
        for (const PlannedChild& child : plan) {
            for (const auto& [name, value] : child.varied) {
                if (indexOf(child.stage, name) == m_all.size())
                    m_all.emplace_back(child.stage, name);
            }
        }
    }

    std::size_t size() const { return m_all.size(); }

    std::size_t indexOf(std::size_t stage, const std::string& name) const
    {
        return static_cast<std::size_t>(std::ranges::find(m_all, std::pair(stage, name)) - m_all.begin());
    }

    std::vector<std::string> titles() const
    {
        std::vector<std::string> titles;
        for (const auto& [stage, name] : m_all) {
            const auto same = std::ranges::count(m_all, name, [](const auto& column) { return column.second; });
            titles.push_back(same > 1 ? m_recipe.stages[stage].id + "." + name : name);
        }
        return titles;
    }

private:
    const SweepRecipe& m_recipe;
    std::vector<std::pair<std::size_t, std::string>> m_all;
};

std::vector<SweepRow> plannedRows(const SweepRecipe& recipe, const std::vector<PlannedChild>& plan, const Columns& columns)
{
    std::vector<SweepRow> rows;
    for (const PlannedChild& child : plan) {
        SweepRow row { child.run.place, recipe.stages[child.stage].id, child.run.kind, {}, {}, child.run.seed, {} };
        row.settings = child.startsFrom > 0 ? rows.at(static_cast<std::size_t>(child.startsFrom) - 1).settings
                                            : std::vector<std::string>(columns.size());
        for (const auto& [name, value] : child.varied)
            row.settings[columns.indexOf(child.stage, name)] = value;
        rows.push_back(std::move(row));
    }
    return rows;
}

void addToCurve(std::vector<SweepPoint>& curve, const SweepRow& row)
{
    const auto same
        = [&](const SweepPoint& point) { return point.stage == row.stage && point.kind == row.kind && point.settings == row.settings; };
    auto point = std::ranges::find_if(curve, same);
    if (point == curve.end())
        point = curve.insert(curve.end(), { row.stage, row.kind, row.settings, {}, {} });
    point->runs.push_back(row.run->id);
    for (const auto& [name, value] : row.figures)
        point->figures[name].values.push_back(value);
    point->figures["seconds"].values.push_back(row.run->seconds);
}

Json settingsJson(const SweepFigures& figures, const std::vector<std::string>& settings)
{
    Json json = Json::object();
    for (std::size_t i = 0; i < settings.size(); ++i) {
        if (!settings[i].empty())
            json[figures.varied[i]] = settings[i];
    }
    return json;
}

Json rowJson(const SweepFigures& figures, const SweepRow& row)
{
    Json json { { "place", row.place }, { "run", row.run ? Json(row.run->id.value) : Json() }, { "stage", row.stage },
        { "kind", toString(row.kind) }, { "name", row.run ? row.run->name : "" },
        { "state", row.run ? toString(row.run->state) : "removed" }, { "settings", settingsJson(figures, row.settings) },
        { "seed", row.seed } };
    for (const std::string& name : sweepFigureNames()) {
        if (const auto figure = row.figures.find(name); figure != row.figures.end())
            json[name] = figure->second;
    }
    json["seconds"] = row.run ? row.run->seconds : 0;
    if (row.run && !row.run->failure.empty())
        json["failure"] = row.run->failure;
    return json;
}

Json pointJson(const SweepFigures& figures, const SweepPoint& point)
{
    Json json { { "stage", point.stage }, { "kind", toString(point.kind) }, { "settings", settingsJson(figures, point.settings) },
        { "runs", Json::array() } };
    for (const RunId id : point.runs)
        json["runs"].push_back(id.value);
    for (const auto& [name, spread] : point.figures)
        json[name] = { { "mean", spread.mean() }, { "deviation", spread.deviation() }, { "n", spread.values.size() } };
    return json;
}

} // namespace

const std::vector<std::string>& sweepFigureNames()
{
    static const std::vector<std::string> names { "accuracy", "average_bits", "macs", "bitops", "size_bits" };
    return names;
}

std::size_t SweepFigures::count(RunState state) const
{
    return static_cast<std::size_t>(std::ranges::count_if(rows, [&](const SweepRow& row) { return row.run && row.run->state == state; }));
}

std::size_t SweepFigures::left() const
{
    return rows.size() - count(RunState::Finished) - count(RunState::Failed);
}

SweepFigures sweepFigures(
    const SweepRecipe& recipe, const std::vector<Run>& children, const std::map<RunId, std::map<std::string, double>>& metrics)
{
    const auto plan = sweepPlan(recipe);
    const Columns columns(recipe, plan);
    SweepFigures figures { toText(recipe), columns.titles(), plannedRows(recipe, plan, columns), {} };
    for (const Run& child : children) {
        if (child.place < 1 || child.place > static_cast<int>(figures.rows.size()))
            continue; // of another version, whose recipe meant more
        SweepRow& row = figures.rows[static_cast<std::size_t>(child.place) - 1];
        row.run = child;
        const auto found = metrics.find(child.id);
        for (const std::string& name : sweepFigureNames()) {
            if (found != metrics.end() && found->second.contains(name))
                row.figures[name] = found->second.at(name);
        }
    }
    for (const SweepRow& row : figures.rows) {
        if (row.run && row.run->state == RunState::Finished)
            addToCurve(figures.curve, row);
    }
    return figures;
}

SweepFigures sweepFigures(Project& project, RunId sweep)
{
    const auto children = sweepChildren(project, sweep);
    std::map<RunId, std::map<std::string, double>> all;
    for (const Run& child : children)
        all[child.id] = metrics(project, child.id);
    return sweepFigures(sweepRecipeFrom(sweepRecipe(project, sweep)), children, all);
}

std::string summaryOf(const SweepFigures& figures)
{
    constexpr std::size_t kMostNamed = 3;
    const std::size_t finished = figures.count(RunState::Finished), failed = figures.count(RunState::Failed);
    std::string text = std::to_string(finished) + " of " + std::to_string(figures.rows.size()) + " children "
        + (finished == 1 ? "is" : "are") + " finished";
    std::size_t named = 0;
    for (const SweepRow& row : figures.rows) {
        if (!row.run || row.run->state != RunState::Failed || ++named > kMostNamed)
            continue;
        text += named == 1 ? "; " + std::to_string(failed) + " failed (" : "; ";
        text += "run " + std::to_string(row.run->id.value) + ": " + row.run->failure;
    }
    if (failed > 0)
        text += failed > kMostNamed ? "; ...)" : ")";
    if (const std::size_t left = figures.left(); left > 0)
        text += "; " + std::to_string(left) + (left == 1 ? " is left" : " are left");
    return text;
}

Json toJson(const SweepFigures& figures)
{
    Json json { { "recipe", Json::parse(figures.recipe) }, { "children", Json::array() }, { "curve", Json::array() } };
    for (const SweepRow& row : figures.rows)
        json["children"].push_back(rowJson(figures, row));
    for (const SweepPoint& point : figures.curve)
        json["curve"].push_back(pointJson(figures, point));
    return json;
}

} // namespace bitscape
