// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"

#include <cstdint>
#include <string>
#include <vector>

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

/// Resolves a split's text against a data set. Throws Error(BadArgument) for a malformed, empty or out-of-range slice.
Split resolveSplit(const std::string& text, const ImageSet& set);

/// The part that a split is a slice of.
const ImagePart& partOf(const ImageSet& set, const Split& split);

/// Image positions (within the part) of the first `perClass` images of each class of a split, in file order within a class,
/// class after class. Throws Error(BadInput) that names the class if one has fewer images.
std::vector<std::int64_t> firstPerClass(const ImageSet& set, const Split& split, int perClass);

} // namespace bitscape
