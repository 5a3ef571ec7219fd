// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/engine/tiny_network.h"

#include "core/engine/importance/critical_counts.h"
#include "core/engine/importance/sensitivity.h"
#include "core/engine/quantize/bit_network.h"

#include <torch/csrc/autograd/autograd.h>

#include <QTest>

#include <algorithm>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr int kClasses = 3;

std::vector<std::vector<Batch>> images(int perClass, int batch)
{
    std::vector<std::vector<Batch>> all;
    for (int m = 0; m < kClasses; ++m) {
        const at::Tensor own = randomTensor({ perClass, 2, 6, 6 }, 100 + static_cast<std::uint64_t>(m));
        all.emplace_back();
        for (int first = 0; first < perClass; first += batch) {
            const int last = std::min(perClass, first + batch);
            all.back().push_back({ own.slice(0, first, last), at::full({ last - first }, m, at::kLong) });
        }
    }
    return all;
}

std::vector<ClassBatch> onDemand(const std::vector<std::vector<Batch>>& all)
{
    std::vector<ClassBatch> batches;
    for (std::size_t m = 0; m < all.size(); ++m) {
        for (const Batch& batch : all[m])
            batches.push_back({ m, [images = batch.images] { return images; } });
    }
    return batches;
}

Values imageAt(const std::vector<std::vector<Batch>>& all, int m, int n)
{
    for (const Batch& batch : all[static_cast<std::size_t>(m)]) {
        if (n < batch.images.size(0))
            return valuesOf(batch.images[n]);
        n -= static_cast<int>(batch.images.size(0));
    }
    return {};
}

/// d logit / d neuron by central differences through plain loops.
double slope(const Graph& graph, const TensorMap& tensors, const Values& image, int node, std::size_t position, double value, int logit)
{
    const double h = 1e-6;
    const auto at = [&](double v) {
        return plainRun(
            graph, tensors, image, { node, position, v })[static_cast<std::size_t>(graph.output)][static_cast<std::size_t>(logit)];
    };
    return (at(value + h) - at(value - h)) / (2 * h);
}

/// Counts as methods.md section 2 says them, with derivatives by differences.
std::vector<std::uint32_t> countedByHand(const Graph& graph, const TensorMap& tensors, const Layer& layer,
    const std::vector<std::vector<Batch>>& all, int perClass, Effect effect)
{
    const Shape& shape = graph.nodes[static_cast<std::size_t>(layer.tap)].shape;
    const auto positions = static_cast<std::size_t>(effect == Effect::Neuron ? shape.positions() : 1);
    const auto filters = static_cast<std::size_t>(shape.channels);
    std::vector<std::vector<std::uint32_t>> counts(kClasses, std::vector<std::uint32_t>(filters * positions));
    for (int m = 0; m < kClasses; ++m) {
        for (int n = 0; n < perClass; ++n) {
            const Values image = imageAt(all, m, n);
            const Values tap = plainRun(graph, tensors, image)[static_cast<std::size_t>(layer.tap)];
            Values effects;
            for (std::size_t i = 0; i < tap.size(); ++i)
                effects.push_back(tap[i] * slope(graph, tensors, image, layer.tap, i, tap[i], m));
            Values perFilter(filters);
            for (std::size_t i = 0; i < tap.size(); ++i)
                perFilter[i / static_cast<std::size_t>(shape.positions())] += effects[i];
            double mean = 0;
            for (double& value : perFilter) {
                value = std::fabs(value);
                mean += value / static_cast<double>(filters);
            }
            for (std::size_t i = 0; i < counts[0].size(); ++i) {
                // Differences leave about 1e-9 of noise where the derivative is zero.
                const bool critical = effect == Effect::Neuron ? std::fabs(effects[i]) > 1e-7 : perFilter[i] > mean;
                counts[static_cast<std::size_t>(m)][i] += critical ? 1 : 0;
            }
        }
    }
    std::vector<std::uint32_t> best;
    for (std::size_t f = 0; f < filters; ++f) {
        std::size_t chosen = 0;
        std::uint32_t most = 0;
        for (std::size_t p = 0; p < positions; ++p) {
            const std::uint32_t total = counts[0][f * positions + p] + counts[1][f * positions + p] + counts[2][f * positions + p];
            if (p == 0 || total > most) {
                most = total;
                chosen = p;
            }
        }
        for (int m = 0; m < kClasses; ++m)
            best.push_back(counts[static_cast<std::size_t>(m)][f * positions + chosen]);
    }
    return best;
}

