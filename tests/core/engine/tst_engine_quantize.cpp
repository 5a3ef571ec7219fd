// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/engine/tiny_network.h"

#include "core/engine/network/fold.h"
#include "core/engine/quantize/activations.h"
#include "core/engine/quantize/bit_network.h"
#include "core/engine/quantize/statistics.h"
#include "core/engine/quantize/straight_through.h"
#include "core/network/channel_flow.h"
#include "core/network/cost.h"

#include <torch/csrc/autograd/autograd.h>

#include <QTest>

#include <algorithm>
#include <map>

using namespace bitscape;
using namespace bitscape::test;

namespace {

LayerBits randomBits(const std::vector<Layer>& layers, std::uint64_t seed)
{
    Random random(seed);
    LayerBits bits = uniformBits(layers, 2, 8);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (auto& b : bits[i])
            b = layers[i].quantizable ? static_cast<std::uint8_t>(random.below(5)) : b;
    }
    return bits;
}

std::vector<Batch> someImages(std::int64_t count, std::int64_t batch)
{
    const at::Tensor all = randomTensor({ count, 2, 6, 6 }, 77);
    std::vector<Batch> batches;
    for (std::int64_t first = 0; first < count; first += batch)
        batches.push_back(
            { all.slice(0, first, std::min(count, first + batch)), at::zeros({ std::min(batch, count - first) }, at::kLong) });
    return batches;
}

} // namespace

