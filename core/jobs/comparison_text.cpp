// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/comparison_text.h"

#include <cmath>
#include <cstdio>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

Json numberJson(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? Json(*value) : Json();
}

/// The shortest text that reads back as the same number.
std::string numberText(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? nlohmann::json(*value).dump() : std::string();
}

std::int64_t numberOf(const Comparison& comparison, std::size_t run)
{
    return comparison.runs.at(run)->run.id.value;
}

std::string idText(const Comparison& comparison, std::size_t run)
{
    return std::to_string(numberOf(comparison, run));
}

void addFigure(Json& json, const Comparison& comparison, const ComparedFigure& figure, std::size_t baseline)
{
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
        json["values"].push_back(numberJson(figure.values[i]));
        json["differences"].push_back(numberJson(figure.difference(i, baseline)));
    }
    if (figure.best)
        json["best"] = numberOf(comparison, *figure.best);
}

Json bitsJson(const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const BitDifference difference = bitDifference(*comparison.runs[run], *comparison.runs[baseline]);
    Json json { { "run", numberOf(comparison, run) } };
    if (!difference.reason.empty()) {
        json["reason"] = difference.reason;
        return json;
    }
    json["more"] = difference.more;
    json["fewer"] = difference.fewer;
    json["layers"] = Json::array();
    for (std::size_t i = 0; i < difference.layers.size(); ++i)
        json["layers"].push_back({ { "name", comparison.runs[run]->layers[i].name }, { "difference", difference.layers[i] } });
    return json;
}

Json confusionJson(const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const ConfusionDifference difference = confusionDifference(*comparison.runs[run], *comparison.runs[baseline]);
    Json json { { "run", numberOf(comparison, run) } };
    if (!difference.reason.empty())
        json["reason"] = difference.reason;
    for (const auto& row : difference.shares) {
        Json& shares = json["difference"].emplace_back(Json::array());
        for (const double share : row)
            shares.push_back(numberJson(share));
    }
    return json;
}

Json pairJson(const Comparison& comparison, const ComparedPair& pair)
{
    Json json { { "runs", { numberOf(comparison, pair.first), numberOf(comparison, pair.second) } } };
    if (!pair.test) {
        json["reason"] = pair.reason;
        return json;
    }
    json["images"] = pair.test->images;
    json["only_right"] = { pair.test->onlyFirst, pair.test->onlySecond };
    json["p"] = pair.test->p;
    return json;
}

/// Rows of figures and classes.
void addRows(Table& table, const Comparison& comparison, const std::string& what, const ComparedFigure& figure, std::size_t baseline)
{
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
        if (figure.values[i])
            table.rows.push_back({ what, figure.name, idText(comparison, i), i == baseline ? "" : idText(comparison, baseline),
                numberText(figure.values[i]), numberText(figure.difference(i, baseline)) });
    }
}

void addBitRows(Table& table, const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const RunResults &own = *comparison.runs[run], &other = *comparison.runs[baseline];
    const BitDifference difference = bitDifference(own, other);
    for (std::size_t i = 0; i < difference.layers.size(); ++i) {
        for (std::size_t f = 0; f < difference.layers[i].size(); ++f)
            table.rows.push_back({ "bits", own.layers[i].name + "[" + std::to_string(f) + "]", idText(comparison, run),
                idText(comparison, baseline), std::to_string(own.bits[i][f]), std::to_string(difference.layers[i][f]) });
    }
}

void addConfusionRows(Table& table, const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const ConfusionDifference difference = confusionDifference(*comparison.runs[run], *comparison.runs[baseline]);
    const auto& names = comparison.runs[run]->classNames;
    for (std::size_t m = 0; m < difference.shares.size(); ++m) {
        for (std::size_t n = 0; n < difference.shares[m].size(); ++n)
            table.rows.push_back({ "confusion", names.at(m) + " as " + names.at(n), idText(comparison, run), idText(comparison, baseline),
                "", numberText(difference.shares[m][n]) });
    }
}

