// SPDX-License-Identifier: GPL-3.0-or-later
// Results of runs: round trips, replacing, clearing.
#include "project_fixture.h"

#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace bitscape;
using namespace fixture;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

const std::vector<double>& awkwardNumbers()
{
    static const std::vector<double> numbers { 0, -0.0, 1, 0.1 + 0.2, -1.0 / 3, 5e-324, std::numeric_limits<double>::max(), kNaN, kInfinity,
        -kInfinity, 9007199254740993.0, 1e15, 123456789.125 };
    return numbers;
}

/// Equal in value; two NaN are.
bool same(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

TrajectoryPoint randomPoint(int step, std::mt19937& random)
{
    const auto number = [&] { return std::bit_cast<double>((std::uint64_t(random()) << 32 | random()) & 0xbfefffffffffffffU); };
    TrajectoryPoint point;
    point.step = step;
    point.phase = int(random() % 4);
    for (unsigned i = random() % 4; i > 0; --i)
        point.thresholds.push_back(number());
    point.averageBits = number();
    point.macs = number();
    point.bitops = number();
    point.sizeBits = number();
    point.accuracyLow = number();
    point.accuracyHigh = number();
    point.floor = number();
    point.kept = random() % 2;
    point.seconds = number();
    point.bits.resize(random() % 5);
    for (auto& layer : point.bits) {
        layer.resize(random() % 3 ? random() % 600 : 0); // some without any filter
        for (auto& filter : layer)
            filter = std::uint8_t(random());
    }
    return point;
}

} // namespace

class ResultTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void metricsComeBack()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        const RunId other = addRun(project, {});
        std::map<std::string, double> put { { "", 1 }, { "ü' \"", 2 } };
        for (std::size_t i = 0; i < awkwardNumbers().size(); ++i)
            put["metric " + std::to_string(i)] = awkwardNumbers()[i];
        putMetrics(project, id, put);
        putMetrics(project, id, {});
        putMetrics(project, other, { { "accuracy", 0.5 } });
        const auto check = [&] {
            const std::map<std::string, double> found = metrics(project, id);
            return std::equal(found.begin(), found.end(), put.begin(), put.end(),
                [](const auto& a, const auto& b) { return a.first == b.first && same(a.second, b.second); });
        };
        QVERIFY(check());
        putMetrics(project, id, { { "metric 0", 77 }, { "new", 3 } }); // adds and replaces, leaves the rest
        put["metric 0"] = 77;
        put["new"] = 3;
        QVERIFY(check());
        QCOMPARE(metrics(project, other).size(), std::size_t(1));
        QVERIFY(project.database().execAndGet("SELECT value IS NULL FROM metrics WHERE name = 'metric 7'").getInt() == 1); // NaN
    }

    void epochsComeBack()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        QVERIFY(epochs(project, id).empty());
        for (const int epoch : { 3, 1, 2 })
            putEpoch(project, id, { epoch, 0.1 * epoch, 1.0 / epoch, 1e-3, 12.5 }, {});
        putEpoch(project, id, { 2, kNaN, kInfinity, -kInfinity, 0 }, {}); // a diverged one, repeated after a resume
        const std::vector<Epoch> found = epochs(project, id);
        QCOMPARE(found.size(), std::size_t(3));
        QVERIFY((found[0] == Epoch { 1, 0.1, 1.0, 1e-3, 12.5 }));
        QVERIFY((found[2] == Epoch { 3, 0.1 * 3, 1.0 / 3, 1e-3, 12.5 }));
        QVERIFY(found[1].epoch == 2 && std::isnan(found[1].loss) && found[1].accuracy == kInfinity && found[1].learningRate == -kInfinity);
    }

    void pointsComeBack()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        const RunId other = addRun(project, {});
        std::mt19937 random(3);
        std::map<int, TrajectoryPoint> put;
        for (int i = 0; i < 200; ++i) { // in any order, some of them twice
            const TrajectoryPoint point = randomPoint(int(random() % 120), random);
            putPoint(project, id, point);
            put[point.step] = point;
        }
        putPoint(project, other, randomPoint(5, random));
        const std::vector<TrajectoryPoint> whole = trajectory(project, id, true);
        const std::vector<TrajectoryPoint> bare = trajectory(project, id);
        QCOMPARE(whole.size(), put.size());
        QCOMPARE(bare.size(), put.size());
        std::size_t at = 0;
        for (auto& [step, point] : put) {
            QVERIFY(whole[at] == point);
            point.bits.clear();
            QVERIFY(bare[at++] == point);
        }
        truncateTrajectory(project, id, 1);
        QCOMPARE(trajectory(project, id).size(), std::size_t(1));
        QCOMPARE(trajectory(project, id).front().step, 0);
        truncateTrajectory(project, id, 0);
        QVERIFY(trajectory(project, id).empty());
        QCOMPARE(trajectory(project, other).size(), std::size_t(1));
        QCOMPARE(project.database().execAndGet("SELECT count(DISTINCT run) FROM point_bits").getInt() <= 1, true);
    }

    void aPointWithoutNumbers()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        TrajectoryPoint put;
        put.thresholds = awkwardNumbers();
        put.averageBits = put.macs = put.bitops = put.sizeBits = put.accuracyLow = put.accuracyHigh = put.floor = put.seconds = kNaN;
        putPoint(project, id, put);
        const TrajectoryPoint found = trajectory(project, id, true).front();
        for (const double value : { found.averageBits, found.macs, found.bitops, found.sizeBits, found.accuracyLow, found.accuracyHigh,
                 found.floor, found.seconds })
            QVERIFY(std::isnan(value));
        QVERIFY(std::equal(found.thresholds.begin(), found.thresholds.end(), put.thresholds.begin(), put.thresholds.end(), same));
    }

    void scoresComeBack()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        QVERIFY(scores(project, id).empty());
        std::vector<LayerScores> put { { "z first", 50, { 0, 1, 255, 256, 65536, 0xffffffffU, 0x01020304U } }, { "a'second\"", 1, {} } };
        putScores(project, id, put);
        QVERIFY(scores(project, id) == put);
        QCOMPARE(project.database().execAndGet("SELECT hex(substr(counts, 25)) FROM scores WHERE position = 0").getString(),
            std::string("04030201"));
        put = { { "other", 9, { 4 } } };
        putScores(project, id, put); // replaces all
        QVERIFY(scores(project, id) == put);
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument,
                           [&] {
                               putScores(project, id, { { "a", 1, {} }, { "a", 1, {} } });
                           }),
            "has scores twice");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { putScores(project, id, { { "a", 0, {} } }); }), "at least 1 is needed");
        QVERIFY(scores(project, id) == put);
    }

    void bitsComeBack()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        QVERIFY(bits(project, id).empty());
        for (const LayerBits& put : { LayerBits { { 8, 8, 0, 255 }, {}, { 1 } }, LayerBits { {} }, LayerBits {},
                 LayerBits { std::vector<std::uint8_t>(5000, 3) } }) {
            putBits(project, id, put);
            QVERIFY(bits(project, id) == put);
        }
    }

    void attachmentsComeBack()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        QVERIFY(!attachment(project, id, "weights"));
        const std::string one = project.putBlob({});
        putAttachment(project, id, "weights", one);
        putAttachment(project, id, "rôle '", one);
        QCOMPARE(attachment(project, id, "weights").value(), one);
        QCOMPARE(attachment(project, id, "rôle '").value(), one);
        dropAttachment(project, id, "weights");
        dropAttachment(project, id, "weights");
        QVERIFY(!attachment(project, id, "weights"));
        QVERIFY(project.blob(one).empty()); // the other role keeps it
    }

    void halfOfAnythingIsNothing_data()
    {
        QTest::addColumn<QString>("obstacle");
        QTest::newRow("epoch and checkpoint") << "BEFORE INSERT ON epochs";
        QTest::newRow("checkpoint and epoch") << "BEFORE INSERT ON attachments";
        QTest::newRow("point and bits") << "BEFORE INSERT ON point_bits WHEN new.position = 1";
        QTest::newRow("metrics") << "BEFORE INSERT ON metrics WHEN new.name = 'b'";
        QTest::newRow("scores") << "BEFORE INSERT ON scores WHEN new.position = 1";
        QTest::newRow("bits") << "BEFORE INSERT ON bits WHEN new.position = 1";
        QTest::newRow("clearing") << "BEFORE DELETE ON bits";
        QTest::newRow("layers") << "BEFORE INSERT ON model_layers WHEN new.position = 1";
    }

    void halfOfAnythingIsNothing()
    {
        QFETCH(QString, obstacle);
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, {});
        const auto putAll = [&](double value) {
            const auto number = static_cast<std::uint8_t>(value);
            auto model = named<Model>(std::to_string(value));
            model.layers = { { "a", "conv2d", 1, 1, 1 }, { "b", "linear", 1, 1, 1 } };
            TrajectoryPoint point;
            point.macs = value;
            point.bits = { { number }, { number } };
            int failed = 0;
            const auto attempt = [&](auto act) { failed += !refusal(ErrorCode::Store, act).startsWith(QLatin1String("<<")); };
            attempt([&] { putMetrics(project, id, { { "a", value }, { "b", value } }); });
            const std::string checkpoint = project.putBlob(std::vector<std::byte>(1, std::byte(number)));
            attempt([&] { putEpoch(project, id, { 1, value, value, value, value }, checkpoint); });
            attempt([&] { putPoint(project, id, point); });
            attempt([&] { putScores(project, id, { { "a", 1, { number } }, { "b", 1, { number } } }); });
            attempt([&] { putBits(project, id, { { number }, { number } }); });
            attempt([&] { addModel(project, model); });
            return failed;
        };
        QCOMPARE(putAll(1), 0);
        project.database().exec("CREATE TRIGGER obstacle " + obstacle.toStdString() + " BEGIN SELECT RAISE(ABORT, 'no'); END");
        QVERIFY(obstacle.contains(QLatin1String("DELETE"))
                ? !refusal(ErrorCode::Store, [&] { clearResults(project, id); }).startsWith(QLatin1String("<<"))
                : putAll(2) == 1);
        QVERIFY(metrics(project, id).at("a") == metrics(project, id).at("b"));
        const std::byte checkpoint = project.blob(attachment(project, id, "checkpoint").value()).front();
        QVERIFY(int(checkpoint) == int(epochs(project, id).front().loss));
        const TrajectoryPoint point = trajectory(project, id, true).front();
        QVERIFY(point.bits == LayerBits(2, { std::uint8_t(point.macs) }));
        QVERIFY(scores(project, id).size() == 2 && scores(project, id)[0].counts == scores(project, id)[1].counts);
        QVERIFY(bits(project, id).size() == 2 && bits(project, id)[0] == bits(project, id)[1]);
        for (const Model& model : models(project))
            QCOMPARE(model.layers.size(), std::size_t(2));
    }

    void cleared()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const RunId id = addRun(project, named<Run>("stays"));
        const RunId other = addRun(project, {});
        std::mt19937 random(4);
        for (const RunId run : { id, other }) {
            putMetrics(project, run, { { "a", 1 } });
            putEpoch(project, run, { .epoch = 1 }, project.putBlob({}));
            putPoint(project, run, randomPoint(1, random));
            putScores(project, run, { { "l", 1, { 1 } } });
            putBits(project, run, { { 1 } });
        }
        clearResults(project, id);
        QVERIFY(metrics(project, id).empty() && epochs(project, id).empty() && trajectory(project, id, true).empty());
        QVERIFY(scores(project, id).empty() && bits(project, id).empty() && !attachment(project, id, "checkpoint"));
        QCOMPARE(run(project, id).name, std::string("stays"));
        QVERIFY(!metrics(project, other).empty() && !epochs(project, other).empty() && !trajectory(project, other).empty());
        QVERIFY(!scores(project, other).empty() && !bits(project, other).empty() && attachment(project, other, "checkpoint"));
    }
};

QTEST_GUILESS_MAIN(ResultTest)
#include "tst_results.moc"
