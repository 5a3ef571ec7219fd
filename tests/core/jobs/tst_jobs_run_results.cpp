// SPDX-License-Identifier: GPL-3.0-or-later
// What is put together about a run, from a project made by hand: train, score, search, refine, evaluate.
#include "core/base/error.h"
#include "core/jobs/run_json.h"
#include "core/jobs/run_results.h"
#include "core/network/graph_json.h"
#include "core/network/zoo.h"
#include "core/project/datasets.h"
#include "core/project/models.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>
#include <numeric>
#include <random>

using namespace bitscape;

namespace {

constexpr std::int64_t kSamples = 7;

std::vector<float> randomWeights(std::int64_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 0.1F);
    std::vector<float> weights(static_cast<std::size_t>(count));
    for (float& weight : weights)
        weight = normal(random);
    return weights;
}

std::string textBlob(Project& project, const std::string& text)
{
    return project.putBlob(std::as_bytes(std::span(text)));
}

LayerBits someBits(const std::vector<Layer>& layers)
{
    LayerBits bits;
    for (const Layer& layer : layers)
        for (auto& own = bits.emplace_back(); static_cast<std::int64_t>(own.size()) < layer.filters;)
            own.push_back(layer.quantizable ? static_cast<std::uint8_t>(own.size() % 5) : 8);
    return bits;
}

std::vector<LayerScores> someScores(const std::vector<Layer>& layers, int classes)
{
    std::vector<LayerScores> scores;
    std::uint32_t next = 0;
    for (const Layer& layer : layers) {
        LayerScores own { layer.name, kSamples, {} };
        for (std::int64_t i = 0; i < layer.filters * classes; ++i)
            own.counts.push_back((next += 3) % (kSamples + 1));
        scores.push_back(own);
    }
    return scores;
}

/// Runs 1 to 5, each from the one before: train, score, search, refine, evaluate.
struct Sample {
    QTemporaryDir folder;
    Project project = Project::create(folder.filePath(QStringLiteral("p.bitscape")).toStdString());
    Graph graph = zooGraph(zooRequestFrom("zoo:lenet5?classes=3"));
    std::vector<float> modelWeights = randomWeights(parameterCount(graph), 1);
    std::vector<float> trained = randomWeights(parameterCount(graph), 2);
    std::vector<float> refined = randomWeights(parameterCount(graph), 3);
    std::string modelBlob, trainedBlob, refinedBlob;
    LayerBits bits = someBits(layersOf(graph, false));
    std::vector<LayerScores> scores = someScores(layersOf(graph), 3);
    ModelId model;
    DatasetId data;
    RunId train, score, search, refine, evaluate;

    Sample()
    {
        addEntries();
        train = add(RunKind::Train, {}, { { "epochs", 2 } });
        score = add(RunKind::Score, train, { { "samples_per_class", kSamples } });
        search = add(RunKind::Search, score,
            { { "keep_first_last", false }, { "allowed_bits", { 0, 1, 2, 3, 4 } }, { "activation_bits", 4 }, { "grid", "narrow" },
                { "range", "minmax" } });
        refine = add(RunKind::Refine, search, { { "activation_bits", nullptr }, { "grid", nullptr }, { "range", "mse" } });
        evaluate = add(RunKind::Evaluate, refine, { { "test_split", "test" } });
        addResults();
    }

    RunId add(RunKind kind, std::optional<RunId> parent, const nlohmann::json& parameters = nlohmann::json::object())
    {
        Run run;
        run.kind = kind;
        run.name = toString(kind);
        run.model = model;
        run.dataset = data;
        run.parent = parent;
        run.parameters = parameters;
        return addRun(project, run);
    }

private:
    void addEntries()
    {
        Model entry;
        entry.name = "net";
        entry.graph = graphToJson(graph);
        entry.weights = modelBlob = project.putBlob(std::as_bytes(std::span(modelWeights)));
        model = addModel(project, entry);
        Dataset set;
        set.name = "shapes";
        set.classNames = { "round", "square", "long" };
        data = addDataset(project, set);
    }