class TestQuantize : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    /// Every filter of the assembled tensors is that filter quantized on its own.
    void bitsGoToTheirFilters()
    {
        const Graph graph = residual();
        const TensorMap tensors = randomTensors(graph, 41);
        const auto layers = layersOf(graph);
        BitNetwork network(graph, layers, tensors, {}, at::kCPU);
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const LayerBits bits = randomBits(layers, seed);
            const TensorMap used = network.tensors(bits);
            for (std::size_t i = 0; i < layers.size(); ++i) {
                const std::string& name = graph.nodes[static_cast<std::size_t>(layers[i].node)].weight;
                const at::Tensor weight = tensors.at(name).flatten(1).contiguous();
                const at::Tensor found = used.at(name).contiguous().flatten(1);
                for (std::int64_t f = 0; f < layers[i].filters; ++f) {
                    const std::span<const float> filter(
                        weight.data_ptr<float>() + f * weight.size(1), static_cast<std::size_t>(weight.size(1)));
                    const int b = bits[i][static_cast<std::size_t>(f)];
                    std::vector<float> expected(filter.size());
                    quantizeFilter(filter, b, filterScale(filter, b, {}), Grid::Midrise, expected);
                    const at::Tensor row = found[f].contiguous();
                    QVERIFY(std::equal(expected.begin(), expected.end(), row.data_ptr<float>()));
                }
            }
        }
    }

    /// Channels that channel flow calls dead are exactly zero when the network runs, and no bias or statistic brings them back.
    void prunedFiltersAreExactlyDead_data()
    {
        QTest::addColumn<bool>("isResidual");
        QTest::addColumn<bool>("isRecalibrated");
        QTest::newRow("chain") << false << false;
        QTest::newRow("chain, recalibrated") << false << true;
        QTest::newRow("residual") << true << false;
        QTest::newRow("residual, recalibrated") << true << true;
    }

    void prunedFiltersAreExactlyDead()
    {
        QFETCH(bool, isResidual);
        QFETCH(bool, isRecalibrated);
        const Graph graph = isResidual ? residual() : chain();
        const auto layers = layersOf(graph, false);
        BitNetwork network(graph, layers, randomTensors(graph, 42), {}, at::kCPU);
        LayerBits bits = randomBits(layers, 9);
        bits.back() = LayerBits::value_type(bits.back().size(), 8);
        bits[0][1] = bits[1][1] = 0; // both addends of the residual sum
        TensorMap used = network.tensors(bits);
        SilentContext context;
        if (isRecalibrated)
            used = recalibrated(graph, used, someImages(30, 10), {}, context);
        const auto dead = deadChannels(graph, layers, bits);
        const FoldedNetwork folded = foldBatchNorm(graph, used);
        int checked = 0;
        ExecutionOptions options;
        options.hook = [&](int node, const at::Tensor& output) {
            for (std::int64_t c = 0; c < output.size(1); ++c) {
                if (dead[static_cast<std::size_t>(node)][static_cast<std::size_t>(c)]) {
                    ++checked;
                    if (output.select(1, c).abs().max().item<float>() > 0)
                        checked = -1000000;
                }
            }
            return output;
        };
        execute(graph, used, someImages(8, 8)[0].images, options);
        execute(folded.graph, folded.tensors, someImages(8, 8)[0].images, options);
        QVERIFY(checked > 3);
    }

    void straightThroughForwardAndBackward_data()
    {
        QTest::addColumn<int>("grid");
        QTest::newRow("midrise") << static_cast<int>(Grid::Midrise);
        QTest::newRow("narrow") << static_cast<int>(Grid::Narrow);
    }

    void straightThroughForwardAndBackward()
    {
        QFETCH(int, grid);
        const QuantizerOptions options { static_cast<Grid>(grid), RangeRule::Mse };
        const std::vector<std::uint8_t> bits { 0, 1, 2, 3, 4, 8 };
        const at::Tensor weight = randomTensor({ 6, 3, 3, 3 }, 50).requires_grad_(true);
        const QuantizedWeight quantized = quantizeWeight(weight, bits, options);
        const at::Tensor used = straightThroughWeight(weight, quantized);
        QVERIFY(at::equal(used.detach(), quantized.values));
        const at::Tensor upstream = randomTensor({ 6, 3, 3, 3 }, 51);
        const at::Tensor gradient = torch::autograd::grad({ (used * upstream).sum() }, { weight })[0];
        int stopped = 0;
        for (std::int64_t f = 0; f < 6; ++f) {
            const int b = bits[static_cast<std::size_t>(f)];
            const double s = quantized.scales[f].item<double>();
            for (std::int64_t i = 0; i < 27; ++i) {
                const double w = std::fabs(weight.detach()[f].flatten()[i].item<double>());
                const double edge = options.grid == Grid::Midrise ? std::pow(2, b) * s : (std::pow(2, b - 1) - 1) * s;
                const bool passes = b == 1 || (b > 1 && w <= edge * (1 + 1e-7));
                stopped += b > 1 && !passes ? 1 : 0;
                QCOMPARE(gradient[f].flatten()[i].item<float>(), passes ? upstream[f].flatten()[i].item<float>() : 0.0F);
            }
        }
        QVERIFY(options.grid == Grid::Midrise || stopped > 0);
    }

    void activationGradientPassesWithinTheRange()
    {
        const ActivationGrid grid = activationGrid(1.5F, 3, false); // 3 levels each side of zero
        QCOMPARE(grid.highest, 3.0F);
        QCOMPARE(grid.scale, 0.5F);
        const at::Tensor a = at::tensor({ -2.0F, -1.5F, -0.3F, 0.25F, 0.75F, 1.2F, 1.6F }).requires_grad_(true);
        const at::Tensor used = straightThroughActivation(a, grid);
        const at::Tensor expected
            = at::tensor({ -1.5F, -1.5F, -0.5F, 0.0F, 1.0F, 1.0F, 1.5F }); // halves to even: 0.25/0.5 -> 0, 0.75/0.5 -> 2
        QVERIFY(at::equal(used.detach(), expected));
        const at::Tensor gradient = torch::autograd::grad({ used.sum() }, { a })[0];
        QVERIFY(at::equal(gradient, at::tensor({ 0.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 0.0F })));
    }

    void activationGridsByHand()
    {
        QCOMPARE(activationGrid(15, 4, true).highest, 15.0F);
        QCOMPARE(activationGrid(15, 4, true).lowest, 0.0F);
        QCOMPARE(activationGrid(14, 4, false).highest, 7.0F);
        QCOMPARE(activationGrid(14, 4, false).lowest, -7.0F);
        QCOMPARE(activationGrid(2, 1, false).highest, 1.0F); // signed at 1 bit is ternary
        QCOMPARE(activationGrid(2, 1, true).highest, 1.0F);
    }

    /// The 99.9th percentile by sorting all values of each tap.
    void rangesAreNearestRanks()
    {
        const Graph graph = residual();
        const TensorMap tensors = randomTensors(graph, 43);
        const auto layers = layersOf(graph);
        const auto images = someImages(50, 7);
        SilentContext context;
        const ActivationRanges ranges = calibrateActivations(graph, layers, placed(tensors, at::kCPU), images, context);
        std::map<int, std::vector<float>> values;
        ExecutionOptions options;
        options.hook = [&](int node, const at::Tensor& output) {
            const at::Tensor flat = output.contiguous().abs().flatten();
            values[node].insert(values[node].end(), flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
            return output;
        };
        for (const Batch& batch : images)
            execute(graph, placed(tensors, at::kCPU), batch.images, options);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            auto& all = values[layers[i].tap];
            std::ranges::sort(all);
            const auto rank = static_cast<std::size_t>(std::ceil(0.999 * static_cast<double>(all.size())));
            QCOMPARE(ranges[i], layers[i].last ? 0.0F : all[rank - 1]);
        }
    }

    void everyTapButTheLogitsIsQuantized()
    {
        const Graph graph = residual();
        const TensorMap tensors = randomTensors(graph, 44);
        const auto layers = layersOf(graph);
        const ActivationRanges ranges(layers.size(), 1.5F);
        const NodeHook hook = activationQuantizer(layers, ranges, 2, false);
        std::map<int, at::Tensor> outputs;
        ExecutionOptions options;
        options.hook = [&](int node, const at::Tensor& output) { return outputs[node] = hook(node, output); };
        execute(graph, tensors, someImages(4, 4)[0].images, options);
        for (const Layer& layer : layers) {
            const at::Tensor levels = outputs.at(layer.tap) / (layer.unsignedTap ? 0.5 : 1.5);
            const bool whole = at::allclose(levels, at::round(levels), 0, 1e-5);
            QCOMPARE(whole, !layer.last);
            if (!layer.last)
                QVERIFY(levels.abs().max().item<float>() <= (layer.unsignedTap ? 3.0F : 1.0F));
        }
    }

    /// Cumulative averages of each batch's mean and unbiased variance, with the normalisations in front at their batch statistics.
    void recalibrationIsTheAverageOverBatches()
    {
        const Graph graph = residual();
        const TensorMap tensors = randomTensors(graph, 45);
        const auto images = someImages(30, 10);
        SilentContext context;
        const TensorMap found = recalibrated(graph, tensors, images, {}, context);
        std::map<std::string, at::Tensor> means, variances;
        for (const Batch& batch : images) {
            std::vector<at::Tensor> values;
            TensorMap scratch = cloned(tensors);
            ExecutionOptions options;
            options.training = true;
            options.hook = [&](int, const at::Tensor& output) {
                values.push_back(output);
                return output;
            };
            execute(graph, scratch, batch.images, options);
            for (const Node& node : graph.nodes) {
                if (node.op != Op::BatchNorm)
                    continue;
                const at::Tensor in = values[static_cast<std::size_t>(node.inputs.front())].transpose(0, 1).flatten(1).to(at::kDouble);
                const at::Tensor mean = in.mean(1) / 3, variance = in.var(1, true) / 3;
                means[node.mean] = means.contains(node.mean) ? means[node.mean] + mean : mean;
                variances[node.variance] = variances.contains(node.variance) ? variances[node.variance] + variance : variance;
            }
        }
        for (const auto& [name, mean] : means)
            QVERIFY2(at::allclose(found.at(name).to(at::kDouble), mean, 1e-4, 1e-5), name.c_str());
        for (const auto& [name, variance] : variances)
            QVERIFY2(at::allclose(found.at(name).to(at::kDouble), variance, 1e-4, 1e-5), name.c_str());
        QVERIFY(at::equal(found.at("conv2.weight"), tensors.at("conv2.weight")));
    }
};

QTEST_APPLESS_MAIN(TestQuantize)
#include "tst_engine_quantize.moc"
