// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_commands.h"

#include "app/cli/input_text.h"
#include "app/cli/named.h"
#include "app/cli/sweep_command.h"
#include "app/cli/worker.h"

#include "core/base/error.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/run_inputs.h"
#include "core/jobs/own_presets.h"
#include "core/jobs/parameters.h"
#include "core/jobs/run_name.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>

namespace bitscape {
namespace {

struct Arguments {
    std::string project, model, data, from, which, name, preset, edits, device = "auto", seed = "0";
    std::vector<std::string> settings;
    bool queueOnly = false;
    WorkerOptions worker;
};

/// CLI11 would take -1 for the largest seed, and any larger number too.
std::uint64_t seedFrom(const std::string& text)
{
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (error != std::errc() || end != text.data() + text.size())
        throw Error(ErrorCode::BadArgument, "--seed wants a whole number from 0 to 18446744073709551615, not '" + text + "'.");
    return seed;
}

Run requestedRun(Project& project, RunKind kind, const Arguments& arguments)
{
    Run run;
    run.kind = kind;
    const auto preset = arguments.preset.empty() ? nlohmann::json::object() : namedPreset(ownPresetsFile(), kind, arguments.preset).values;
    auto settings = arguments.settings;
    if (!arguments.edits.empty())
        settings.push_back("edits=" + inputText(arguments.edits, "changes"));
    run.parameters = parametersFromTexts(kind, settings, preset);
    run.seed = seedFrom(arguments.seed);
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
    run.name = arguments.name.empty() ? defaultRunName(kind, run.parameters) : arguments.name;
    return run;
}

int makeRun(RunKind kind, const Arguments& arguments)
{
    Project project = openProject(arguments.project);
    const Run run = requestedRun(project, kind, arguments);
    checkRun(project, run, arguments.queueOnly ? Parents::UnderWay : Parents::Finished);
    if (!arguments.queueOnly)
        return startRun(project, run, arguments.worker);
    std::cout << "run " << addRun(project, run).value << "\n";
    return kDone;
}

void addWorkerOptions(CLI::App* sub, Arguments& arguments)
{
    sub->add_flag("--events", arguments.worker.events, "tell events as JSON lines; obey pause, resume, cancel on standard input");
    sub->add_option("--threads", arguments.worker.threads, "threads to compute with (default: one per hardware thread)")
        ->check(CLI::Range(1, 1024));
}

/// In lines of at most 80 columns.
std::string wrapped(std::string text, const std::string& indent)
{
    const std::size_t width = 80 - indent.size();
    std::string result;
    while (text.size() > width) {
        const std::size_t blank = text.rfind(' ', width);
        if (blank == std::string::npos || blank == 0)
            break;
        result += indent + text.substr(0, blank) + "\n";
        text.erase(0, blank + 1);
    }
    return result + indent + text;
}

std::string entryHelp(const std::string& entry, const std::string& meaning)
{
    return "\n" + wrapped(entry, "  ") + "\n" + wrapped(meaning, "      ");
}

/// Those of a person's own; a file that cannot be read is told here too.
std::string ownPresetHelp(RunKind kind)
{
    try {
        std::string text;
        for (const Preset& preset : ownPresets(ownPresetsFile(), kind))
            if (const std::string unfit = whyUnfit(kind, preset); unfit.empty())
                text += entryHelp(preset.name + "  " + settingsText(preset), "your own");
            else
                text += entryHelp(preset.name, unfit);
        return text;
    } catch (const Error& error) {
        return entryHelp("(none of your own)", error.what());
    }
}

std::string presetHelp(RunKind kind)
{
    std::string text;
    for (const Preset& preset : presetsOf(kind))
        text += entryHelp(preset.name + "  " + settingsText(preset), preset.help);
    text += ownPresetHelp(kind);
    return text.empty() ? text : "Presets, one chosen by --preset NAME:" + text + "\n\n";
}

/// What a parameter may be on one line, what it means below.
std::string parameterHelp(RunKind kind)
{
    std::string text = presetHelp(kind) + "Parameters, each set by --set NAME=VALUE:";
    for (const ParameterSpec& spec : parametersOf(kind)) {
        const std::string whole = describe(spec);
        const std::size_t colon = std::min(whole.find(": "), whole.size());
        text += entryHelp(whole.substr(0, colon), whole.substr(std::min(colon + 2, whole.size())));
    }
    return text;
}

CLI::App* addKind(CLI::App& app, RunKind kind, const std::string& help, const std::shared_ptr<Arguments>& arguments, CommandAction& chosen)
{
    CLI::App* sub = app.add_subcommand(toString(kind), help);
    sub->add_option("PROJECT", arguments->project, "project file")->required();
    sub->add_option("--model", arguments->model, "model, by name or number (default: that of --from, or the only one)");
    sub->add_option("--data", arguments->data, "data set, by name or number (default: that of --from, or the only one)");
    sub->add_option("--from", arguments->from, "run whose results this one starts from, by number or 'last'");
    sub->add_option("--preset", arguments->preset, "parameters that go together; see below. --set changes single ones of them");
    sub->add_option("--set", arguments->settings, "a parameter, NAME=VALUE; see below")->take_all()->allow_extra_args(false);
    sub->add_option("--seed", arguments->seed, "decides everything random (default 0)");
    sub->add_option("--device", arguments->device, "where to compute (default auto: CUDA where there is one)")
        ->check(CLI::IsMember({ "cpu", "cuda", "auto" }));
    sub->add_option("--name", arguments->name, "what the run is called");
    sub->add_flag("--queue", arguments->queueOnly, "only note the run: 'bitscape-cli run' carries it out later");
    addWorkerOptions(sub, *arguments);
    sub->footer([kind] { return parameterHelp(kind); });
    sub->callback([=, &chosen] { chosen = [=] { return makeRun(kind, *arguments); }; });
    return sub;
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
    const bool ended = run(project, id).state == RunState::Cancelled;
    std::cout << "run " << id.value << (ended ? " is cancelled" : " was told to end, which takes up to two seconds") << "\n";
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
    addKind(app, RunKind::Edit, "change the bits of a score, search, refine or edit run by hand", arguments, chosen)
        ->add_option(
            "--edits", arguments->edits, "file with the changes, a JSON list, or - for standard input (in place of --set edits=...)");
    addKind(app, RunKind::Refine, "retrain a quantized network", arguments, chosen);
    addKind(app, RunKind::Step, "make subnets with growing MAC budgets that reuse one another's results", arguments, chosen);
    addKind(app, RunKind::Evaluate, "measure accuracy, for each class too, and which classes are mistaken for which", arguments, chosen);
    const auto addContinue = [&](const std::string& name, const std::string& help) {
        CLI::App* sub = addRunCommand(app, name, help, arguments, chosen, runQueued);
        addWorkerOptions(sub, *arguments);
        addSweepOptions(*sub, arguments->worker);
    };
    addContinue("run", "carry out a run that was queued");
    addContinue("resume", "go on with an interrupted, cancelled or failed run where it was left");
    addRunCommand(app, "cancel", "end a run that another process computes, or take it from the queue", arguments, chosen, cancelCommand);
    addRunCommand(app, "remove", "remove a run and its results, unless other runs start from it", arguments, chosen, removeCommand);
}

} // namespace bitscape
