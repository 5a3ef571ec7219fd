// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// Channels, height and width of one image.
struct ImageShape {
    int channels = 0;
    int height = 0;
    int width = 0;
    std::int64_t size() const { return std::int64_t { channels } * height * width; }
    bool operator==(const ImageShape&) const = default;
};

/// One part ("train" or "test") of a data set, decoded.
struct ImagePart {
    std::vector<std::uint8_t> pixels;  ///< [N,C,H,W], 0..255
    std::vector<std::uint16_t> labels; ///< [N], 0..classes-1
    std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
    bool operator==(const ImagePart&) const = default;
};

/// A decoded data set: images as bytes, in file order.
struct ImageSet {
    ImageShape shape;
    std::vector<std::string> classNames; ///< one per class; its size is the number of classes
    ImagePart train;
    ImagePart test;
    std::string fingerprint; ///< SHA-256 of what was read (files' names, sizes and contents; for glyphs its recipe)
    int classes() const { return static_cast<int>(classNames.size()); }
    bool operator==(const ImageSet&) const = default;
};

} // namespace bitscape
