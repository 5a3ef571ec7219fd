// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/glyphs.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/sha256.h"
#include "core/engine/data/glyph_canvas.h"
#include "core/engine/data/glyph_shapes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

namespace bitscape {

namespace {

constexpr std::string_view kFormat = "bitscape glyphs 1\n"; // a change of the drawing needs another number here
constexpr std::int64_t kFewestImages = 10;
constexpr std::int64_t kMostImages = 1'000'000;
constexpr std::int64_t kImagesPerCheckpoint = 200;

// --- the recipe -------------------------------------------------------------------------------------------------------------------------

struct Key {
    const char* name;
    std::int64_t GlyphRecipe::*value;
    std::int64_t least;
    std::int64_t most;
};

constexpr Key kKeys[] = {
    { "train", &GlyphRecipe::train, kFewestImages, kMostImages },
    { "test", &GlyphRecipe::test, kFewestImages, kMostImages },
    { "seed", &GlyphRecipe::seed, 0, std::numeric_limits<std::int64_t>::max() },
};

[[noreturn]] void refuseRecipe(const std::string& recipe, const std::string& what)
{
    throw Error(ErrorCode::BadArgument, "The glyphs recipe \"" + recipe + "\" " + what + "; write it as train=8000,test=2000,seed=1.");
}

void applyItem(GlyphRecipe& recipe, std::string_view item, std::set<std::string_view>& seen, const std::string& text)
{
    const std::size_t equals = std::min(item.find('='), item.size());
    const std::string_view name = item.substr(0, equals);
    const std::string_view digits = item.substr(std::min(equals + 1, item.size()));
    const auto key = std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& known) { return name == known.name; });
    if (key == std::end(kKeys))
        refuseRecipe(text, "has the unknown key \"" + std::string(name) + "\"");
    if (!seen.insert(name).second)
        refuseRecipe(text, "gives \"" + std::string(name) + "\" twice");
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value < key->least || value > key->most) {
        refuseRecipe(text,
            "has \"" + std::string(digits) + "\" for \"" + std::string(name) + "\", which is no whole number from "
                + std::to_string(key->least) + " to " + std::to_string(key->most));
    }
    recipe.*key->value = value;
}

// --- one image --------------------------------------------------------------------------------------------------------------------------

/// Maps a glyph's unit box to the image.
struct Placement {
    double xx, xy, yx, yy; ///< a matrix, pixels per unit
    GlyphPoint centre;     ///< pixels

    GlyphPoint operator()(const GlyphPoint& point) const
    {
        const double x = point.x - 0.5;
        const double y = point.y - 0.5;
        return { centre.x + xx * x + xy * y, centre.y + yx * x + yy * y };
    }
};

Placement randomPlacement(Random& random)
{
    // The tangent of half the angle gives sine and cosine without the mathematical library; 0.14 is 16 degrees.
    const double half = random.uniform(-0.14, 0.14);
    const double cosine = (1.0 - half * half) / (1.0 + half * half);
    const double sine = 2.0 * half / (1.0 + half * half);
    const double width = random.uniform(9.0, 16.5);
    const double height = random.uniform(12.5, 20.0);
    const double shear = random.uniform(-0.3, 0.3);
    const double side = kGlyphSide;
    const GlyphPoint centre { side / 2 + random.uniform(-3.0, 3.0), side / 2 + random.uniform(-3.0, 3.0) };
    return { cosine * width, (cosine * shear - sine) * height, sine * width, (sine * shear + cosine) * height, centre };
}

/// The same stroke by a less steady hand: points moved, both ends a little shorter or longer.
GlyphStroke wobbled(GlyphStroke stroke, Random& random)
{
    for (GlyphPoint& point : stroke.points) {
        point.x += random.uniform(-0.09, 0.09);
        point.y += random.uniform(-0.09, 0.09);
    }
    const auto extend = [&random](GlyphPoint& end, const GlyphPoint& next) {
        const double by = random.uniform(-0.36, 0.12);
        end = { end.x + by * (end.x - next.x), end.y + by * (end.y - next.y) };
    };
    extend(stroke.points.front(), stroke.points[1]);
    extend(stroke.points.back(), stroke.points[stroke.points.size() - 2]);
    return stroke;
}

GlyphCoverage drawShape(const GlyphShape& shape, Random& random)
{
    GlyphCoverage ink {};
    const Placement placement = randomPlacement(random);
    const double radius = random.uniform(0.55, 1.45);
    for (const GlyphStroke& stroke : shape.strokes) {
        std::vector<GlyphPoint> chain = flattened(wobbled(stroke, random));
        std::transform(chain.begin(), chain.end(), chain.begin(), placement);
        addStroke(ink, chain, radius);
    }
    return ink;
}

