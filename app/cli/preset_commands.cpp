// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/preset_commands.h"

#include "app/cli/exit_codes.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/jobs/own_presets.h"
#include "core/jobs/parameters.h"
#include "core/jobs/run_kinds.h"

#include <algorithm>
#include <iostream>
#include <memory>

namespace bitscape {
namespace {

struct Arguments {
    std::string kind, name, base;
    std::vector<std::string> settings;
    bool replace = false;
};

RunKind kindOf(const Arguments& arguments)
{
    return *std::ranges::find(kMadeKinds, arguments.kind, [](RunKind kind) { return toString(kind); }); // the option has checked it
}

int listPresets(const Arguments& arguments)
{
    const auto file = ownPresetsFile();
    TextTable table({ "kind", "preset", "", "settings" });
    for (const RunKind kind : kMadeKinds) {
        if (!arguments.kind.empty() && kindOf(arguments) != kind)
            continue;
        for (const Preset& preset : presetsOf(kind))
            table.add({ toString(kind), preset.name, "built-in", settingsText(preset) });
        for (const Preset& preset : ownPresets(file, kind)) {
            const std::string unfit = whyUnfit(kind, preset);
            table.add({ toString(kind), preset.name, "own", unfit.empty() ? settingsText(preset) : unfit });
        }
    }
    std::cout << table.text();
    return kDone;
}

int savePreset(const Arguments& arguments)
{
    const RunKind kind = kindOf(arguments);
    const auto file = ownPresetsFile();
    const auto base = arguments.base.empty() ? nlohmann::json::object() : namedPreset(file, kind, arguments.base).values;
    saveOwnPreset(file, kind, arguments.name, parametersFromTexts(kind, arguments.settings, base),
        arguments.replace ? Existing::Replace : Existing::Refuse);
    std::cout << "preset " << arguments.name << " for " << toString(kind) << "\n";
    return kDone;
}

int removePreset(const Arguments& arguments)
{
    removeOwnPreset(ownPresetsFile(), kindOf(arguments), arguments.name);
    return kDone;
}

} // namespace

void addPresetCommands(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    std::vector<std::string> kinds;
    for (const RunKind kind : kMadeKinds)
        kinds.push_back(toString(kind));
    CLI::App* preset = app.add_subcommand("preset", "parameters that go together, for --preset; your own are kept for all projects")
                           ->require_subcommand(1);
    const auto command = [&](const char* name, const char* help, int (*action)(const Arguments&)) {
        CLI::App* sub = preset->add_subcommand(name, help);
        sub->add_option("KIND", arguments->kind, "kind of run: train, score, search, refine or evaluate")->check(CLI::IsMember(kinds));
        sub->callback([=, &chosen] { chosen = [=] { return action(*arguments); }; });
        return sub;
    };
    command("list", "all presets, of one kind of run if it is given", listPresets);
    CLI::App* save = command("save", "keep parameters under a name", savePreset);
    save->get_option("KIND")->required();
    save->add_option("NAME", arguments->name, "what it is called")->required();
    save->add_option("--preset", arguments->base, "a preset to begin with");
    save->add_option("--set", arguments->settings, "a parameter, NAME=VALUE; see 'bitscape-cli KIND --help'")
        ->take_all()
        ->allow_extra_args(false);
    save->add_flag("--replace", arguments->replace, "in place of one of that name");
    CLI::App* remove = command("remove", "forget a preset of your own", removePreset);
    remove->get_option("KIND")->required();
    remove->add_option("NAME", arguments->name, "what it is called")->required();
}

} // namespace bitscape
