// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report_commands.h"

#include "app/cli/exit_codes.h"
#include "app/cli/named.h"
#include "app/cli/text_table.h"

#include "core/jobs/parameters.h"
#include "core/jobs/run_json.h"
#include "core/jobs/run_results.h"
#include "core/jobs/strategy_table.h"
#include "core/jobs/sweep_figures.h"
#include "core/network/cost.h"
#include "core/network/graph_json.h"
#include "core/project/datasets.h"
#include "core/project/results.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>

namespace bitscape {
namespace {

struct Arguments {
    std::string project, which;
    bool json = false;
};

std::string figureText(const std::string& name, double value)
{
    if (name.ends_with("accuracy") || name == "accuracy_before")
        return fixed(value, 4);
    if (name == "average_bits" || name.starts_with("threshold_"))
        return fixed(value, 3);
    return value == std::floor(value) ? fixed(value, 0) : fixed(value, 4);
}

/// Of one of sweepFigureNames(), or "seconds"; with the spread where there is one.
std::string spreadText(const std::string& name, const Spread& spread)
{
    const auto text = [&](double value) { return name == "seconds" ? fixed(value, 1) : figureText(name, value); };
    return text(spread.mean()) + (spread.values.size() > 1 ? " ± " + text(spread.deviation()) : "");
}

std::string textIn(const nlohmann::ordered_json& summary, const std::string& name)
{
    return summary.at(name).is_null() ? "" : summary.at(name).get<std::string>();
}

int listRuns(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    if (arguments.json) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const Run& run : runs(project))
            list.push_back(runSummary(project, run));
        std::cout << list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
        return kDone;
    }
    TextTable table({ "id", "kind", "name", "state", "model", "data", "from", "seed", "seconds", "accuracy", "bits" });
    for (const Run& run : runs(project)) {
        const auto summary = runSummary(project, run);
        const auto figures = metrics(project, run.id);
        const auto figure
            = [&](const std::string& name) { return figures.contains(name) ? figureText(name, figures.at(name)) : std::string(); };
        table.add({ std::to_string(run.id.value), toString(run.kind), run.name, toString(run.state), textIn(summary, "model"),
            textIn(summary, "data"), run.parent ? std::to_string(run.parent->value) : "", std::to_string(run.seed), fixed(run.seconds, 1),
            figure("accuracy"), figure("average_bits") });
    }
    std::cout << table.text();
    return kDone;
}

/// "0:3 1:10 2:51": how many filters have how many bits.
std::string histogramText(const std::vector<std::uint8_t>& bits)
{
    std::map<int, int> counts;
    for (const std::uint8_t b : bits)
        ++counts[b];
    std::string text;
    for (const auto& [b, count] : counts)
        text += (text.empty() ? "" : "  ") + std::to_string(count) + " x " + std::to_string(b);
    return text;
}

void printLayers(Project& project, const Run& run)
{
    const LayerBits layerBits = bits(project, run.id);
    if (layerBits.empty() || !run.model)
        return;
    const Graph graph = graphFromJson(model(project, *run.model).graph);
    const auto layers = layersOf(graph);
    const Cost cost = costOf(graph, layers, layerBits);
    TextTable table({ "layer", "filters", "weights", "MACs left", "filters x bits" });
    for (std::size_t i = 0; i < layers.size(); ++i) {
        table.add({ layers[i].name, std::to_string(layers[i].filters), std::to_string(layers[i].weights()),
            std::to_string(cost.layers[i].macs), histogramText(layerBits[i]) });
    }
    std::cout << table.text();
}

void printHead(Project& project, const Run& run)
{
    const auto summary = runSummary(project, run);
    std::cout << "run " << run.id.value << " " << run.name << ", " << toString(run.state) << "\n"
              << toString(run.kind) << " of model " << textIn(summary, "model") << " on data set " << textIn(summary, "data");
    if (run.parent)
        std::cout << ", from run " << run.parent->value;
    std::cout << ", seed " << run.seed << "\nmade " << run.created << ", computed for " << fixed(run.seconds, 1) << " s";
    if (run.threads > 0)
        std::cout << " on " << run.device << " with " << run.threads << (run.threads == 1 ? " thread" : " threads");
    std::cout << "\n";
    if (!run.failure.empty())
        std::cout << "failure: " << run.failure << "\n";
    for (const auto& [name, value] : run.parameters.items()) {
        const std::string text = parameterText(value);
        std::cout << "  " << name << " = " << (text.empty() ? "empty" : text) << "\n";
    }
}

