// SPDX-License-Identifier: GPL-3.0-or-later
// The views for people with sqlite3, against what the C++ readers tell; and the page that documents the schema.
#include "project_fixture.h"

#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <QElapsedTimer>
#include <QStandardPaths>

#include <numeric>
#include <random>

using namespace bitscape;
using namespace fixture;

namespace {

struct Sample {
    Project project;
    Model model;
    RunId score, search, refine, plain;
};

LayerBits randomBits(const Model& model, std::mt19937& random)
{
    LayerBits bits;
    for (const ModelLayer& layer : model.layers) {
        bits.emplace_back(std::size_t(layer.filters));
        for (auto& filter : bits.back())
            filter = std::uint8_t(random());
    }
    return bits;
}

std::vector<LayerScores> randomScores(const Model& model, std::size_t classes, std::mt19937& random)
{
    std::vector<LayerScores> scores;
    for (const ModelLayer& layer : model.layers) {
        scores.push_back({ layer.name, 7, std::vector<std::uint32_t>(std::size_t(layer.filters) * classes) });
        for (auto& count : scores.back().counts)
            count = std::uint32_t(random());
    }
    scores.erase(scores.begin() + 1);         // a layer that was not scored
    std::swap(scores.front(), scores.back()); // found by name, not by place
    return scores;
}

Sample makeSample(const Folder& folder)
{
    Sample sample { Project::create(folder.path()), named<Model>("résnet 'x'"), {}, {}, {}, {} };
    sample.model.layers = { { "conv1", "conv2d", 16, 27, 27648 }, { "conv2", "conv2d", 8, 144, 9216 }, { "empty", "conv2d", 0, 9, 9 },
        { "fc", "linear", 10, 64, 64 } };
    std::mt19937 random(9);
    Run run;
    run.model = addModel(sample.project, sample.model);
    run.dataset = addDataset(sample.project, named<Dataset>("cifar10"));
    run.name = "the scores";
    run.kind = RunKind::Score;
    sample.score = addRun(sample.project, run);
    putScores(sample.project, sample.score, randomScores(sample.model, 10, random));
    run.name = "the search";
    run.kind = RunKind::Search;
    run.parent = sample.score;
    run.seed = 0xfffffffffffffff0U;
    run.tags = { "ship" };
    sample.search = addRun(sample.project, run);
    putBits(sample.project, sample.search, randomBits(sample.model, random));
    putMetrics(sample.project, sample.search,
        { { "accuracy", 0.875 }, { "full_accuracy", 0.9 }, { "average_bits", 2.5 }, { "macs", 1e6 }, { "size_bits", 3e5 },
            { "other", 1 } });
    run.kind = RunKind::Refine;
    run.parent = sample.search;
    sample.refine = addRun(sample.project, run);
    putBits(sample.project, sample.refine, randomBits(sample.model, random));
    sample.plain = addRun(sample.project, {});
    return sample;
}

/// What v_filters is to tell of one layer of a run, worked out in C++.
struct Expected {
    std::vector<std::uint8_t> bits; ///< empty: NULL
    std::vector<double> scores;     ///< empty: NULL
};

std::map<std::string, Expected> expectedOf(Project& project, const Model& model, RunId bitsRun, RunId scoreRun)
{
    std::map<std::string, Expected> layers;
    const LayerBits stored = bits(project, bitsRun);
    for (std::size_t i = 0; i < stored.size(); ++i)
        layers[model.layers[i].name].bits = stored[i];
    for (const LayerScores& layer : scores(project, scoreRun)) {
        std::vector<double>& sums = layers[layer.layer].scores;
        for (const ModelLayer& shape : model.layers)
            if (shape.name == layer.layer && shape.filters > 0)
                for (std::size_t filter = 0, classes = layer.counts.size() / std::size_t(shape.filters);
                     filter < std::size_t(shape.filters); ++filter) {
                    const auto begin = layer.counts.begin() + std::ptrdiff_t(filter * classes);
                    sums.push_back(std::accumulate(begin, begin + std::ptrdiff_t(classes), 0.0) / double(layer.samples));
                }
    }
    return layers;
}

QString compareFilters(Project& project, const Model& model, RunId run, std::map<std::string, Expected> expected, RunId scoreRun)
{
    SQLite::Statement row(project.database(), "SELECT * FROM v_filters WHERE run = ? ORDER BY position, filter");
    row.bind(1, run.value);
    for (const ModelLayer& layer : model.layers)
        for (std::int64_t filter = 0; filter < layer.filters; ++filter) {
            if (!row.executeStep())
                return QStringLiteral("a row is missing");
            const Expected& wanted = expected[layer.name];
            const auto at = std::size_t(filter);
            const bool keys = row.getColumn("layer").getString() == layer.name && row.getColumn("op").getString() == layer.op
                && row.getColumn("filter").getInt64() == filter && row.getColumn("weights").getInt64() == layer.weightsPerFilter
                && row.getColumn("macs").getInt64() == layer.macsPerFilter;
            const bool sameBits = wanted.bits.empty()
                ? row.getColumn("bits").isNull()
                : row.getColumn("bits").isInteger() && row.getColumn("bits").getInt() == wanted.bits[at];
            const bool sameScore = wanted.scores.empty()
                ? row.getColumn("score").isNull() && row.getColumn("score_run").isNull()
                : row.getColumn("score").getDouble() == wanted.scores[at] && row.getColumn("score_run").getInt64() == scoreRun.value;
            if (!keys || !sameBits || !sameScore)
                return QStringLiteral("%1 filter %2 differs").arg(QString::fromStdString(layer.name)).arg(filter);
        }
    return row.executeStep() ? QStringLiteral("a row too many") : QString();
}

QString shellAnswer(const std::filesystem::path& path, const QString& query)
{
    QProcess shell;
    shell.start(QStringLiteral("sqlite3"), { QStringLiteral("-readonly"), text(path), query });
    shell.waitForFinished();
    return QString::fromUtf8(shell.readAllStandardOutput()) + QString::fromUtf8(shell.readAllStandardError());
}

} // namespace

class ViewTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void filters()
    {
        const Folder folder;
        Sample sample = makeSample(folder);
        Project& project = sample.project;
        QCOMPARE(compareFilters(
                     project, sample.model, sample.score, expectedOf(project, sample.model, sample.score, sample.score), sample.score),
            QString());
        QCOMPARE(compareFilters(
                     project, sample.model, sample.search, expectedOf(project, sample.model, sample.search, sample.score), sample.score),
            QString());
        QCOMPARE(compareFilters(
                     project, sample.model, sample.refine, expectedOf(project, sample.model, sample.refine, sample.score), sample.score),
            QString());
        QCOMPARE(project.database().execAndGet("SELECT count(*) FROM v_filters").getInt(), 3 * 34); // nothing of the run without
    }

    void filtersOfResultsThatDoNotFit()
    {
        const Folder folder;
        Sample sample = makeSample(folder);
        putBits(sample.project, sample.search, { { 1, 2 } }); // fewer than the layer has
        putScores(sample.project, sample.score, { { "conv1", 1, { 1, 2, 3 } }, { "conv2", 1, {} }, { "unknown", 1, { 1 } } });
        SQLite::Statement row(sample.project.database(),
            "SELECT count(*), count(bits), sum(bits), count(score) FROM v_filters WHERE run = " + std::to_string(sample.search.value));
        QVERIFY(row.executeStep());
        QCOMPARE(row.getColumn(0).getInt(), 34);
        QCOMPARE(row.getColumn(1).getInt(), 2);
        QCOMPARE(row.getColumn(2).getInt(), 3);
        QCOMPARE(row.getColumn(3).getInt(), 0);
    }

    void filtersOfALargeNetwork()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        auto model = named<Model>("vgg");
        std::mt19937 random(2);
        for (int i = 0; i < 16; ++i)
            model.layers.push_back({ "layer" + std::to_string(i), "conv2d", i < 13 ? 512 : 1024, 4608, 1 });
        Run run;
        run.model = addModel(project, model);
        const RunId id = addRun(project, run);
        putBits(project, id, randomBits(model, random));
        putScores(project, id, randomScores(model, 100, random));
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(compareFilters(project, model, id, expectedOf(project, model, id, id), id), QString());
        qInfo("%d filters of 100 classes in %lld ms", 13 * 512 + 3 * 1024, static_cast<long long>(clock.elapsed()));
    }

    void runsByName()
    {
        const Folder folder;
        Sample sample = makeSample(folder);
        claimRun(sample.project, sample.refine, 2, "cpu", nlohmann::json::object());
        SQLite::Statement row(sample.project.database(), "SELECT * FROM v_runs ORDER BY id");
        for (const Run& run : runs(sample.project)) {
            QVERIFY(row.executeStep());
            const std::map<std::string, double> figures = metrics(sample.project, run.id);
            for (const char* name : { "accuracy", "full_accuracy", "average_bits", "macs", "bitops", "size_bits" }) {
                const auto figure = figures.find(name);
                QVERIFY2(figure == figures.end() ? row.getColumn(name).isNull() : row.getColumn(name).getDouble() == figure->second, name);
            }
            QCOMPARE(row.getColumn("id").getInt64(), run.id.value);
            QCOMPARE(row.getColumn("kind").getString(), toString(run.kind));
            QCOMPARE(row.getColumn("state").getString(), toString(run.state));
            QCOMPARE(row.getColumn("name").getString(), run.name);
            QCOMPARE(row.getColumn("model").getString(), run.model ? std::string("résnet 'x'") : std::string());
            QCOMPARE(row.getColumn("dataset").getString(), run.dataset ? std::string("cifar10") : std::string());
            QCOMPARE(row.getColumn("parent").getInt64(), run.parent ? run.parent->value : 0);
            QCOMPARE(
                row.getColumn("parent_name").getString(), run.parent ? bitscape::run(sample.project, *run.parent).name : std::string());
            QCOMPARE(row.getColumn("seed").getString(), std::to_string(run.seed));
            QCOMPARE(row.getColumn("worker").isNull(), run.state != RunState::Running);
            QCOMPARE(row.getColumn("seconds").getDouble(), run.seconds);
        }
        QVERIFY(!row.executeStep());
    }

    void curve()
    {
        const Folder folder;
        Sample sample = makeSample(folder);
        for (int step = 0; step < 20; ++step) {
            TrajectoryPoint point;
            point.step = step;
            point.averageBits = 8 - 0.3 * step;
            point.macs = 1e6 / (step + 1);
            point.bitops = 64e6 / (step + 1);
            point.sizeBits = 1e5 + step;
            point.accuracyLow = 0.9 - 0.01 * step;
            point.accuracyHigh = point.accuracyLow + (step % 3 == 0 ? 0.05 : 0);
            point.kept = step % 2;
            putPoint(sample.project, sample.search, point);
        }
        SQLite::Statement row(sample.project.database(),
            "SELECT run, step, average_bits, macs, bitops, size_bits, accuracy, accuracy_low, accuracy_high, kept FROM v_curve ORDER BY "
            "run, step");
        for (const TrajectoryPoint& point : trajectory(sample.project, sample.search)) {
            QVERIFY(row.executeStep());
            QCOMPARE(row.getColumn(0).getInt64(), sample.search.value);
            QCOMPARE(row.getColumn(1).getInt(), point.step);
            int column = 2;
            for (const double value : { point.averageBits, point.macs, point.bitops, point.sizeBits })
                QVERIFY(row.getColumn(column++).getDouble() == value);
            QVERIFY(
                point.accuracyLow == point.accuracyHigh ? row.getColumn(6).getDouble() == point.accuracyLow : row.getColumn(6).isNull());
            QVERIFY(row.getColumn(7).getDouble() == point.accuracyLow && row.getColumn(8).getDouble() == point.accuracyHigh);
            QCOMPARE(row.getColumn(9).getInt(), int(point.kept));
        }
        QVERIFY(!row.executeStep());
    }

    void inTheProgramThatPeopleHave()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("sqlite3")).isEmpty())
            QSKIP("there is no sqlite3 here");
        const Folder folder;
        Sample sample = makeSample(folder);
        QString bitsText;
        const LayerBits stored = bits(sample.project, sample.search);
        for (const std::uint8_t filter : stored[3])
            bitsText += QStringLiteral("%1|fc\n").arg(filter);
        QCOMPARE(shellAnswer(folder.path(),
                     QStringLiteral("SELECT bits, layer FROM v_filters WHERE run = %1 AND layer = 'fc' ORDER BY filter")
                         .arg(sample.search.value)),
            bitsText);
        QCOMPARE(shellAnswer(folder.path(),
                     QStringLiteral("SELECT id, name, model, accuracy, seed FROM v_runs WHERE id = %1").arg(sample.search.value)),
            QStringLiteral("%1|the search|résnet 'x'|0.875|18446744073709551600\n").arg(sample.search.value));
        QCOMPARE(shellAnswer(folder.path(), QStringLiteral("SELECT count(*) FROM v_curve")), QStringLiteral("0\n"));
    }

    void everyTableAndColumnIsDocumented()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const QByteArray page = bytesOf(BITSCAPE_SCHEMA_PAGE);
        QVERIFY(!page.isEmpty());
        SQLite::Statement row(project.database(),
            "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type IN ('table', 'view') AND s.name NOT LIKE "
            "'sqlite%'");
        int columns = 0;
        for (; row.executeStep(); ++columns)
            for (int i = 0; i < 2; ++i) {
                const QRegularExpression word(QStringLiteral("\\b%1\\b").arg(QString::fromStdString(row.getColumn(i).getString())));
                QVERIFY2(QString::fromUtf8(page).contains(word), row.getColumn(i).getText());
            }
        QVERIFY(columns > 100);
    }
};

QTEST_GUILESS_MAIN(ViewTest)
#include "tst_views.moc"
