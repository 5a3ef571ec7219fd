// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bitscape {

/// "step3" of "step" and 3.
inline std::string numbered(std::string_view word, std::int64_t number)
{
    std::string text(word);
    text += std::to_string(number);
    return text;
}

} // namespace bitscape
