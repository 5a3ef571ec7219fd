// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"

namespace bitscape {

/// Adds train, score, search, refine, evaluate, run, resume, cancel and remove.
void addRunCommands(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
