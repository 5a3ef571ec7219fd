// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace bitscape {

/// The text of a file that a command is given, "-": standard input. `what`: "a recipe", for the sentence. Throws Error(BadInput) where
/// there is no such file, it cannot be read, or it is larger than 16 MiB.
std::string inputText(const std::string& path, const std::string& what);

} // namespace bitscape
