// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual/completion.h"
#include "app/cli/manual/completion_tables.h"

#include <sstream>

namespace bitscape {
namespace {

constexpr const char* kBegin = R"fish(# fish completion for bitscape-cli, made from its declarations

# Whether these words, and none of the words behind, stand behind the program's name.
function __bitscape_cli_at
    set -l tokens (commandline -opc)
    test (count $tokens) -gt (count $argv); or return 1
    for i in (seq (count $argv))
        test $tokens[(math $i + 1)] = $argv[$i]; or return 1
    end
end

# The same, with nothing behind them.
function __bitscape_cli_just
    __bitscape_cli_at $argv; and test (count (commandline -opc)) -eq (math (count $argv) + 1)
end

)fish";

std::string complete(const std::string& condition, const std::string& rest)
{
    return "complete -c bitscape-cli -n " + quoted(condition) + " " + rest + "\n";
}

void option(std::ostream& script, const CommandEntry& command, const OptionEntry& entry)
{
    std::string rest;
    for (const std::string& name : entry.names)
        rest += name.starts_with("--") ? "-l " + name.substr(2) + " " : "-s " + name.substr(1) + " ";
    rest += "-d " + quoted(entry.help);
    if (!entry.value.empty())
        rest += " -r";
    std::vector<std::string> words = entry.choices;
    if (command.kind && entry.names.back() == "--set") {
        for (const ParameterSpec& spec : parametersOf(*command.kind)) {
            if (valuesOf(spec).empty())
                words.push_back(spec.name + "=");
            for (const std::string& value : valuesOf(spec))
                words.push_back(spec.name + "=" + value);
        }
    }
    if (!words.empty())
        rest += " -f -a " + quoted(inOneLine(words));
    script << complete("__bitscape_cli_at " + command.path, rest);
}

} // namespace

std::string fishCompletion(const CommandEntry& program)
{
    std::ostringstream script;
    script << kBegin;
    forEachCommand(program, [&](const CommandEntry& command) {
        for (const CommandEntry& below : command.commands)
            script << complete("__bitscape_cli_just " + command.path, "-f -a " + below.name + " -d " + quoted(below.help));
        for (const OptionEntry& entry : command.options) {
            if (!entry.positional)
                option(script, command, entry);
            else if (!entry.choices.empty())
                script << complete("__bitscape_cli_at " + command.path, "-f -a " + quoted(inOneLine(entry.choices)));
        }
    });
    return script.str();
}

} // namespace bitscape
