// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"
#include "app/cli/worker.h"

namespace bitscape {

/// --workers and --max-seconds.
void addSweepOptions(CLI::App& sub, WorkerOptions& options);

/// `sweep`: many runs by one recipe.
void addSweepCommand(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