class StopAfter final : public JobContext {
public:
    explicit StopAfter(int checkpoints)
        : m_left(checkpoints)
    {
    }
    void checkpoint() override
    {
        if (--m_left < 0)
            throw Cancelled {};
    }
    void progress(const Progress&) override { }
    void log(const std::string&) override { }
    void resultsChanged() override { }

private:
    int m_left;
};

} // namespace

class TestImportance : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void countsAreThoseOfPlainLoops_data()
    {
        QTest::addColumn<bool>("isResidual");
        QTest::addColumn<bool>("perFilter");
        QTest::newRow("chain, neuron") << false << false;
        QTest::newRow("chain, filter") << false << true;
        QTest::newRow("residual, neuron") << true << false;
        QTest::newRow("residual, filter") << true << true;
    }

    void countsAreThoseOfPlainLoops()
    {
        QFETCH(bool, isResidual);
        QFETCH(bool, perFilter);
        const Graph graph = isResidual ? residual() : chain();
        const TensorMap tensors = randomTensors(graph, 21);
        const auto layers = layersOf(graph);
        const int perClass = 4;
        const auto all = images(perClass, 3);
        const Effect effect = perFilter ? Effect::Filter : Effect::Neuron;
        SilentContext context;
        const CriticalCounts found = countCritical(graph, layers, tensors, onDemand(all), all.size(), { effect, 1e-50 }, context);
        QCOMPARE(found.size(), layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto expected = countedByHand(graph, tensors, layers[i], all, perClass, effect);
            QVERIFY2(found[i] == expected, layers[i].name.c_str());
        }
    }

    void epsilonRaisesTheBar()
    {
        const Graph graph = chain();
        const TensorMap tensors = randomTensors(graph, 21);
        const auto all = images(4, 4);
        SilentContext context;
        const auto layers = layersOf(graph);
        const auto all1 = countCritical(graph, layers, tensors, onDemand(all), all.size(), { Effect::Neuron, 1e-50 }, context);
        const auto none = countCritical(graph, layers, tensors, onDemand(all), all.size(), { Effect::Neuron, 1e20 }, context);
        std::uint64_t sum = 0, sumOfNone = 0;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            for (std::size_t j = 0; j < none[i].size(); ++j) {
                sum += all1[i][j];
                sumOfNone += none[i][j];
            }
        }
        QVERIFY(sum > 0);
        QCOMPARE(sumOfNone, std::uint64_t { 0 });
    }

    void cancelEndsIt()
    {
        const Graph graph = chain();
        StopAfter context(2);
        QVERIFY_EXCEPTION_THROWN(
            countCritical(graph, layersOf(graph), randomTensors(graph, 21), onDemand(images(4, 1)), 3, {}, context), Cancelled);
    }

    /// D = mean over the class's images of (dL/dw . dw)^2 with the weight gradients that autograd computes one image at a time.
    void sensitivityIsThatOfWeightGradients()
    {
        const Graph graph = chain();
        const TensorMap tensors = randomTensors(graph, 31);
        const auto layers = layersOf(graph);
        const std::vector<int> bits { 0, 1, 2, 4 };
        const QuantizerOptions options;
        const auto all = images(4, 3);
        SilentContext context;
        const SensitivityTable table = measureSensitivity(graph, layers, tensors, all, bits, options, false, context);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            QCOMPARE(table.damage[i].empty(), !layers[i].quantizable);
            if (layers[i].quantizable)
                compareWithWeightGradients(graph, tensors, layers[i], all, table, i, bits, options);
        }
    }

    /// Behind a batch normalisation the repaired change at its output counts, here computed from whole tensors at once.
    void recalibratedSensitivityLooksBehindTheNormalisation()
    {
        const Graph graph = chain();
        const TensorMap tensors = randomTensors(graph, 31);
        const auto layers = layersOf(graph);
        const std::vector<int> bits { 0, 2 };
        const auto all = images(5, 2);
        SilentContext context;
        const SensitivityTable table = measureSensitivity(graph, layers, tensors, all, bits, {}, true, context);
        const Layer& layer = layers[1];
        const Node& conv = graph.nodes[static_cast<std::size_t>(layer.node)];
        const Node& norm = graph.nodes[static_cast<std::size_t>(layer.batchNorm)];
        at::Tensor input, output, gradient;
        std::vector<at::Tensor> batches, labels;
        for (const auto& own : all) {
            for (const Batch& batch : own) {
                batches.push_back(batch.images);
                labels.push_back(batch.labels);
            }
        }
        ExecutionOptions record;
        record.hook = [&](int node, const at::Tensor& value) {
            if (node == conv.inputs.front())
                input = value;
            if (node == layer.batchNorm) {
                output = value.detach().requires_grad_(true);
                return output;
            }
            return value;
        };
        const at::Tensor logits = execute(graph, tensors, at::cat(batches), record);
        gradient = torch::autograd::grad({ at::cross_entropy_loss(logits, at::cat(labels), {}, at::Reduction::Sum) }, { output })[0];
        const std::vector<std::uint8_t> twos(static_cast<std::size_t>(layer.filters), 2);
        const at::Tensor z = at::conv2d(input, quantizeWeight(tensors.at(conv.weight), twos, {}).values, {}, 1, 1);
        const at::Tensor repaired
            = at::batch_norm(z, tensors.at(norm.weight), tensors.at(norm.bias), {}, {}, true, 0.1, norm.epsilon, false);
        for (std::size_t column = 0; column < 2; ++column) {
            const at::Tensor change = column == 0 ? -output.detach() : repaired - output.detach();
            const at::Tensor perImage = (gradient * change).sum({ 2, 3 }).square();
            for (std::int64_t m = 0; m < kClasses; ++m) {
                const at::Tensor mean = perImage.slice(0, m * 5, m * 5 + 5).mean(0);
                for (std::int64_t f = 0; f < layer.filters; ++f) {
                    const double expected = mean[f].item<double>();
                    const double found = static_cast<double>(
                        table.damage[1][(static_cast<std::size_t>(f) * 2 + column) * kClasses + static_cast<std::size_t>(m)]);
                    QVERIFY2(std::fabs(expected - found) <= 1e-3 * expected + 1e-9, qPrintable(QString("%1 %2").arg(expected).arg(found)));
                }
            }
        }
    }

