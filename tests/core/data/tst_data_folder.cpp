// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "core/engine/data/dataset_reader.h"
#include "core/engine/data/folder_listing.h"

#include "data_test_encoders.h"
#include "data_test_jpegs.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// Three classes of 5x4 pixels; the grey level of each image tells its file: 10 * class + number, 100 more in test.
void writeGood(const Folder& folder)
{
    const char* classes[] = { "ant", "bee", "cat" };
    for (int c = 0; c < 3; ++c) {
        for (int i = 0; i < 7; ++i)
            folder.write("train/" + std::string(classes[c]) + "/" + std::to_string(i) + ".png", flatPng(5, 4, 10 * c + i));
        for (int i = 0; i < 2; ++i)
            folder.write("test/" + std::string(classes[c]) + "/" + std::to_string(i) + ".png", flatPng(5, 4, 100 + 10 * c + i));
    }
}

ImageSet read(const Folder& folder)
{
    SilentContext context;
    return readDataset("folder", folder.path(), context);
}

/// Grey levels in the documented order, computed by the documented recipe.
std::vector<std::uint8_t> expectedLevels(int perClass, int offset, std::uint64_t seed)
{
    std::vector<std::uint8_t> levels;
    for (int c = 0; c < 3; ++c) {
        for (int i = 0; i < perClass; ++i)
            levels.push_back(static_cast<std::uint8_t>(offset + 10 * c + i));
    }
    Random random(seed);
    for (std::size_t left = levels.size(); left > 1; --left)
        std::swap(levels[left - 1], levels[random.below(left)]);
    return levels;
}

void checkPart(const ImagePart& part, const std::vector<std::uint8_t>& levels, int channels)
{
    QCOMPARE(part.labels.size(), levels.size());
    QCOMPARE(part.pixels.size(), levels.size() * static_cast<std::size_t>(20 * channels));
    for (std::size_t i = 0; i < levels.size(); ++i) {
        QCOMPARE(int { part.labels[i] }, levels[i] % 100 / 10);
        const auto first = part.pixels.begin() + static_cast<std::ptrdiff_t>(i) * 20 * channels;
        QCOMPARE(std::count(first, first + 20 * channels, levels[i]), 20 * channels);
    }
}

} // namespace

class FolderTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void reads();
    void orderMixesTheClasses();
    void readsManyFiles();
    void colourWinsOverGrey_data();
    void colourWinsOverGrey();
    void readsJpeg();
    void skipsOtherFiles();
    void testMayLackAClass();
    void fingerprintIsOfAllFiles();
    void refuses_data();
    void refuses();
    void refusesMixedSizes();
    void namesTheFirstBadFile();
    void reportsAndCancels();
};

void FolderTest::reads()
{
    const Folder folder;
    writeGood(folder);
    const ImageSet set = read(folder);
    QCOMPARE(set.shape, (ImageShape { 1, 4, 5 }));
    QCOMPARE(set.classNames, (std::vector<std::string> { "ant", "bee", "cat" }));
    checkPart(set.train, expectedLevels(7, 0, kFolderTrainOrderSeed), 1);
    checkPart(set.test, expectedLevels(2, 100, kFolderTestOrderSeed), 1);
}

void FolderTest::orderMixesTheClasses()
{
    const Folder folder;
    for (const char* name : { "B", "a", "Z", "\u00e4" }) {
        for (int i = 0; i < 50; ++i)
            folder.write("train/" + std::string(name) + "/" + std::to_string(i) + ".png", "");
        folder.write("test/" + std::string(name) + "/x.JPG", "");
    }
    SilentContext context;
    const FolderListing listing = listFolder(folder.path(), context);
    QCOMPARE(listing.classNames, (std::vector<std::string> { "B", "Z", "a", "\u00e4" })); // byte order
    // The last tenth of 200 has 5 of each class on average; that a class has none there is one case in 300.
    std::array<int, 4> counts {};
    for (std::size_t i = 180; i < 200; ++i)
        ++counts.at(listing.train[i].label);
    QVERIFY(*std::min_element(counts.begin(), counts.end()) > 0);
    // Computed by a program of a few lines in another language: the same files must come in the same order with every version and on every
    // machine.
    QCOMPARE(listing.train[0].name, std::string("train/Z/3.png"));
    QCOMPARE(listing.train[199].name, std::string("train/B/24.png"));
}

