// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sweep_recipe.h"

#include "core/base/error.h"
#include "core/jobs/own_presets.h"
#include "core/jobs/parameter_values.h"
#include "core/jobs/parameters.h"
#include "core/jobs/sweep_values.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& where, const std::string& what)
{
    throw Error(ErrorCode::BadArgument, "Recipe, " + where + ": " + what);
}

/// Runs `read` and says where in the recipe what it refuses stands.
template <typename Read> auto at(const std::string& where, const Read& read)
{
    try {
        return read();
    } catch (const Error& error) {
        refuse(where, error.what());
    }
}

/// The members of one object of the recipe.
class Members final {
public:
    Members(const Json& object, std::string where, std::initializer_list<const char*> known)
        : m_object(object)
        , m_where(std::move(where))
    {
        if (!object.is_object())
            refuse(m_where, "this has to be an object, {...}");
        for (const auto& item : object.items()) {
            if (std::ranges::find(known, item.key()) == known.end())
                refuse(m_where, "there is no '" + shown(item.key()) + "' here: use " + joined({ known.begin(), known.end() }, ", "));
        }
    }

    const std::string& where() const { return m_where; }

    const Json* find(const char* name) const
    {
        const auto found = m_object.find(name);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }

    /// Numbers too, as runs, models and data sets may be named by their number.
    std::string text(const char* name, const std::string& fallback = {}) const
    {
        const Json* value = find(name);
        if (!value)
            return fallback;
        if (value->is_number_unsigned())
            return value->dump();
        if (!value->is_string())
            refuse(m_where, "'" + std::string(name) + "' has to be a text");
        return value->get<std::string>();
    }

    std::string requiredText(const char* name, const std::string& example) const
    {
        const std::string value = text(name);
        if (value.empty())
            refuse(m_where, "'" + std::string(name) + "' is missing: give one, such as " + example);
        return value;
    }

    Json object(const char* name) const
    {
        const Json* value = find(name);
        if (value && !value->is_object())
            refuse(m_where, "'" + std::string(name) + "' has to be an object of names with values");
        return value ? *value : Json::object();
    }

    Json list(const char* name) const
    {
        const Json* value = find(name);
        if (value && !value->is_array())
            refuse(m_where, "'" + std::string(name) + "' has to be a list, [...]");
        return value ? *value : Json::array();
    }

    std::vector<double> reals(const char* name) const
    {
        std::vector<double> all;
        for (const Json& value : list(name)) {
            if (!value.is_number())
                refuse(m_where, "'" + std::string(name) + "' has to be a list of numbers, one per channel");
            all.push_back(value.get<double>());
        }
        return all;
    }

private:
    const Json& m_object;
    std::string m_where;
};

SweepModel modelFrom(const Json& json, std::size_t number)
{
    const Members members(json, "model " + std::to_string(number), { "name", "source", "mean", "std" });
    return { members.requiredText("name", "\"lenet5\""), members.requiredText("source", "\"zoo:lenet5\""), members.reals("mean"),
        members.reals("std") };
}

SweepData dataFrom(const Json& json, std::size_t number)
{
    const Members members(json, "data set " + std::to_string(number), { "name", "kind", "path", "mean", "std" });
    return { members.requiredText("name", "\"glyphs\""), members.requiredText("kind", "\"glyphs\""), members.text("path"),
        members.reals("mean"), members.reals("std") };
}

std::vector<std::uint64_t> seedsFrom(const Members& members)
{
    const Json* value = members.find("seeds");
    if (!value)
        return {};
    if (value->is_string())
        return at(members.where() + ", seeds", [&] { return seedsFromText(value->get<std::string>()); });
    const Json list = value->is_array() ? *value : Json::array({ *value });
    std::vector<std::uint64_t> seeds;
    for (const Json& seed : list) {
        if (!seed.is_number_unsigned() || std::ranges::find(seeds, seed.get<std::uint64_t>()) != seeds.end())
            refuse(members.where(), "'seeds' has to be whole numbers, each once, such as [1, 2, 3] or \"1-3\"");
        seeds.push_back(seed.get<std::uint64_t>());
    }
    if (seeds.empty())
        refuse(members.where(), "'seeds' is empty: give at least one, or leave it out");
    return seeds;
}

