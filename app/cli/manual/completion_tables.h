// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/manual/command_tree.h"

#include "core/jobs/parameters.h"

#include <functional>
#include <string>
#include <vector>

namespace bitscape {

/// What the scripts of every shell are made of.

/// Calls `use` for the program and every command below it.
void forEachCommand(const CommandEntry& program, const std::function<void(const CommandEntry&)>& use);
/// "a b c"
std::string inOneLine(const std::vector<std::string>& words);
/// The names of what can stand behind a command: its commands.
std::vector<std::string> commandNames(const CommandEntry& command);
/// The names of its options: "--from", "-h".
std::vector<std::string> optionNames(const CommandEntry& command);
/// What a parameter's value may be, where it is one of few words: choices, true and false, none.
std::vector<std::string> valuesOf(const ParameterSpec& spec);
/// In single quotes, as every shell reads it.
std::string quoted(const std::string& text);

} // namespace bitscape
