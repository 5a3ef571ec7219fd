// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"

namespace bitscape {

/// completion SHELL, manual: what a package installs beside the program, made from the declarations of all commands of `app`.
void addManualCommands(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
