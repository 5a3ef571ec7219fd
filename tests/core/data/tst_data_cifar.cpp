// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/dataset_reader.h"

#include "data_test_encoders.h"

#include <QElapsedTimer>
#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr int kPixels = 3072;

/// Records of CIFAR-10: the labels, each with an image of someBytes(seed + position).
QByteArray records10(const std::vector<int>& labels, int seed)
{
    QByteArray bytes;
    for (const int label : labels)
        bytes += QByteArray(1, static_cast<char>(label)) + someBytes(kPixels, seed++);
    return bytes;
}

/// Records of CIFAR-100 with (coarse, fine) labels.
QByteArray records100(const std::vector<std::pair<int, int>>& labels, int seed)
{
    QByteArray bytes;
    for (const auto& [coarse, fine] : labels)
        bytes += QByteArray(1, static_cast<char>(coarse)) + QByteArray(1, static_cast<char>(fine)) + someBytes(kPixels, seed++);
    return bytes;
}

void writeCifar10(const Folder& folder, const std::string& inner = {})
{
    for (int batch = 1; batch <= 5; ++batch)
        folder.write(inner + "data_batch_" + std::to_string(batch) + ".bin", records10({ batch, 9 - batch }, 10 * batch));
    folder.write(inner + "test_batch.bin", records10({ 0, 9, 4 }, 100));
}

void writeCifar100(const Folder& folder)
{
    folder.write("train.bin", records100({ { 0, 99 }, { 19, 0 } }, 1));
    folder.write("test.bin", records100({ { 7, 50 } }, 5));
}

ImageSet read(const std::string& kind, const std::filesystem::path& path)
{
    SilentContext context;
    return readDataset(kind, path, context);
}

QByteArray image(const ImagePart& part, int index)
{
    return QByteArray(reinterpret_cast<const char*>(part.pixels.data()) + qsizetype { index } * kPixels, kPixels);
}

} // namespace

class CifarTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void readsTen();
    void readsTenFromItsParent();
    void readsHundred();
    void readsMoreThanOneBuffer();
    void readsNames();
    void fingerprintDependsOnContent();
    void refuses_data();
    void refuses();
    void refusesMissingFiles();
    void refusesAGiganticFile();
    void reportsAndCancels();
};

void CifarTest::readsTen()
{
    const Folder folder;
    writeCifar10(folder);
    const ImageSet set = read("cifar10", folder.path());
    QCOMPARE(set.shape, (ImageShape { 3, 32, 32 }));
    QCOMPARE(set.classes(), 10);
    QCOMPARE(set.classNames[0], std::string("airplane"));
    QCOMPARE(set.classNames[9], std::string("truck"));
    QCOMPARE(set.train.labels, (std::vector<std::uint16_t> { 1, 8, 2, 7, 3, 6, 4, 5, 5, 4 }));
    QCOMPARE(set.test.labels, (std::vector<std::uint16_t> { 0, 9, 4 }));
    for (int i = 0; i < 10; ++i)
        QCOMPARE(image(set.train, i), someBytes(kPixels, 10 * (i / 2 + 1) + i % 2));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(image(set.test, i), someBytes(kPixels, 100 + i));
}

void CifarTest::readsTenFromItsParent()
{
    const Folder folder;
    writeCifar10(folder, "cifar-10-batches-bin/");
    const ImageSet set = read("cifar10", folder.path());
    QCOMPARE(set, read("cifar10", folder.path("cifar-10-batches-bin")));
}

void CifarTest::readsHundred()
{
    const Folder folder;
    writeCifar100(folder);
    const ImageSet set = read("cifar100", folder.path());
    QCOMPARE(set.classes(), 100);
    QCOMPARE(set.classNames[0], std::string("apple"));
    QCOMPARE(set.classNames[50], std::string("mouse"));
    QCOMPARE(set.classNames[99], std::string("worm"));
    QVERIFY(std::is_sorted(set.classNames.begin(), set.classNames.end()));
    QCOMPARE(set.train.labels, (std::vector<std::uint16_t> { 99, 0 }));
    QCOMPARE(set.test.labels, (std::vector<std::uint16_t> { 50 }));
    QCOMPARE(image(set.train, 1), someBytes(kPixels, 2));
    QCOMPARE(image(set.test, 0), someBytes(kPixels, 5));
}

void CifarTest::readsMoreThanOneBuffer()
{
    const Folder folder;
    writeCifar10(folder);
    std::vector<int> labels;
    for (int i = 0; i < 600; ++i)
        labels.push_back(i * 7 % 10);
    folder.write("test_batch.bin", records10(labels, 1));
    const ImageSet set = read("cifar10", folder.path());
    QCOMPARE(set.test.labels, std::vector<std::uint16_t>(labels.begin(), labels.end()));
    for (const int i : { 0, 255, 256, 511, 512, 599 })
        QCOMPARE(image(set.test, i), someBytes(kPixels, 1 + i));
}

void CifarTest::readsNames()
{
    const Folder folder;
    writeCifar10(folder);
    folder.write("batches.meta.txt", "a\nb\nc\r\nd \ne\nf\ng\nh\ni\nlast one\n\n");
    const std::vector<std::string> expected { "a", "b", "c", "d", "e", "f", "g", "h", "i", "last one" };
    QCOMPARE(read("cifar10", folder.path()).classNames, expected);
    folder.write("batches.meta.txt", "a\nb\n");
    QCOMPARE(
        refusal(ErrorCode::BadInput, { "batches.meta.txt", "2 class names", "10" }, [&] { read("cifar10", folder.path()); }), QString());
    folder.write("batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\n\xFF\n");
    QCOMPARE(refusal(ErrorCode::BadInput, { "batches.meta.txt", "UTF-8" }, [&] { read("cifar10", folder.path()); }), QString());
    folder.write("batches.meta.txt", QByteArray(1 << 17, 'x'));
    QCOMPARE(refusal(ErrorCode::BadInput, { "batches.meta.txt", "65536" }, [&] { read("cifar10", folder.path()); }), QString());
}

