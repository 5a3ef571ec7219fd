// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/dataset_reader.h"
#include "core/engine/data/glyph_canvas.h"
#include "core/engine/data/glyph_shapes.h"
#include "core/engine/data/glyphs.h"

#include "data_test_support.h"

#include <QCryptographicHash>
#include <QTest>

#include <algorithm>
#include <array>
#include <set>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr std::size_t kImageBytes = kGlyphSide * kGlyphSide;

ImageSet draw(const std::string& recipe)
{
    SilentContext context;
    return readDataset("glyphs", recipe, context);
}

QByteArray sha256(const ImagePart& part)
{
    QCryptographicHash sum(QCryptographicHash::Sha256);
    sum.addData(QByteArrayView(part.pixels.data(), static_cast<qsizetype>(part.pixels.size())));
    for (const std::uint16_t label : part.labels)
        sum.addData(QByteArray(1, static_cast<char>(label)));
    return sum.result().toHex();
}

/// Squared distance of two images.
long distance(const std::uint8_t* a, const std::uint8_t* b)
{
    long sum = 0;
    for (std::size_t i = 0; i < kImageBytes; ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/// The share of test images whose nearest training image is of their class.
double nearestNeighbourAccuracy(const ImageSet& set)
{
    int right = 0;
    for (std::size_t t = 0; t < set.test.labels.size(); ++t) {
        std::size_t best = 0;
        long least = -1;
        for (std::size_t i = 0; i < set.train.labels.size(); ++i) {
            const long found = distance(set.test.pixels.data() + t * kImageBytes, set.train.pixels.data() + i * kImageBytes);
            if (least < 0 || found < least) {
                least = found;
                best = i;
            }
        }
        right += set.train.labels[best] == set.test.labels[t] ? 1 : 0;
    }
    return right / static_cast<double>(set.test.labels.size());
}

} // namespace

class GlyphsTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void readsRecipes_data();
    void readsRecipes();
    void refusesRecipes_data();
    void refusesRecipes();
    void coversAStrokeByItsDistance();
    void clipsStrokesAtTheBorder();
    void splinesGoThroughTheirPoints();
    void drawsWhatIsAsked();
    void isPinned();
    void largerSetsBeginWithSmallerOnes();
    void classesAreBalancedAndMixed();
    void differsBySeedAndPart();
    void isLearnable();
    void fingerprintIsOfTheRecipe();
    void reportsAndCancels();
};

void GlyphsTest::readsRecipes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("normal");
    QTest::newRow("nothing") << ""
                             << "train=8000,test=2000,seed=1";
    QTest::newRow("seed") << "seed=0"
                          << "train=8000,test=2000,seed=0";
    QTest::newRow("another order") << "seed=9223372036854775807,test=10,train=1000000"
                                   << "train=1000000,test=10,seed=9223372036854775807";
}

void GlyphsTest::readsRecipes()
{
    QFETCH(QString, text);
    QFETCH(QString, normal);
    const GlyphRecipe recipe = parseGlyphRecipe(text.toStdString());
    QCOMPARE(glyphRecipeText(recipe), normal.toStdString());
    QCOMPARE(parseGlyphRecipe(normal.toStdString()), recipe);
}

void GlyphsTest::refusesRecipes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("unknown key") << "size=32"
                                 << "unknown key \"size\"";
    QTest::newRow("no value") << "train"
                              << "\"train\"";
    QTest::newRow("empty value") << "train="
                                 << "\"\" for \"train\"";
    QTest::newRow("a word") << "train=many"
                            << "\"many\"";
    QTest::newRow("a fraction") << "train=1.5"
                                << "\"1.5\"";
    QTest::newRow("a space") << "train=100, test=50"
                             << "unknown key \" test\"";
    QTest::newRow("too few") << "train=9"
                             << "from 10 to 1000000";
    QTest::newRow("too many") << "test=1000001"
                              << "from 10 to 1000000";
    QTest::newRow("beyond 64 bits") << "seed=9223372036854775808"
                                    << "\"9223372036854775808\"";
    QTest::newRow("negative") << "seed=-1"
                              << "\"-1\"";
    QTest::newRow("plus") << "seed=+1"
                          << "\"+1\"";
    QTest::newRow("twice") << "seed=1,seed=1"
                           << "twice";
    QTest::newRow("comma at the end") << "seed=1,"
                                      << "comma";
    QTest::newRow("comma alone") << ","
                                 << "unknown key \"\"";
    QTest::newRow("a path") << "/data/mnist"
                            << "unknown key \"/data/mnist\"";
}

