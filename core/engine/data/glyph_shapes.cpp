// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/glyph_shapes.h"

namespace bitscape {

namespace {

constexpr bool kSmooth = true;
constexpr bool kStraight = false;
constexpr int kPiecesPerSpan = 4;

GlyphStroke arcOfC()
{
    return { kSmooth, { { 0.90, 0.18 }, { 0.55, 0.00 }, { 0.18, 0.17 }, { 0.05, 0.50 }, { 0.18, 0.83 }, { 0.55, 1.00 }, { 0.90, 0.82 } } };
}

GlyphStroke ring()
{
    return { kSmooth,
        { { 0.50, 0.00 }, { 0.15, 0.15 }, { 0.02, 0.50 }, { 0.15, 0.85 }, { 0.50, 1.00 }, { 0.85, 0.85 }, { 0.98, 0.50 }, { 0.85, 0.15 },
            { 0.50, 0.00 } } };
}

GlyphStroke bowlOfP()
{
    return { kSmooth, { { 0.12, 0.00 }, { 0.60, 0.02 }, { 0.90, 0.26 }, { 0.60, 0.52 }, { 0.12, 0.54 } } };
}

GlyphStroke line(GlyphPoint from, GlyphPoint to)
{
    return { kStraight, { from, to } };
}

std::vector<GlyphShape> makeShapes()
{
    const GlyphStroke middleBar = line({ 0.10, 0.50 }, { 0.72, 0.50 });
    const GlyphStroke stem = line({ 0.12, 0.00 }, { 0.12, 1.00 });
    return {
        { "C", { arcOfC() } },
        { "G", { arcOfC(), { kStraight, { { 0.90, 0.86 }, { 0.92, 0.58 }, { 0.58, 0.58 } } } } },
        { "E", { { kStraight, { { 0.88, 0.00 }, { 0.10, 0.00 }, { 0.10, 1.00 }, { 0.88, 1.00 } } }, middleBar } },
        { "F", { { kStraight, { { 0.88, 0.00 }, { 0.10, 0.00 }, { 0.10, 1.00 } } }, middleBar } },
        { "O", { ring() } },
        { "Q", { ring(), line({ 0.60, 0.66 }, { 0.98, 1.04 }) } },
        { "P", { stem, bowlOfP() } },
        { "R", { stem, bowlOfP(), line({ 0.45, 0.54 }, { 0.92, 1.00 }) } },
        { "U",
            { { kSmooth,
                { { 0.06, 0.00 }, { 0.08, 0.62 }, { 0.24, 0.92 }, { 0.50, 1.00 }, { 0.76, 0.92 }, { 0.92, 0.62 }, { 0.94, 0.00 } } } } },
        { "V", { { kStraight, { { 0.04, 0.00 }, { 0.50, 1.00 }, { 0.96, 0.00 } } } } },
    };
}

double catmullRom(double a, double b, double c, double d, double t)
{
    return 0.5 * (2.0 * b + t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a))));
}

} // namespace

const std::vector<GlyphShape>& glyphShapes()
{
    static const std::vector<GlyphShape> shapes = makeShapes();
    return shapes;
}

std::vector<GlyphPoint> flattened(const GlyphStroke& stroke)
{
    const auto& points = stroke.points;
    if (!stroke.smooth)
        return points;
    std::vector<GlyphPoint> result { points.front() };
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const GlyphPoint& a = points[i == 0 ? 0 : i - 1];
        const GlyphPoint& b = points[i];
        const GlyphPoint& c = points[i + 1];
        const GlyphPoint& d = points[i + 2 < points.size() ? i + 2 : i + 1];
        for (int piece = 1; piece <= kPiecesPerSpan; ++piece) {
            const double t = static_cast<double>(piece) / kPiecesPerSpan;
            result.push_back({ catmullRom(a.x, b.x, c.x, d.x, t), catmullRom(a.y, b.y, c.y, d.y, t) });
        }
    }
    return result;
}

} // namespace bitscape
