// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace bitscape {

/// What a data set may be at most: a header that claims more is refused before anything is allocated.
inline constexpr std::uint64_t kMaxImageSide = 1024; ///< pixels
inline constexpr std::uint64_t kMaxImageChannels = 16;
inline constexpr std::uint64_t kMaxPartBytes = std::uint64_t { 16 } << 30; ///< of one part, decoded
inline constexpr std::uint64_t kMaxImageFileBytes = 64u << 20;             ///< of one PNG or JPEG file, as stored

} // namespace bitscape
