// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual/command_tree.h"

#include "core/jobs/parameters.h"
#include "core/jobs/run_kinds.h"

#include <algorithm>
#include <sstream>

namespace bitscape {
namespace {

/// "TEXT:{cpu,cuda,auto}" -> cpu, cuda, auto
std::vector<std::string> choicesIn(const std::string& type)
{
    std::vector<std::string> choices;
    const auto open = type.find('{'), close = type.find('}');
    if (open == std::string::npos || close == std::string::npos)
        return choices;
    std::istringstream words(type.substr(open + 1, close - open - 1));
    for (std::string word; std::getline(words, word, ',');)
        choices.push_back(word);
    return choices;
}

OptionEntry entryOf(const CLI::Option& option)
{
    OptionEntry entry;
    for (const std::string& name : option.get_snames())
        entry.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        entry.names.push_back("--" + name);
    entry.positional = option.get_positional();
    if (entry.positional)
        entry.names = { option.get_single_name() };
    const std::string type = option.get_type_name();
    if (!entry.positional && option.get_items_expected_max() > 0)
        entry.value = type.substr(0, type.find(':'));
    entry.help = option.get_description();
    entry.choices = choicesIn(type);
    entry.required = option.get_required();
    entry.many = option.get_items_expected_max() > 1;
    return entry;
}

CommandEntry treeBelow(const CLI::App& app, const std::string& path)
{
    CommandEntry entry { .name = app.get_name(), .path = path, .help = app.get_description(), .options = {}, .commands = {}, .kind = {} };
    for (const CLI::Option* option : app.get_options({}))
        entry.options.push_back(entryOf(*option));
    for (const CLI::App* command : app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
        std::string below = path;
        if (!below.empty())
            below += ' ';
        below += command->get_name();
        entry.commands.push_back(treeBelow(*command, below));
    }
    const auto kind = std::ranges::find(kMadeKinds, path, [](RunKind each) { return toString(each); });
    if (kind != kMadeKinds.end())
        entry.kind = *kind;
    return entry;
}

} // namespace

CommandEntry commandTree(const CLI::App& app)
{
    return treeBelow(app, {});
}

} // namespace bitscape
