// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"

#include "core/project/project.h"
#include "core/project/runs.h"

namespace bitscape {

/// Adds runs, show and table.
void addReportCommands(CLI::App& app, CommandAction& chosen);

/// A run's figures, one per line.
void printFigures(Project& project, RunId id);

} // namespace bitscape