    void addResults()
    {
        trainedBlob = project.putBlob(std::as_bytes(std::span(trained)));
        refinedBlob = project.putBlob(std::as_bytes(std::span(refined)));
        putAttachment(project, train, "weights", trainedBlob);
        putAttachment(project, refine, "weights", refinedBlob);
        putEpoch(project, train, { 1, 0.5, 0.8, 0.1, 2 }, {});
        putScores(project, score, scores);
        putMetrics(project, search, { { "accuracy", 0.9 }, { "threshold_1", 0.5 }, { "threshold_2", 1.25 } });
        TrajectoryPoint point;
        point.averageBits = 4;
        point.bits = bits;
        putPoint(project, search, point);
        for (const RunId run : { search, refine, evaluate })
            putBits(project, run, bits);
        putAttachment(project, evaluate, "confusion", textBlob(project, "[[3,1,0],[0,0,0],[2,2,4]]"));
        putAttachment(project, evaluate, "full_confusion", textBlob(project, "[[4,0,0],[0,0,0],[0,1,7]]"));
    }
};

std::vector<std::byte> bytesOf(const std::vector<float>& weights)
{
    const auto bytes = std::as_bytes(std::span(weights));
    return { bytes.begin(), bytes.end() };
}

/// Counted off by indices of the tensor and not by its size, with the tensors before it summed up from their shapes.
std::vector<float> filterByIndices(const Graph& graph, const std::vector<float>& weights, const std::string& tensor, std::int64_t filter)
{
    std::size_t at = 0;
    for (const TensorInfo& info : graph.tensors) {
        const std::int64_t rows = info.shape.front();
        const std::int64_t inner = std::accumulate(info.shape.begin() + 1, info.shape.end(), std::int64_t { 1 }, std::multiplies<>());
        std::vector<float> found;
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t i = 0; i < inner; ++i, ++at)
                if (info.name == tensor && row == filter)
                    found.push_back(weights[at]);
        if (info.name == tensor)
            return found;
    }
    return {};
}

template <typename Act> QString refusal(ErrorCode code, Act&& act)
{
    try {
        act();
    } catch (const Error& error) {
        return error.code() == code ? QString::fromUtf8(error.what()) : QStringLiteral("another code");
    }
    return QStringLiteral("no error");
}

} // namespace

class RunResultsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void whatARunIs()
    {
        Sample sample;
        const RunResults results = runResults(sample.project, sample.evaluate);
        QVERIFY(results.run == run(sample.project, sample.evaluate));
        QCOMPARE(results.ancestors.size(), std::size_t(4));
        QVERIFY(results.ancestors.front().id == sample.refine && results.ancestors.back().id == sample.train);
        QCOMPARE(results.modelName, std::string("net"));
        QCOMPARE(results.dataName, std::string("shapes"));
        QCOMPARE(results.classes(), 3);
        QVERIFY(results.graph == sample.graph);
        QVERIFY(results.epochs.empty() && results.trajectory.empty());
        QCOMPARE(runResults(sample.project, sample.train).epochs.size(), std::size_t(1));
    }

    void quantizationIsTheSearchs()
    {
        Sample sample;
        const auto all = layersOf(sample.graph, false);
        for (const RunId id : { sample.search, sample.refine, sample.evaluate }) {
            const RunResults results = runResults(sample.project, id);
            QVERIFY(results.layers == all);
            QVERIFY(results.bits == sample.bits);
            QCOMPARE(results.allowedBits, (std::vector<int> { 0, 1, 2, 3, 4 }));
            QCOMPARE(results.thresholds, (std::vector<double> { 0.5, 1.25 }));
            QCOMPARE(results.activationBits, 4);
            QVERIFY(results.quantizer.grid == Grid::Narrow);
            QVERIFY(results.quantizer.range == (id == sample.search ? RangeRule::MinMax : RangeRule::Mse)); // refined its own way
            QVERIFY(results.cost == costOf(sample.graph, all, sample.bits, 4));
        }
        QCOMPARE(runResults(sample.project, sample.search).trajectory.size(), std::size_t(1));
        QVERIFY(runResults(sample.project, sample.search).trajectory.front().bits.empty());
    }

    void beforeASearchNothingIsQuantized()
    {
        Sample sample;
        for (const RunId id : { sample.train, sample.score }) {
            const RunResults results = runResults(sample.project, id);
            QVERIFY(results.layers == layersOf(sample.graph, true));
            QVERIFY(results.bits.empty() && results.allowedBits.empty() && results.thresholds.empty() && !results.cost);
            QCOMPARE(results.activationBits, kFullPrecisionBits);
            QVERIFY(results.quantizer == QuantizerOptions());
        }
    }

    void aTrainingBeginsAnew()
    {
        Sample sample;
        const RunId again = sample.add(RunKind::Train, sample.refine);
        const RunId measured = sample.add(RunKind::Evaluate, again);
        for (const RunId id : { again, measured }) {
            const RunResults results = runResults(sample.project, id);
            QVERIFY(results.layers == layersOf(sample.graph, true) && results.allowedBits.empty() && results.bits.empty());
            QVERIFY(results.thresholds.empty());
        }
    }

    void scoresAreTheNearest()
    {
        Sample sample;
        for (const RunId id : { sample.score, sample.search, sample.evaluate }) {
            const RunResults results = runResults(sample.project, id);
            QVERIFY(results.scoreRun == sample.score);
            QVERIFY(results.scores == sample.scores);
            for (std::size_t i = 0; i < results.layers.size(); ++i)
                for (std::size_t f = 0; f < results.filterScores[i].size(); ++f) {
                    double sum = 0;
                    for (std::size_t m = 0; m < 3; ++m) {
                        const double beta = sample.scores[i].counts[f * 3 + m] / double(kSamples);
                        QCOMPARE(results.beta(i, f, m), beta);
                        sum += beta;
                    }
                    QCOMPARE(results.filterScores[i].size(), std::size_t(results.layers[i].filters));
                    QVERIFY(std::fabs(results.filterScores[i][f] - sum) < 1e-12); // sums of three shares, added in another order
                }
        }
        QVERIFY(!runResults(sample.project, sample.train).scoreRun);
        QVERIFY(runResults(sample.project, sample.train).filterScores.empty());
    }

    void confusion()
    {
        Sample sample;
        const RunResults results = runResults(sample.project, sample.evaluate);
        QCOMPARE(results.confusion, (Confusion { { 3, 1, 0 }, { 0, 0, 0 }, { 2, 2, 4 } }));
        QCOMPARE(results.fullConfusion, (Confusion { { 4, 0, 0 }, { 0, 0, 0 }, { 0, 1, 7 } }));
        QCOMPARE(perClassAccuracy(results.confusion), (std::vector<double> { 0.75, 0, 0.5 }));
        QVERIFY(runResults(sample.project, sample.search).confusion.empty());
        for (const char* text : { "[[1,2],[3]]", "{}", "[[1", "[1,2]" }) {
            putAttachment(sample.project, sample.evaluate, "confusion", textBlob(sample.project, text));
            const QString told = refusal(ErrorCode::Store, [&] { runResults(sample.project, sample.evaluate); });
            QVERIFY2(told.contains(QStringLiteral("run 5")) && told.contains(QStringLiteral("p.bitscape")), qPrintable(told));
        }
    }

    void weightsBelongToTheRunsNetwork()
    {
        Sample sample;
        Project& project = sample.project;
        QCOMPARE(weightsBlobOf(project, sample.add(RunKind::Train, {})), sample.modelBlob);
        for (const RunId id : { sample.train, sample.score, sample.search })
            QCOMPARE(weightsBlobOf(project, id), sample.trainedBlob);
        for (const RunId id : { sample.refine, sample.evaluate })
            QCOMPARE(weightsBlobOf(project, id), sample.refinedBlob);
        for (const RunKind kind : { RunKind::Search, RunKind::Score }) // both read the full-precision network
            QCOMPARE(weightsBlobOf(project, sample.add(kind, sample.refine)), sample.trainedBlob);
        QCOMPARE(weightsBlobOf(project, sample.add(RunKind::Refine, sample.refine)), sample.refinedBlob); // not yet its own
    }

    void oneFiltersWeights()
    {
        Sample sample;
        const RunResults results = runResults(sample.project, sample.refine);
        const auto bytes = bytesOf(sample.refined);
        for (std::size_t i = 0; i < results.layers.size(); ++i)
            for (std::size_t f = 0; f < std::size_t(results.layers[i].filters); ++f) {
                const FilterWeights found = filterWeights(results, bytes, i, f);
                const std::string& tensor = sample.graph.nodes[std::size_t(results.layers[i].node)].weight;
                QVERIFY(found.stored == filterByIndices(sample.graph, sample.refined, tensor, std::int64_t(f)));
                QCOMPARE(found.bits, int(sample.bits[i][f]));
                std::vector<float> quantized(found.stored.size());
                const QuantizerOptions options { Grid::Narrow, RangeRule::Mse };
                QCOMPARE(found.scale, filterScale(found.stored, found.bits, options));
                quantizeFilter(found.stored, found.bits, found.scale, options.grid, quantized);
                QVERIFY(found.quantized == quantized);
            }
    }

    void filtersWithoutBitsAndFiltersThatAreNotThere()
    {
        Sample sample;
        const RunResults results = runResults(sample.project, sample.train);
        const auto bytes = bytesOf(sample.trained);
        const FilterWeights found = filterWeights(results, bytes, 0, 5);
        QVERIFY(found.quantized.empty());
        QCOMPARE(found.bits, kFullPrecisionBits);
        QCOMPARE(found.scale, 1.0F);
        QVERIFY(refusal(ErrorCode::BadArgument, [&] { filterWeights(results, bytes, 0, 6); }).contains(QStringLiteral("filter 6")));
        QVERIFY(refusal(ErrorCode::BadArgument, [&] { filterWeights(results, bytes, 5, 0); }).contains(QStringLiteral("layer 5")));
        const std::vector<std::byte> cut(bytes.begin(), bytes.end() - 4);
        QVERIFY(refusal(ErrorCode::BadInput, [&] { filterWeights(results, cut, 0, 0); }).contains(QStringLiteral("'net'")));
    }

    void bitsThatDoNotFitCostNothing()
    {
        Sample sample;
        putBits(sample.project, sample.search, { { 1, 2 }, { 3 } });
        QVERIFY(!runResults(sample.project, sample.search).cost);
    }

    void runsWithoutAnything()
    {
        Sample sample;
        const RunId bare = addRun(sample.project, {});
        const RunResults results = runResults(sample.project, bare);
        QVERIFY(results.layers.empty() && results.graph.nodes.empty() && results.classes() == 0 && results.modelName.empty());
        QVERIFY(weightsBlobOf(sample.project, bare).empty());
        QVERIFY(refusal(ErrorCode::BadArgument, [&] { runResults(sample.project, { 99 }); }).contains(QStringLiteral("run 99")));
    }

    void jsonTellsTheSame()
    {
        Sample sample;
        const auto json = runDetails(sample.project, sample.evaluate);
        const RunResults results = runResults(sample.project, sample.evaluate);
        QVERIFY(json.at("confusion") == results.confusion && json.at("full_confusion") == results.fullConfusion);
        QVERIFY(json.at("per_class") == perClassAccuracy(results.confusion));
        QVERIFY(!json.at("layers").front().contains("scores") && !json.contains("thresholds")); // of another run
        QVERIFY(json.at("layers").at(1).at("bits") == sample.bits[1]);
        QVERIFY(runDetails(sample.project, sample.score).at("layers").at(2).at("scores")
            == runResults(sample.project, sample.score).filterScores[2]);
        QVERIFY(runDetails(sample.project, sample.search).at("thresholds") == (std::vector<double> { 0.5, 1.25 }));
    }
};

QTEST_GUILESS_MAIN(RunResultsTest)
#include "tst_jobs_run_results.moc"
