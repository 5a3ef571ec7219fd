// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace bitscape {

/// What a subcommand does when it was chosen; answers the exit code.
using CommandAction = std::function<int()>;

/// Adds `new`, `model` and `data` with their subcommands. The chosen one's action is stored in `chosen`.
void addProjectCommands(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
