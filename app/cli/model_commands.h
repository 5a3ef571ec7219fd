// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"

namespace bitscape {

/// Adds `model` with its subcommands. The chosen one's action is stored in `chosen`.
void addModelCommands(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
