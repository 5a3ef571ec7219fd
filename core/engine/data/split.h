// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/split.h"
#include "core/engine/data/image_set.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// Resolves a split's text against a data set. Throws Error(BadArgument) for a malformed, empty or out-of-range slice.
Split resolveSplit(const std::string& text, const ImageSet& set);

/// The part that a split is a slice of.
const ImagePart& partOf(const ImageSet& set, const Split& split);

/// Image positions (within the part) of the first `perClass` images of each class of a split, in file order within a class,
/// class after class. Throws Error(BadInput) that names the class if one has fewer images.
std::vector<std::int64_t> firstPerClass(const ImageSet& set, const Split& split, int perClass);

} // namespace bitscape