void CifarTest::fingerprintDependsOnContent()
{
    const Folder folder;
    writeCifar10(folder);
    const std::string before = read("cifar10", folder.path()).fingerprint;
    QCOMPARE(read("cifar10", folder.path()).fingerprint, before);
    folder.write("data_batch_3.bin", records10({ 3, 5 }, 30));
    QVERIFY(read("cifar10", folder.path()).fingerprint != before);
}

void CifarTest::refuses_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("says");
    const QByteArray ten = records10({ 1, 2 }, 1);
    const QByteArray hundred = records100({ { 1, 2 } }, 1);
    QTest::newRow("empty batch") << "cifar10"
                                 << "data_batch_2.bin" << QByteArray() << QStringList { "0 bytes", "3073" };
    QTest::newRow("a byte short") << "cifar10"
                                  << "data_batch_5.bin" << ten.left(ten.size() - 1) << QStringList { "6145 bytes", "3073" };
    QTest::newRow("a byte long") << "cifar10"
                                 << "test_batch.bin" << ten + "x" << QStringList { "6147 bytes", "3073" };
    QTest::newRow("label 10") << "cifar10"
                              << "data_batch_4.bin" << records10({ 1, 10 }, 1) << QStringList { "label 10", "record 1 ", "below 10" };
    QTest::newRow("label 255 in test") << "cifar10"
                                       << "test_batch.bin" << records10({ 255 }, 1) << QStringList { "label 255", "record 0 " };
    QTest::newRow("CIFAR-100 as CIFAR-10") << "cifar10"
                                           << "data_batch_1.bin" << hundred << QStringList { "3074 bytes" };
    QTest::newRow("CIFAR-10 as CIFAR-100") << "cifar100"
                                           << "train.bin" << ten << QStringList { "6146 bytes", "3074" };
    QTest::newRow("fine label 100") << "cifar100"
                                    << "train.bin" << records100({ { 1, 2 }, { 3, 100 } }, 1) << QStringList { "label 100", "record 1 " };
    QTest::newRow("coarse label 20") << "cifar100"
                                     << "test.bin" << records100({ { 20, 2 } }, 1) << QStringList { "label 20", "record 0 ", "below 20" };
    QTest::newRow("names of CIFAR-100") << "cifar100"
                                        << "fine_label_names.txt" << QByteArray("a\n") << QStringList { "1 class names", "100" };
}

void CifarTest::refuses()
{
    QFETCH(QString, kind);
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, says);
    const Folder folder;
    writeCifar10(folder);
    writeCifar100(folder);
    folder.write(name.toStdString(), bytes);
    QCOMPARE(refusal(ErrorCode::BadInput, says << name, [&] { read(kind.toStdString(), folder.path()); }), QString());
}

void CifarTest::refusesMissingFiles()
{
    const std::pair<const char*, const char*> files[] = { { "cifar10", "data_batch_1.bin" }, { "cifar10", "data_batch_3.bin" },
        { "cifar10", "test_batch.bin" }, { "cifar100", "train.bin" }, { "cifar100", "test.bin" } };
    for (const auto& [kind, name] : files) {
        const Folder folder;
        writeCifar10(folder);
        writeCifar100(folder);
        folder.remove(name);
        QCOMPARE(refusal(ErrorCode::BadInput, { name, "does not exist" }, [&] { read(kind, folder.path()); }), QString());
        std::filesystem::create_directory(folder.path(name));
        QCOMPARE(refusal(ErrorCode::BadInput, { name, "not a regular file" }, [&] { read(kind, folder.path()); }), QString());
    }
    const Folder folder;
    writeCifar10(folder);
    QCOMPARE(refusal(ErrorCode::BadInput, { "test_batch.bin", "is not a folder" }, [&] { read("cifar10", folder.path("test_batch.bin")); }),
        QString());
}

void CifarTest::refusesAGiganticFile()
{
    const Folder folder;
    writeCifar10(folder);
    // A file with a hole: it has that size, but no content.
    std::filesystem::resize_file(folder.path("data_batch_2.bin"), 3073ull * 10'000'000);
    const long before = resetPeakMemory();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(refusal(ErrorCode::BadInput, { "data_batch_2.bin", "16 GiB" }, [&] { read("cifar10", folder.path()); }), QString());
    QVERIFY(timer.elapsed() < 2000);
    QVERIFY(peakMemoryMiB() - before < 16);
}

void CifarTest::reportsAndCancels()
{
    const Folder folder;
    writeCifar10(folder);
    WatchingContext watching;
    readDataset("cifar10", folder.path(), watching);
    QCOMPARE(watching.reports.size(), std::size_t { 6 });
    QCOMPARE(watching.reports.back().done, 13.0 * 3073);
    QCOMPARE(watching.reports.back().total, 13.0 * 3073);
    QCOMPARE(watching.reports.front().stage, std::string("reading data_batch_1.bin"));
    for (int checkpoint = 1; checkpoint <= watching.checkpoints; ++checkpoint) {
        WatchingContext context(checkpoint);
        QVERIFY_THROWS_EXCEPTION(Cancelled, readDataset("cifar10", folder.path(), context));
    }
}

QTEST_APPLESS_MAIN(CifarTest)
#include "tst_data_cifar.moc"
