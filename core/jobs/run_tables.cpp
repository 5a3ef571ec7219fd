// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/run_tables.h"

#include "core/jobs/run_json.h"

#include "core/base/error.h"

#include <algorithm>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

/// The shortest text that reads back as the same number.
std::string text(double value)
{
    return nlohmann::json(value).dump();
}

std::string text(std::int64_t value)
{
    return std::to_string(value);
}

bool fits(const RunResults& results)
{
    return std::ranges::equal(results.layers, results.bits,
        [](const Layer& layer, const auto& own) { return layer.filters == static_cast<std::int64_t>(own.size()); });
}

LayerBits bitsOf(const RunResults& results)
{
    return fits(results) ? results.bits : uniformBits(results.layers, kFullPrecisionBits, kFullPrecisionBits);
}

void append(Row& row, const LayerCost& cost)
{
    row.insert(row.end(), { text(cost.macs), text(cost.bitops), text(cost.sizeBits) });
}

Table filterTable(const RunResults& results)
{
    Table table { { "layer", "op", "quantizable", "filter", "weights", "bits", "macs", "bitops", "size_bits" }, {} };
    const bool scored = results.filterScores.size() == results.layers.size();
    if (scored) {
        table.names.push_back("score");
        for (const std::string& name : results.classNames)
            table.names.push_back("share of " + name);
    }
    const bool grouped = results.stepping && results.stepping->groups.size() == results.layers.size();
    if (grouped)
        table.names.push_back("group");
    const LayerBits bits = bitsOf(results);
    const auto costs = filterCosts(results.graph, results.layers, bits, results.activationBits);
    for (std::size_t i = 0; i < results.layers.size(); ++i) {
        const Layer& layer = results.layers[i];
        for (std::size_t f = 0; f < bits[i].size(); ++f) {
            Row row { layer.name, toString(layer.op), layer.quantizable ? "1" : "0", std::to_string(f), text(layer.weightsPerFilter()),
                std::to_string(bits[i][f]) };
            append(row, costs[i][f]);
            if (scored)
                row.push_back(text(results.filterScores[i].at(f)));
            for (std::size_t m = 0; scored && m < results.classNames.size(); ++m)
                row.push_back(text(results.beta(i, f, m)));
            if (grouped)
                row.push_back(std::to_string(results.stepping->groups[i].at(f)));
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

Table layerTable(const RunResults& results)
{
    Table table { { "layer", "op", "quantizable", "filters", "weights", "average_bits", "macs", "bitops", "size_bits" }, {} };
    const LayerBits bits = bitsOf(results);
    const Cost cost = costOf(results.graph, results.layers, bits, results.activationBits);
    for (std::size_t i = 0; i < results.layers.size(); ++i) {
        const Layer& layer = results.layers[i];
        double sum = 0;
        for (const std::uint8_t each : bits[i])
            sum += each;
        Row row { layer.name, toString(layer.op), layer.quantizable ? "1" : "0", text(layer.filters), text(layer.weights()),
            text(sum / static_cast<double>(layer.filters)) };
        append(row, cost.layers[i]);
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table trajectoryTable(const RunResults& results)
{
    Table table {
        { "step", "phase", "average_bits", "macs", "bitops", "size_bits", "accuracy_low", "accuracy_high", "floor", "kept", "seconds" }, {}
    };
    std::size_t thresholds = 0;
    for (const TrajectoryPoint& point : results.trajectory)
        thresholds = std::max(thresholds, point.thresholds.size());
    for (std::size_t k = 1; k <= thresholds; ++k)
        table.names.push_back("threshold_" + std::to_string(k));
    for (const TrajectoryPoint& point : results.trajectory) {
        Row row { std::to_string(point.step), std::to_string(point.phase), text(point.averageBits), text(point.macs), text(point.bitops),
            text(point.sizeBits), text(point.accuracyLow), text(point.accuracyHigh), text(point.floor), point.kept ? "1" : "0",
            text(point.seconds) };
        for (std::size_t k = 0; k < thresholds; ++k)
            row.push_back(k < point.thresholds.size() ? text(point.thresholds[k]) : "");
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table epochTable(const RunResults& results)
{
    Table table { { "epoch", "loss", "accuracy", "learning_rate", "seconds" }, {} };
    for (const Epoch& epoch : results.epochs)
        table.rows.push_back(
            { std::to_string(epoch.epoch), text(epoch.loss), text(epoch.accuracy), text(epoch.learningRate), text(epoch.seconds) });
    return table;
}

Table subnetTable(const SteppingResult& stepping)
{
    Table table { { "kind", "subnet", "budget", "macs", "macs_share", "accuracy" }, {} };
    for (const SubnetFamily& family : stepping.families) {
        for (std::size_t k = 0; k < family.subnets.size(); ++k) {
            const SubnetFigures& subnet = family.subnets[k];
            table.rows.push_back({ family.kind, std::to_string(k + 1), text(subnet.budget), text(subnet.macs), text(subnet.macsShare),
                text(subnet.accuracy) });
        }
    }
    return table;
}

Table anytimeTable(const SteppingResult& stepping)
{
    Table table { { "threshold", "macs", "accuracy" }, {} };
    for (const AnytimePoint& point : stepping.anytime)
        table.rows.push_back({ text(point.threshold), text(point.macs), text(point.accuracy) });
    return table;
}

Row with(Row row, const Row& more)
{
    row.insert(row.end(), more.begin(), more.end());
    return row;
}

std::string cell(const std::string& value)
{
    if (value.find_first_of(",\"\r\n") == std::string::npos)
        return value;
    std::string quoted = "\"";
    for (const char c : value)
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

std::string line(const Row& row)
{
    std::string all;
    for (std::size_t i = 0; i < row.size(); ++i)
        all += (i == 0 ? "" : ",") + cell(row[i]);
    return all + "\n";
}

Json costJson(const LayerCost& cost)
{
    return { { "macs", cost.macs }, { "bitops", cost.bitops }, { "size_bits", cost.sizeBits } };
}

void addClasses(Json& layer, const RunResults& results, std::size_t at)
{
    layer["scores"] = results.filterScores[at];
    layer["classes"] = Json::array();
    for (std::size_t f = 0; f < results.filterScores[at].size(); ++f) {
        Json row = Json::array();
        for (std::size_t m = 0; m < static_cast<std::size_t>(results.graph.classes()); ++m)
            row.push_back(results.beta(at, f, m));
        layer["classes"].push_back(std::move(row));
    }
}

} // namespace

Table childTable(const SweepFigures& figures)
{
    Table table { with({ "place", "run", "stage", "kind", "name", "state" }, figures.varied), {} };
    table.names = with(with(with(table.names, { "seed" }), sweepFigureNames()), { "seconds" });
    for (const SweepRow& row : figures.rows) {
        Row cells { std::to_string(row.place), row.run ? text(row.run->id.value) : "", row.stage, toString(row.kind),
            row.run ? row.run->name : "", row.run ? toString(row.run->state) : "removed" };
        cells = with(with(cells, row.settings), { std::to_string(row.seed) });
        for (const std::string& name : sweepFigureNames()) {
            const auto figure = row.figures.find(name);
            cells.push_back(figure == row.figures.end() ? "" : text(figure->second));
        }
        cells.push_back(row.run ? text(row.run->seconds) : "");
        table.rows.push_back(std::move(cells));
    }
    return table;
}

/// Mean, sample standard deviation and number of each figure.
Table curveTable(const SweepFigures& figures)
{
    Table table { with(with({ "stage", "kind" }, figures.varied), { "n" }), {} };
    const Row names = with(sweepFigureNames(), { "seconds" });
    for (const std::string& name : names)
        table.names = with(table.names, { name + "_mean", name + "_deviation" });
    for (const SweepPoint& point : figures.curve) {
        Row cells = with(with({ point.stage, toString(point.kind) }, point.settings), { std::to_string(point.runs.size()) });
        for (const std::string& name : names) {
            const auto spread = point.figures.find(name);
            const bool known = spread != point.figures.end();
            cells = with(cells, { known ? text(spread->second.mean()) : "", known ? text(spread->second.deviation()) : "" });
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

std::string csvText(const Table& table)
{
    std::string all = line(table.names);
    for (const Row& row : table.rows)
        all += line(row);
    return all;
}

Table tableFrom(const std::string& csv)
{
    std::vector<Row> rows { {} };
    std::string value;
    bool quoted = false;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        const char c = csv[i];
        if (quoted && c == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
            value += csv[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            rows.back().push_back(std::exchange(value, {}));
            if (c == '\n')
                rows.emplace_back();
        } else {
            value += c;
        }
    }
    rows.pop_back();
    if (quoted || !value.empty() || rows.empty()
        || std::ranges::any_of(rows, [&](const Row& row) { return row.size() != rows.front().size(); }))
        throw Error(ErrorCode::BadInput, "The table is cut off, or its rows are of unequal length.");
    return { rows.front(), { rows.begin() + 1, rows.end() } };
}

std::vector<std::pair<std::string, Table>> runTables(const RunResults& results)
{
    std::vector<std::pair<std::string, Table>> tables;
    if (results.sweep)
        return { { "children", childTable(*results.sweep) }, { "curve", curveTable(*results.sweep) } };
    if (!results.layers.empty()) {
        tables.emplace_back("filters", filterTable(results));
        tables.emplace_back("layers", layerTable(results));
    }
    if (!results.trajectory.empty())
        tables.emplace_back("trajectory", trajectoryTable(results));
    if (!results.epochs.empty())
        tables.emplace_back("epochs", epochTable(results));
    if (results.stepping && !results.stepping->families.empty())
        tables.emplace_back("subnets", subnetTable(*results.stepping));
    if (results.stepping && !results.stepping->anytime.empty())
        tables.emplace_back("anytime", anytimeTable(*results.stepping));
    return tables;
}

nlohmann::ordered_json runExport(Project& project, RunId id)
{
    const RunResults results = runResults(project, id);
    Json json = runDetails(project, id);
    if (results.sweep)
        return json;
    if (results.scoreRun)
        json["score_run"] = results.scoreRun->value;
    const auto costs = filterCosts(results.graph, results.layers, bitsOf(results), results.activationBits);
    const Cost cost = costOf(results.graph, results.layers, bitsOf(results), results.activationBits);
    for (std::size_t i = 0; i < costs.size() && json.contains("layers"); ++i) {
        Json& layer = json["layers"].at(i);
        if (results.filterScores.size() == results.layers.size())
            addClasses(layer, results, i);
        layer["cost"] = costJson(cost.layers[i]);
        layer["filter_costs"] = Json::array();
        for (const LayerCost& filter : costs[i])
            layer["filter_costs"].push_back(costJson(filter));
    }
    return json;
}

} // namespace bitscape
