// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bitscape {

/// Refuses with Error(BadInput) script text that nests deeper than LibTorch's parser and compiler, which call themselves, can bear:
/// expressions of more than 256 levels, blocks of more than 64. Error(Unsupported) where a module would run code of its own while it is
/// loaded (__setstate__). Answers how many classes and functions the text declares. `name`: the record's.
std::size_t checkScriptText(std::string_view text, const std::string& name);

} // namespace bitscape
