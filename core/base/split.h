// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace bitscape {

/// A slice of one part of a data set, written `train[0:55000]`, `test[:2000]`, `train[90%:]`, `test` (design.md section 5).
/// Bounds count images; a percentage is of the part, rounded down; negative bounds count from the end; all as in Python slices.
struct Split {
    std::string part;       ///< "train" or "test"
    std::int64_t first = 0; ///< first image, in file order
    std::int64_t last = 0;  ///< one behind the last image
    std::int64_t count() const { return last - first; }
    bool operator==(const Split&) const = default;
};

/// Checks the form of a split's text alone. Throws Error(BadArgument) that says what is wrong with it.
void checkSplitText(const std::string& text);

/// Resolves a split's text for parts of so many images. Throws Error(BadArgument) for a malformed, empty or out-of-range slice.
Split resolveSplit(const std::string& text, std::int64_t trainImages, std::int64_t testImages);

} // namespace bitscape