/// A short straight stroke anywhere in the image.
GlyphCoverage drawScratch(Random& random, double radius)
{
    GlyphCoverage scratch {};
    const GlyphPoint from { random.uniform(3.0, kGlyphSide - 3.0), random.uniform(3.0, kGlyphSide - 3.0) };
    const GlyphPoint to { from.x + random.uniform(-9.0, 9.0), from.y + random.uniform(-9.0, 9.0) };
    const GlyphPoint chain[] = { from, to };
    addStroke(scratch, chain, radius);
    return scratch;
}

/// Sometimes rubs out a streak of the glyph, sometimes adds a stray stroke.
void disturb(GlyphCoverage& ink, Random& random)
{
    if (random.below(3) == 0) {
        const GlyphCoverage rubbed = drawScratch(random, random.uniform(0.6, 1.5));
        for (std::size_t i = 0; i < ink.size(); ++i)
            ink[i] *= 1.0 - rubbed[i];
    }
    if (random.below(3) == 0) {
        const GlyphCoverage stray = drawScratch(random, random.uniform(0.4, 1.0));
        const double strength = random.uniform(0.4, 1.0);
        for (std::size_t i = 0; i < ink.size(); ++i)
            ink[i] = std::max(ink[i], strength * stray[i]);
    }
}

/// Coverage to grey levels, with a pen of random darkness and noise of a triangular distribution (standard deviation about 10 levels).
std::vector<std::uint8_t> toPixels(const GlyphCoverage& ink, Random& random)
{
    const double strength = random.uniform(130.0, 255.0);
    std::vector<std::uint8_t> pixels(ink.size());
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < ink.size(); ++i) {
        bits = i % 4 == 0 ? random.next() : bits >> 16;
        const int noise = (static_cast<int>(bits & 0xFF) - static_cast<int>(bits >> 8 & 0xFF)) / 7;
        const int level = static_cast<int>(std::floor(strength * ink[i] + 0.5)) + noise;
        pixels[i] = static_cast<std::uint8_t>(std::clamp(level, 0, 255));
    }
    return pixels;
}

std::uint16_t labelOf(std::uint64_t partSeed, std::uint64_t index)
{
    std::vector<std::uint16_t> labels { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    // Labels and drawings take their seeds from two halves of the streams.
    Random random(deriveSeed(partSeed, 2 * (index / labels.size())));
    shuffle(labels, random);
    return labels[index % labels.size()];
}

void drawPart(const GlyphRecipe& recipe, GlyphPart part, ImagePart& out, Progress progress, JobContext& context)
{
    const std::int64_t count = part == GlyphPart::Train ? recipe.train : recipe.test;
    out.pixels.reserve(static_cast<std::size_t>(count) * kGlyphSide * kGlyphSide);
    for (std::int64_t i = 0; i < count; ++i) {
        const Glyph glyph = drawGlyph(recipe.seed, part, i);
        out.pixels.insert(out.pixels.end(), glyph.pixels.begin(), glyph.pixels.end());
        out.labels.push_back(glyph.label);
        progress.done += 1;
        if ((i + 1) % kImagesPerCheckpoint == 0 || i + 1 == count) {
            context.progress(progress);
            context.checkpoint();
        }
    }
}

} // namespace

GlyphRecipe parseGlyphRecipe(const std::string& text)
{
    GlyphRecipe recipe;
    std::set<std::string_view> seen;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        applyItem(recipe, rest.substr(0, comma), seen, text);
        if (comma == rest.size() - 1)
            refuseRecipe(text, "ends with a comma");
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    return recipe;
}

std::string glyphRecipeText(const GlyphRecipe& recipe)
{
    std::string text;
    for (const Key& key : kKeys)
        text += (text.empty() ? "" : ",") + std::string(key.name) + "=" + std::to_string(recipe.*key.value);
    return text;
}

Glyph drawGlyph(std::int64_t seed, GlyphPart part, std::int64_t index)
{
    const std::uint64_t partSeed = deriveSeed(static_cast<std::uint64_t>(seed), part == GlyphPart::Train ? 0 : 1);
    const auto position = static_cast<std::uint64_t>(index);
    const std::uint16_t label = labelOf(partSeed, position);
    Random random(deriveSeed(partSeed, 2 * position + 1));
    GlyphCoverage ink = drawShape(glyphShapes()[label], random);
    disturb(ink, random);
    return { toPixels(ink, random), label };
}

ImageSet readGlyphs(const std::string& recipe, JobContext& context)
{
    const GlyphRecipe parsed = parseGlyphRecipe(recipe);
    ImageSet set;
    set.shape = { 1, kGlyphSide, kGlyphSide };
    for (const GlyphShape& shape : glyphShapes())
        set.classNames.push_back(shape.name);
    const auto total = static_cast<double>(parsed.train + parsed.test);
    drawPart(parsed, GlyphPart::Train, set.train, { 0, total, "drawing the training glyphs", {} }, context);
    drawPart(parsed, GlyphPart::Test, set.test, { static_cast<double>(parsed.train), total, "drawing the test glyphs", {} }, context);
    set.fingerprint = sha256Hex(std::string(kFormat) + glyphRecipeText(parsed));
    return set;
}

} // namespace bitscape