void FolderTest::readsManyFiles()
{
    // Several rounds of the reader, and more than one thread.
    const Folder folder;
    for (int i = 0; i < 1000; ++i)
        folder.write("train/only/" + std::to_string(1000 + i) + ".png",
            png(2, 1, PngColour::Grey, QByteArray(1, static_cast<char>(i / 250)) + static_cast<char>(i % 250)));
    folder.write("test/only/x.png", flatPng(2, 1, 0));
    const ImageSet set = read(folder);
    SilentContext context;
    const FolderListing listing = listFolder(folder.path(), context);
    for (std::size_t i = 0; i < 1000; ++i) {
        const int number = std::stoi(listing.train[i].name.substr(11)) - 1000;
        QCOMPARE(set.train.pixels[2 * i] * 250 + set.train.pixels[2 * i + 1], number);
    }
    QCOMPARE(read(folder), set);
}

void FolderTest::colourWinsOverGrey_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("first of train") << "train/ant/0.png";
    QTest::newRow("middle of train") << "train/bee/3.png";
    QTest::newRow("test") << "test/cat/1.png";
}

void FolderTest::colourWinsOverGrey()
{
    QFETCH(QString, name);
    const Folder folder;
    writeGood(folder);
    const ImageSet grey = read(folder);
    const int level = name.section('/', 0, 0) == "test" ? 121 : name.contains("bee") ? 13 : 0;
    folder.write(name.toStdString(), png(5, 4, PngColour::Rgb, QByteArray(60, static_cast<char>(level))));
    const ImageSet set = read(folder);
    QCOMPARE(set.shape, (ImageShape { 3, 4, 5 }));
    checkPart(set.train, expectedLevels(7, 0, kFolderTrainOrderSeed), 3);
    checkPart(set.test, expectedLevels(2, 100, kFolderTestOrderSeed), 3);
    QVERIFY(set.fingerprint != grey.fingerprint);
}

void FolderTest::readsJpeg()
{
    const Folder folder;
    folder.write("train/a/1.jpeg", colourJpeg());
    folder.write("test/a/1.Jpg", greyJpeg());
    const ImageSet set = read(folder);
    QCOMPARE(set.shape, (ImageShape { 3, 8, 8 }));
    QVERIFY(std::abs(set.train.pixels[7] - 180) <= 5);
    QVERIFY(std::abs(set.test.pixels[64 + 7] - 180) <= 3);
}

void FolderTest::skipsOtherFiles()
{
    const Folder folder;
    writeGood(folder);
    const ImageSet before = read(folder);
    folder.write("train/ant/notes.txt", "x");
    folder.write("train/ant/.hidden.png", "x");
    folder.write("train/ant/.cache/x.png", "x");
    folder.write("train/.git/x.png", "x");
    folder.write("train/list.csv", "x");
    folder.write("README.md", "x");
    folder.write("test/bee/Thumbs.db", "x");
    WatchingContext context;
    QCOMPARE(readDataset("folder", folder.path(), context), before);
    QCOMPARE(context.lines.size(), std::size_t { 1 });
    QVERIFY(QString::fromStdString(context.lines[0]).contains("Skipped 2 files"));
}

void FolderTest::testMayLackAClass()
{
    const Folder folder;
    writeGood(folder);
    folder.remove("test/bee");
    const ImageSet set = read(folder);
    QCOMPARE(set.classes(), 3);
    QCOMPARE(set.test.count(), 4);
    QCOMPARE(std::count(set.test.labels.begin(), set.test.labels.end(), 1), 0);
    QCOMPARE(std::count(set.test.labels.begin(), set.test.labels.end(), 2), 2);
}

void FolderTest::fingerprintIsOfAllFiles()
{
    const Folder folder;
    folder.write("train/a/1.png", flatPng(2, 2, 1));
    folder.write("test/a/2.png", flatPng(2, 2, 2));
    const auto line = [](const QByteArray& name, const QByteArray& bytes) {
        return "\n" + QByteArray::number(name.size()) + " " + name + " " + QByteArray::number(bytes.size()) + " "
            + QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
    };
    const QByteArray text
        = "bitscape data set 1\nfolder" + line("train/a/1.png", flatPng(2, 2, 1)) + line("test/a/2.png", flatPng(2, 2, 2));
    const std::string before = read(folder).fingerprint;
    QCOMPARE(before, QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().toStdString());
    std::filesystem::rename(folder.path("test/a/2.png"), folder.path("test/a/3.png"));
    QVERIFY(read(folder).fingerprint != before);
}

