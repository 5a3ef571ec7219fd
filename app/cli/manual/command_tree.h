// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// An option, a flag or a positional argument of a command, as its declaration says.
struct OptionEntry {
    std::vector<std::string> names;   ///< "-h", "--help"; a positional argument's only name is in capitals: "PROJECT"
    std::string value;                ///< what stands behind the name: "TEXT", "INT"; empty for flags and positional arguments
    std::string help;                 ///< one line
    std::vector<std::string> choices; ///< the only words allowed; empty: anything
    bool positional = false;
    bool required = false;
    bool many = false; ///< takes more than one word
};

/// A command with everything below it.
struct CommandEntry {
    std::string name; ///< "add"
    std::string path; ///< "model add"; empty for the program itself
    std::string help; ///< one line
    std::vector<OptionEntry> options;
    std::vector<CommandEntry> commands;
    std::optional<RunKind> kind; ///< whose parameters --set takes
};

/// What the program's parser knows, as data: manual page and completion are made from it. Hidden commands are left out.
CommandEntry commandTree(const CLI::App& app);

} // namespace bitscape