bool has(RunKind kind, const std::string& name)
{
    return std::ranges::any_of(parametersOf(kind), [&](const ParameterSpec& spec) { return spec.name == name; });
}

/// Parameters in the order of preset, common `set` and own `set`, each going before the one in front.
Json mergedSet(const Members& members, RunKind kind, const Json& common)
{
    Json all = Json::object();
    if (const std::string preset = members.text("preset"); !preset.empty())
        all = at(members.where() + ", preset", [&] { return Json(namedPreset(ownPresetsFile(), kind, preset).values); });
    for (const auto& item : common.items()) {
        if (has(kind, item.key()))
            all[item.key()] = item.value();
    }
    all.update(members.object("set"));
    return all;
}

RunKind kindFrom(const Members& members)
{
    const std::string word = members.requiredText("kind", "\"search\"");
    const RunKind kind = at(members.where(), [&] { return runKindFrom(word); });
    if (kind == RunKind::Import || kind == RunKind::Export || kind == RunKind::Sweep)
        refuse(members.where(), "runs of kind '" + word + "' cannot be swept: use train, score, search, refine, step or evaluate");
    return kind;
}

void checkId(const std::string& id, const std::string& where, const std::vector<SweepStage>& earlier)
{
    const bool isNumber = std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
    if (isNumber || id == "last")
        refuse(where, "a stage cannot be called '" + id + "', which is a run: give it a word as its id");
    if (std::ranges::find(earlier, id, &SweepStage::id) != earlier.end())
        refuse(where, "an earlier stage is called '" + shown(id) + "' already: give each an id of its own");
}

void checkFrom(const std::string& from, const std::string& where, const std::vector<SweepStage>& earlier)
{
    const bool isNumber = std::ranges::all_of(from, [](char c) { return c >= '0' && c <= '9'; }); // also nothing
    if (isNumber || from == "last" || std::ranges::find(earlier, from, &SweepStage::id) != earlier.end())
        return;
    std::vector<std::string> ids;
    for (const SweepStage& stage : earlier)
        ids.push_back(stage.id);
    refuse(where,
        "there is no earlier stage '" + shown(from) + "' to start from: use " + (ids.empty() ? "" : joined(ids, ", ") + ", ")
            + "a run's number or 'last'");
}

SweepStage stageFrom(const Json& json, std::size_t number, const Json& common, const std::vector<SweepStage>& earlier)
{
    std::string where = "stage " + std::to_string(number);
    if (json.is_object() && json.contains("id") && json["id"].is_string())
        where = "stage '" + shown(json["id"].get<std::string>()) + "'";
    const Members members(json, where, { "id", "kind", "from", "model", "data", "name", "preset", "set", "grid", "list", "seeds" });
    SweepStage stage;
    stage.kind = kindFrom(members);
    stage.id = members.text("id", toString(stage.kind));
    checkId(stage.id, where, earlier);
    stage.from = members.text("from");
    checkFrom(stage.from, where, earlier);
    stage.model = members.text("model");
    stage.data = members.text("data");
    stage.name = members.text("name");
    stage.set = mergedSet(members, stage.kind, common);
    stage.grid = members.object("grid");
    stage.list = members.list("list");
    stage.seeds = seedsFrom(members);
    return stage;
}

/// What no stage's kind has would change nothing.
void checkCommon(const Json& common, const std::vector<SweepStage>& stages)
{
    for (const auto& item : common.items()) {
        if (!std::ranges::any_of(stages, [&](const SweepStage& stage) { return has(stage.kind, item.key()); }))
            at("set", [&] { return parameterOf(stages.front().kind, item.key()); });
    }
}

Json parsed(const std::string& text)
{
    try {
        return Json::parse(text);
    } catch (const nlohmann::json::exception& error) {
        const std::string what = error.what(); // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
        throw Error(ErrorCode::BadInput, "The recipe is no JSON: " + what.substr(std::min(what.find("] ") + 2, what.size())) + ".");
    }
}

void putUnlessEmpty(Json& object, const char* name, const auto& value)
{
    if (!value.empty())
        object[name] = value;
}