private:
    static void compareWithWeightGradients(const Graph& graph, const TensorMap& tensors, const Layer& layer,
        const std::vector<std::vector<Batch>>& all, const SensitivityTable& table, std::size_t index, const std::vector<int>& bits,
        const QuantizerOptions& options)
    {
        const std::string& name = graph.nodes[static_cast<std::size_t>(layer.node)].weight;
        for (std::size_t m = 0; m < kClasses; ++m) {
            std::vector<at::Tensor> gradients;
            for (const Batch& batch : all[m]) {
                for (std::int64_t n = 0; n < batch.images.size(0); ++n) {
                    TensorMap leaves = tensors;
                    leaves[name] = tensors.at(name).detach().requires_grad_(true);
                    const at::Tensor logits = execute(graph, leaves, batch.images.slice(0, n, n + 1));
                    gradients.push_back(
                        torch::autograd::grad({ at::cross_entropy_loss(logits, batch.labels.slice(0, n, n + 1)) }, { leaves.at(name) })[0]);
                }
            }
            for (std::size_t b = 0; b < bits.size(); ++b) {
                const std::vector<std::uint8_t> same(static_cast<std::size_t>(layer.filters), static_cast<std::uint8_t>(bits[b]));
                const at::Tensor change = quantizeWeight(tensors.at(name), same, options).values - tensors.at(name);
                for (std::int64_t f = 0; f < layer.filters; ++f) {
                    double expected = 0;
                    for (const at::Tensor& gradient : gradients)
                        expected += std::pow((gradient[f] * change[f]).sum().item<double>(), 2) / static_cast<double>(gradients.size());
                    const double found
                        = static_cast<double>(table.damage[index][(static_cast<std::size_t>(f) * bits.size() + b) * kClasses + m]);
                    QVERIFY2(std::fabs(expected - found) <= 1e-3 * expected + 1e-9, qPrintable(QString("%1 %2").arg(expected).arg(found)));
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestImportance)
#include "tst_engine_importance.moc"