/// Accuracy per class, and what else each class was taken for most often.
void printClasses(Project& project, RunId id)
{
    const RunResults results = runResults(project, id);
    const auto shares = perClassAccuracy(results.confusion);
    TextTable table({ "class", "accuracy", "images", "mostly mistaken for" });
    for (std::size_t label = 0; label < shares.size() && label < results.classNames.size(); ++label) {
        auto others = results.confusion[label];
        const auto images = std::accumulate(others.begin(), others.end(), std::int64_t { 0 });
        others.at(label) = 0;
        const auto worst = std::ranges::max_element(others);
        table.add({ results.classNames[label], fixed(shares[label], 4), std::to_string(images),
            *worst == 0 ? ""
                        : results.classNames.at(static_cast<std::size_t>(worst - others.begin())) + " (" + std::to_string(*worst) + ")" });
    }
    if (!shares.empty())
        std::cout << table.text();
}

/// A row per budget, a column per family.
void printSubnets(Project& project, RunId id)
{
    const auto stepping = keptStepping(project, id);
    if (!stepping || stepping->families.empty())
        return;
    std::vector<std::string> header { "subnet", "budget", "MACs", "of all" };
    for (const SubnetFamily& family : stepping->families)
        header.push_back(family.kind);
    TextTable table(header);
    const auto& own = stepping->families.front().subnets;
    for (std::size_t k = 0; k < own.size(); ++k) {
        std::vector<std::string> row { std::to_string(k + 1), fixed(own[k].budget, 3), std::to_string(own[k].macs),
            fixed(own[k].macsShare, 3) };
        for (const SubnetFamily& family : stepping->families)
            row.push_back(fixed(family.subnets[k].accuracy, 4));
        table.add(row);
    }
    std::cout << table.text() << "original network: " << stepping->originalMacs << " MACs, accuracy "
              << fixed(stepping->originalAccuracy, 4) << "\n";
    if (const std::string verdict = steppingVerdict(*stepping); !verdict.empty())
        std::cout << verdict << "\n";
}

/// Of a quantized network of subnets.
void printQuantizedSubnets(Project& project, RunId id)
{
    const auto figures = metrics(project, id);
    TextTable table({ "subnet", "accuracy", "full precision", "average bits", "MACs", "BitOps", "size KiB" });
    for (int k = 1; figures.contains("subnet_accuracy_" + std::to_string(k)); ++k) {
        const auto figure = [&](const std::string& name) { return figures.at("subnet_" + name + "_" + std::to_string(k)); };
        table.add({ std::to_string(k), fixed(figure("accuracy"), 4), fixed(figure("full_accuracy"), 4), fixed(figure("average_bits"), 3),
            fixed(figure("macs"), 0), fixed(figure("bitops"), 0), fixed(figure("size_bits") / 8192, 1) });
    }
    if (figures.contains("subnet_accuracy_1"))
        std::cout << table.text();
}

void addAll(std::vector<std::string>& row, const std::vector<std::string>& more)
{
    row.insert(row.end(), more.begin(), more.end());
}

void printChildren(const SweepFigures& figures)
{
    std::vector<std::string> names { "place", "run", "stage", "state" };
    addAll(names, figures.varied);
    addAll(names, { "seed" });
    addAll(names, sweepFigureNames());
    addAll(names, { "seconds" });
    TextTable table(names);
    for (const SweepRow& row : figures.rows) {
        std::vector<std::string> cells { std::to_string(row.place), row.run ? std::to_string(row.run->id.value) : "", row.stage,
            row.run ? toString(row.run->state) : "removed" };
        addAll(cells, row.settings);
        addAll(cells, { std::to_string(row.seed) });
        for (const std::string& name : sweepFigureNames())
            addAll(cells, { row.figures.contains(name) ? figureText(name, row.figures.at(name)) : "" });
        addAll(cells, { row.run ? fixed(row.run->seconds, 1) : "" });
        table.add(cells);
    }
    std::cout << table.text();
}

