// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/project_commands.h"

#include "app/cli/adding.h"
#include "app/cli/adding_options.h"
#include "app/cli/model_commands.h"
#include "app/cli/named.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/engine/data/add_dataset.h"
#include "core/engine/data/dataset_reader.h"
#include "core/network/graph.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

namespace bitscape {
namespace {

/// What the subcommands' options are written to.
struct Arguments {
    std::string project, name, kind, path, which;
    std::vector<double> mean, stddev;
    bool events = false;
};

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

void addDataCommands(CLI::App& app, const std::shared_ptr<Arguments>& arguments, CommandAction& chosen)
{
    CLI::App* data = app.add_subcommand("data", "data sets of a project")->require_subcommand(1);
    CLI::App* add = addCommand(*data, "add", "read a data set, check it and note it", arguments->project);
    add->add_option("--kind", arguments->kind, "idx, cifar10, cifar100, folder or glyphs")
        ->required()
        ->check(CLI::IsMember(datasetKinds()));
    add->add_option("--path", arguments->path, "folder; for glyphs a recipe (default: train=8000,test=2000,seed=1)");
    add->add_option("--name", arguments->name, "name in the project (default: the kind)");
    addNormalisation(*add, arguments->mean, arguments->stddev);
    addEvents(*add, arguments->events);
    add->callback([=, &chosen] { chosen = [arguments] { return addDatasetCommand(*arguments); }; });
    addCommand(*data, "list", "all data sets", arguments->project)->callback([=, &chosen] {
        chosen = [arguments] { return listDatasets(*arguments); };
    });
    CLI::App* show = addCommand(*data, "show", "a data set's classes", arguments->project);
    show->add_option("DATA", arguments->which, "name or number")->required();
    show->callback([=, &chosen] { chosen = [arguments] { return showDataset(*arguments); }; });
    CLI::App* remove = addCommand(*data, "remove", "remove a data set that no run uses", arguments->project);
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
    addCommand(app, "new", "make an empty project file", arguments->project)->callback([=, &chosen] {
        chosen = [arguments] {
            const auto path = projectPath(arguments->project);
            Project::create(path);
            std::cout << "project " << path.string() << "\n";
            return kDone;
        };
    });
    addModelCommands(app, chosen);
    addDataCommands(app, arguments, chosen);
}

} // namespace bitscape
