// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/byte_stream.h"
#include "core/engine/data/parallel.h"
#include "core/engine/data/source_file.h"

#include "data_test_encoders.h"

#include <QCryptographicHash>
#include <QTest>

#include <sys/stat.h>

#include <atomic>

using namespace bitscape;
using namespace bitscape::test;

class SourceTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void quotesNames_data();
    void quotesNames();
    void hashesWhatItReads();
    void refusesWhatIsNoFile();
    void noticesAChangingFile();
    void fingerprintIsAsDocumented();
    void streamsPlainAndCompressed();
    void refusesDamagedGzip_data();
    void refusesDamagedGzip();
    void parallelForCallsAll();
    void parallelForThrowsTheLowest();
};

void SourceTest::quotesNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("plain") << QByteArray("a b.png") << QByteArray("\"a b.png\"");
    QTest::newRow("UTF-8 of 2, 3 and 4 bytes") << QByteArray("\u00e4\u20ac\U0001F600") << QByteArray("\"\u00e4\u20ac\U0001F600\"");
    QTest::newRow("Latin 1") << QByteArray("\xE4") << QByteArray("\"\\xE4\"");
    QTest::newRow("control") << QByteArray("a\nb\x7F") << QByteArray("\"a\\x0Ab\\x7F\"");
    QTest::newRow("cut short") << QByteArray("\xE2\x82") << QByteArray("\"\\xE2\\x82\"");
    QTest::newRow("overlong") << QByteArray("\xC0\xAF\xE0\x80\xAF") << QByteArray("\"\\xC0\\xAF\\xE0\\x80\\xAF\"");
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << QByteArray("\"\\xED\\xA0\\x80\"");
    QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80") << QByteArray("\"\\xF4\\x90\\x80\\x80\"");
}

void SourceTest::quotesNames()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(quotedPath(name.toStdString())), shown);
    QCOMPARE(isPrintableUtf8(name.toStdString()), !shown.contains('\\'));
}

void SourceTest::hashesWhatItReads()
{
    const Folder folder;
    const QByteArray bytes = someBytes(1000, 1);
    folder.write("data.bin", bytes);
    SourceFile file(folder.path("data.bin"));
    QCOMPARE(file.size(), 1000u);
    std::vector<std::uint8_t> piece(300);
    QByteArray read;
    while (const std::size_t count = file.read(piece))
        read.append(reinterpret_cast<const char*>(piece.data()), static_cast<qsizetype>(count));
    QCOMPARE(read, bytes);
    const std::string sum = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
    QCOMPARE(file.digest(), (FileDigest { "data.bin", 1000, sum }));
    QCOMPARE(readWholeFile(folder.path("data.bin"), 1000).digest.sha256, sum);
    QCOMPARE(refusal(ErrorCode::BadInput, { "data.bin", "1000 bytes" }, [&] { readWholeFile(folder.path("data.bin"), 999); }), QString());
}

void SourceTest::refusesWhatIsNoFile()
{
    const Folder folder;
    folder.write("inner/file", "x");
    mkfifo(folder.path("pipe").c_str(), 0600);
    QCOMPARE(refusal(ErrorCode::BadInput, { "missing", "does not exist" }, [&] { SourceFile(folder.path("missing")); }), QString());
    QCOMPARE(refusal(ErrorCode::BadInput, { "inner", "regular file" }, [&] { SourceFile(folder.path("inner")); }), QString());
    QCOMPARE(refusal(ErrorCode::BadInput, { "pipe", "regular file" }, [&] { SourceFile(folder.path("pipe")); }), QString());
    QCOMPARE(refusal(ErrorCode::BadInput, { "file", "not a folder" }, [&] { requireFolder(folder.path("inner/file")); }), QString());
    QCOMPARE(refusal(ErrorCode::BadInput, { "missing", "does not exist" }, [&] { requireFolder(folder.path("missing")); }), QString());
    QCOMPARE(refusal(ErrorCode::BadInput, { "no path" }, [&] { requireFolder({}); }), QString());
}

void SourceTest::noticesAChangingFile()
{
    const Folder folder;
    folder.write("data.bin", someBytes(100, 1));
    std::vector<std::uint8_t> all(100);
    SourceFile shrinking(folder.path("data.bin"));
    std::filesystem::resize_file(folder.path("data.bin"), 50);
    QCOMPARE(refusal(ErrorCode::BadInput, { "data.bin", "shorter" }, [&] { shrinking.read(all); }), QString());

    SourceFile growing(folder.path("data.bin"));
    growing.read(all);
    std::filesystem::resize_file(folder.path("data.bin"), 70);
    QCOMPARE(refusal(ErrorCode::BadInput, { "data.bin", "longer" }, [&] { growing.digest(); }), QString());
}

