// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace bitscape {

/// One decoded image.
struct DecodedImage {
    ImageShape shape;                 ///< 1 channel for a grey file, 3 for a coloured one
    std::vector<std::uint8_t> pixels; ///< [C,H,W]
};

/// Decodes a PNG or JPEG file's content without loss: 8 bits per channel, opaque. The size in the header is held against the limits
/// (1024x1024) before anything is allocated, and no single allocation passes 64 MiB. `path` is for messages only. Thread-safe.
/// Throws Error(BadInput).
DecodedImage decodeImage(std::span<const std::uint8_t> bytes, const std::filesystem::path& path);

} // namespace bitscape
