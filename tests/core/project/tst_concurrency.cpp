// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes and threads on one file: nothing is lost, one claim wins, and a killed writer leaves what it had committed.
#include "project_fixture.h"

#include "core/project/evaluations.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <signal.h>

#include <atomic>
#include <iostream>
#include <memory>
#include <set>
#include <thread>

using namespace bitscape;
using namespace fixture;

namespace {

constexpr int kRounds = 200;

TrajectoryPoint pointOf(int step)
{
    TrajectoryPoint point;
    point.step = step;
    point.averageBits = step * 0.5;
    for (int layer = 0; layer < 8; ++layer)
        point.bits.emplace_back(64, std::uint8_t(step + layer));
    return point;
}

std::vector<std::byte> checkpointOf(const std::string& writer, int step)
{
    const std::string words = writer + " " + std::to_string(step) + std::string(2000, '.');
    const auto bytes = std::as_bytes(std::span(words));
    return { bytes.begin(), bytes.end() };
}

/// What a busy worker does, once around.
void round(Project& project, const std::string& writer, RunId run, int step)
{
    putPoint(project, run, pointOf(step));
    putEpoch(project, run, { .epoch = step + 1 }, project.putBlob(checkpointOf(writer, step)));
    putMetrics(project, run, { { "steps", step + 1.0 } });
    setProgress(project, run, step / double(kRounds), step);
    putEvaluation(project, "shared " + std::to_string(step), { step, 1000, {} });
    addRun(project, named<Run>(writer + " " + std::to_string(step)));
}

int writeMuch(const std::string& file, const std::string& writer)
{
    Project project = Project::open(file, 60000);
    const RunId run = addRun(project, named<Run>(writer));
    for (int step = 0; step < kRounds; ++step)
        round(project, writer, run, step);
    return 0;
}

/// Writes until it is killed, and says what has been committed.
int writeForEver(const std::string& file)
{
    Project project = Project::open(file, 60000);
    const RunId run = addRun(project, named<Run>("victim"));
    for (int step = 0;; ++step) {
        round(project, "victim", run, step);
        std::cout << step << std::endl;
    }
}

/// Claims as soon as it is told to, says how it went, and lives until its input ends.
int claimOnWord(const std::string& file, std::int64_t run)
{
    Project project = Project::open(file, 60000);
    std::cout << "ready" << std::endl;
    std::string line;
    std::getline(std::cin, line);
    try {
        claimRun(project, { run }, 1, "cpu", nlohmann::json::object());
        std::cout << "won" << std::endl;
    } catch (const Error& error) {
        std::cout << (error.code() == ErrorCode::BadArgument ? "lost" : error.what()) << std::endl;
    }
    std::getline(std::cin, line);
    return 0;
}

/// Everything that one writer was to write is there, once.
QString missingOf(Project& project, const std::string& writer)
{
    std::multiset<std::string> names;
    RunId own;
    for (const Run& run : runs(project)) {
        names.insert(run.name);
        if (run.name == writer)
            own = run.id;
    }
    for (int step = 0; step < kRounds; ++step)
        if (names.count(writer + " " + std::to_string(step)) != 1)
            return QStringLiteral("run %1").arg(step);
    const std::vector<TrajectoryPoint> points = trajectory(project, own, true);
    if (points.size() != kRounds || epochs(project, own).size() != kRounds)
        return QStringLiteral("points or epochs");
    for (int step = 0; step < kRounds; ++step)
        if (points[std::size_t(step)] != pointOf(step))
            return QStringLiteral("point %1").arg(step);
    if (project.blob(attachment(project, own, "checkpoint").value()) != checkpointOf(writer, kRounds - 1))
        return QStringLiteral("checkpoint");
    return metrics(project, own).at("steps") == kRounds ? QString() : QStringLiteral("metrics");
}

bool isSound(const std::filesystem::path& path)
{
    return sqlValue(path, "PRAGMA integrity_check") == "ok" && sqlValue(path, "SELECT count(*) FROM pragma_foreign_key_check") == "0";
}

} // namespace

class ConcurrencyTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void twoProcessesAndAReader()
    {
        const Folder folder;
        {
            Project reader = Project::create(folder.path());
            QProcess one;
            QProcess two;
            startChild(one, { QStringLiteral("--write"), text(folder.path()), QStringLiteral("one") });
            startChild(two, { QStringLiteral("--write"), text(folder.path()), QStringLiteral("two") });
            std::size_t seen = 0;
            int looks = 0;
            while (one.state() != QProcess::NotRunning || two.state() != QProcess::NotRunning) {
                const std::vector<Run> all = runs(reader);
                QVERIFY(all.size() >= seen); // what was there stays
                seen = all.size();
                for (const Run& run : all)
                    if (run.name == "one" || run.name == "two")
                        for (const TrajectoryPoint& point : trajectory(reader, run.id, true))
                            QVERIFY(point == pointOf(point.step)); // whole or not there
                ++looks;
                QCoreApplication::processEvents();
            }
            QCOMPARE(one.exitCode() + two.exitCode(), 0);
            QVERIFY(looks > 0);
            QCOMPARE(missingOf(reader, "one"), QString());
            QCOMPARE(missingOf(reader, "two"), QString());
            QCOMPARE(runs(reader).size(), std::size_t(2 * kRounds + 2));
            QCOMPARE(reader.database().execAndGet("SELECT count(*) FROM blobs").getInt(), 2); // replaced ones are gone
        }
        QVERIFY(isSound(folder.path()));
    }

    void twoThreads()
    {
        const Folder folder;
        Project::create(folder.path());
        std::atomic<int> failures = 0;
        {
            std::vector<std::jthread> threads;
            for (const char* writer : { "one", "two", "three" })
                threads.emplace_back([&, writer] {
                    try {
                        writeMuch(folder.path().string(), writer);
                    } catch (const std::exception& error) {
                        qCritical("%s", error.what());
                        ++failures;
                    }
                });
        }
        QCOMPARE(failures.load(), 0);
        {
            Project project = Project::open(folder.path());
            for (const char* writer : { "one", "two", "three" })
                QCOMPARE(missingOf(project, writer), QString());
        }
        QVERIFY(isSound(folder.path()));
    }

    void openingAndClosingBesideAWriter()
    {
        // Closing a plain file handle drops all locks that the process holds on the file: a log could then vanish under a writer.
        const Folder folder;
        Project project = Project::create(folder.path());
        QProcess other;
        startChild(other, { QStringLiteral("--write"), text(folder.path()), QStringLiteral("one") });
        int written = 0;
        while (other.state() != QProcess::NotRunning) {
            Project::open(folder.path());
            Project::openReadOnly(folder.path());
            addRun(project, named<Run>("mine"));
            ++written;
            QCoreApplication::processEvents();
        }
        QCOMPARE(other.exitCode(), 0);
        QCOMPARE(missingOf(project, "one"), QString());
        Project again = Project::open(folder.path());
        QCOMPARE(again.database().execAndGet("SELECT count(*) FROM runs WHERE name = 'mine'").getInt(), written);
    }

    void oneClaimWins()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        for (int attempt = 0; attempt < 8; ++attempt) {
            const RunId id = addRun(project, {});
            std::vector<std::unique_ptr<QProcess>> children;
            for (int i = 0; i < 4; ++i) {
                children.push_back(std::make_unique<QProcess>());
                startChild(*children.back(), { QStringLiteral("--claim"), text(folder.path()), QString::number(id.value) });
            }
            for (const auto& child : children)
                QVERIFY(child->waitForReadyRead() && child->readAllStandardOutput() == "ready\n");
            for (const auto& child : children) {
                child->write("go\n");
                child->waitForBytesWritten();
            }
            QList<QByteArray> answers;
            for (const auto& child : children) {
                QVERIFY(child->waitForReadyRead());
                answers << child->readAllStandardOutput();
            }
            QCOMPARE(answers.count("won\n"), 1);
            QCOMPARE(answers.count("lost\n"), 3);
            QCOMPARE(toString(run(project, id).state), toString(RunState::Running));
            for (const auto& child : children) {
                child->closeWriteChannel();
                QVERIFY(child->waitForFinished());
            }
            QCOMPARE(toString(run(project, id).state), toString(RunState::Interrupted));
        }
    }

    void oneClaimAmongThreadsWins()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        for (int attempt = 0; attempt < 10; ++attempt) {
            const RunId id = addRun(project, {});
            std::atomic<int> won = 0;
            {
                std::vector<std::jthread> threads;
                for (int i = 0; i < 4; ++i)
                    threads.emplace_back([&] {
                        Project own = Project::open(folder.path());
                        won += !refusal(ErrorCode::BadArgument, [&] {
                            claimRun(own, id, 1, "cpu", nlohmann::json::object());
                        }).startsWith(QLatin1String("Run"));
                    });
            }
            QCOMPARE(won.load(), 1);
        }
    }

    void aKilledWriterLosesNothingItHadCommitted()
    {
        for (int attempt = 0; attempt < 6; ++attempt) {
            const Folder folder;
            Project::create(folder.path());
            QProcess victim;
            startChild(victim, { QStringLiteral("--for-ever"), text(folder.path()) });
            QByteArray said;
            while (said.count('\n') < 20 + 37 * attempt) { // in the middle of whatever it does next
                QVERIFY(victim.waitForReadyRead());
                said += victim.readAllStandardOutput();
            }
            victim.kill();
            QVERIFY(victim.waitForFinished());
            said += victim.readAllStandardOutput();
            const auto committed = std::size_t(said.left(said.lastIndexOf('\n') + 1).count('\n'));

            Project project = Project::open(folder.path());
            const std::vector<Run> all = runs(project);
            const RunId own = all.front().id;
            const std::vector<TrajectoryPoint> points = trajectory(project, own, true);
            QVERIFY2(points.size() == committed || points.size() == committed + 1, qPrintable(QString::number(points.size())));
            for (std::size_t step = 0; step < points.size(); ++step)
                QVERIFY(points[step] == pointOf(int(step)));
            const std::size_t epochCount = epochs(project, own).size();
            QVERIFY(epochCount >= committed && epochCount <= points.size());
            QVERIFY(project.blob(attachment(project, own, "checkpoint").value())
                == checkpointOf("victim", int(epochCount) - 1)); // they came together
            QVERIFY(all.size() >= committed + 1);
            addRun(project, {});
            QVERIFY(isSound(folder.path()));
        }
    }
};

int main(int argc, char* argv[])
{
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "--write")
        return writeMuch(argv[2], argv[3]);
    if (what == "--for-ever")
        return writeForEver(argv[2]);
    if (what == "--claim")
        return claimOnWord(argv[2], std::stoll(argv[3]));
    QCoreApplication app(argc, argv);
    ConcurrencyTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_concurrency.moc"