void GlyphsTest::refusesRecipes()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    QCOMPARE(refusal(ErrorCode::BadArgument, { "\"" + text + "\"", says, "train=8000" }, [&] { draw(text.toStdString()); }), QString());
}

void GlyphsTest::coversAStrokeByItsDistance()
{
    GlyphCoverage coverage {};
    const GlyphPoint chain[] = { { 5.0, 14.0 }, { 20.0, 14.0 } };
    addStroke(coverage, chain, 1.25);
    for (int y = 0; y < kGlyphSide; ++y) {
        for (int x = 0; x < kGlyphSide; ++x) {
            const double dx = x + 0.5 < 5.0 ? 5.0 - (x + 0.5) : x + 0.5 > 20.0 ? x + 0.5 - 20.0 : 0.0;
            const double dy = y + 0.5 - 14.0;
            const double expected = std::clamp(1.25 + 0.5 - std::sqrt(dx * dx + dy * dy), 0.0, 1.0);
            // Both are a handful of roundings of numbers below 28.
            QVERIFY(std::abs(coverage[static_cast<std::size_t>(y * kGlyphSide + x)] - expected) < 1e-12);
        }
    }
}

void GlyphsTest::clipsStrokesAtTheBorder()
{
    GlyphCoverage coverage {};
    const GlyphPoint across[] = { { -40.0, -40.0 }, { 70.0, 70.0 } };
    addStroke(coverage, across, 1.0);
    for (int i = 0; i < kGlyphSide; ++i)
        QCOMPARE(coverage[static_cast<std::size_t>(i * kGlyphSide + i)], 1.0);
    GlyphCoverage untouched {};
    const GlyphPoint outside[] = { { -400.0, 14.0 }, { -30.0, 1e9 }, { 14.0, -50.0 } };
    addStroke(untouched, std::span(outside).first(2), 1.0);
    addStroke(untouched, std::span(outside).first(1), 1.0);
    QCOMPARE(std::count(untouched.begin(), untouched.end(), 0.0), static_cast<std::ptrdiff_t>(untouched.size()));
}

void GlyphsTest::splinesGoThroughTheirPoints()
{
    const GlyphStroke stroke { true, { { 0.0, 0.0 }, { 1.0, 2.0 }, { 3.0, 1.0 }, { 4.0, 4.0 } } };
    const std::vector<GlyphPoint> chain = flattened(stroke);
    QCOMPARE(chain.size(), std::size_t { 13 });
    for (std::size_t i = 0; i < 4; ++i) {
        QCOMPARE(chain[4 * i].x, stroke.points[i].x);
        QCOMPARE(chain[4 * i].y, stroke.points[i].y);
    }
    // The middle of the middle span by the spline's blending weights (-1, 9, 9, -1) / 16.
    QCOMPARE(chain[6].x, (-0.0 + 9 * 1.0 + 9 * 3.0 - 4.0) / 16);
    QCOMPARE(chain[6].y, (-0.0 + 9 * 2.0 + 9 * 1.0 - 4.0) / 16);
    QCOMPARE(flattened({ false, { { 0.0, 0.0 }, { 1.0, 2.0 } } }).size(), std::size_t { 2 });
}

void GlyphsTest::drawsWhatIsAsked()
{
    const ImageSet set = draw("train=30,test=20,seed=5");
    QCOMPARE(set.shape, (ImageShape { 1, 28, 28 }));
    QCOMPARE(set.classNames, (std::vector<std::string> { "C", "G", "E", "F", "O", "Q", "P", "R", "U", "V" }));
    QCOMPARE(set.train.count(), 30);
    QCOMPARE(set.test.count(), 20);
    QCOMPARE(set.train.pixels.size(), 30 * kImageBytes);
    for (int i = 0; i < 20; ++i) {
        const Glyph glyph = drawGlyph(5, GlyphPart::Test, i);
        QCOMPARE(glyph.label, set.test.labels[static_cast<std::size_t>(i)]);
        QVERIFY(
            std::equal(glyph.pixels.begin(), glyph.pixels.end(), set.test.pixels.begin() + static_cast<std::ptrdiff_t>(i * kImageBytes)));
    }
}

