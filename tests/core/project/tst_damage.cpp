// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged projects: told as such, never a crash, never another exception.
#include "project_fixture.h"

#include "core/project/datasets.h"
#include "core/project/evaluations.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <random>

using namespace bitscape;
using namespace fixture;

namespace {

constexpr int kPage = 4096;

std::vector<std::byte> noise(std::size_t size)
{
    std::mt19937 random(5);
    std::vector<std::byte> bytes(size);
    for (std::byte& byte : bytes)
        byte = std::byte(random());
    return bytes;
}

/// A project with something in every table; answers the blob.
std::string fill(const std::filesystem::path& path)
{
    Project project = Project::create(path);
    const std::string blob = project.putBlob(noise(20000));
    auto model = named<Model>("m");
    model.weights = blob;
    model.mean = { 0.5 };
    model.layers = { { "conv", "conv2d", 4, 9, 81 } };
    auto dataset = named<Dataset>("d");
    dataset.classNames = { "a", "b" };
    dataset.trainCounts = { 1, 2 };
    auto run = named<Run>(std::string(50, 'n'));
    run.model = addModel(project, model);
    run.dataset = addDataset(project, dataset);
    for (int i = 0; i < 60; ++i) {
        const RunId id = addRun(project, run);
        putMetrics(project, id, { { "accuracy", 0.5 } });
        putEpoch(project, id, { .epoch = 1 }, {});
        TrajectoryPoint point;
        point.thresholds = { 1, 2 };
        point.bits = { { 1, 2, 3, 4 } };
        putPoint(project, id, point);
        putScores(project, id, { { "conv", 5, { 1, 2, 3, 4, 5, 6, 7, 8 } } });
        putBits(project, id, { { 1, 2, 3, 4 } });
        putAttachment(project, id, "weights", blob);
        putEvaluation(project, "key " + std::to_string(i), { 3, 1000, std::vector<std::uint16_t>(1000, std::uint16_t(i)) });
    }
    return blob;
}

void readEverything(Project& project, const std::string& blob)
{
    models(project);
    datasets(project);
    for (const Run& run : runs(project)) {
        metrics(project, run.id);
        epochs(project, run.id);
        trajectory(project, run.id, true);
        scores(project, run.id);
        bits(project, run.id);
        attachment(project, run.id, "weights");
        ancestry(project, run.id);
    }
    evaluation(project, "key 7");
    project.blob(blob);
}

QByteArray withPage(QByteArray file, int page, char fill)
{
    return file.replace((page - 1) * kPage, kPage, QByteArray(kPage, fill));
}

int rootPage(const std::filesystem::path& path, const std::string& table)
{
    return std::stoi(sqlValue(path, "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'"));
}

} // namespace

class DamageTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aCutFile()
    {
        const Folder folder;
        fill(folder.path());
        writeBytes(folder.path(), bytesOf(folder.path()).left(20 * kPage));
        const QMap<QString, QByteArray> before = snapshot(folder);
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::open(folder.path()); }), "is damaged");
        QCOMPARE(snapshot(folder), before);
    }

    void anOverwrittenTableIsFoundOnOpening_data()
    {
        QTest::addColumn<QString>("table");
        for (const char* table : { "models", "model_layers", "datasets", "runs" })
            QTest::newRow(table) << table;
    }

    void anOverwrittenTableIsFoundOnOpening()
    {
        QFETCH(QString, table);
        const Folder folder;
        fill(folder.path());
        writeBytes(folder.path(), withPage(bytesOf(folder.path()), rootPage(folder.path(), table.toStdString()), '\xAB'));
        const QMap<QString, QByteArray> before = snapshot(folder);
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::open(folder.path()); }), "is damaged");
        QCOMPARE(snapshot(folder), before);
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { Project::openReadOnly(folder.path()); }), "is damaged");
    }

    void anOverwrittenResultIsFoundOnReading()
    {
        const Folder folder;
        fill(folder.path());
        writeBytes(folder.path(), withPage(bytesOf(folder.path()), rootPage(folder.path(), "points"), '\xAB'));
        Project project = Project::open(folder.path());
        const RunId id = runs(project).front().id;
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { trajectory(project, id); }), "is damaged");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { putPoint(project, id, {}); }), "is damaged");
        QCOMPARE(epochs(project, id).size(), std::size_t(1)); // the rest is still there
    }

    void aChangedBlobDoesNotMatchItsName()
    {
        const Folder folder;
        const std::string blob = fill(folder.path());
        QByteArray file = bytesOf(folder.path());
        const std::vector<std::byte> content = noise(20000);
        const auto at = file.indexOf(QByteArray(reinterpret_cast<const char*>(content.data() + 8000), 16));
        QVERIFY(at > 0);
        file[at] = char(file[at] ^ 1);
        writeBytes(folder.path(), file);
        Project project = Project::open(folder.path());
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { project.blob(blob); }), "does not match its name");
        VERIFY_REFUSAL(refusal(ErrorCode::Store, [&] { project.blob(std::string(64, '0')); }), "is missing");
    }

    void valuesThatBitscapeDoesNotWrite_data()
    {
        QTest::addColumn<QString>("change");
        QTest::newRow("parameters no JSON") << "UPDATE runs SET parameters = '{'";
        QTest::newRow("parameters no object") << "UPDATE runs SET parameters = '3'";
        QTest::newRow("tags no list") << "UPDATE runs SET tags = '{}'";
        QTest::newRow("tags no texts") << "UPDATE runs SET tags = '[1]'";
        QTest::newRow("kind") << "UPDATE runs SET kind = 'dance'";
        QTest::newRow("state") << "UPDATE runs SET state = ''";
        QTest::newRow("threads") << "UPDATE runs SET threads = 99999999999";
        QTest::newRow("own parent") << "UPDATE runs SET parent = id";
        QTest::newRow("mean") << "UPDATE models SET mean = '[\"five\"]'";
        QTest::newRow("mean too large") << "UPDATE models SET mean = '[1e999]'";
        QTest::newRow("counts of images") << "UPDATE datasets SET train_counts = '[1.5]'";
        QTest::newRow("height") << "UPDATE datasets SET height = -99999999999";
        QTest::newRow("thresholds") << "UPDATE points SET thresholds = 'null'";
        QTest::newRow("score counts") << "UPDATE scores SET counts = x'010203'";
        QTest::newRow("score samples") << "UPDATE scores SET samples = 0";
        QTest::newRow("a layer's bits missing") << "UPDATE bits SET position = 1";
        QTest::newRow("a point's bits missing") << "UPDATE point_bits SET position = 3";
        QTest::newRow("bits without a point") << "PRAGMA foreign_keys = OFF; UPDATE point_bits SET step = 77";
        QTest::newRow("predictions cut") << "UPDATE evaluations SET predictions = substr(predictions, 1, 5)";
        QTest::newRow("predictions and more") << "UPDATE evaluations SET predictions = CAST(predictions || x'00' AS BLOB)";
        QTest::newRow("no predictions") << "UPDATE evaluations SET predictions = x''";
        QTest::newRow("fewer predictions") << "UPDATE evaluations SET predicted = 999";
        QTest::newRow("very many predictions") << "UPDATE evaluations SET predicted = 9223372036854775807";
        QTest::newRow("many predictions") << "UPDATE evaluations SET predicted = 4611686018427387903, width = 2";
        QTest::newRow("negative predictions") << "UPDATE evaluations SET predicted = -1";
        QTest::newRow("width") << "UPDATE evaluations SET width = 3";
        QTest::newRow("correct") << "UPDATE evaluations SET correct = 1001";
        QTest::newRow("a table missing") << "DROP TABLE evaluations";
        QTest::newRow("a column missing") << "DROP VIEW v_curve; ALTER TABLE points DROP COLUMN floor";
    }

    void valuesThatBitscapeDoesNotWrite()
    {
        QFETCH(QString, change);
        const Folder folder;
        const std::string blob = fill(folder.path());
        sqlExec(folder.path(), change.toStdString());
        Project project = Project::open(folder.path());
        const QString told = refusal(ErrorCode::Store, [&] { readEverything(project, blob); });
        QVERIFY2(!told.startsWith(QLatin1String("<<")) && told.contains(text(folder.path())), qPrintable(told));
    }

    void anyByteMayBeWrong()
    {
        const Folder folder;
        const std::string blob = fill(folder.path("whole"));
        const QByteArray whole = bytesOf(folder.path("whole"));
        std::mt19937 random(11);
        int refused = 0;
        for (int round = 0; round < 300; ++round) {
            QByteArray file = whole;
            // Half of them in the first pages, where the schema and the roots are.
            const auto range = std::uint32_t(round % 2 ? file.size() : 8 * kPage);
            for (int i = 0; i < 1 + round % 20; ++i)
                file[qsizetype(random() % range)] = char(random());
            const std::filesystem::path path = folder.path(std::to_string(round));
            writeBytes(path, file);
            try {
                Project project = Project::open(path, 100);
                readEverything(project, blob);
            } catch (const Error& error) { // any other exception fails the test
                QVERIFY2(error.code() == ErrorCode::Store, error.what());
                ++refused;
            }
        }
        QVERIFY2(refused > 50, qPrintable(QString::number(refused)));
    }
};

QTEST_GUILESS_MAIN(DamageTest)
#include "tst_damage.moc"
