// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model_commands.h"

#include "app/cli/adding.h"
#include "app/cli/adding_options.h"
#include "app/cli/named.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/engine/data/add_dataset.h"
#include "core/engine/formats/add_model.h"
#include "core/engine/runs/subnet_model.h"
#include "core/jobs/model_preview.h"
#include "core/network/graph_json.h"
#include "core/network/layers.h"
#include "core/network/zoo.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>

namespace bitscape {
namespace {

/// What the subcommands' options are written to.
struct Arguments {
    std::string project, source, name, input, which;
    std::vector<double> mean, stddev;
    bool events = false, json = false;
};

Model zooModel(const Arguments& arguments)
{
    std::string source = arguments.source;
    if (!arguments.input.empty()) {
        std::string shape = arguments.input;
        std::ranges::replace(shape, ',', 'x');
        source += (source.find('?') == std::string::npos ? "?" : "&") + std::string("input=") + shape;
    }
    return builtInModel(source, arguments.name, arguments.mean, arguments.stddev);
}

/// "3,224,224" or "3x224x224".
Shape imageShape(std::string text)
{
    std::ranges::replace(text, 'x', ',');
    std::istringstream stream(text);
    std::vector<std::int64_t> sizes;
    for (std::string part; std::getline(stream, part, ',');) {
        std::int64_t size = 0;
        const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), size);
        if (failure != std::errc() || end != part.data() + part.size())
            size = 0;
        sizes.push_back(size);
    }
    if (sizes.size() != 3 || !isPossibleShape(sizes))
        throw Error(ErrorCode::BadArgument, "--input wants C,H,W, such as 3,224,224, not '" + text + "'.");
    return { sizes[0], sizes[1], sizes[2], false };
}

ModelFile modelFile(const Arguments& arguments)
{
    if (!std::filesystem::exists(arguments.source))
        throw Error(
            ErrorCode::BadInput, "'" + arguments.source + "' is neither a file nor a built-in network (zoo:NAME) nor a step run (run:N).");
    ModelFile file { arguments.source, arguments.name, {}, arguments.mean, arguments.stddev };
    if (file.name.empty())
        file.name = file.path.stem().string();
    if (!arguments.input.empty())
        file.options.input = imageShape(arguments.input);
    return file;
}

void tellNotes(const DescribedModel& described, JobContext& context)
{
    for (const std::string& note : described.notes)
        context.log(note);
}

Storing readModelFile(const Arguments& arguments, std::optional<Project>& project, JobContext& context)
{
    project = openProject(arguments.project);
    const ModelFile file = modelFile(arguments);
    requireFreeModelName(*project, file.name); // before a large file is read for nothing
    const auto described = std::make_shared<const DescribedModel>(describeModel(file, context));
    tellNotes(*described, context);
    return [&project, described] { return "model " + std::to_string(addModel(*project, *described).value) + " " + described->model.name; };
}

/// Of the source "run:N", if it is one.
std::optional<RunId> runOf(const std::string& source)
{
    constexpr std::string_view prefix = "run:";
    RunId id;
    if (!source.starts_with(prefix))
        return std::nullopt;
    const auto [end, failure] = std::from_chars(source.data() + prefix.size(), source.data() + source.size(), id.value);
    if (failure != std::errc() || end != source.data() + source.size())
        throw Error(ErrorCode::BadArgument, "'" + source + "' wants a run's number, such as run:7.");
    return id;
}

Storing subnetsOfRun(const Arguments& arguments, RunId id, std::optional<Project>& project)
{
    if (!arguments.input.empty() || !arguments.mean.empty() || !arguments.stddev.empty())
        throw Error(
            ErrorCode::BadArgument, "--input, --mean and --std cannot be given with run:N: its network keeps those that it was made with.");
    project = openProject(arguments.project);
    const auto described = std::make_shared<const DescribedModel>(describeSubnets(*project, run(*project, id), arguments.name));
    return [&project, described] { return "model " + std::to_string(addModel(*project, *described).value) + " " + described->model.name; };
}

int addModelCommand(const Arguments& arguments)
{
    std::optional<Project> project;
    return addToProject(arguments.events, "model", [&](JobContext& context) -> Storing {
        if (const auto id = runOf(arguments.source))
            return subnetsOfRun(arguments, *id, project);
        if (!isZooSource(arguments.source))
            return readModelFile(arguments, project, context);
        const Model model = zooModel(arguments);
        project = openProject(arguments.project);
        return [&project, model] { return "model " + std::to_string(addModel(*project, model).value) + " " + model.name; };
    });
}

int listModels(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    TextTable table({ "id", "name", "source", "input", "classes", "parameters", "MACs" });
    for (const Model& model : models(project)) {
        const Graph graph = graphFromJson(model.graph);
        std::int64_t macs = 0;
        for (const Layer& layer : layersOf(graph))
            macs += layer.macs();
        table.add({ std::to_string(model.id.value), model.name, model.source, toString(graph.inputShape()), std::to_string(graph.classes()),
            std::to_string(parameterCount(graph)), std::to_string(macs) });
    }
    std::cout << table.text();
    return kDone;
}

