// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bitscape::script {

/// One word of a script as PyTorch writes it.
struct Token {
    enum class Kind { Name, Number, Text, Sign, Newline, Indent, Dedent, End };
    Kind kind = Kind::End;
    std::string_view text; ///< Sign: "->" or one character, two for a comparison
    std::size_t line = 1;
};

/// The words of a script, `Indent` and `Dedent` around blocks, ending with `End`. Throws Error(BadInput) that names `record` and the
/// line for characters, strings, numbers and indentations that PyTorch does not write.
std::vector<Token> tokensOf(std::string_view text, const std::string& record);

} // namespace bitscape::script
