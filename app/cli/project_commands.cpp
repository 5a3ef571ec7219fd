// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/project_commands.h"

#include "app/cli/adding.h"
#include "app/cli/named.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/engine/data/add_dataset.h"
#include "core/engine/data/dataset_reader.h"
#include "core/engine/formats/add_model.h"
#include "core/engine/runs/subnet_model.h"
#include "core/network/cost.h"
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
    std::string project, source, name, input, kind, path, which;
    std::vector<double> mean, stddev;
    bool events = false;
};

std::string joined(const std::vector<double>& values)
{
    std::string text;
    for (const double value : values)
        text += (text.empty() ? "" : ", ") + fixed(value, 4);
    return text;
}

Model zooModel(const Arguments& arguments)
{
    std::string source = arguments.source;
    if (!arguments.input.empty()) {
        std::string shape = arguments.input;
        std::ranges::replace(shape, ',', 'x');
        source += (source.find('?') == std::string::npos ? "?" : "&") + std::string("input=") + shape;
    }
    const ZooRequest request = zooRequestFrom(source);
    const Graph graph = zooGraph(request);
    Model model = modelWith(graph);
    model.name = arguments.name.empty() ? request.name : arguments.name;
    model.source = source;
    model.mean = arguments.mean;
    model.stddev = arguments.stddev;
    checkNormalisation(model.mean, model.stddev, graph.inputShape().channels);
    return model;
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

Storing readModelFile(const Arguments& arguments, std::optional<Project>& project, JobContext& context)
{
    project = openProject(arguments.project);
    const ModelFile file = modelFile(arguments);
    requireFreeModelName(*project, file.name); // before a large file is read for nothing
    const auto described = std::make_shared<const DescribedModel>(describeModel(file, context));
    for (const std::string& note : described->notes)
        context.log(note);
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

/// Their average in the export that the model was read from, "-" where it is none.
std::string exportedBits(const Model& model, const std::string& layer)
{
    const auto found = model.origin.bits.find(layer);
    if (found == model.origin.bits.end() || found->second.empty())
        return "-";
    double sum = 0;
    for (const int bits : found->second)
        sum += bits;
    return fixed(sum / static_cast<double>(found->second.size()), 2);
}

int showModel(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    const Model model = namedModel(project, arguments.which);
    const Graph graph = graphFromJson(model.graph);
    std::cout << "model " << model.id.value << " " << model.name << " from " << model.source << ", added " << model.created << "\n"
              << originText(model.origin)
              << (model.mean.empty() ? "" : "mean " + joined(model.mean) + ", deviation " + joined(model.stddev) + "\n");
    TextTable table({ "layer", "operation", "output", "filters", "weights", "MACs", "quantizable", "bits" });
    for (const Layer& layer : layersOf(graph)) {
        table.add({ layer.name, toString(layer.op), toString(graph.nodes[static_cast<std::size_t>(layer.node)].shape),
            std::to_string(layer.filters), std::to_string(layer.weights()), std::to_string(layer.macs()),
            layer.quantizable ? "yes" : "edge", exportedBits(model, layer.name) });
    }
    std::cout << table.text();
    return kDone;
}

DatasetSource datasetSource(const Arguments& arguments)
{
    const bool recipe = arguments.kind == "glyphs";
    if (!recipe && arguments.path.empty())
        throw Error(ErrorCode::BadArgument, "A data set of kind '" + arguments.kind + "' needs --path, the folder that it is in.");
    const std::string path = recipe ? arguments.path : std::filesystem::absolute(arguments.path).lexically_normal().string();
    return { arguments.name.empty() ? arguments.kind : arguments.name, arguments.kind, path, arguments.mean, arguments.stddev };
}

int addDatasetCommand(const Arguments& arguments)
{
    std::optional<Project> project;
    return addToProject(arguments.events, "data", [&](JobContext& context) -> Storing {
        project = openProject(arguments.project);
        const DatasetSource source = datasetSource(arguments);
        requireFreeDatasetName(*project, source.name); // before a large data set is read for nothing
        const DescribedDataset described = describeDataset(source, context);
        return [&project, described] {
            return "data " + std::to_string(addDataset(*project, described).value) + " " + described.dataset.name;
        };
    });
}

std::int64_t sumOf(const std::vector<std::int64_t>& counts)
{
    std::int64_t sum = 0;
    for (const std::int64_t count : counts)
        sum += count;
    return sum;
}

int listDatasets(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    TextTable table({ "id", "name", "kind", "shape", "classes", "train", "test", "path" });
    for (const Dataset& dataset : datasets(project)) {
        table.add({ std::to_string(dataset.id.value), dataset.name, dataset.kind,
            toString(Shape { dataset.channels, dataset.height, dataset.width, false }), std::to_string(dataset.classNames.size()),
            std::to_string(sumOf(dataset.trainCounts)), std::to_string(sumOf(dataset.testCounts)), dataset.path });
    }
    std::cout << table.text();
    return kDone;
}

int showDataset(const Arguments& arguments)
{
    Project project = openForReading(arguments.project);
    const Dataset dataset = namedDataset(project, arguments.which);
    std::cout << "data " << dataset.id.value << " " << dataset.name << ", " << dataset.kind << " at '" << dataset.path << "', added "
              << dataset.created << "\nmean " << joined(dataset.mean) << ", deviation " << joined(dataset.stddev) << "\nfingerprint "
              << dataset.fingerprint << "\n";
    TextTable table({ "class", "name", "train", "test" });
    for (std::size_t m = 0; m < dataset.classNames.size(); ++m)
        table.add(
            { std::to_string(m), dataset.classNames[m], std::to_string(dataset.trainCounts[m]), std::to_string(dataset.testCounts[m]) });
    std::cout << table.text();
    return kDone;
}

CLI::App* command(CLI::App& parent, const std::string& name, const std::string& help, Arguments& arguments)
{
    CLI::App* sub = parent.add_subcommand(name, help);
    sub->add_option("PROJECT", arguments.project, "project file")->required();
    return sub;
}

void addNormalisation(CLI::App* sub, Arguments& arguments)
{
    sub->add_option("--mean", arguments.mean, "mean of each channel, m1,m2,..., of pixels scaled to 0..1")->delimiter(',');
    sub->add_option("--std", arguments.stddev, "standard deviation of each channel, likewise")->delimiter(',');
}

void addEvents(CLI::App* sub, Arguments& arguments)
{
    sub->add_flag("--events", arguments.events, "tell events as JSON lines; obey pause, resume, cancel on standard input");
}

std::string zooNameList()
{
    const auto names = zooNames();
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : name == names.back() ? " or " : ", ") + name;
    return text;
}

void addModelCommands(CLI::App& app, const std::shared_ptr<Arguments>& arguments, CommandAction& chosen)
{
    CLI::App* model = app.add_subcommand("model", "networks of a project")->require_subcommand(1);
    CLI::App* add = command(*model, "add", "add a network", *arguments);
    add->add_option("SOURCE", arguments->source,
           "an ONNX or TorchScript file; or run:N, the subnets of a step run as a network; or zoo:NAME with options as in "
           "'zoo:vgg-small?width=0.5&classes=100'; NAME is "
               + zooNameList())
        ->required();
    add->add_option("--name", arguments->name, "name in the project (default: NAME, or the file's)");
    add->add_option("--input", arguments->input, "shape of one image, C,H,W (default: what the network was made for)");
    addNormalisation(add, *arguments);
    addEvents(add, *arguments);
    add->callback([=, &chosen] { chosen = [arguments] { return addModelCommand(*arguments); }; });
    command(*model, "list", "all networks", *arguments)->callback([=, &chosen] {
        chosen = [arguments] { return listModels(*arguments); };
    });
    CLI::App* show = command(*model, "show", "a network's layers", *arguments);
    show->add_option("MODEL", arguments->which, "name or number")->required();
    show->callback([=, &chosen] { chosen = [arguments] { return showModel(*arguments); }; });
    CLI::App* remove = command(*model, "remove", "remove a network that no run uses", *arguments);
    remove->add_option("MODEL", arguments->which, "name or number")->required();
    remove->callback([=, &chosen] {
        chosen = [arguments] {
            Project project = openProject(arguments->project);
            removeModel(project, namedModel(project, arguments->which).id);
            return kDone;
        };
    });
}

void addDataCommands(CLI::App& app, const std::shared_ptr<Arguments>& arguments, CommandAction& chosen)
{
    CLI::App* data = app.add_subcommand("data", "data sets of a project")->require_subcommand(1);
    CLI::App* add = command(*data, "add", "read a data set, check it and note it", *arguments);
    add->add_option("--kind", arguments->kind, "idx, cifar10, cifar100, folder or glyphs")
        ->required()
        ->check(CLI::IsMember(datasetKinds()));
    add->add_option("--path", arguments->path, "folder; for glyphs a recipe (default: train=8000,test=2000,seed=1)");
    add->add_option("--name", arguments->name, "name in the project (default: the kind)");
    addNormalisation(add, *arguments);
    addEvents(add, *arguments);
    add->callback([=, &chosen] { chosen = [arguments] { return addDatasetCommand(*arguments); }; });
    command(*data, "list", "all data sets", *arguments)->callback([=, &chosen] {
        chosen = [arguments] { return listDatasets(*arguments); };
    });
    CLI::App* show = command(*data, "show", "a data set's classes", *arguments);
    show->add_option("DATA", arguments->which, "name or number")->required();
    show->callback([=, &chosen] { chosen = [arguments] { return showDataset(*arguments); }; });
    CLI::App* remove = command(*data, "remove", "remove a data set that no run uses", *arguments);
    remove->add_option("DATA", arguments->which, "name or number")->required();
    remove->callback([=, &chosen] {
        chosen = [arguments] {
            Project project = openProject(arguments->project);
            removeDataset(project, namedDataset(project, arguments->which).id);
            return kDone;
        };
    });
}

} // namespace

void addProjectCommands(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    command(app, "new", "make an empty project file", *arguments)->callback([=, &chosen] {
        chosen = [arguments] {
            const auto path = projectPath(arguments->project);
            Project::create(path);
            std::cout << "project " << path.string() << "\n";
            return kDone;
        };
    });
    addModelCommands(app, arguments, chosen);
    addDataCommands(app, arguments, chosen);
}

} // namespace bitscape