void GlyphsTest::isPinned()
{
    // A change here makes every fingerprint of an existing project a lie: raise the drawing's version with it.
    const ImageSet set = draw("train=200,test=50,seed=7");
    QCOMPARE(sha256(set.train), QByteArray("242b3b1f12a86e9982f46dce4a30cc539a1d3138c04b8b90de189e2126abc9d1"));
    QCOMPARE(sha256(set.test), QByteArray("a628453fe7bbcc856a9919b9a643420e1c98a0a9338d200c9ab6337fc2c240f9"));
}

void GlyphsTest::largerSetsBeginWithSmallerOnes()
{
    const ImageSet small = draw("train=37,test=11,seed=3");
    const ImageSet large = draw("train=95,test=40,seed=3");
    for (const auto& [few, many] : { std::pair(&small.train, &large.train), std::pair(&small.test, &large.test) }) {
        QVERIFY(std::equal(few->pixels.begin(), few->pixels.end(), many->pixels.begin()));
        QVERIFY(std::equal(few->labels.begin(), few->labels.end(), many->labels.begin()));
    }
}

void GlyphsTest::classesAreBalancedAndMixed()
{
    const ImageSet set = draw("train=1000,test=10,seed=3");
    std::set<std::vector<std::uint16_t>> orders;
    for (auto block = set.train.labels.begin(); block != set.train.labels.end(); block += 10) {
        std::vector<std::uint16_t> labels(block, block + 10);
        orders.insert(labels);
        std::sort(labels.begin(), labels.end());
        QCOMPARE(labels, (std::vector<std::uint16_t> { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }));
    }
    QCOMPARE(orders.size(), std::size_t { 100 });
}

void GlyphsTest::differsBySeedAndPart()
{
    std::set<std::vector<std::uint8_t>> images;
    for (int seed = 0; seed < 5; ++seed) {
        for (const GlyphPart part : { GlyphPart::Train, GlyphPart::Test }) {
            for (int i = 0; i < 50; ++i)
                images.insert(drawGlyph(seed, part, i).pixels);
        }
    }
    QCOMPARE(images.size(), std::size_t { 500 });
}

void GlyphsTest::isLearnable()
{
    // Ten classes: guessing gives 0.1. Raw pixels of shifted glyphs compare badly, so the simplest classifier must be well above that and
    // well below all right; lenet5 reaches about 0.98 of the default set.
    const double accuracy = nearestNeighbourAccuracy(draw("train=1500,test=200,seed=2"));
    QVERIFY2(accuracy > 0.4 && accuracy < 0.95, qPrintable(QString::number(accuracy)));
}

void GlyphsTest::fingerprintIsOfTheRecipe()
{
    const QByteArray text = "bitscape glyphs 1\ntrain=20,test=10,seed=4";
    const std::string expected = QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().toStdString();
    QCOMPARE(draw("train=20,test=10,seed=4").fingerprint, expected);
    QCOMPARE(draw("seed=4,test=10,train=20").fingerprint, expected);
    QVERIFY(draw("seed=5,test=10,train=20").fingerprint != expected);
}

void GlyphsTest::reportsAndCancels()
{
    WatchingContext watching;
    readDataset("glyphs", "train=450,test=210", watching);
    QCOMPARE(watching.checkpoints, 5);
    std::vector<double> done;
    for (const Progress& report : watching.reports) {
        QCOMPARE(report.total, 660.0);
        done.push_back(report.done);
    }
    QCOMPARE(done, (std::vector<double> { 200, 400, 450, 650, 660 }));
    for (int checkpoint = 1; checkpoint <= 5; ++checkpoint) {
        WatchingContext context(checkpoint);
        QVERIFY_THROWS_EXCEPTION(Cancelled, readDataset("glyphs", "train=450,test=210", context));
    }
}

QTEST_APPLESS_MAIN(GlyphsTest)
#include "tst_data_glyphs.moc"
