// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual/completion_tables.h"

namespace bitscape {

void forEachCommand(const CommandEntry& program, const std::function<void(const CommandEntry&)>& use)
{
    use(program);
    for (const CommandEntry& command : program.commands)
        forEachCommand(command, use);
}

std::string inOneLine(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words) {
        if (!line.empty())
            line += ' ';
        line += word;
    }
    return line;
}

std::vector<std::string> commandNames(const CommandEntry& command)
{
    std::vector<std::string> names;
    for (const CommandEntry& below : command.commands)
        names.push_back(below.name);
    return names;
}

std::vector<std::string> optionNames(const CommandEntry& command)
{
    std::vector<std::string> names;
    for (const OptionEntry& option : command.options) {
        if (!option.positional)
            names.insert(names.end(), option.names.begin(), option.names.end());
    }
    return names;
}

std::vector<std::string> valuesOf(const ParameterSpec& spec)
{
    std::vector<std::string> values = spec.choices;
    if (spec.type == ParameterType::Flag)
        values = { "true", "false" };
    if (spec.optional)
        values.emplace_back("none");
    return values;
}

std::string quoted(const std::string& text)
{
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'')
            result += "'\\''";
        else
            result += c;
    }
    return result + "'";
}

} // namespace bitscape
