// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/glyph_shapes.h"

#include <array>
#include <span>

namespace bitscape {

/// Pixels along each side of a glyph's image.
inline constexpr int kGlyphSide = 28;

/// How much of each pixel is covered, 0..1, row by row.
using GlyphCoverage = std::array<double, kGlyphSide * kGlyphSide>;

/// Adds a round pen's stroke of the given radius (pixels) along a chain of points (pixels) to a coverage: a pixel at distance d from the
/// chain is covered by radius + 0.5 - d, cut to 0..1. Points are first rounded to 1/64 pixel.
void addStroke(GlyphCoverage& coverage, std::span<const GlyphPoint> chain, double radius);

} // namespace bitscape
