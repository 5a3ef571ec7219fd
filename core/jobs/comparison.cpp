// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/comparison.h"

#include "core/jobs/parameters.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"

#include <algorithm>
#include <map>
#include <set>

namespace bitscape {
namespace {

enum class Better { More, Less, Neither };

Better betterFor(const std::string& figure)
{
    if (figure.ends_with("accuracy") || figure == "accuracy_before")
        return Better::More;
    for (const char* cost : { "average_bits", "macs", "bitops", "size_bits", "seconds" }) {
        if (figure == cost)
            return Better::Less;
    }
    return Better::Neither;
}

std::optional<std::size_t> bestOf(const ComparedFigure& figure)
{
    const Better better = betterFor(figure.name);
    std::optional<std::size_t> best;
    bool tied = false;
    for (std::size_t i = 0; better != Better::Neither && i < figure.values.size(); ++i) {
        if (!figure.values[i])
            continue;
        const double apart = best ? *figure.values[i] - *figure.values[*best] : 0;
        if (!best || (better == Better::More ? apart > 0 : apart < 0)) {
            best = i;
            tied = false;
        } else if (apart >= 0 && apart <= 0) {
            tied = true;
        }
    }
    const auto known = std::ranges::count_if(figure.values, [](const auto& value) { return value.has_value(); });
    return tied || known < 2 ? std::nullopt : best;
}

std::map<std::string, std::string> texts(Project& project, const Run& run)
{
    std::map<std::string, std::string> all { { "kind", toString(run.kind) }, { "seed", std::to_string(run.seed) } };
    if (run.model)
        all["model"] = model(project, *run.model).name;
    if (run.dataset)
        all["data"] = dataset(project, *run.dataset).name;
    for (const auto& [name, value] : run.parameters.items())
        all[name] = parameterText(value);
    return all;
}

} // namespace

Comparison compare(Project& project, const std::vector<RunId>& ids)
{
    Comparison comparison;
    comparison.runs = ids;
    std::vector<std::map<std::string, double>> figures;
    std::vector<std::map<std::string, std::string>> parameters;
    std::set<std::string> figureNames, parameterNames;
    for (const RunId id : ids) {
        const Run run = bitscape::run(project, id);
        figures.push_back(metrics(project, id));
        figures.back()["seconds"] = run.seconds;
        parameters.push_back(texts(project, run));
        for (const auto& [name, value] : figures.back())
            figureNames.insert(name);
        for (const auto& [name, value] : parameters.back())
            parameterNames.insert(name);
    }
    for (const std::string& name : figureNames) {
        ComparedFigure figure { name, {}, {} };
        for (const auto& own : figures)
            figure.values.push_back(own.contains(name) ? std::optional(own.at(name)) : std::nullopt);
        figure.best = bestOf(figure);
        comparison.figures.push_back(figure);
    }
    for (const std::string& name : parameterNames) {
        ComparedParameter parameter { name, {} };
        for (const auto& own : parameters)
            parameter.values.push_back(own.contains(name) ? own.at(name) : "-");
        if (std::set(parameter.values.begin(), parameter.values.end()).size() > 1)
            comparison.parameters.push_back(parameter);
    }
    return comparison;
}

nlohmann::ordered_json toJson(const Comparison& comparison)
{
    nlohmann::ordered_json json { { "runs", nlohmann::ordered_json::array() }, { "figures", nlohmann::ordered_json::object() },
        { "parameters", nlohmann::ordered_json::object() } };
    for (const RunId id : comparison.runs)
        json["runs"].push_back(id.value);
    for (const ComparedFigure& figure : comparison.figures) {
        auto& entry = json["figures"][figure.name];
        for (const auto& value : figure.values)
            entry["values"].push_back(value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json());
        if (figure.best)
            entry["best"] = comparison.runs[*figure.best].value;
    }
    for (const ComparedParameter& parameter : comparison.parameters)
        json["parameters"][parameter.name] = parameter.values;
    return json;
}

} // namespace bitscape
