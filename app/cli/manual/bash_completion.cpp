// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual/completion.h"
#include "app/cli/manual/completion_tables.h"

#include <sstream>

namespace bitscape {
namespace {

/// bash cuts words at '=': they are put together again, and what it has already of the word is taken off the answers.
constexpr const char* kFunction = R"bash(
_bitscape_cli()
{
    local -a words=()
    local word before="" i
    for ((i = 1; i <= COMP_CWORD; ++i)); do
        word=${COMP_WORDS[i]}
        if ((${#words[@]})) && [[ $word == "=" || $before == "=" ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        before=$word
    done
    ((${#words[@]})) || words=("")
    local current=${words[-1]} previous="" path="" below answers
    ((${#words[@]} < 2)) || previous=${words[-2]}
    for word in "${words[@]:0:${#words[@]}-1}"; do
        below=$(_bitscape_cli_commands "$path")
        [[ -n $below && " $below " == *" $word "* ]] || break
        path+=${path:+ }$word
    done
    below=$(_bitscape_cli_commands "$path")
    COMPREPLY=()
    if [[ $previous == --set && $current == *=* ]]; then
        answers=$(_bitscape_cli_values "$path ${current%%=*}")
        COMPREPLY=($(compgen -W "$answers" -- "${current#*=}"))
        [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/${current%%=*}=}")
    elif [[ $previous == --set ]]; then
        COMPREPLY=($(compgen -S = -W "$(_bitscape_cli_parameters "$path")" -- "$current"))
        compopt -o nospace
    elif answers=$(_bitscape_cli_choices "$path $previous") && [[ -n $answers ]]; then
        COMPREPLY=($(compgen -W "$answers" -- "$current"))
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$(_bitscape_cli_options "$path")" -- "$current"))
    elif [[ -n $below ]]; then
        COMPREPLY=($(compgen -W "$below" -- "$current"))
    fi
}

complete -o default -F _bitscape_cli bitscape-cli
)bash";

/// A shell function that answers a question: "_bitscape_cli_options 'train'" prints the words.
class Answers final {
public:
    explicit Answers(const std::string& name) { m_text << "\n_bitscape_cli_" << name << "()\n{\n    case $1 in\n"; }

    void add(const std::string& question, const std::vector<std::string>& words)
    {
        if (!words.empty())
            m_text << "        " << quoted(question) << ") echo " << quoted(inOneLine(words)) << " ;;\n";
    }

    std::string text() const { return m_text.str() + "    esac\n}\n"; }

private:
    std::ostringstream m_text;
};

} // namespace

std::string bashCompletion(const CommandEntry& program)
{
    Answers commands("commands"), options("options"), choices("choices"), parameters("parameters"), values("values");
    forEachCommand(program, [&](const CommandEntry& command) {
        commands.add(command.path, commandNames(command));
        options.add(command.path, optionNames(command));
        for (const OptionEntry& option : command.options)
            choices.add(command.path + " " + (option.positional ? command.name : option.names.back()), option.choices);
        if (!command.kind)
            return;
        std::vector<std::string> names;
        for (const ParameterSpec& spec : parametersOf(*command.kind)) {
            names.push_back(spec.name);
            values.add(command.path + " " + spec.name, valuesOf(spec));
        }
        parameters.add(command.path, names);
    });
    return "# bash completion for bitscape-cli, made from its declarations\n" + commands.text() + options.text() + choices.text()
        + parameters.text() + values.text() + kFunction;
}

} // namespace bitscape
