// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/dataset_reader.h"

#include "data_test_encoders.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr int kTrain = 6;
constexpr int kTest = 3;
const QByteArray kTrainLabels("\0\1\2\2\1\0", kTrain);
const QByteArray kTestLabels("\2\0\1", kTest);

/// The names of the four files, in the order in which they are read.
const QStringList kNames { "train-labels-idx1-ubyte", "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "t10k-images-idx3-ubyte" };

/// Six training and three test images of 4x5 pixels, by file name.
QMap<QString, QByteArray> goodFiles()
{
    return { { kNames[0], idx({ kTrain }, kTrainLabels) }, { kNames[1], idx({ kTrain, 4, 5 }, someBytes(kTrain * 20, 1)) },
        { kNames[2], idx({ kTest }, kTestLabels) }, { kNames[3], idx({ kTest, 4, 5 }, someBytes(kTest * 20, 2)) } };
}

void writeAll(const Folder& folder, const QMap<QString, QByteArray>& files)
{
    for (auto file = files.begin(); file != files.end(); ++file)
        folder.write(file.key().toStdString(), file.value());
}

ImageSet read(const Folder& folder)
{
    SilentContext context;
    return readDataset("idx", folder.path(), context);
}

QByteArray asBytes(const std::vector<std::uint8_t>& pixels)
{
    return QByteArray(reinterpret_cast<const char*>(pixels.data()), static_cast<qsizetype>(pixels.size()));
}

void checkGood(const ImageSet& set)
{
    QCOMPARE(set.shape, (ImageShape { 1, 4, 5 }));
    QCOMPARE(set.classNames, (std::vector<std::string> { "0", "1", "2" }));
    QCOMPARE(asBytes(set.train.pixels), someBytes(kTrain * 20, 1));
    QCOMPARE(asBytes(set.test.pixels), someBytes(kTest * 20, 2));
    QCOMPARE(set.train.labels, (std::vector<std::uint16_t> { 0, 1, 2, 2, 1, 0 }));
    QCOMPARE(set.test.labels, (std::vector<std::uint16_t> { 2, 0, 1 }));
}

} // namespace

class IdxTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void reads_data();
    void reads();
    void readsChannels();
    void prefersThePlainFile();
    void fingerprintIsOfTheFilesAsStored();
    void refusesFiles_data();
    void refusesFiles();
    void refusesFolders();
    void refusesGiganticHeadersAtOnce_data();
    void refusesGiganticHeadersAtOnce();
    void reportsProgress();
    void canBeCancelled();
};

void IdxTest::reads_data()
{
    QTest::addColumn<QString>("train");
    QTest::addColumn<QString>("test");
    QTest::addColumn<QString>("format");
    QTest::addColumn<bool>("compressed");
    QTest::newRow("plain") << "train"
                           << "t10k"
                           << "%1-%2-idx%3-ubyte" << false;
    QTest::newRow("gzip") << "train"
                          << "t10k"
                          << "%1-%2-idx%3-ubyte.gz" << true;
    QTest::newRow("gzip without the ending") << "train"
                                             << "t10k"
                                             << "%1-%2-idx%3-ubyte" << true;
    QTest::newRow("plain with the ending") << "train"
                                           << "t10k"
                                           << "%1-%2-idx%3-ubyte.gz" << false;
    QTest::newRow("dots") << "train"
                          << "t10k"
                          << "%1-%2.idx%3-ubyte" << false;
    QTest::newRow("EMNIST") << "train"
                            << "test"
                            << "emnist-letters-%1-%2-idx%3-ubyte.gz" << true;
}

void IdxTest::reads()
{
    QFETCH(QString, train);
    QFETCH(QString, test);
    QFETCH(QString, format);
    QFETCH(bool, compressed);
    const Folder folder;
    const QMap<QString, QByteArray> files = goodFiles();
    const std::pair<QString, QString> names[]
        = { { kNames[0], format.arg(train, "labels", "1") }, { kNames[1], format.arg(train, "images", "3") },
              { kNames[2], format.arg(test, "labels", "1") }, { kNames[3], format.arg(test, "images", "3") } };
    for (const auto& [usual, name] : names)
        folder.write(name.toStdString(), compressed ? gzipped(files[usual]) : files[usual]);
    folder.write("README", "something else");
    checkGood(read(folder));
}

