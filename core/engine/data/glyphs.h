// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"
#include "core/jobs/job_context.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// What a glyphs data set is made from.
struct GlyphRecipe {
    std::int64_t train = 8000; ///< images, 10 to 1000000
    std::int64_t test = 2000;  ///< images, 10 to 1000000
    std::int64_t seed = 1;     ///< 0 or more
    bool operator==(const GlyphRecipe&) const = default;
};

/// Reads "train=8000,test=2000,seed=1"; what is not given is as above. Throws Error(BadArgument) for an unknown or repeated key or a value
/// out of range.
GlyphRecipe parseGlyphRecipe(const std::string& text);

/// The recipe with all its keys in order: the same text for the same data set.
std::string glyphRecipeText(const GlyphRecipe& recipe);

/// The part of a data set that an image belongs to.
enum class GlyphPart { Train, Test };

/// One image and its class.
struct Glyph {
    std::vector<std::uint8_t> pixels; ///< [28,28]
    std::uint16_t label = 0;          ///< 0..9
    bool operator==(const Glyph&) const = default;
};

/// Draws one image of a data set; it depends on the arguments alone, so a larger data set begins with the smaller one's images. Every ten
/// images from index 0 on have each class once, in mixed order. Deterministic on every machine with IEEE doubles.
Glyph drawGlyph(std::int64_t seed, GlyphPart part, std::int64_t index);

/// Draws a whole data set: ten classes of distorted stroke characters, 28x28 grey. The fingerprint is that of the recipe and of
/// a version number of the drawing. Throws as parseGlyphRecipe(), and Cancelled.
ImageSet readGlyphs(const std::string& recipe, JobContext& context);

} // namespace bitscape
