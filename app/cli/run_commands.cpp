// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_commands.h"

#include "app/cli/named.h"
#include "app/cli/worker.h"

#include "core/base/error.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/run_inputs.h"
#include "core/jobs/parameters.h"

#include <iostream>
#include <memory>

namespace bitscape {
namespace {

struct Arguments {
    std::string project, model, data, from, which, name, device = "auto";
    std::vector<std::string> settings;
    std::uint64_t seed = 0;
    bool queueOnly = false;
    WorkerOptions worker;
};

/// "search cq 2.0": what a run is called where nobody named it.
std::string defaultName(RunKind kind, const nlohmann::json& parameters)
{
    std::string name = toString(kind);
    for (const char* telling : { "strategy", "target_bits", "effect", "epochs" }) {
        if (parameters.contains(telling))
            name += " " + parameterText(parameters.at(telling));
    }
    return name;
}

Run requestedRun(Project& project, RunKind kind, const Arguments& arguments)
{
    Run run;
    run.kind = kind;
    run.parameters = parametersFromTexts(kind, arguments.settings);
    run.seed = arguments.seed;
    run.device = deviceWord(arguments.device);
    run.threads = arguments.worker.threads;
    if (!arguments.from.empty()) {
        const Run parent = bitscape::run(project, namedRun(project, arguments.from));
        run.parent = parent.id;
        run.model = parent.model;
        run.dataset = parent.dataset;
    }
    if (!run.model || !arguments.model.empty())
        run.model = namedModel(project, arguments.model).id;
    if (!run.dataset || !arguments.data.empty())
        run.dataset = namedDataset(project, arguments.data).id;
    run.name = arguments.name.empty() ? defaultName(kind, run.parameters) : arguments.name;
    return run;
}

int makeRun(RunKind kind, const Arguments& arguments)
{
    Project project = openProject(arguments.project);
    const Run run = requestedRun(project, kind, arguments);
    checkRun(project, run);
    if (!arguments.queueOnly)
        return startRun(project, run, arguments.worker);
    std::cout << "run " << addRun(project, run).value << "\n";
    return kDone;
}

void addWorkerOptions(CLI::App* sub, Arguments& arguments)
{
    sub->add_flag("--events", arguments.worker.events, "JSON lines on standard output; pause, resume, cancel on standard input");
    sub->add_option("--threads", arguments.worker.threads, "threads to compute with (default: all)")->check(CLI::Range(1, 1024));
}

std::string parameterHelp(RunKind kind)
{
    std::string text = "Parameters (--set NAME=VALUE):";
    for (const ParameterSpec& spec : parametersOf(kind))
        text += "\n  " + describe(spec);
    return text;
}

void addKind(CLI::App& app, RunKind kind, const std::string& help, const std::shared_ptr<Arguments>& arguments, CommandAction& chosen)
{
    CLI::App* sub = app.add_subcommand(toString(kind), help);
    sub->add_option("PROJECT", arguments->project, "project file")->required();
    sub->add_option("--model", arguments->model, "name or number (default: the parent's, or the only one)");
    sub->add_option("--data", arguments->data, "name or number (default: the parent's, or the only one)");
    sub->add_option("--from", arguments->from, "run whose results this one starts from: a number or 'last'");
    sub->add_option("--set", arguments->settings, "a parameter, NAME=VALUE")->take_all()->allow_extra_args(false);
    sub->add_option("--seed", arguments->seed, "of everything random (default 0)");
    sub->add_option("--device", arguments->device, "cpu, cuda or auto")->check(CLI::IsMember({ "cpu", "cuda", "auto" }));
    sub->add_option("--name", arguments->name, "what the run is called");
    sub->add_flag("--queue", arguments->queueOnly, "only note the run; 'bitscape-cli run' carries it out");
    addWorkerOptions(sub, *arguments);
    sub->footer([kind] { return parameterHelp(kind); });
    sub->callback([=, &chosen] { chosen = [=] { return makeRun(kind, *arguments); }; });
}

/// A command on one run of a project.
CLI::App* addRunCommand(CLI::App& app, const std::string& name, const std::string& help, const std::shared_ptr<Arguments>& arguments,
    CommandAction& chosen, int (*action)(Project&, RunId, const Arguments&))
{
    CLI::App* sub = app.add_subcommand(name, help);
    sub->add_option("PROJECT", arguments->project, "project file")->required();
    sub->add_option("RUN", arguments->which, "a number or 'last'")->required();
    sub->callback([=, &chosen] {
        chosen = [=] {
            Project project = openProject(arguments->project);
            return action(project, namedRun(project, arguments->which), *arguments);
        };
    });
    return sub;
}

int runQueued(Project& project, RunId id, const Arguments& arguments)
{
    return continueRun(project, id, arguments.worker);
}

int cancelCommand(Project& project, RunId id, const Arguments&)
{
    requestCancel(project, id);
    return kDone;
}

int removeCommand(Project& project, RunId id, const Arguments&)
{
    removeRun(project, id);
    project.sweepBlobs();
    return kDone;
}

} // namespace

void addRunCommands(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    addKind(app, RunKind::Train, "train a network in full precision", arguments, chosen);
    addKind(app, RunKind::Score, "score every filter by the classes that it matters to", arguments, chosen);
    addKind(app, RunKind::Search, "search a bit-width per filter", arguments, chosen);
    addKind(app, RunKind::Refine, "retrain a quantized network", arguments, chosen);
    addKind(app, RunKind::Evaluate, "measure accuracy per class", arguments, chosen);
    for (const char* name : { "run", "resume" })
        addWorkerOptions(addRunCommand(app, name, "carry out a queued or interrupted run", arguments, chosen, runQueued), *arguments);
    addRunCommand(app, "cancel", "end a run, wherever it is carried out", arguments, chosen, cancelCommand);
    addRunCommand(app, "remove", "remove a run and its results", arguments, chosen, removeCommand);
}

} // namespace bitscape
