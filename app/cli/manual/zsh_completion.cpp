// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual/completion.h"
#include "app/cli/manual/completion_tables.h"

#include <sstream>

namespace bitscape {
namespace {

/// Text inside a specification of _arguments and _values.
std::string escaped(const std::string& text)
{
    std::string result;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\' || c == '(' || c == ')')
            result += '\\';
        result += c;
    }
    return result;
}

std::string action(const OptionEntry& option)
{
    return option.choices.empty() ? "_files" : "(" + inOneLine(option.choices) + ")";
}

std::string specification(const CommandEntry& command, const OptionEntry& option, const std::string& name)
{
    std::string text = (option.many ? "*" : "") + name + "[" + escaped(option.help) + "]";
    if (name == "--set" && command.kind)
        text += ":parameter:_bitscape_cli_" + command.name;
    else if (!option.value.empty())
        text += ":" + option.value + ":" + action(option);
    return text;
}

/// The parameters behind --set.
void parameterFunction(std::ostream& script, const CommandEntry& command)
{
    script << "_bitscape_cli_" << command.name << "() {\n    _values parameter";
    for (const ParameterSpec& spec : parametersOf(*command.kind)) {
        script << " \\\n        " << quoted(spec.name + "[" + escaped(spec.help) + "]:value:(" + inOneLine(valuesOf(spec)) + ")");
    }
    script << "\n}\n\n";
}

void commandCase(std::ostream& script, const CommandEntry& command)
{
    script << "        " << quoted(command.path) << ")\n            _arguments";
    for (const OptionEntry& option : command.options) {
        if (option.positional)
            script << " \\\n                " << quoted((option.many ? "*:" : ":") + escaped(option.names.front()) + ":" + action(option));
        else
            for (const std::string& name : option.names)
                script << " \\\n                " << quoted(specification(command, option, name));
    }
    script << " ;;\n";
}

void listCase(std::ostream& script, const CommandEntry& command)
{
    script << "        " << quoted(command.path) << ")\n            local -a below=(";
    for (const CommandEntry& each : command.commands)
        script << "\n                " << quoted(each.name + ":" + each.help);
    script << ")\n            _describe command below ;;\n";
}

constexpr const char* kFunction = R"zsh(_bitscape_cli() {
    local place="" word
    local -i depth=1
    for word in ${words[2,CURRENT-1]}; do
        [[ " $(_bitscape_cli_commands "$place") " == *" $word "* ]] || break
        place+=${place:+ }$word
        (( ++depth ))
    done
    (( CURRENT -= depth - 1 ))
    shift $(( depth - 1 )) words
    case $place in
)zsh";

} // namespace

std::string zshCompletion(const CommandEntry& program)
{
    std::ostringstream script;
    script << "#compdef bitscape-cli\n# made from the program's declarations\n\n_bitscape_cli_commands() {\n    case $1 in\n";
    forEachCommand(program, [&](const CommandEntry& command) {
        if (!command.commands.empty())
            script << "        " << quoted(command.path) << ") print " << inOneLine(commandNames(command)) << " ;;\n";
    });
    script << "    esac\n}\n\n";
    forEachCommand(program, [&](const CommandEntry& command) {
        if (command.kind)
            parameterFunction(script, command);
    });
    script << kFunction;
    forEachCommand(program, [&](const CommandEntry& command) {
        if (command.commands.empty())
            commandCase(script, command);
        else
            listCase(script, command);
    });
    script << "    esac\n}\n\n_bitscape_cli \"$@\"\n";
    return script.str();
}

} // namespace bitscape