void IdxTest::readsChannels()
{
    const Folder folder;
    writeAll(folder, goodFiles());
    folder.write(kNames[1].toStdString(), idx({ kTrain, 2, 4, 5 }, someBytes(kTrain * 40, 1)));
    folder.write(kNames[3].toStdString(), idx({ kTest, 2, 4, 5 }, someBytes(kTest * 40, 2)));
    const ImageSet set = read(folder);
    QCOMPARE(set.shape, (ImageShape { 2, 4, 5 }));
    QCOMPARE(asBytes(set.train.pixels), someBytes(kTrain * 40, 1));
}

void IdxTest::prefersThePlainFile()
{
    const Folder folder;
    writeAll(folder, goodFiles());
    folder.write(kNames[1].toStdString() + ".gz", "broken");
    checkGood(read(folder));
}

void IdxTest::fingerprintIsOfTheFilesAsStored()
{
    const Folder folder;
    QMap<QString, QByteArray> files = goodFiles();
    writeAll(folder, files);
    QByteArray text = "bitscape data set 1\nidx";
    for (const QString& name : kNames) {
        const QByteArray& bytes = files[name];
        text += "\n" + QByteArray::number(name.size()) + " " + name.toUtf8() + " " + QByteArray::number(bytes.size()) + " "
            + QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
    }
    const std::string before = read(folder).fingerprint;
    QCOMPARE(before, QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().toStdString());

    files[kNames[3]].back() = static_cast<char>(files[kNames[3]].back() + 1);
    writeAll(folder, files);
    QVERIFY(read(folder).fingerprint != before);
}

void IdxTest::refusesFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("says");
    const auto row = [](const char* title, int name, const QByteArray& bytes, const QStringList& says) {
        QTest::newRow(title) << kNames[name] << bytes << says;
        // The same in a gzip file must not make a difference.
        QTest::newRow(qPrintable(QString("gzip, ") + title))
            << kNames[name] << gzipped(bytes) << (bytes.isEmpty() ? QStringList { "header" } : says);
    };
    const QByteArray images = goodFiles()[kNames[1]];
    const QByteArray labels = goodFiles()[kNames[0]];
    row("empty", 1, {}, { "empty" });
    row("two bytes", 1, images.left(2), { "cut short within its header" });
    row("half a header", 1, images.left(10), { "cut short within its header" });
    row("header only", 1, images.left(16), { "120 bytes of values" });
    row("last byte missing", 1, images.left(images.size() - 1), { "120 bytes of values" });
    row("a byte too many", 1, images + "x", { "120 bytes of values" });
    row("labels cut short", 0, labels.left(labels.size() - 1), { "6 bytes of values" });
    row("labels too long", 0, labels + "x", { "6 bytes of values" });
    row("labels as images", 1, labels, { "is a label file" });
    row("images as labels", 0, images, { "is an image file" });
    row("another format", 1, "\x89PNG\r\n\x1A\n and so on", { "not an IDX file", "0x89504E47" });
    row("little endian", 1, QByteArray("\x03\x08\0\0", 4) + images.mid(4), { "not an IDX file", "0x03080000" });
    row("floats", 1, QByteArray("\0\0\x0D\x03", 4) + images.mid(4), { "floats", "0x0D" });
    row("unknown type", 1, QByteArray("\0\0\x07\x03", 4) + images.mid(4), { "unknown type", "0x07" });
    row("no dimension", 1, QByteArray("\0\0\x08\0", 4), { "not an IDX file" });
    row("two dimensions", 1, idx({ 6, 4 }, QByteArray(24, 'x')), { "2 dimensions" });
    row("five dimensions", 1, idx({ 6, 1, 1, 4, 5 }, QByteArray(120, 'x')), { "5 dimensions" });
    row("no images", 1, idx({ 0, 4, 5 }, {}), { "holds no image" });
    row("no labels", 0, idx({ 0 }, {}), { "holds no label" });
    row("no pixels", 1, idx({ 6, 0, 5 }, {}), { "0x5 pixels" });
    row("one image too few", 1, idx({ 5, 4, 5 }, QByteArray(100, 'x')), { "5 images", kNames[0], "6 labels" });
    row("too wide", 1, idx({ 6, 1, 1025 }, QByteArray(6150, 'x')), { "1x1025 pixels" });
    row("too many channels", 1, idx({ 6, 17, 1, 1 }, QByteArray(102, 'x')), { "17 channels" });
    row("test images of another size", 3, idx({ 3, 5, 4 }, QByteArray(60, 'x')), { kNames[1], "another shape" });
    row("test label beyond", 2, idx({ 3 }, QByteArray("\2\0\3", 3)), { "image 2 ", "label 3", "end at 2" });
}