void FolderTest::refuses_data()
{
    QTest::addColumn<QString>("removed");
    QTest::addColumn<QString>("added");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("says");
    const QByteArray good = flatPng(5, 4, 1);
    QTest::newRow("no train") << "train"
                              << "" << good << QStringList { "train", "does not exist" };
    QTest::newRow("no test") << "test"
                             << "" << good << QStringList { "test", "does not exist" };
    QTest::newRow("train is a file") << "train"
                                     << "train" << good << QStringList { "train", "not a folder" };
    QTest::newRow("no class") << "train"
                              << "train/x.png" << good << QStringList { "train", "no class folder" };
    QTest::newRow("no test images") << "test"
                                    << "test/ant/x.txt" << good << QStringList { "test", "no PNG or JPEG" };
    QTest::newRow("class without images") << ""
                                          << "train/dog/x.txt" << good << QStringList { "train/dog", "no PNG or JPEG" };
    QTest::newRow("class of test only") << ""
                                        << "test/dog/x.png" << good << QStringList { "test/dog", "/train\"" };
    QTest::newRow("folder in a class") << ""
                                       << "train/ant/inner/x.png" << good << QStringList { "train/ant/inner", "folder within" };
    QTest::newRow("name not UTF-8") << ""
                                    << "train/LATIN1/x.png" << good << QStringList { "train/\\xE4", "UTF-8" };
    QTest::newRow("empty image") << ""
                                 << "train/bee/x.png" << QByteArray() << QStringList { "train/bee/x.png", "is empty" };
    QTest::newRow("no image") << ""
                              << "test/bee/x.png" << QByteArray("hello") << QStringList { "test/bee/x.png", "neither a PNG nor a JPEG" };
    QTest::newRow("cut short") << ""
                               << "train/bee/x.png" << good.chopped(9) << QStringList { "train/bee/x.png", "cut short" };
    QTest::newRow("undecodable") << ""
                                 << "train/bee/x.png" << pngHeader(5, 4, PngColour::Grey) + pngChunk("IEND", {})
                                 << QStringList { "train/bee/x.png", "no IDAT" };
    QTest::newRow("gigantic") << ""
                              << "train/bee/x.png"
                              << pngHeader(60000, 60000, PngColour::Grey) + pngChunk("IDAT", "x") + pngChunk("IEND", {})
                              << QStringList { "train/bee/x.png", "too large" };
}

void FolderTest::refuses()
{
    QFETCH(QString, removed);
    QFETCH(QString, added);
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, says);
    const Folder folder;
    writeGood(folder);
    if (!removed.isEmpty())
        folder.remove(removed.toStdString());
    if (!added.isEmpty())
        folder.write(added.toStdString(), bytes);
    if (added.contains("LATIN1"))
        std::filesystem::rename(folder.path("train/LATIN1"), folder.path("train/\xE4"));
    const long before = resetPeakMemory();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(refusal(ErrorCode::BadInput, says, [&] { read(folder); }), QString());
    QVERIFY(timer.elapsed() < 2000);
    QVERIFY(peakMemoryMiB() - before < 16);
}

void FolderTest::refusesMixedSizes()
{
    const Folder folder;
    writeGood(folder);
    SilentContext context;
    const QString first = QString::fromStdString(listFolder(folder.path(), context).train[0].name);
    const std::string other = first.contains("bee") ? "train/ant/3.png" : "train/bee/3.png";
    folder.write(other, flatPng(4, 5, 1));
    const QStringList parts { QString::fromStdString(other), "4x5", first, "5x4" };
    QCOMPARE(refusal(ErrorCode::BadInput, parts, [&] { read(folder); }), QString());
}

void FolderTest::namesTheFirstBadFile()
{
    const Folder folder;
    for (int i = 0; i < 200; ++i)
        folder.write("train/a/" + std::to_string(i) + ".png", i % 3 == 0 ? QByteArray("bad") : flatPng(3, 3, 1));
    folder.write("test/a/x.png", flatPng(3, 3, 1));
    SilentContext context;
    const FolderListing listing = listFolder(folder.path(), context);
    const auto bad = std::find_if(
        listing.train.begin(), listing.train.end(), [](const ListedImage& file) { return std::stoi(file.name.substr(8)) % 3 == 0; });
    const QString name = "/" + QString::fromStdString(bad->name) + "\"";
    for (int i = 0; i < 20; ++i)
        QCOMPARE(refusal(ErrorCode::BadInput, { name }, [&] { read(folder); }), QString());
}

void FolderTest::reportsAndCancels()
{
    const Folder folder;
    writeGood(folder);
    WatchingContext watching;
    readDataset("folder", folder.path(), watching);
    QCOMPARE(watching.reports.back().done, 27.0);
    QCOMPARE(watching.reports.back().total, 27.0);
    QVERIFY(watching.checkpoints >= 3); // while listing, and after each part
    for (int checkpoint = 1; checkpoint <= watching.checkpoints; ++checkpoint) {
        WatchingContext context(checkpoint);
        QVERIFY_THROWS_EXCEPTION(Cancelled, readDataset("folder", folder.path(), context));
    }
}

QTEST_APPLESS_MAIN(FolderTest)
#include "tst_data_folder.moc"
