// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace bitscape {

/// Whether a PNG or JPEG file is whole, which the decoder does not check: of a PNG the chunks' lengths and checksums up to its end chunk,
/// of a JPEG the segments and Huffman tables up to its end marker. Empty if it is, else a clause that says what is wrong, such as
/// "is cut short". Other formats are refused.
std::string imageFileDamage(std::span<const std::uint8_t> bytes);

} // namespace bitscape
