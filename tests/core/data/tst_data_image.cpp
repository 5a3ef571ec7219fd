// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/image_decoder.h"

#include "data_test_encoders.h"
#include "data_test_jpegs.h"

#include <QElapsedTimer>
#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

DecodedImage decode(const QByteArray& bytes)
{
    return decodeImage(
        { reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size()) }, "some/image.file");
}

/// Eight bytes of a PNG header say the size.
QByteArray gigantic()
{
    return pngHeader(60000, 60000, PngColour::Grey) + pngChunk("IDAT", deflated(QByteArray(1000, '\0'))) + pngChunk("IEND", {});
}

} // namespace

class ImageTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void decodesPng_data();
    void decodesPng();
    void decodesJpeg();
    void refuses_data();
    void refuses();
    void refusesEveryTruncation();
    void survivesEveryFlippedByte();
    void refusesABomb();
};

void ImageTest::decodesPng_data()
{
    QTest::addColumn<int>("colour");
    QTest::newRow("grey") << static_cast<int>(PngColour::Grey);
    QTest::newRow("colour") << static_cast<int>(PngColour::Rgb);
    QTest::newRow("grey, opaque") << static_cast<int>(PngColour::GreyAlpha);
    QTest::newRow("colour, opaque") << static_cast<int>(PngColour::Rgba);
}

void ImageTest::decodesPng()
{
    QFETCH(int, colour);
    const int stored = channelsOf(static_cast<PngColour>(colour));
    const int channels = stored >= 3 ? 3 : 1;
    QByteArray pixels = someBytes(6 * 4 * stored, 3);
    if (stored != channels) {
        for (int i = 0; i < 24; ++i)
            pixels[i * stored + stored - 1] = '\xFF';
    }
    const DecodedImage image = decode(png(6, 4, static_cast<PngColour>(colour), pixels));
    QCOMPARE(image.shape, (ImageShape { channels, 4, 6 }));
    for (int c = 0; c < channels; ++c) {
        for (int y = 0; y < 4; ++y) {
            for (int x = 0; x < 6; ++x) {
                const auto expected = static_cast<std::uint8_t>(pixels[(y * 6 + x) * stored + c]);
                QCOMPARE(image.pixels[static_cast<std::size_t>((c * 4 + y) * 6 + x)], expected);
            }
        }
    }
}

void ImageTest::decodesJpeg()
{
    const DecodedImage colour = decode(colourJpeg());
    const DecodedImage grey = decode(greyJpeg());
    QCOMPARE(colour.shape, (ImageShape { 3, 8, 8 }));
    QCOMPARE(grey.shape, (ImageShape { 1, 8, 8 }));
    for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 8; ++x) {
            const auto at = static_cast<std::size_t>(y * 8 + x);
            const int expected[] = { 40 + 20 * x, 200 - 18 * y, 60 + 8 * (x + y) };
            // Quality 95 moved PIL's own decoding by up to 3 levels (grey 1); decoders may differ by one or two more.
            for (std::size_t c = 0; c < 3; ++c)
                QVERIFY(std::abs(colour.pixels[c * 64 + at] - expected[c]) <= 5);
            QVERIFY(std::abs(grey.pixels[at] - expected[0]) <= 3);
        }
    }
}