void addPairRows(Table& table, const Comparison& comparison, const ComparedPair& pair)
{
    if (!pair.test)
        return;
    const std::string first = idText(comparison, pair.first), second = idText(comparison, pair.second);
    table.rows.push_back({ "mcnemar", "only_right", first, second, std::to_string(pair.test->onlyFirst), "" });
    table.rows.push_back({ "mcnemar", "only_right", second, first, std::to_string(pair.test->onlySecond), "" });
    table.rows.push_back({ "mcnemar", "p", first, second, numberText(pair.test->p), "" });
}

} // namespace

Json toJson(const Comparison& comparison, std::size_t baseline, bool allParameters)
{
    Json json { { "runs", Json::array() }, { "baseline", numberOf(comparison, baseline) }, { "figures", Json::object() },
        { "parameters", Json::object() }, { "classes", Json::array() }, { "bits", Json::array() }, { "confusion", Json::array() },
        { "mcnemar", Json::array() } };
    for (const ComparedFigure& figure : comparison.figures)
        addFigure(json["figures"][figure.name], comparison, figure, baseline);
    for (const ComparedParameter& parameter : comparison.parameters) {
        if (allParameters || parameter.differs())
            json["parameters"][parameter.name] = parameter.values;
    }
    for (const ComparedFigure& each : comparison.classes) {
        Json entry { { "name", each.name } };
        addFigure(entry, comparison, each, baseline);
        json["classes"].push_back(std::move(entry));
    }
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        json["runs"].push_back(numberOf(comparison, i));
        if (i == baseline)
            continue;
        json["bits"].push_back(bitsJson(comparison, i, baseline));
        json["confusion"].push_back(confusionJson(comparison, i, baseline));
    }
    for (const ComparedPair& pair : comparison.pairs)
        json["mcnemar"].push_back(pairJson(comparison, pair));
    return json;
}

Table comparisonTable(const Comparison& comparison, std::size_t baseline, bool allParameters)
{
    Table table { { "what", "name", "run", "against", "value", "difference" }, {} };
    for (const ComparedFigure& figure : comparison.figures)
        addRows(table, comparison, "figure", figure, baseline);
    for (const ComparedParameter& parameter : comparison.parameters) {
        for (std::size_t i = 0; i < comparison.runs.size() && (allParameters || parameter.differs()); ++i)
            table.rows.push_back({ "parameter", parameter.name, idText(comparison, i), "", parameter.values[i], "" });
    }
    for (const ComparedFigure& each : comparison.classes)
        addRows(table, comparison, "class", each, baseline);
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        if (i == baseline)
            continue;
        addBitRows(table, comparison, i, baseline);
        addConfusionRows(table, comparison, i, baseline);
    }
    for (const ComparedPair& pair : comparison.pairs)
        addPairRows(table, comparison, pair);
    return table;
}

std::string pairSentence(const Comparison& comparison, const ComparedPair& pair)
{
    if (!pair.test)
        return pair.reason;
    return "Run " + idText(comparison, pair.first) + " alone answers " + std::to_string(pair.test->onlyFirst) + " of "
        + std::to_string(pair.test->images) + " images right, run " + idText(comparison, pair.second) + " alone "
        + std::to_string(pair.test->onlySecond) + ": p = " + probabilityText(pair.test->p) + " (exact McNemar test).";
}

std::string bitSentence(const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const BitDifference difference = bitDifference(*comparison.runs.at(run), *comparison.runs.at(baseline));
    if (!difference.reason.empty())
        return difference.reason;
    std::size_t filters = 0;
    for (const auto& layer : difference.layers)
        filters += layer.size();
    if (difference.more + difference.fewer == 0)
        return "Run " + idText(comparison, run) + " has the bits of run " + idText(comparison, baseline) + " in all "
            + std::to_string(filters) + " filters.";
    return "Run " + idText(comparison, run) + " has more bits than run " + idText(comparison, baseline) + " in "
        + std::to_string(difference.more) + " filters and fewer in " + std::to_string(difference.fewer) + " of " + std::to_string(filters)
        + ".";
}

std::string probabilityText(double p)
{
    if (p < 1e-300)
        return "below 1e-300";
    char text[32];
    std::snprintf(text, sizeof text, p < 0.001 ? "%.1e" : "%.4f", p);
    return text;
}

} // namespace bitscape
