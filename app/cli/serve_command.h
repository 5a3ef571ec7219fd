// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"

namespace bitscape {

/// Adds serve.
void addServeCommand(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