void ImageTest::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const QByteArray good = flatPng(4, 4, 9);
    QTest::newRow("empty") << QByteArray() << "is empty";
    QTest::newRow("text") << QByteArray("hello, world, this is not an image") << "neither a PNG nor a JPEG";
    QTest::newRow("gif") << QByteArray("GIF89a\1\0\1\0\0\0\0", 13) << "neither a PNG nor a JPEG";
    QTest::newRow("signature alone") << good.left(8) << "cut short";
    QTest::newRow("wrong checksum") << QByteArray(good).replace(20, 1, "x") << "checksum";
    QTest::newRow("no pixels") << pngHeader(4, 4, PngColour::Grey) + pngChunk("IEND", {}) << "cannot be decoded: no IDAT";
    QTest::newRow("no header") << QByteArray("\x89PNG\r\n\x1A\n", 8) + pngChunk("IEND", {}) << "cannot be decoded: first not IHDR";
    QTest::newRow("too few rows") << pngHeader(4, 4, PngColour::Grey) + pngChunk("IDAT", deflated("12345")) + pngChunk("IEND", {})
                                  << "cannot be decoded: not enough pixels";
    QTest::newRow("no zlib") << pngHeader(4, 4, PngColour::Grey) + pngChunk("IDAT", "garbage") + pngChunk("IEND", {})
                             << "cannot be decoded: bad zlib header";
    QTest::newRow("no size") << png(0, 4, PngColour::Grey, {}) << "cannot be decoded: 0-pixel image";
    QTest::newRow("gigantic") << gigantic() << "cannot be decoded: too large";
    QTest::newRow("too wide") << flatPng(1025, 1, 3) << "1025x1 pixels";
    QTest::newRow("too high") << flatPng(1, 1025, 3) << "1x1025 pixels";
    QTest::newRow("16 bits") << png(2, 2, PngColour::Grey, QByteArray(8, 'x'), 16) << "16 bits";
    QTest::newRow("transparent") << png(2, 1, PngColour::Rgba,
        QByteArray("abc\xFF"
                   "def\xFE",
            8)) << "transparent";
    QTest::newRow("transparent grey") << png(2, 1, PngColour::GreyAlpha, QByteArray("a\0b\xFF", 4)) << "transparent";
    QTest::newRow("jpeg without an end") << colourJpeg().chopped(2) << "cut short";
    QTest::newRow("jpeg without a scan") << colourJpeg().left(300) << "cut short";
    QTest::newRow("jpeg of nothing") << QByteArray("\xFF\xD8\xFF\xD9") << "cannot be decoded";
    QByteArray manyCodes = greyJpeg();
    manyCodes[manyCodes.indexOf("\xFF\xC4") + 5 + 8] = '\xFF'; // that many codes of nine bits
    QTest::newRow("jpeg with too many Huffman codes") << manyCodes << "Huffman table";
    QTest::newRow("jpeg with noise") << QByteArray("\xFF\xD8\xFF\xE0\0\2noise", 11) << "marker is missing";
    QTest::newRow("gigantic jpeg") << QByteArray(greyJpeg())
                                          .replace(QByteArray("\xFF\xC0\0\x0B\x08\0\x08\0\x08", 9),
                                              QByteArray("\xFF\xC0\0\x0B\x08\xFF\xF0\xFF\xF0", 9))
                                   << "65520x65520 pixels";
}

void ImageTest::refuses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    QElapsedTimer timer;
    timer.start();
    const long before = resetPeakMemory();
    QCOMPARE(refusal(ErrorCode::BadInput, { "\"some/image.file\"", says }, [&] { decode(bytes); }), QString());
    QVERIFY(timer.elapsed() < 2000);
    QVERIFY(peakMemoryMiB() - before < 16);
}

void ImageTest::refusesEveryTruncation()
{
    for (const QByteArray& whole : { png(5, 5, PngColour::Rgb, someBytes(75, 1)), colourJpeg(), greyJpeg() }) {
        for (qsizetype size = 0; size < whole.size(); ++size)
            QCOMPARE(refusal(ErrorCode::BadInput, { "some/image.file" }, [&] { decode(whole.left(size)); }), QString());
    }
}

void ImageTest::survivesEveryFlippedByte()
{
    // A PNG has checksums; a damaged JPEG may decode to something of any size within the limits, or is refused.
    const QByteArray goodPng = png(5, 5, PngColour::Rgb, someBytes(75, 1));
    for (qsizetype i = 0; i < goodPng.size(); ++i) {
        QByteArray damaged = goodPng;
        damaged[i] = static_cast<char>(~damaged[i]);
        QCOMPARE(refusal(ErrorCode::BadInput, { "some/image.file" }, [&] { decode(damaged); }), QString());
    }
    const QByteArray goodJpeg = colourJpeg();
    for (qsizetype i = 0; i < goodJpeg.size(); ++i) {
        for (const char mask : { '\xFF', '\x01', '\x80' }) {
            QByteArray damaged = goodJpeg;
            damaged[i] = static_cast<char>(damaged[i] ^ mask);
            try {
                const DecodedImage image = decode(damaged);
                QCOMPARE(static_cast<std::int64_t>(image.pixels.size()), image.shape.size());
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::BadInput);
            }
        }
    }
}

void ImageTest::refusesABomb()
{
    // 256 MiB of zeros where 16 bytes of pixels are announced.
    const QByteArray bomb
        = pngHeader(4, 4, PngColour::Grey) + pngChunk("IDAT", deflated(QByteArray(256 << 20, '\0'))) + pngChunk("IEND", {});
    const long before = resetPeakMemory();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(refusal(ErrorCode::BadInput, { "some/image.file", "cannot be decoded: outofmem" }, [&] { decode(bomb); }), QString());
    QVERIFY(timer.elapsed() < 5000);
    // The largest buffer is 64 MiB, beside the one of half the size that it grew from.
    QVERIFY2(peakMemoryMiB() - before < 128, qPrintable(QString::number(peakMemoryMiB() - before)));
}

QTEST_APPLESS_MAIN(ImageTest)
#include "tst_data_image.moc"
