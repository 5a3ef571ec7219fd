// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/results.h"

#include <cstdint>
#include <span>

namespace bitscape {

/// Adds a layer as read from the file, in order of positions. Throws DamagedValue if `position` is not the next one.
void appendLayer(LayerBits& bits, std::int64_t position, std::span<const std::uint8_t> layer);

} // namespace bitscape