/// Mean and spread over seeds.
void printCurve(const SweepFigures& figures)
{
    std::vector<std::string> shown = sweepFigureNames();
    addAll(shown, { "seconds" });
    std::vector<std::string> names { "stage" };
    addAll(names, figures.varied);
    addAll(names, { "n" });
    addAll(names, shown);
    TextTable table(names);
    for (const SweepPoint& point : figures.curve) {
        std::vector<std::string> cells { point.stage };
        addAll(cells, point.settings);
        addAll(cells, { std::to_string(point.runs.size()) });
        for (const std::string& name : shown)
            addAll(cells, { point.figures.contains(name) ? spreadText(name, point.figures.at(name)) : "" });
        table.add(cells);
    }
    std::cout << table.text();
}

void printSweep(Project& project, RunId id)
{
    const SweepFigures figures = sweepFigures(project, id);
    printChildren(figures);
    printCurve(figures);
    std::cout << summaryOf(figures) << "\n";
}

int showRun(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    const RunId id = namedRun(project, arguments.which);
    if (arguments.json) {
        std::cout << runDetails(project, id).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
        return kDone;
    }
    const Run run = bitscape::run(project, id);
    printHead(project, run);
    if (run.kind == RunKind::Sweep) {
        printSweep(project, id);
        return kDone;
    }
    printFigures(project, id);
    for (const Epoch& epoch : epochs(project, id))
        std::cout << "epoch " << epoch.epoch << ": loss " << fixed(epoch.loss, 4) << ", accuracy " << fixed(epoch.accuracy, 4)
                  << ", learning rate " << fixed(epoch.learningRate, 5) << ", " << fixed(epoch.seconds, 1) << " s\n";
    printLayers(project, run);
    printClasses(project, id);
    printSubnets(project, id);
    printQuantizedSubnets(project, id);
    return kDone;
}

std::string spreadText(const Spread& spread)
{
    if (spread.values.empty())
        return "";
    return percent(spread.mean()) + (spread.values.size() > 1 ? " ± " + percent(spread.deviation()) : "");
}

int strategiesCommand(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    const auto rows = strategyTable(project);
    TextTable table({ "model", "data", "target", "strategy", "seeds", "average bits", "BitOps", "accuracy %", "refined %", "settings" });
    std::vector<std::string> settings; // numbered, as they are long
    for (const StrategyRow& row : rows) {
        if (std::ranges::find(settings, row.settings) == settings.end())
            settings.push_back(row.settings);
        const auto number = std::ranges::find(settings, row.settings) - settings.begin() + 1;
        table.add({ row.model, row.data, fixed(row.targetBits, 2), row.strategy, std::to_string(row.before.values.size()),
            fixed(row.averageBits.mean(), 3), engineering(row.bitops.mean()), spreadText(row.before), spreadText(row.after),
            std::to_string(number) });
    }
    std::cout << table.text();
    for (std::size_t i = 0; i < settings.size(); ++i)
        std::cout << "settings " << i + 1 << ": " << (settings[i].empty() ? "all defaults" : settings[i]) << "\n";
    for (const std::string& sentence : verdicts(rows))
        std::cout << sentence << "\n";
    return kDone;
}

} // namespace

void printFigures(Project& project, RunId id)
{
    for (const auto& [name, value] : metrics(project, id)) {
        if (name.starts_with("subnet_"))
            continue; // a table of their own
        std::cout << name << " " << figureText(name, value) << "\n";
    }
}

void addReportCommands(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const std::string& name, const std::string& help, int (*action)(const Arguments&)) {
        CLI::App* sub = app.add_subcommand(name, help);
        sub->add_option("PROJECT", arguments->project, "project file")->required();
        sub->callback([=, &chosen] { chosen = [=] { return action(*arguments); }; });
        return sub;
    };
    command("runs", "all runs of a project", listRuns)->add_flag("--json", arguments->json, "as JSON");
    CLI::App* show = command("show", "all that is known of a run", showRun);
    show->add_option("RUN", arguments->which, "a number or 'last'")->required();
    show->add_flag("--json", arguments->json, "as JSON");
    command("table", "finished searches by strategy and target, with mean and spread over seeds", strategiesCommand);
}

} // namespace bitscape
