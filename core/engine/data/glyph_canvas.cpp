// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/glyph_canvas.h"

#include <algorithm>
#include <cmath>

namespace bitscape {

namespace {

/// Rounded to 1/64 pixel, so that the arithmetic before cannot matter in its last bit.
GlyphPoint onGrid(const GlyphPoint& point)
{
    return { std::floor(point.x * 64.0 + 0.5) / 64.0, std::floor(point.y * 64.0 + 0.5) / 64.0 };
}

/// First and last pixel along one axis that a stroke between two coordinates reaches.
struct Reach {
    int first;
    int last;
};

Reach reach(double a, double b, double radius)
{
    const auto pixel = [](double value) { return static_cast<int>(std::floor(std::clamp(value, -1.0, kGlyphSide + 0.0))); };
    return { std::max(pixel(std::min(a, b) - radius - 1.0), 0), std::min(pixel(std::max(a, b) + radius + 1.0), kGlyphSide - 1) };
}

double distance(const GlyphPoint& point, const GlyphPoint& a, const GlyphPoint& b)
{
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double square = dx * dx + dy * dy;
    const double along = square > 0.0 ? std::clamp(((point.x - a.x) * dx + (point.y - a.y) * dy) / square, 0.0, 1.0) : 0.0;
    const double x = point.x - (a.x + along * dx);
    const double y = point.y - (a.y + along * dy);
    return std::sqrt(x * x + y * y);
}

void addPiece(GlyphCoverage& coverage, const GlyphPoint& a, const GlyphPoint& b, double radius)
{
    const Reach columns = reach(a.x, b.x, radius);
    const Reach rows = reach(a.y, b.y, radius);
    for (int row = rows.first; row <= rows.last; ++row) {
        for (int column = columns.first; column <= columns.last; ++column) {
            double& covered = coverage[static_cast<std::size_t>(row * kGlyphSide + column)];
            covered = std::max(covered, std::min(radius + 0.5 - distance({ column + 0.5, row + 0.5 }, a, b), 1.0));
        }
    }
}

} // namespace

void addStroke(GlyphCoverage& coverage, std::span<const GlyphPoint> chain, double radius)
{
    for (std::size_t i = 1; i < chain.size(); ++i)
        addPiece(coverage, onGrid(chain[i - 1]), onGrid(chain[i]), radius);
}

} // namespace bitscape
