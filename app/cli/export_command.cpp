// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/export_command.h"

#include "app/cli/adding.h"
#include "app/cli/named.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/base/whole_file.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/export_network.h"
#include "core/engine/runs/export_subnets.h"
#include "core/jobs/run_json.h"
#include "core/jobs/run_tables.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace bitscape {
namespace {

struct Arguments {
    std::string project, which, format, file;
    bool force = false, events = false, subnets = false;
    int threads = 0;
};

std::vector<std::string> formatNames()
{
    std::vector<std::string> names;
    std::ranges::transform(exportFormats(), std::back_inserter(names), &ExportFormat::name);
    names.insert(names.end(), { "csv", "json" });
    return names;
}

bool isRun(const std::string& text)
{
    return text == "last" || (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }));
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return { std::istreambuf_iterator<char>(in), {} };
}

std::string sizeText(std::uintmax_t bytes)
{
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

std::string reportLine(const Arguments& arguments, const ExportReport& report)
{
    const FileCheck& check = report.check;
    std::string line = arguments.format + " " + arguments.file + ", " + sizeText(report.bytes) + ", read and run again: ";
    if (report.accuracy)
        line += "accuracy " + fixed(*report.accuracy, 4) + " in the run, "
            + fixed(static_cast<double>(check.right) / static_cast<double>(check.images), 4) + " in the file; ";
    return line + std::to_string(check.differing) + " of " + std::to_string(check.images)
        + (report.accuracy ? " images" : " images of noise") + " answered differently";
}

/// A line per file.
std::string subnetLines(const Arguments& arguments, const std::vector<SubnetFile>& files, bool hasImages)
{
    std::string lines;
    for (const SubnetFile& file : files) {
        lines += (lines.empty() ? "" : "\n") + arguments.format + " " + file.file.string() + ", " + sizeText(file.bytes)
            + ", read and run again: ";
        if (hasImages)
            lines += "accuracy " + fixed(static_cast<double>(file.check.right) / static_cast<double>(file.check.images), 4) + ", ";
        lines += std::to_string(file.check.differing) + " of " + std::to_string(file.check.images)
            + (hasImages ? " images" : " images of noise") + " answered differently than by subnet " + std::to_string(file.subnet);
        if (file.isStep)
            lines += ", logits at most " + fixed(file.apart, 7) + " from those of its file";
    }
    return lines;
}

/// The first table in the file itself, the others beside it. All are written, and read again, before the first gets its name.
std::string exportTables(const Arguments& arguments, const RunResults& results, Existing existing)
{
    const std::filesystem::path file = arguments.file;
    std::vector<std::unique_ptr<WholeFile>> written;
    std::string line;
    for (const auto& [name, table] : runTables(results)) {
        const auto path = written.empty() ? file : besides(file, name);
        written.push_back(std::make_unique<WholeFile>(path, csvText(table), existing));
        if (tableFrom(contentOf(written.back()->temporary())) != table)
            throw Error(ErrorCode::Store, "'" + path.string() + "' reads back otherwise than it was written: check the disk.");
        line += (line.empty() ? "csv " : "; ") + path.string() + ", " + name + ", " + std::to_string(table.rows.size())
            + (table.rows.size() == 1 ? " row" : " rows");
    }
    if (written.empty())
        throw Error(ErrorCode::BadArgument, "Run " + std::to_string(results.run.id.value) + " has no results to make a table of.");
    for (const auto& each : written)
        each->keep();
    return line + ", read again";
}

std::string exportJson(const Arguments& arguments, Project& project, RunId run, Existing existing)
{
    const std::string text = runExport(project, run).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    WholeFile written(arguments.file, text, existing);
    const auto again = nlohmann::ordered_json::parse(contentOf(written.temporary()), nullptr, false);
    if (again.is_discarded() || again.dump() != nlohmann::ordered_json::parse(text).dump())
        throw Error(ErrorCode::Store, "'" + arguments.file + "' reads back otherwise than it was written: check the disk.");
    written.keep();
    return "json " + arguments.file + ", " + sizeText(text.size()) + ", read again";
}

/// Refused before anything is computed.
void checkTarget(const Arguments& arguments, const std::filesystem::path& file)
{
    std::error_code failed;
    if (std::filesystem::exists(file, failed) && !arguments.force)
        throw Error(ErrorCode::BadArgument, "'" + file.string() + "' is there already: choose another name, or replace it with --force.");
}

bool isStep(const Arguments& arguments, Project& project)
{
    return isRun(arguments.which) && run(project, namedRun(project, arguments.which)).kind == RunKind::Step;
}

ExportSource sourceOf(const Arguments& arguments, Project& project, JobContext& context)
{
    if (!isRun(arguments.which))
        return exportSource(project, namedModel(project, arguments.which));
    const Run run = bitscape::run(project, namedRun(project, arguments.which));
    return run.kind == RunKind::Step ? subnetSource(project, run, context) : exportSource(project, run, context);
}

std::string exported(const Arguments& arguments, Project& project, JobContext& context)
{
    const Existing existing = arguments.force ? Existing::Replace : Existing::Refuse;
    const bool tells = arguments.format == "csv" || arguments.format == "json";
    const bool subnets = !tells && (arguments.subnets || isStep(arguments, project));
    checkTarget(arguments, subnets ? besides(arguments.file, "s1") : std::filesystem::path(arguments.file));
    if (tells && !isRun(arguments.which))
        throw Error(ErrorCode::BadArgument,
            "'" + arguments.which + "' is a model; " + arguments.format + " tells of a run: give its number, or 'last'.");
    if (arguments.format == "csv")
        return exportTables(arguments, runResults(project, namedRun(project, arguments.which)), existing);
    if (arguments.format == "json")
        return exportJson(arguments, project, namedRun(project, arguments.which), existing);
    const auto format = std::ranges::find(exportFormats(), arguments.format, &ExportFormat::name);
    const ExportSource source = sourceOf(arguments, project, context);
    if (subnets)
        return subnetLines(arguments, exportSubnets(source, *format, arguments.file, existing, context), source.inputs.has_value());
    return reportLine(arguments, exportNetwork(source, *format, arguments.file, existing, context));
}

int exportCommand(const Arguments& arguments)
{
    std::optional<Project> project;
    return addToProject(arguments.events, "export", [&](JobContext& context) -> Storing {
        useThreads(arguments.threads);
        project = openProject(arguments.project);
        const std::string line = exported(arguments, *project, context);
        return [line] { return line; };
    });
}

} // namespace

void addExportCommand(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* sub = app.add_subcommand("export", "write a run's network or figures, or a model, to a file and check it");
    sub->add_option("PROJECT", arguments->project, "project file")->required();
    sub->add_option("RUN|MODEL", arguments->which, "a run's number, 'last', or a model's name")->required();
    sub->add_option(
           "--to", arguments->format, "onnx (opset 13), qonnx, packed (see resources/packed/bitscape_packed.h), torchscript, csv or json")
        ->required()
        ->check(CLI::IsMember(formatNames()));
    sub->add_option("--out", arguments->file, "the file to write")->required();
    sub->add_flag("--force", arguments->force, "replace a file that is there already");
    sub->add_flag("--subnets", arguments->subnets,
        "a file for each subnet, FILE.s1.onnx and so on, and in ONNX for each step from one to the next; always so for a step run");
    sub->add_option("--threads", arguments->threads, "threads to compute with (default: one per hardware thread)")
        ->check(CLI::Range(1, 1024));
    sub->add_flag("--events", arguments->events, "tell events as JSON lines; obey cancel on standard input");
    sub->callback([=, &chosen] { chosen = [arguments] { return exportCommand(*arguments); }; });
}

} // namespace bitscape
