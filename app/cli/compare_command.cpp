// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/compare_command.h"

#include "app/cli/exit_codes.h"
#include "app/cli/named.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/base/whole_file.h"
#include "core/jobs/comparison.h"
#include "core/jobs/comparison_text.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <numeric>

namespace bitscape {
namespace {

struct Arguments {
    std::string project, baseline, file;
    std::vector<std::string> runs;
    bool all = false, json = false;
};

constexpr std::size_t kColumns = 80; ///< of a terminal
constexpr std::size_t kGap = 2;
constexpr std::size_t kMostClasses = 20, kMostMistakes = 3;

bool isShare(const std::string& figure)
{
    return figure.find("accuracy") != std::string::npos;
}

/// "322.6 k": short enough for six beside each other; whole numbers below 10000.
std::string shortText(double value)
{
    static constexpr const char* kUnits[] = { "", " k", " M", " G", " T", " P" };
    if (std::abs(value) < 10000)
        return fixed(value, value == std::floor(value) ? 0 : 2);
    std::size_t unit = 0;
    for (; std::abs(value) >= 999.95 && unit + 1 < std::size(kUnits); ++unit)
        value /= 1000;
    return fixed(value, 1) + kUnits[unit];
}

std::string figureText(const std::string& name, double value)
{
    if (isShare(name))
        return fixed(value, 4);
    if (name == "average_bits" || name.starts_with("threshold_"))
        return fixed(value, 3);
    return name == "seconds" ? fixed(value, 1) : shortText(value);
}

std::string differenceText(const std::string& name, double difference)
{
    return (difference > 0 ? "+" : "") + figureText(name, difference);
}

std::vector<std::string> headOf(const Comparison& comparison, const std::string& first)
{
    std::vector<std::string> head { first };
    for (const auto& each : comparison.runs)
        head.push_back("run " + std::to_string(each->run.id.value));
    return head;
}

/// The values and, where any differs, a line with the differences to the baseline.
void addFigure(TextTable& table, const ComparedFigure& figure, const std::string& kind, std::size_t baseline)
{
    std::vector<std::string> values { figure.name }, differences { "" };
    bool differs = false;
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
        values.push_back(figure.values[i] ? figureText(kind, *figure.values[i]) + (figure.best == i ? "*" : " ") : "- ");
        const auto difference = figure.difference(i, baseline);
        differences.push_back(difference ? differenceText(kind, *difference) + " " : "");
        differs = differs || std::abs(difference.value_or(0)) > 0;
    }
    table.add(values);
    if (differs)
        table.add(differences);
}

void printFigures(const Comparison& comparison, std::size_t baseline)
{
    TextTable table(headOf(comparison, ""));
    for (const ComparedFigure& figure : comparison.figures)
        addFigure(table, figure, figure.name, baseline);
    std::cout << table.text() << "* the best of its row; below the figures, how they differ from run "
              << comparison.runs[baseline]->run.id.value << "\n";
}

std::string cut(const std::string& text, std::size_t width)
{
    return text.size() <= width ? text : text.substr(0, width - 2) + "..";
}

void printParameters(const Comparison& comparison, bool all)
{
    std::size_t name = 9;
    std::vector<const ComparedParameter*> shown;
    for (const ComparedParameter& parameter : comparison.parameters) {
        if (!all && !parameter.differs())
            continue;
        shown.push_back(&parameter);
        name = std::max(name, parameter.name.size());
    }
    if (shown.empty()) {
        std::cout << "\nno parameter differs\n";
        return;
    }
    const std::size_t width = std::max<std::size_t>((kColumns - name) / comparison.runs.size() - kGap, 4);
    TextTable table(headOf(comparison, "parameter"));
    for (const ComparedParameter* parameter : shown) {
        std::vector<std::string> row { parameter->name };
        for (const std::string& value : parameter->values)
            row.push_back(value.empty() ? "empty" : cut(value, width));
        table.add(row);
    }
    std::cout << "\n" << table.text();
}

double spreadOf(const ComparedFigure& figure)
{
    double low = 1, high = 0;
    for (const auto& value : figure.values) {
        low = std::min(low, value.value_or(low));
        high = std::max(high, value.value_or(high));
    }
    return high - low;
}

void printClasses(const Comparison& comparison, std::size_t baseline)
{
    std::vector<const ComparedFigure*> shown;
    for (const ComparedFigure& each : comparison.classes)
        shown.push_back(&each);
    if (shown.empty())
        return;
    std::cout << "\n";
    if (shown.size() > kMostClasses) {
        std::ranges::stable_sort(shown, std::ranges::greater {}, [](const ComparedFigure* each) { return spreadOf(*each); });
        std::cout << "the " << kMostClasses << " classes of " << shown.size() << " that differ most (all of them: --json or --csv)\n";
        shown.resize(kMostClasses);
    }
    TextTable table(headOf(comparison, "class"));
    for (const ComparedFigure* each : shown)
        addFigure(table, *each, "accuracy", baseline);
    std::cout << table.text();
}

/// What a run takes for something else more often, or less often, than the baseline: where that has moved most.
std::string mistakesText(const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const ConfusionDifference difference = confusionDifference(*comparison.runs[run], *comparison.runs[baseline]);
    struct Mistake {
        std::size_t label, answered;
        double share;
    };
    std::vector<Mistake> all;
    for (std::size_t m = 0; m < difference.shares.size(); ++m) {
        for (std::size_t n = 0; n < difference.shares[m].size(); ++n) {
            if (m != n && std::abs(difference.shares[m][n]) > 0)
                all.push_back({ m, n, difference.shares[m][n] });
        }
    }
    std::ranges::stable_sort(all, std::ranges::greater {}, [](const Mistake& each) { return std::abs(each.share); });
    const auto& names = comparison.runs[run]->classNames;
    std::string text;
    for (std::size_t i = 0; i < std::min(all.size(), kMostMistakes); ++i)
        text += (i > 0 ? ", " : "") + names.at(all[i].label) + " as " + names.at(all[i].answered) + " " + (all[i].share > 0 ? "+" : "")
            + percent(all[i].share);
    return text;
}

void printAgainstBaseline(const Comparison& comparison, std::size_t baseline)
{
    std::cout << "\n";
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        if (i == baseline)
            continue;
        std::cout << bitSentence(comparison, i, baseline) << "\n";
        if (const std::string mistakes = mistakesText(comparison, i, baseline); !mistakes.empty())
            std::cout << "  mistakes changed most, in points: " << mistakes << ".\n";
    }
}

