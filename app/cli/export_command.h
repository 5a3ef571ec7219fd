// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"

namespace bitscape {

/// Adds export: a run's network or tables, or a model, as a file that was read and run again before it got its name.
void addExportCommand(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