void SourceTest::fingerprintIsAsDocumented()
{
    const std::vector<FileDigest> files { { "train/a.png", 12, "00ff" }, { "b", 3, "11" } };
    const QByteArray text = "bitscape data set 1\nfolder\n11 train/a.png 12 00ff\n1 b 3 11";
    QCOMPARE(fingerprintOf("folder", files), QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().toStdString());
}

void SourceTest::streamsPlainAndCompressed()
{
    const Folder folder;
    const QByteArray bytes = someBytes(300000, 3);
    folder.write("plain", bytes);
    folder.write("one.gz", gzipped(bytes));
    folder.write("three.gz", gzipped(bytes.left(1000)) + gzipped({}) + gzipped(bytes.mid(1000)));
    folder.write("named.gz", bytes);
    folder.write("empty", {});
    folder.write("empty.gz", gzipped({}));
    for (const auto& [name, compressed] :
        { std::pair("plain", false), std::pair("one.gz", true), std::pair("three.gz", true), std::pair("named.gz", false) }) {
        SourceFile file(folder.path(name));
        ByteStream stream(file);
        QCOMPARE(stream.compressed(), compressed);
        QVERIFY(stream.mostBytes() >= 300000u);
        QByteArray read(300000, '\0');
        const std::span all(reinterpret_cast<std::uint8_t*>(read.data()), 300000);
        QCOMPARE(stream.read(all.first(7)), std::size_t { 7 });
        QVERIFY(stream.read(all.subspan(7)) == 299993);
        QCOMPARE(read, bytes);
        QVERIFY(stream.atEnd());
        QCOMPARE(file.digest().size, file.size());
    }
    for (const char* name : { "empty", "empty.gz" }) {
        SourceFile file(folder.path(name));
        ByteStream stream(file);
        QVERIFY(stream.atEnd());
    }
}

void SourceTest::refusesDamagedGzip_data()
{
    const QByteArray good = gzipped(someBytes(5000, 4));
    const auto flipped = [&](qsizetype position) {
        QByteArray bytes = good;
        bytes[position] = static_cast<char>(~bytes[position]);
        return bytes;
    };
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("magic alone") << good.left(2) << "cut short";
    QTest::newRow("header alone") << good.left(10) << "cut short";
    QTest::newRow("half") << good.left(good.size() / 2) << "cut short";
    QTest::newRow("no checksum") << good.left(good.size() - 8) << "cut short";
    QTest::newRow("half a checksum") << good.left(good.size() - 6) << "cut short";
    QTest::newRow("another method") << flipped(2) << "damaged";
    QTest::newRow("wrong checksum") << flipped(good.size() - 8) << "damaged";
    QTest::newRow("wrong length") << flipped(good.size() - 1) << "damaged";
    QTest::newRow("trailing bytes") << good + "more"
                                    << "behind its gzip data";
    QTest::newRow("trailing zeros") << good + QByteArray(512, '\0') << "behind its gzip data";
    QTest::newRow("second member cut short") << good + good.left(100) << "cut short";
}

void SourceTest::refusesDamagedGzip()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const Folder folder;
    folder.write("data.gz", bytes);
    std::vector<std::uint8_t> out(20000);
    const auto readAll = [&] {
        SourceFile file(folder.path("data.gz"));
        ByteStream(file).read(out);
    };
    QCOMPARE(refusal(ErrorCode::BadInput, { "data.gz", says }, readAll), QString());
}

void SourceTest::parallelForCallsAll()
{
    for (std::size_t threads = 0; threads <= 9; ++threads) {
        for (std::size_t count = 0; count <= 12; ++count) {
            std::vector<std::atomic<int>> calls(20);
            parallelFor(3, 3 + count, threads, [&](std::size_t i) { ++calls[i]; });
            for (std::size_t i = 0; i < calls.size(); ++i)
                QCOMPARE(calls[i].load(), i >= 3 && i < 3 + count ? 1 : 0);
        }
    }
}

void SourceTest::parallelForThrowsTheLowest()
{
    for (std::size_t threads = 1; threads <= 8; ++threads) {
        const auto failing = [](std::size_t i) {
            if (i % 10 == 7)
                throw Error(ErrorCode::BadInput, std::to_string(i) + ".");
        };
        QCOMPARE(refusal(ErrorCode::BadInput, { "27." }, [&] { parallelFor(20, 100, threads, failing); }), QString());
    }
}

QTEST_APPLESS_MAIN(SourceTest)
#include "tst_data_source.moc"
