// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sweep_command.h"

#include "app/cli/input_text.h"
#include "app/cli/named.h"
#include "app/cli/sweep_worker.h"

#include "core/base/error.h"
#include "core/jobs/parameters.h"
#include "core/jobs/sweep_recipe.h"

#include <filesystem>
#include <iostream>
#include <memory>

namespace bitscape {
namespace {

struct Arguments {
    std::string project, recipe, name, device = "auto";
    std::vector<std::string> settings;
    bool queueOnly = false, preview = false;
    WorkerOptions worker;
};

constexpr const char* kFooter = R"(A recipe is JSON:
  {"name": "bits of lenet5", "workers": 2, "max_seconds": 3600,
   "models": [{"name": "lenet5", "source": "zoo:lenet5"}],
   "data": [{"name": "glyphs", "kind": "glyphs"}],
   "stages": [
    {"id": "train", "kind": "train", "model": "lenet5", "data": "glyphs", "set": {"epochs": 3}},
    {"id": "score", "kind": "score", "from": "train"},
    {"id": "search", "kind": "search", "from": "score", "seeds": "1-3",
     "grid": {"target_bits": "1.5:3:0.5", "strategy": ["cq", "fisher"]}},
    {"id": "refine", "kind": "refine", "from": "search", "list": [{"epochs": 1}, {"epochs": 2, "alpha": 0.5}]}]}
Only 'stages' with a 'kind' each is needed. 'from' is an earlier stage, a run's number or "last": a stage has a child for each child of the
stage that it is from, each entry of 'list', each combination of 'grid' and each seed. Without 'seeds' a child has the seed of the child that
it starts from. 'set', also beside the stages, and 'preset' hold for all of them; 'grid' and 'list' vary any parameter, 'model', 'data' and
'kind'. 'models' and 'data' are added to the project unless they are there; "mean" and "std" may stand in them. Paths are from the recipe's folder.)";

SweepRecipe requestedRecipe(const Arguments& arguments)
{
    SweepRecipe recipe = sweepRecipeFrom(inputText(arguments.recipe, "a recipe"));
    const bool isFile = arguments.recipe != "-";
    resolvePaths(recipe, isFile ? std::filesystem::absolute(arguments.recipe).parent_path() : std::filesystem::current_path());
    for (const std::string& setting : arguments.settings)
        setInStages(recipe, setting);
    if (!arguments.name.empty())
        recipe.name = arguments.name;
    if (arguments.worker.workers)
        recipe.workers = arguments.worker.workers;
    if (arguments.worker.maxSeconds)
        recipe.maxSeconds = arguments.worker.maxSeconds;
    return recipe;
}

/// A line per child, and nothing written.
int previewSweep(const SweepRecipe& recipe)
{
    for (const PlannedChild& child : sweepPlan(recipe)) {
        std::cout << child.run.place << " " << recipe.stages[child.stage].id << ": " << child.run.name << ", seed " << child.run.seed;
        if (child.startsFrom > 0)
            std::cout << ", from " << child.startsFrom;
        for (const auto& [name, value] : child.varied)
            std::cout << ", " << name << "=" << value;
        std::cout << "\n";
    }
    return kDone;
}

int sweepCommand(const Arguments& arguments)
{
    const SweepRecipe recipe = requestedRecipe(arguments);
    Project project = openProject(arguments.project);
    if (arguments.preview)
        return previewSweep(recipe);
    if (arguments.queueOnly)
        return queueSweep(project, recipe, arguments.device, arguments.worker.events);
    return startSweep(project, recipe, arguments.device, arguments.worker);
}

} // namespace

void addSweepOptions(CLI::App& sub, WorkerOptions& options)
{
    sub.add_option("--workers", options.workers, "of a sweep: children at once, which share the threads")->check(CLI::Range(1, 64));
    sub.add_option("--max-seconds", options.maxSeconds, "of a sweep: time after which no child begins and those at work are stopped")
        ->check(CLI::Range(1.0, 1e9));
}

void addSweepCommand(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* sub = app.add_subcommand("sweep", "many runs by one recipe: every combination of settings, over seeds, stage by stage");
    sub->add_option("PROJECT", arguments->project, "project file")->required();
    sub->add_option("RECIPE", arguments->recipe, "a JSON file, or - for standard input; see below")->required();
    sub->add_option("--name", arguments->name, "what the sweep is called");
    sub->add_option("--set", arguments->settings, "a parameter, NAME=VALUE, in every stage whose kind has it")
        ->take_all()
        ->allow_extra_args(false);
    addSweepOptions(*sub, arguments->worker);
    sub->add_option("--threads", arguments->worker.threads, "threads of all workers together (default: one per hardware thread)")
        ->check(CLI::Range(1, 1024));
    sub->add_option("--device", arguments->device, "where to compute (default auto: CUDA where there is one)")
        ->check(CLI::IsMember({ "cpu", "cuda", "auto" }));
    sub->add_flag("--events", arguments->worker.events, "tell events as JSON lines; obey pause, resume, cancel on standard input");
    sub->add_flag("--queue", arguments->queueOnly, "only note the sweep: 'bitscape-cli run' carries it out later");
    sub->add_flag("--preview", arguments->preview, "only say what the children would be");
    sub->footer(kFooter);
    sub->callback([=, &chosen] { chosen = [arguments] { return sweepCommand(*arguments); }; });
}

} // namespace bitscape
