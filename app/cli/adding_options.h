// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace bitscape {

// What subcommands that add something have in common; the values go where the references say.

/// A subcommand on a project.
CLI::App* addCommand(CLI::App& parent, const std::string& name, const std::string& help, std::string& project);
/// --mean and --std
void addNormalisation(CLI::App& sub, std::vector<double>& mean, std::vector<double>& stddev);
/// --events
void addEvents(CLI::App& sub, bool& events);

} // namespace bitscape
