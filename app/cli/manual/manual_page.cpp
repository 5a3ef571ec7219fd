// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual/manual_page.h"

#include "core/jobs/parameters.h"
#include "core/jobs/presets.h"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace bitscape {
namespace {

/// Text as roff: nothing in it is an escape, a request or a hyphen that may be broken at.
std::string plain(const std::string& text)
{
    std::string result;
    bool lineBegins = true;
    for (const char c : text) {
        if (lineBegins && (c == '.' || c == '\''))
            result += "\\&";
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else if (c == '\'')
            result += "\\(aq";
        else
            result += c;
        lineBegins = c == '\n';
    }
    return result;
}

std::string bold(const std::string& text)
{
    return "\\fB" + plain(text) + "\\fR";
}

std::string italic(const std::string& text)
{
    return "\\fI" + plain(text) + "\\fR";
}

std::string capitals(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

/// A tagged paragraph.
std::string paragraph(const std::string& tag, const std::string& text)
{
    return ".TP\n" + tag + "\n" + text + "\n";
}

std::string valueOf(const OptionEntry& option)
{
    std::string words;
    for (const std::string& choice : option.choices) {
        if (!words.empty())
            words += '|';
        words += bold(choice);
    }
    return words.empty() ? italic(option.value) : words;
}

std::string tagOf(const OptionEntry& option)
{
    std::string tag;
    for (const std::string& name : option.names) {
        if (!tag.empty())
            tag += ", ";
        tag += option.positional ? italic(name) : bold(name);
    }
    return option.value.empty() ? tag : tag + " " + valueOf(option);
}

/// "bitscape-cli model add PROJECT SOURCE [options]"
std::string synopsis(const std::string& program, const CommandEntry& command)
{
    std::string line = bold(program + " " + command.path);
    for (const OptionEntry& option : command.options) {
        if (!option.positional)
            continue;
        std::string name = italic(option.names.front());
        if (option.many)
            name += "...";
        if (!option.required)
            name = "[" + name + "]";
        line += " ";
        line += name;
    }
    return line + " [options]";
}

void describeCommand(std::ostream& page, const std::string& program, const CommandEntry& command)
{
    if (!command.commands.empty()) {
        for (const CommandEntry& below : command.commands)
            describeCommand(page, program, below);
        return;
    }
    page << ".SS " << plain(command.path) << "\n" << synopsis(program, command) << "\n.PP\n" << plain(command.help) << ".\n";
    for (const OptionEntry& option : command.options) {
        const bool isHelp = option.names.back() == "--help";
        if (!isHelp)
            page << paragraph(tagOf(option), plain(option.help));
    }
    if (command.kind)
        page << ".PP\nThe parameters for " << bold("--set") << " are below: " << bold("PARAMETERS OF " + capitals(command.path)) << ".\n";
}

void describeKind(std::ostream& page, RunKind kind)
{
    page << ".SH PARAMETERS OF " << capitals(toString(kind)) << "\nEach set by " << bold("--set") << " " << italic("NAME=VALUE") << ".\n";
    for (const ParameterSpec& spec : parametersOf(kind)) {
        const std::string whole = describe(spec);
        const std::size_t colon = whole.find(": ");
        page << paragraph(
            bold(spec.name) + plain(whole.substr(spec.name.size(), colon - spec.name.size())), plain(whole.substr(colon + 2)));
    }
    if (presetsOf(kind).empty())
        return;
    page << ".PP\nPresets, one chosen by " << bold("--preset") << " " << italic("NAME") << ":\n";
    for (const Preset& preset : presetsOf(kind))
        page << paragraph(bold(preset.name) + "  " + plain(settingsText(preset)), plain(preset.help));
}

void describeKinds(std::ostream& page, const CommandEntry& command)
{
    if (command.kind)
        describeKind(page, *command.kind);
    for (const CommandEntry& below : command.commands)
        describeKinds(page, below);
}

constexpr const char* kEnd = R"(.SH FILES
.TP
.I NAME.bitscape
A project: one SQLite database. Its tables and views are described in
.IR /usr/share/doc/bitscape/schema.md ,
from where the package is installed.
.TP
.I $XDG_CONFIG_HOME/bitscape/presets.json
Presets of one's own.
.SH ENVIRONMENT
.TP
.B OMP_WAIT_POLICY
How OpenMP's threads wait for one another. Commands that compute set it to PASSIVE unless it is set.
.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
failed
.TP
.B 2
wrong use
.TP
.B 3
bad input
.TP
.B 130
cancelled
)";

} // namespace

std::string manualPage(const CommandEntry& program, const std::string& version, const std::string& examples)
{
    std::ostringstream page;
    page << ".TH " << capitals(plain(program.name)) << " 1 \"\" \"Bitscape " << version << "\" \"User Commands\"\n"
         << ".SH NAME\n"
         << plain(program.name) << " \\- explore how few bits a trained neural network can do with\n"
         << ".SH SYNOPSIS\n"
         << bold(program.name) << " " << italic("COMMAND") << " " << italic("PROJECT") << " [arguments] [options]\n"
         << ".SH DESCRIPTION\n"
         << plain(program.help) << "\n.PP\nEverything that " << bold("bitscape") << "(1), the studio, does can be done with it. "
         << "A project is one file; every run in it keeps its parameters, seed and results. "
         << "An option " << bold("--help") << " behind any command tells the same as this page.\n"
         << ".SH COMMANDS\n";
    for (const CommandEntry& command : program.commands)
        describeCommand(page, program.name, command);
    describeKinds(page, program);
    page << kEnd << ".SH EXAMPLES\n.nf\n" << plain(examples) << "\n.fi\n.SH SEE ALSO\n" << bold("bitscape") << "(1)\n";
    return page.str();
}

} // namespace bitscape
