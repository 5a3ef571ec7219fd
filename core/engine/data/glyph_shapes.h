// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace bitscape {

/// A point of a glyph's unit box (x to the right, y down, both 0..1) or of its image (pixels).
struct GlyphPoint {
    double x = 0;
    double y = 0;
};

/// One stroke of the pen through its points: straight from one to the next, or smooth.
struct GlyphStroke {
    bool smooth = false;
    std::vector<GlyphPoint> points;
};

/// A class of glyphs, undistorted.
struct GlyphShape {
    std::string name;
    std::vector<GlyphStroke> strokes;
};

/// The ten classes in the order of their labels; neighbours (C G, E F, O Q, P R, U V) differ in a detail.
const std::vector<GlyphShape>& glyphShapes();

/// A smooth stroke (a Catmull-Rom spline) as a chain of straight pieces, four a span; a straight one as it is.
std::vector<GlyphPoint> flattened(const GlyphStroke& stroke);

} // namespace bitscape