void readNumbers(SweepRecipe& recipe, const Members& members)
{
    if (const Json* workers = members.find("workers"))
        recipe.workers = at("workers", [&] { return checkedValue(parameterOf(RunKind::Sweep, "workers"), *workers).get<int>(); });
    if (const Json* seconds = members.find("max_seconds"))
        recipe.maxSeconds
            = at("max_seconds", [&] { return checkedValue(parameterOf(RunKind::Sweep, "max_seconds"), *seconds).get<double>(); });
}

} // namespace

SweepRecipe sweepRecipeFrom(const std::string& json)
{
    const Json whole = parsed(json);
    const Members members(whole, "at the top", { "name", "workers", "max_seconds", "models", "data", "set", "stages" });
    SweepRecipe recipe;
    recipe.name = members.text("name");
    readNumbers(recipe, members);
    for (const Json& each : members.list("models"))
        recipe.models.push_back(modelFrom(each, recipe.models.size() + 1));
    for (const Json& each : members.list("data"))
        recipe.data.push_back(dataFrom(each, recipe.data.size() + 1));
    const Json common = members.object("set");
    for (const Json& each : members.list("stages"))
        recipe.stages.push_back(stageFrom(each, recipe.stages.size() + 1, common, recipe.stages));
    if (recipe.stages.empty())
        refuse("at the top", "'stages' is missing or empty: give at least one, such as {\"kind\": \"search\", \"from\": \"last\"}");
    checkCommon(common, recipe.stages);
    return recipe;
}

std::string toText(const SweepRecipe& recipe)
{
    Json json = Json::object();
    putUnlessEmpty(json, "name", recipe.name);
    if (recipe.workers)
        json["workers"] = *recipe.workers;
    if (recipe.maxSeconds)
        json["max_seconds"] = *recipe.maxSeconds;
    const auto normalised = [](Json entry, const auto& from) {
        putUnlessEmpty(entry, "mean", from.mean);
        putUnlessEmpty(entry, "std", from.stddev);
        return entry;
    };
    for (const SweepModel& model : recipe.models)
        json["models"].push_back(normalised({ { "name", model.name }, { "source", model.source } }, model));
    for (const SweepData& data : recipe.data)
        json["data"].push_back(normalised({ { "name", data.name }, { "kind", data.kind }, { "path", data.path } }, data));
    json["stages"] = Json::array();
    for (const SweepStage& stage : recipe.stages) {
        Json entry { { "id", stage.id }, { "kind", toString(stage.kind) } };
        for (const auto& [name, value] :
            { std::pair("from", stage.from), { "model", stage.model }, { "data", stage.data }, { "name", stage.name } })
            putUnlessEmpty(entry, name, value);
        putUnlessEmpty(entry, "set", stage.set);
        putUnlessEmpty(entry, "grid", stage.grid);
        putUnlessEmpty(entry, "list", stage.list);
        putUnlessEmpty(entry, "seeds", stage.seeds);
        json["stages"].push_back(std::move(entry));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void resolvePaths(SweepRecipe& recipe, const std::filesystem::path& folder)
{
    const auto absolute = [&](const std::string& path) { return std::filesystem::absolute(folder / path).lexically_normal().string(); };
    for (SweepModel& model : recipe.models) {
        if (!model.source.starts_with("zoo:") && !model.source.starts_with("run:"))
            model.source = absolute(model.source);
    }
    for (SweepData& data : recipe.data) {
        if (data.kind != "glyphs" && !data.path.empty())
            data.path = absolute(data.path);
    }
}

void setInStages(SweepRecipe& recipe, const std::string& setting)
{
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Error(ErrorCode::BadArgument, "setting '" + shown(setting) + "' is not of the form name=value");
    const std::string name = setting.substr(0, equals);
    bool found = false;
    for (SweepStage& stage : recipe.stages) {
        if (!has(stage.kind, name))
            continue;
        const bool listed = std::ranges::any_of(stage.list, [&](const Json& entry) { return entry.is_object() && entry.contains(name); });
        if (listed || stage.grid.contains(name))
            throw Error(
                ErrorCode::BadArgument, "'" + name + "' cannot be set from outside: stage '" + stage.id + "' of the recipe varies it");
        stage.set[name] = parseParameter(parameterOf(stage.kind, name), setting.substr(equals + 1));
        found = true;
    }
    if (!found)
        parameterOf(recipe.stages.front().kind, name); // which says what it may have been meant for
}

} // namespace bitscape