/// Nothing for a built-in network.
std::string originText(const ModelOrigin& origin)
{
    if (origin.format.empty())
        return {};
    std::string text = "format " + origin.format + (origin.opset.empty() ? "" : ", opset " + origin.opset)
        + (origin.producer.empty() ? "" : ", made by " + origin.producer) + "\nSHA-256 " + origin.sha256 + "\n";
    if (!origin.bits.empty())
        text += "an export of Bitscape, with bits per filter\n";
    return text;
}

/// Their average, "-" where there are none.
std::string bitsText(const std::vector<int>& bits)
{
    double sum = 0;
    for (const int one : bits)
        sum += one;
    return bits.empty() ? "-" : fixed(sum / static_cast<double>(bits.size()), 2);
}

std::string normalisationText(const ModelPreview& preview)
{
    return preview.mean.empty() ? "" : "mean " + joined(preview.mean) + ", deviation " + joined(preview.stddev) + "\n";
}

std::string layerTable(const ModelPreview& preview)
{
    TextTable table({ "layer", "operation", "output", "filters", "weights", "MACs", "quantizable", "bits" });
    for (const PreviewLayer& layer : preview.layers) {
        table.add({ layer.name, layer.op, toString(layer.output), std::to_string(layer.filters), std::to_string(layer.weights),
            std::to_string(layer.macs), layer.quantizable ? "yes" : "edge", bitsText(layer.bits) });
    }
    return table.text();
}

int showModel(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    const Model model = namedModel(project, arguments.which);
    const ModelPreview preview = previewOf(model, {});
    std::cout << "model " << model.id.value << " " << model.name << " from " << model.source << ", added " << model.created << "\n"
              << originText(model.origin) << normalisationText(preview) << layerTable(preview);
    return kDone;
}

std::string previewText(const Model& model, const ModelPreview& preview)
{
    return model.name + " from " + model.source + "\n" + originText(model.origin) + normalisationText(preview) + "input "
        + toString(preview.input) + ", " + std::to_string(preview.classes) + " classes, " + std::to_string(preview.layers.size())
        + " layers with weights, " + std::to_string(preview.parameters) + " parameters, " + std::to_string(preview.macs)
        + " MACs\nquantizable: " + std::to_string(filtersOf(preview, true))
        + " filters; at the edges, kept: " + std::to_string(filtersOf(preview, false)) + "\n" + layerTable(preview);
}

/// As much as a project is told of the file, and nothing written.
int previewModel(const Arguments& arguments)
{
    return addToProject(arguments.events, "model", [&](JobContext& context) -> Storing {
        const DescribedModel described = describeModel(modelFile(arguments), context);
        const ModelPreview preview = previewOf(described.model, described.notes);
        if (!arguments.json)
            tellNotes(described, context);
        const std::string text = arguments.json ? toJson(preview) + "\n" : previewText(described.model, preview);
        return [text] {
            std::cout << text << std::flush;
            return std::string();
        };
    });
}

std::string zooNameList()
{
    const auto names = zooNames();
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : name == names.back() ? " or " : ", ") + name;
    return text;
}

void addFileOptions(CLI::App& sub, Arguments& arguments)
{
    sub.add_option("--input", arguments.input, "shape of one image, C,H,W (default: what the network was made for)");
    addNormalisation(sub, arguments.mean, arguments.stddev);
    addEvents(sub, arguments.events);
}

void addPreview(CLI::App& model, const std::shared_ptr<Arguments>& arguments, CommandAction& chosen)
{
    CLI::App* preview = model.add_subcommand("preview", "what a file holds and how it would be added, without a project");
    preview->add_option("FILE", arguments->source, "an ONNX or TorchScript file")->required();
    addFileOptions(*preview, *arguments);
    preview->add_flag("--json", arguments->json, "as JSON");
    preview->callback([=, &chosen] { chosen = [arguments] { return previewModel(*arguments); }; });
}

} // namespace

void addModelCommands(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* model = app.add_subcommand("model", "networks of a project")->require_subcommand(1);
    CLI::App* add = addCommand(*model, "add", "add a network", arguments->project);
    add->add_option("SOURCE", arguments->source,
           "an ONNX or TorchScript file; or run:N, the subnets of a step run as a network; or zoo:NAME with options as in "
           "'zoo:vgg-small?width=0.5&classes=100'; NAME is "
               + zooNameList())
        ->required();
    add->add_option("--name", arguments->name, "name in the project (default: NAME, or the file's)");
    addFileOptions(*add, *arguments);
    add->callback([=, &chosen] { chosen = [arguments] { return addModelCommand(*arguments); }; });
    addPreview(*model, arguments, chosen);
    addCommand(*model, "list", "all networks", arguments->project)->callback([=, &chosen] {
        chosen = [arguments] { return listModels(*arguments); };
    });
    CLI::App* show = addCommand(*model, "show", "a network's layers", arguments->project);
    show->add_option("MODEL", arguments->which, "name or number")->required();
    show->callback([=, &chosen] { chosen = [arguments] { return showModel(*arguments); }; });
    CLI::App* remove = addCommand(*model, "remove", "remove a network that no run uses", arguments->project);
    remove->add_option("MODEL", arguments->which, "name or number")->required();
    remove->callback([=, &chosen] {
        chosen = [arguments] {
            Project project = openProject(arguments->project);
            removeModel(project, namedModel(project, arguments->which).id);
            return kDone;
        };
    });
}

} // namespace bitscape