void IdxTest::refusesFiles()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, says);
    const Folder folder;
    writeAll(folder, goodFiles());
    folder.write(name.toStdString(), bytes);
    QCOMPARE(
        refusal(ErrorCode::BadInput, says << name << QString::fromStdString(folder.path().string()), [&] { read(folder); }), QString());
}

void IdxTest::refusesFolders()
{
    for (const QString& name : kNames) {
        const Folder folder;
        writeAll(folder, goodFiles());
        folder.remove(name.toStdString());
        QCOMPARE(refusal(ErrorCode::BadInput, { name, "is missing" }, [&] { read(folder); }), QString());
        std::filesystem::create_directory(folder.path(name.toStdString()));
        QCOMPARE(refusal(ErrorCode::BadInput, { name, "not a regular file" }, [&] { read(folder); }), QString());
    }
    const Folder folder;
    writeAll(folder, goodFiles());
    SilentContext context;
    const auto readPath = [&](const std::string& path) { readDataset("idx", folder.path(path), context); };
    QCOMPARE(refusal(ErrorCode::BadInput, { kNames[0], "is not a folder" }, [&] { readPath(kNames[0].toStdString()); }), QString());
    QCOMPARE(refusal(ErrorCode::BadInput, { "nowhere", "does not exist" }, [&] { readPath("nowhere"); }), QString());
    folder.write("emnist-letters-train-images-idx3-ubyte", {});
    QCOMPARE(refusal(ErrorCode::BadInput, { "more than one", "emnist-letters-" }, [&] { read(folder); }), QString());
    QCOMPARE(refusal(ErrorCode::BadArgument, { "\"mnist\"", "idx, cifar10, cifar100, folder, glyphs" },
                 [&] { readDataset("mnist", folder.path(), context); }),
        QString());
}

void IdxTest::refusesGiganticHeadersAtOnce_data()
{
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<QByteArray>("images");
    const QByteArray good = goodFiles()[kNames[0]];
    const QByteArray many = idx({ 4294967295u }, QByteArray(10, '\1'));
    QTest::newRow("plain, images") << good << idx({ 6, 1024, 1024 }, QByteArray(100, 'x'));
    QTest::newRow("gzip, images") << good << gzipped(idx({ 6, 1024, 1024 }, QByteArray(100, 'x')));
    QTest::newRow("plain, pixels") << good << idx({ 6, 4294967295u, 4294967295u }, QByteArray(100, 'x'));
    QTest::newRow("plain, labels") << many << idx({ 4294967295u, 4, 5 }, QByteArray(100, 'x'));
    QTest::newRow("gzip, labels") << gzipped(many) << idx({ 4294967295u, 4, 5 }, QByteArray(100, 'x'));
    // 64 MiB of zeros where the header asks for 120 bytes.
    const QByteArray bomb = gzipped(idx({ 6, 4, 5 }, QByteArray(64 << 20, '\0')));
    QTest::newRow("bomb behind a small header") << good << bomb;
}

void IdxTest::refusesGiganticHeadersAtOnce()
{
    QFETCH(QByteArray, labels);
    QFETCH(QByteArray, images);
    const Folder folder;
    writeAll(folder, goodFiles());
    folder.write(kNames[0].toStdString(), labels);
    folder.write(kNames[1].toStdString(), images);
    const long before = resetPeakMemory();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(refusal(ErrorCode::BadInput, { "train-" }, [&] { read(folder); }), QString());
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY2(peakMemoryMiB() - before < 16, qPrintable(QString::number(peakMemoryMiB() - before)));
}

void IdxTest::reportsProgress()
{
    const Folder folder;
    writeAll(folder, goodFiles());
    WatchingContext context;
    readDataset("idx", folder.path(), context);
    QCOMPARE(context.reports.size(), std::size_t { 4 });
    double done = 0;
    for (const Progress& report : context.reports) {
        QVERIFY(report.done > done && report.done <= report.total);
        done = report.done;
    }
    QCOMPARE(context.reports.back().done, context.reports.back().total);
    QCOMPARE(context.reports[1].stage, std::string("reading train-images-idx3-ubyte"));
}

void IdxTest::canBeCancelled()
{
    const Folder folder;
    writeAll(folder, goodFiles());
    for (int checkpoint = 1; checkpoint <= 4; ++checkpoint) {
        WatchingContext context(checkpoint);
        QVERIFY_THROWS_EXCEPTION(Cancelled, readDataset("idx", folder.path(), context));
        QCOMPARE(context.checkpoints, checkpoint);
    }
}

QTEST_APPLESS_MAIN(IdxTest)
#include "tst_data_idx.moc"
