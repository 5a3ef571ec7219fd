// SPDX-License-Identifier: GPL-3.0-or-later
// Data sets that are cut short, mislabelled, empty, boastful or changed: refused with the file's name, and the project stays as it was.
#include "tests/app/cli_fixture.h"

#include <functional>

using namespace cli;

namespace {

constexpr int kSide = 8, kImages = 40; // two classes, half each

QByteArray number(quint32 value)
{
    QByteArray bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.append(static_cast<char>(value >> shift & 0xFF));
    return bytes;
}

QByteArray idxImages()
{
    QByteArray pixels;
    for (int i = 0; i < kImages * kSide * kSide; ++i)
        pixels.append(static_cast<char>((i * 37 + i / 64 * 11) % 251));
    return number(0x803) + number(kImages) + number(kSide) + number(kSide) + pixels;
}

QByteArray idxLabels()
{
    QByteArray labels;
    for (int i = 0; i < kImages; ++i)
        labels.append(static_cast<char>(i % 2));
    return number(0x801) + number(kImages) + labels;
}

void writeIdx(const Workplace& place, const QString& folder)
{
    for (const QString& part : { QStringLiteral("train"), QStringLiteral("t10k") }) {
        place.write(folder + "/" + part + "-images-idx3-ubyte", idxImages());
        place.write(folder + "/" + part + "-labels-idx1-ubyte", idxLabels());
    }
}

QByteArray cifarRecords(int count, char label)
{
    return (QByteArray(1, label) + QByteArray(3072, '\x40')).repeated(count);
}

void writeCifar(const Workplace& place, const QString& folder)
{
    for (int batch = 1; batch <= 5; ++batch)
        place.write(folder + QStringLiteral("/data_batch_%1.bin").arg(batch), cifarRecords(3, 1));
    place.write(folder + QStringLiteral("/test_batch.bin"), cifarRecords(2, 0));
}

/// What spoils a data set of a kind, and what the refusal names.
struct Damage {
    const char* name;
    QString kind;
    std::function<void(const Workplace&)> spoil;
    QStringList parts;
};

std::vector<Damage> idxDamages()
{
    const QString images = QStringLiteral("d/train-images-idx3-ubyte"), labels = QStringLiteral("d/train-labels-idx1-ubyte");
    const auto with = [](const QString& file, const QByteArray& bytes) {
        return [=](const Workplace& place) {
            writeIdx(place, QStringLiteral("d"));
            place.write(file, bytes);
        };
    };
    const QByteArray boast = number(0x803) + number(0xFFFFFFFF) + number(0xFFFFFFFF) + number(0xFFFFFFFF);
    const QByteArray large = number(0x803) + number(200'000'000) + number(28) + number(28);
    return {
        { "idx missing", "idx", [](const Workplace& place) { place.write("d/readme", "x"); }, { "train-images-idx3-ubyte", "missing" } },
        { "idx empty", "idx", with(images, {}), { "train-images-idx3-ubyte", "empty" } },
        { "idx header cut short", "idx", with(images, idxImages().left(9)), { "train-images-idx3-ubyte", "cut short" } },
        { "idx cut short", "idx", with(images, idxImages().chopped(1)), { "train-images-idx3-ubyte", "length" } },
        { "idx too long", "idx", with(images, idxImages() + 'x'), { "train-images-idx3-ubyte", "length" } },
        { "idx gigantic", "idx", with(images, boast), { "train-images-idx3-ubyte" } },
        { "idx larger than the file", "idx", with(images, large), { "train-images-idx3-ubyte", "200000000" } },
        { "idx of floats", "idx", with(images, number(0xD03) + idxImages().mid(4)), { "train-images-idx3-ubyte", "floats" } },
        { "idx is no idx", "idx", with(images, QByteArray(5000, 'P')), { "train-images-idx3-ubyte", "not an IDX file" } },
        { "idx images for labels", "idx", with(labels, idxImages()), { "train-labels-idx1-ubyte" } },
        { "idx one label less", "idx", with(labels, number(0x801) + number(kImages - 1) + idxLabels().mid(8).chopped(1)),
            { "train-labels-idx1-ubyte" } },
        { "idx bad gzip", "idx",
            [](const Workplace& place) {
                writeIdx(place, QStringLiteral("d"));
                QFile::remove(place.path(QStringLiteral("d/train-images-idx3-ubyte")));
                place.write(QStringLiteral("d/train-images-idx3-ubyte.gz"), QByteArray("\x1f\x8b\x08\0\0\0\0\0\0\x03garbage", 17));
            },
            { "train-images-idx3-ubyte.gz" } },
    };
}

std::vector<Damage> otherDamages()
{
    const auto cifar = [](const QString& file, const QByteArray& bytes) {
        return [=](const Workplace& place) {
            writeCifar(place, QStringLiteral("d"));
            place.write(file, bytes);
        };
    };
    const auto folder = [](const QByteArray& image) {
        return [=](const Workplace& place) {
            for (const char* file : { "d/train/a/1.png", "d/train/b/1.png", "d/test/a/1.png", "d/test/b/1.png" })
                place.write(QLatin1String(file), image);
        };
    };
    const QByteArray png = QByteArray("\x89PNG\r\n\x1a\n", 8), header = png + number(13) + "IHDR";
    return {
        { "cifar missing", "cifar10", [](const Workplace& place) { place.write("d/data_batch_1.bin", cifarRecords(1, 0)); },
            { "data_batch_2.bin" } },
        { "cifar cut short", "cifar10", cifar("d/data_batch_3.bin", cifarRecords(3, 1).chopped(7)), { "data_batch_3.bin", "3073" } },
        { "cifar empty", "cifar10", cifar("d/test_batch.bin", {}), { "test_batch.bin" } },
        { "cifar mislabelled", "cifar10", cifar("d/data_batch_2.bin", cifarRecords(3, 10)), { "data_batch_2.bin", "10" } },
        { "cifar10 as cifar100", "cifar100", cifar("d/x", {}), { "train.bin" } },
        { "folder without classes", "folder",
            [](const Workplace& place) {
                place.write("d/train/1.png", "x");
                place.write("d/test/1.png", "x");
            },
            { "train", "class folder" } },
        { "image empty", "folder", folder({}), { "1.png" } },
        { "image of garbage", "folder", folder("not an image at all"), { "1.png" } },
        { "image cut short", "folder", folder(header + number(8)), { "1.png" } },
        { "image gigantic", "folder", folder(header + number(0x7FFFFFFF) + number(0x7FFFFFFF) + QByteArray("\x08\x02\0\0\0\0\0\0\0", 9)),
            { "1.png" } },
        { "no such folder", "folder", [](const Workplace&) {}, { "/d\"" } },
        { "a file for a folder", "idx", [](const Workplace& place) { place.write("d", "x"); }, { "/d\"" } },
    };
}

} // namespace

class BadFilesTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void dataSets_data()
    {
        QTest::addColumn<int>("index");
        for (const auto& group : { idxDamages(), otherDamages() })
            m_damages.insert(m_damages.end(), group.begin(), group.end());
        for (std::size_t i = 0; i < m_damages.size(); ++i)
            QTest::newRow(m_damages[i].name) << static_cast<int>(i);
    }

    void dataSets()
    {
        QFETCH(const int, index);
        const Damage& damage = m_damages[static_cast<std::size_t>(index)];
        const Workplace place;
        done(place, words("new"));
        damage.spoil(place);
        const Content before = place.content();
        const Outcome outcome = place({ "data", "add", "--kind", damage.kind, "--path", place.path("d") });
        QCOMPARE(flaw(outcome, 3, damage.parts), QString());
        QVERIFY(place.content() == before);
    }

    void goodFilesAreTaken()
    {
        const Workplace place;
        done(place, words("new"));
        writeIdx(place, QStringLiteral("idx"));
        writeCifar(place, QStringLiteral("cifar"));
        done(place, { "data", "add", "--kind", "idx", "--path", place.path("idx") });
        done(place, { "data", "add", "--kind", "cifar10", "--path", "cifar" }); // relative to where the command was given
        const Content content = place.content();
        QCOMPARE(content.datasets.at(0).width, kSide);
        QCOMPARE(QString::fromStdString(content.datasets.at(1).path), place.path("cifar"));
    }

    void aDataSetThatChangedOnDisk()
    {
        const Workplace place;
        done(place, words("new"));
        writeIdx(place, QStringLiteral("d"));
        done(place, { "data", "add", "--kind", "idx", "--path", place.path("d"), "--name", "eights" });
        done(place, words("model add zoo:mlp?hidden=8x8&classes=2 --input 1,8,8"));
        done(place, words("train --set epochs=2 --threads 1"));
        done(place, words("train --set epochs=2 --queue"));
        QByteArray changed = idxImages();
        changed[100] = static_cast<char>(changed[100] + 1); // one pixel
        place.write(QStringLiteral("d/train-images-idx3-ubyte"), changed);
        const Content before = place.content();
        QCOMPARE(flaw(place(words("train --set epochs=2")), 3, { "'eights'", "changed" }), QString());
        QCOMPARE(flaw(place(words("evaluate --from 1")), 3, { "'eights'", place.path("d") }), QString());
        QVERIFY(place.content() == before);
        const Outcome queued = place(words("run 2")); // it is in the project: there it is told what became of it
        QCOMPARE(queued.code, 3);
        const json run = place.show(2);
        QCOMPARE(place.state(2), QStringLiteral("failed"));
        QVERIFY(queued.err.contains(QString::fromStdString(run.at("failure"))));
        place.write(QStringLiteral("d/train-images-idx3-ubyte"), idxImages());
        QCOMPARE(done(place, words("resume 2 --threads 1")), 2); // put right, it can be gone on with
        QCOMPARE(place.state(2), QStringLiteral("finished"));
    }

    void aDataSetThatIsGone()
    {
        const Workplace place;
        done(place, words("new"));
        writeIdx(place, QStringLiteral("d"));
        done(place, { "data", "add", "--kind", "idx", "--path", place.path("d") });
        done(place, words("model add zoo:mlp?hidden=8x8&classes=2 --input 1,8,8"));
        QDir(place.path(QStringLiteral("d"))).removeRecursively();
        QCOMPARE(flaw(place(words("train")), 3, { place.path("d") }), QString());
        QVERIFY(place.content().runs.empty());
    }

private:
    std::vector<Damage> m_damages;
};

QTEST_GUILESS_MAIN(BadFilesTest)
#include "tst_cli_bad_files.moc"
