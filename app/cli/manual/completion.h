// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/manual/command_tree.h"

#include <string>

namespace bitscape {

/// Scripts for a shell that complete the program's commands, options and their choices, and behind --set the parameters of the kind of run
/// with their choices.
std::string bashCompletion(const CommandEntry& program);
std::string zshCompletion(const CommandEntry& program);
std::string fishCompletion(const CommandEntry& program);

} // namespace bitscape
