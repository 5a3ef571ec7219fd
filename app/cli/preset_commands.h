// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/project_commands.h"

namespace bitscape {

/// Adds preset list, save and remove: a person's own presets beside the built-in ones.
void addPresetCommands(CLI::App& app, CommandAction& chosen);

} // namespace bitscape
