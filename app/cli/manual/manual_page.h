// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/manual/command_tree.h"

#include <string>

namespace bitscape {

/// The program's manual page, section 1, for man(7): every command with its options, every parameter and preset of every kind of run, from
/// their declarations. `examples` is put in as it is.
std::string manualPage(const CommandEntry& program, const std::string& version, const std::string& examples);

} // namespace bitscape
