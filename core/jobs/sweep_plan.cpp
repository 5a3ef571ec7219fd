// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sweep_recipe.h"

#include "core/base/error.h"
#include "core/jobs/parameter_values.h"
#include "core/jobs/parameters.h"
#include "core/jobs/run_name.h"
#include "core/jobs/sweep_values.h"

#include <algorithm>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const SweepStage& stage, const std::string& where, const std::string& what)
{
    throw Error(ErrorCode::BadArgument, "Recipe, stage '" + stage.id + "'" + (where.empty() ? "" : ", " + where) + ": " + what);
}

/// Names that are varied beside a kind's parameters.
bool isSubject(const std::string& name)
{
    return name == "model" || name == "data" || name == "kind";
}

/// The stage's kind, or the entry's own.
RunKind kindOf(const SweepStage& stage, const Json& settings, const std::string& where)
{
    const auto own = settings.find("kind");
    if (own == settings.end())
        return stage.kind;
    if (own->is_string()) {
        for (const RunKind kind : { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate })
            if (toString(kind) == own->get<std::string>())
                return kind;
    }
    refuse(stage, where, "'kind' has to be train, score, search, refine, step or evaluate");
}

/// A grid's values of one name, each checked as far as it can be alone.
Json valuesOf(const SweepStage& stage, const std::string& name, const Json& given)
{
    const std::string where = "grid, '" + name + "'";
    Json values = given.is_array() ? given : Json::array({ given });
    if (given.is_string() && !isSubject(name)) {
        try {
            values = Json(valuesFromText(parameterOf(stage.kind, name), given.get<std::string>()));
        } catch (const Error& error) {
            refuse(stage, "grid", error.what());
        }
    }
    if (values.empty())
        refuse(stage, where, "there is no value to vary it over: give at least one, or leave it out");
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::find(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), values[i])
            != values.begin() + static_cast<std::ptrdiff_t>(i))
            refuse(stage, where, "the value " + shown(values[i].dump()) + " stands twice: give it once");
    }
    return values;
}

/// Every combination of the grid, the last name running fastest.
std::vector<Json> cellsOf(const SweepStage& stage)
{
    std::vector<Json> cells { Json::object() };
    for (const auto& item : stage.grid.items()) {
        const Json values = valuesOf(stage, item.key(), item.value());
        if (cells.size() * values.size() > kMostChildren)
            refuse(stage, "grid", "it has more than " + std::to_string(kMostChildren) + " combinations: leave values out");
        std::vector<Json> more;
        for (const Json& cell : cells) {
            for (const Json& value : values) {
                more.push_back(cell);
                more.back()[item.key()] = value;
            }
        }
        cells = std::move(more);
    }
    return cells;
}

/// What varies: every entry of the list with every combination of the grid.
std::vector<Json> settingsOf(const SweepStage& stage)
{
    const auto cells = cellsOf(stage);
    if (stage.list.empty())
        return cells;
    std::vector<Json> all;
    for (std::size_t i = 0; i < stage.list.size(); ++i) {
        const Json& entry = stage.list[i];
        const std::string where = "list entry " + std::to_string(i + 1);
        if (!entry.is_object())
            refuse(stage, where, "this has to be an object of names with values");
        for (const auto& item : entry.items()) {
            if (stage.grid.contains(item.key()))
                refuse(stage, where, "'" + item.key() + "' is varied by the grid already: leave it out of one of them");
        }
        for (const Json& cell : cells) {
            all.push_back(entry);
            all.back().update(cell);
        }
    }
    return all;
}

