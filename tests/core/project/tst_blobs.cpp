// SPDX-License-Identifier: GPL-3.0-or-later
// Blobs: stored once, found by content, swept when nobody needs them.
#include "project_fixture.h"

#include "core/base/sha256.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <random>

using namespace bitscape;
using namespace fixture;

namespace {

std::vector<std::byte> noise(std::size_t size, unsigned seed = 1)
{
    std::mt19937 random(seed);
    std::vector<std::byte> bytes(size);
    for (std::byte& byte : bytes)
        byte = std::byte(random());
    return bytes;
}

int count(Project& project, const std::string& table)
{
    return project.database().execAndGet("SELECT count(*) FROM " + table).getInt();
}

/// As if everything had been put long ago.
void age(Project& project)
{
    project.database().exec("UPDATE blob_puts SET created = '2020-01-01T00:00:00.000Z'");
}

} // namespace

class BlobTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void comeBackAsTheyWere()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        for (const std::size_t size : { 0, 1, 4095, 4096, 100000, 5000000 }) {
            const std::vector<std::byte> bytes = noise(size, unsigned(size));
            const std::string name = project.putBlob(bytes);
            QCOMPARE(name, sha256Hex(bytes));
            QVERIFY(project.blob(name) == bytes);
            QCOMPARE(project.database().execAndGet("SELECT size FROM blobs WHERE sha256 = '" + name + "'").getInt64(), std::int64_t(size));
        }
        Project other = Project::openReadOnly(folder.path());
        QVERIFY(other.blob(sha256Hex(noise(5000000, 5000000))) == noise(5000000, 5000000));
    }

    void areStoredOnce()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Project other = Project::open(folder.path());
        const std::string name = project.putBlob(noise(50000));
        QCOMPARE(other.putBlob(noise(50000)), name);
        QCOMPARE(project.putBlob(noise(50000)), name);
        QCOMPARE(count(project, "blobs"), 1);
    }

    void whatIsReferredToStays()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        auto model = named<Model>("m");
        model.weights = project.putBlob(noise(10, 1));
        auto dataset = named<Dataset>("d");
        dataset.samples = project.putBlob(noise(10, 2));
        const ModelId modelId = addModel(project, model);
        const DatasetId datasetId = addDataset(project, dataset);
        const RunId run = addRun(project, {});
        putAttachment(project, run, "weights", project.putBlob(noise(10, 3)));
        const RunId other = addRun(project, {});
        putAttachment(project, other, "best", project.putBlob(noise(10, 3))); // shared
        putEpoch(project, run, { .epoch = 1 }, project.putBlob(noise(10, 4)));
        QCOMPARE(count(project, "blob_puts"), 0);
        QCOMPARE(project.sweepBlobs(), 0);
        removeModel(project, modelId);
        QCOMPARE(project.sweepBlobs(), 1);
        removeDataset(project, datasetId);
        removeRun(project, run); // the checkpoint goes, the shared blob stays
        QCOMPARE(project.sweepBlobs(), 2);
        QVERIFY(project.blob(sha256Hex(noise(10, 3))) == noise(10, 3));
        clearResults(project, other);
        QCOMPARE(project.sweepBlobs(), 1);
        QCOMPARE(count(project, "blobs"), 0);
    }

    void whatWasJustPutIsNotSwept()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Project sweeper = Project::open(folder.path());
        const std::string name = project.putBlob(noise(10));
        QCOMPARE(sweeper.sweepBlobs(), 0);
        const RunId run = addRun(project, {});
        putAttachment(project, run, "weights", name);
        QCOMPARE(attachment(sweeper, run, "weights").value(), name);
        project.putBlob(noise(11)); // put and forgotten
        age(project);
        QCOMPARE(sweeper.sweepBlobs(), 1);
        QCOMPARE(count(project, "blobs"), 1);
        QCOMPARE(count(project, "blob_puts"), 0);
    }

    void aReplacedCheckpointGoesAtOnce()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId run = addRun(project, {});
        for (int epoch = 1; epoch <= 50; ++epoch)
            putEpoch(project, run, { .epoch = epoch }, project.putBlob(noise(100000, unsigned(epoch))));
        QCOMPARE(count(project, "blobs"), 1);
        QCOMPARE(attachment(project, run, "checkpoint").value(), sha256Hex(noise(100000, 50)));
        const int pages = project.database().execAndGet("PRAGMA page_count").getInt();
        QVERIFY2(pages < 150, qPrintable(QString::number(pages))); // 25 per checkpoint: the space is used again
        putEpoch(project, run, { .epoch = 51 }, {});               // none: the one before stays
        QCOMPARE(attachment(project, run, "checkpoint").value(), sha256Hex(noise(100000, 50)));
        dropAttachment(project, run, "checkpoint");
        QCOMPARE(count(project, "blobs"), 0);
    }

    void theSameCheckpointOfTwoWorkers()
    {
        const Folder folder;
        Project one = Project::create(folder.path());
        Project two = Project::open(folder.path());
        const RunId first = addRun(one, {});
        const RunId second = addRun(one, {});
        putEpoch(one, first, { .epoch = 1 }, one.putBlob(noise(10, 1)));
        const std::string same = two.putBlob(noise(10, 1));              // and before the second worker can attach it ...
        putEpoch(one, first, { .epoch = 2 }, one.putBlob(noise(10, 2))); // ... the first drops its own
        putEpoch(two, second, { .epoch = 1 }, same);
        QVERIFY(two.blob(same) == noise(10, 1));
    }

    void sweepingGivesTheSpaceBack()
    {
        const Folder folder;
        {
            Project project = Project::create(folder.path());
            const RunId run = addRun(project, {});
            putAttachment(project, run, "weights", project.putBlob(noise(3000000)));
            removeRun(project, run);
            QCOMPARE(project.sweepBlobs(), 1);
        }
        const auto size = std::filesystem::file_size(folder.path());
        QVERIFY2(size < 300000, qPrintable(QString::number(size)));
        QCOMPARE(sqlValue(folder.path(), "PRAGMA integrity_check"), std::string("ok"));
    }

    void whatIsNotStoredCannotBeReferredTo()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const std::string nothing(64, 'a');
        const RunId run = addRun(project, {});
        auto model = named<Model>("m");
        model.weights = nothing;
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addModel(project, model); }), "has no blob");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { putAttachment(project, run, "best", nothing); }), "has no blob");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { putAttachment(project, run, "best", {}); }), "needs a blob");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { putEpoch(project, run, { .epoch = 1 }, nothing); }), "has no blob");
        QVERIFY(models(project).empty());
        QVERIFY(epochs(project, run).empty()); // one transaction: the epoch did not come without its checkpoint
    }
};

QTEST_GUILESS_MAIN(BlobTest)
#include "tst_blobs.moc"