void printPairs(const Comparison& comparison)
{
    TextTable table({ "exact McNemar test", "images", "only the first right", "only the second", "p" });
    std::string reasons;
    const auto id = [&](std::size_t run) { return std::to_string(comparison.runs[run]->run.id.value); };
    bool any = false;
    for (const ComparedPair& pair : comparison.pairs) {
        any = any || pair.test;
        if (pair.test)
            table.add({ "run " + id(pair.first) + " and run " + id(pair.second), std::to_string(pair.test->images),
                std::to_string(pair.test->onlyFirst), std::to_string(pair.test->onlySecond), probabilityText(pair.test->p) });
        else if (reasons.find(pair.reason) == std::string::npos)
            reasons += pair.reason + "\n";
    }
    std::cout << "\n" << (any ? table.text() : "") << reasons;
}

std::size_t baselineOf(Project& project, const Arguments& arguments, const std::vector<RunId>& runs)
{
    if (arguments.baseline.empty())
        return 0;
    const RunId wanted = namedRun(project, arguments.baseline);
    const auto found = std::ranges::find(runs, wanted);
    if (found == runs.end())
        throw Error(
            ErrorCode::BadArgument, "The baseline, run " + std::to_string(wanted.value) + ", is none of the runs that are compared.");
    return static_cast<std::size_t>(found - runs.begin());
}

int compareRuns(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    std::vector<RunId> ids;
    for (const std::string& text : arguments.runs)
        ids.push_back(namedRun(project, text));
    const std::size_t baseline = baselineOf(project, arguments, ids);
    const Comparison comparison = compare(project, ids);
    if (!arguments.file.empty())
        writeWholeFile(arguments.file, csvText(comparisonTable(comparison, baseline, arguments.all)), Existing::Replace);
    if (arguments.json) {
        std::cout << toJson(comparison, baseline, arguments.all).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                  << "\n";
        return kDone;
    }
    printFigures(comparison, baseline);
    printParameters(comparison, arguments.all);
    printClasses(comparison, baseline);
    printAgainstBaseline(comparison, baseline);
    printPairs(comparison);
    return kDone;
}

} // namespace

void addCompareCommand(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* sub = app.add_subcommand("compare", "two to six runs on the same data side by side");
    sub->add_option("PROJECT", arguments->project, "project file")->required();
    sub->add_option("RUN", arguments->runs, "two to six numbers, or 'last'")->required();
    sub->add_option("--baseline", arguments->baseline, "the run that the others are held against (default: the first)");
    sub->add_flag("--all-parameters", arguments->all, "also those that are the same in all runs");
    sub->add_flag("--json", arguments->json, "as JSON, with every filter's and every class's differences");
    sub->add_option("--csv", arguments->file, "write the same as a table to this file");
    sub->callback([=, &chosen] { chosen = [=] { return compareRuns(*arguments); }; });
}

} // namespace bitscape
