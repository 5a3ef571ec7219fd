// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace bitscape {

/// Bits per filter: a vector per weighted layer in graph order. 0 is pruned, 32 is full precision.
using LayerBits = std::vector<std::vector<std::uint8_t>>;

} // namespace bitscape
