// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bitscape::script {

/// Reads a record of script and refuses with Error(BadInput), naming record and line, whatever PyTorch's printer does not write:
/// LibTorch 1.13 trusts it, and crashes on less; it also runs what stands as a constant or a default, so that these must be literals.
/// Expressions of more than 100 levels are refused, for LibTorch's compiler calls itself for each. Throws Error(Unsupported) where a class
/// would run code of its own while it is loaded (__setstate__). Answers how many classes and functions are declared.
std::size_t checkScript(std::string_view text, const std::string& record);

} // namespace bitscape::script