std::string subjectText(const SweepStage& stage, const Json& settings, const char* name, const std::string& fallback)
{
    const auto found = settings.find(name);
    if (found == settings.end())
        return fallback;
    if (!found->is_string() && !found->is_number_unsigned())
        refuse(stage, "", "'" + std::string(name) + "' has to be a name or a number");
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// What it is called: kind, what tells it apart, and the seed where there are several.
std::string nameOf(const SweepStage& stage, const PlannedChild& child)
{
    std::string name = stage.name.empty() ? defaultRunName(child.run.kind, child.run.parameters) : stage.name;
    for (const auto& [setting, value] : child.varied) {
        const bool told
            = stage.name.empty() && (setting == "strategy" || setting == "target_bits" || setting == "effect" || setting == "epochs");
        if (!told && !isSubject(setting))
            name += " " + setting + "=" + value;
    }
    return stage.seeds.size() > 1 ? name + " seed " + std::to_string(child.run.seed) : name;
}

/// One child without place, seed and what it starts from.
PlannedChild childFrom(const SweepStage& stage, const Json& settings)
{
    PlannedChild child;
    child.run.kind = kindOf(stage, settings, stage.list.empty() ? "grid" : "list");
    child.model = subjectText(stage, settings, "model", stage.model);
    child.data = subjectText(stage, settings, "data", stage.data);
    Json parameters = stage.set;
    for (const auto& item : settings.items()) {
        if (!isSubject(item.key()))
            parameters[item.key()] = item.value();
    }
    try {
        child.run.parameters = completeParameters(child.run.kind, nlohmann::json(parameters));
    } catch (const Error& error) {
        refuse(stage, settings.empty() ? "set" : "", error.what());
    }
    for (const auto& item : settings.items()) {
        const auto checked = child.run.parameters.find(item.key());
        child.varied.emplace_back(
            item.key(), isSubject(item.key()) ? subjectText(stage, settings, item.key().c_str(), {}) : parameterText(*checked));
    }
    return child;
}

class Planner final {
public:
    void add(const SweepStage& stage, std::size_t number, std::optional<std::size_t> from)
    {
        std::vector<PlannedChild> templates;
        for (const Json& settings : settingsOf(stage))
            templates.push_back(childFrom(stage, settings));
        std::vector<const PlannedChild*> parents;
        std::vector<PlannedChild> before;
        if (from) {
            std::ranges::copy_if(m_all, std::back_inserter(before), [&](const PlannedChild& child) { return child.stage == *from; });
            for (const PlannedChild& child : before)
                parents.push_back(&child);
        } else {
            parents.push_back(nullptr);
        }
        for (const PlannedChild* parent : parents) {
            for (const PlannedChild& child : templates)
                addSeeds(stage, number, child, parent);
        }
    }

    std::vector<PlannedChild> take() { return std::move(m_all); }

private:
    void addSeeds(const SweepStage& stage, std::size_t number, PlannedChild child, const PlannedChild* parent)
    {
        const std::uint64_t inherited = parent ? parent->run.seed : 0;
        for (const std::uint64_t seed : stage.seeds.empty() ? std::vector { inherited } : stage.seeds) {
            if (m_all.size() >= kMostChildren)
                refuse(stage, "", "with it the sweep has more than " + std::to_string(kMostChildren) + " children: vary less");
            child.stage = number;
            child.run.seed = seed;
            child.run.name = nameOf(stage, child);
            child.run.place = static_cast<int>(m_all.size()) + 1;
            child.startsFrom = parent ? parent->run.place : 0;
            m_all.push_back(child);
        }
    }

    std::vector<PlannedChild> m_all;
};

} // namespace

std::vector<PlannedChild> sweepPlan(const SweepRecipe& recipe)
{
    Planner planner;
    for (std::size_t i = 0; i < recipe.stages.size(); ++i) {
        const auto from = std::ranges::find(recipe.stages, recipe.stages[i].from, &SweepStage::id);
        const bool isStage = from != recipe.stages.end();
        planner.add(recipe.stages[i], i, isStage ? std::optional(static_cast<std::size_t>(from - recipe.stages.begin())) : std::nullopt);
    }
    return planner.take();
}

} // namespace bitscape
