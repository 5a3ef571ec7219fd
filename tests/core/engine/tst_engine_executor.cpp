// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/engine/tiny_network.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/network/fold.h"
#include "core/network/zoo.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace bitscape;
using namespace bitscape::test;

class TestExecutor : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void logitsAreThoseOfPlainLoops_data()
    {
        QTest::addColumn<bool>("isResidual");
        QTest::newRow("chain") << false;
        QTest::newRow("residual") << true;
    }

    void logitsAreThoseOfPlainLoops()
    {
        QFETCH(bool, isResidual);
        const Graph graph = isResidual ? residual() : chain();
        const TensorMap tensors = randomTensors(graph, 3);
        const at::Tensor images = randomTensor({ 4, 2, 6, 6 }, 99);
        const at::Tensor logits = execute(graph, tensors, images);
        const at::Tensor placedLogits = execute(graph, placed(tensors, at::kCPU), images.contiguous(at::MemoryFormat::ChannelsLast));
        for (std::int64_t n = 0; n < 4; ++n) {
            const Values expected = plainRun(graph, tensors, valuesOf(images[n]))[static_cast<std::size_t>(graph.output)];
            const Values found = valuesOf(logits[n]), alsoFound = valuesOf(placedLogits[n]);
            for (std::size_t m = 0; m < expected.size(); ++m) {
                // float32 sums of about 100 products of size 1
                QVERIFY(std::fabs(expected[m] - found[m]) < 1e-4 * (1 + std::fabs(expected[m])));
                QVERIFY(std::fabs(expected[m] - alsoFound[m]) < 1e-4 * (1 + std::fabs(expected[m])));
            }
        }
    }

    void foldingChangesNothing()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:resnet20?width=0.5"));
        const TensorMap tensors = randomTensors(graph, 5);
        const at::Tensor images = randomTensor({ 3, 3, 32, 32 }, 7);
        const FoldedNetwork folded = foldBatchNorm(graph, tensors);
        const at::Tensor plain = execute(graph, tensors, images), quick = execute(folded.graph, folded.tensors, images);
        QVERIFY(at::allclose(plain, quick, 1e-3, 1e-3 * plain.abs().max().item<double>()));
        for (const Node& node : folded.graph.nodes)
            QVERIFY2(node.op != Op::BatchNorm, node.name.c_str());
    }

    void hooksSeeAndReplaceOutputs()
    {
        const Graph graph = chain();
        const TensorMap tensors = randomTensors(graph, 3);
        std::vector<int> seen;
        ExecutionOptions options;
        options.hook = [&](int node, const at::Tensor& output) {
            seen.push_back(node);
            return node == graph.output ? at::zeros_like(output) : output;
        };
        const at::Tensor logits = execute(graph, tensors, randomTensor({ 1, 2, 6, 6 }, 1), options);
        QCOMPARE(seen.size(), graph.nodes.size());
        QCOMPARE(logits.abs().sum().item<double>(), 0.0);
    }

    void imagesThatDoNotFitAreRefused()
    {
        const Graph graph = chain();
        QVERIFY_EXCEPTION_THROWN(execute(graph, randomTensors(graph, 3), at::zeros({ 1, 2, 6, 7 })), Error);
    }

    void tensorsGoThroughBytes()
    {
        const Graph graph = residual();
        const TensorMap tensors = randomTensors(graph, 8);
        const auto bytes = tensorsToBytes(graph, placed(tensors, at::kCPU));
        const TensorMap back = tensorsFromBytes(graph, bytes);
        for (const auto& [name, tensor] : tensors)
            QVERIFY2(at::equal(tensor, back.at(name)), name.c_str());
        QVERIFY_EXCEPTION_THROWN(tensorsFromBytes(graph, std::span(bytes).subspan(4)), Error);
    }

    void weightsThatAreNotNumbersAreNamed()
    {
        const Graph graph = residual();
        TensorMap tensors = randomTensors(graph, 8);
        tensors.at("conv2.weight").view(-1)[7] = std::numeric_limits<float>::quiet_NaN();
        const auto bytes = tensorsToBytes(graph, tensors);
        try {
            tensorsFromBytes(graph, bytes);
            QFAIL("accepted");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::BadInput);
            QVERIFY2(std::string(error.what()).find("conv2.weight") != std::string::npos, error.what());
        }
    }

    void evaluationCountsWhatAPlainLoopCounts()
    {
        const Graph graph = chain();
        const TensorMap tensors = randomTensors(graph, 11);
        ImagePart part;
        Random random(12);
        for (int i = 0; i < 20 * 72; ++i)
            part.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
        for (int n = 0; n < 20; ++n)
            part.labels.push_back(static_cast<std::uint16_t>(n % 3));
        const ImageShape shape { 2, 6, 6 };
        const Normalisation normalisation { { 0.5, 0.5 }, { 0.25, 0.25 } };
        std::int64_t correct = 0;
        for (std::int64_t n = 0; n < 20; ++n) {
            Values image;
            for (std::int64_t i = 0; i < 72; ++i)
                image.push_back((part.pixels[static_cast<std::size_t>(n * 72 + i)] / 255.0 - 0.5) / 0.25);
            const Values logits = plainRun(graph, tensors, image)[static_cast<std::size_t>(graph.output)];
            correct += std::ranges::max_element(logits) - logits.begin() == n % 3 ? 1 : 0;
        }
        std::vector<std::int64_t> positions(20);
        std::iota(positions.begin(), positions.end(), 0);
        SilentContext context;
        Evaluation first;
        for (const int batch : { 1, 3, 16, 64 }) {
            for (const std::int64_t cacheBytes : { 0, 1 << 20 }) {
                const PreparedImages images(part, shape, normalisation, positions, batch, at::kCPU, cacheBytes);
                const Evaluation found = evaluate(graph, placed(tensors, at::kCPU), images, {}, context);
                QCOMPARE(found.correct, correct);
                QCOMPARE(found.images, 20);
                QCOMPARE(found.predictions.size(), std::size_t { 20 });
                QVERIFY(first.images == 0 || found == first);
                first = found;
            }
        }
    }

    void batchesAreNormalisedPixels()
    {
        ImagePart part;
        const ImageShape shape { 2, 3, 4 };
        Random random(4);
        for (int i = 0; i < 5 * 24; ++i)
            part.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
        part.labels = { 0, 1, 2, 0, 1 };
        const Normalisation normalisation { { 0.25, 0.5 }, { 0.5, 2 } };
        const BatchMaker maker(part, shape, normalisation);
        const std::vector<std::int64_t> chosen { 3, 0 };
        const at::Tensor batch = maker.images(chosen);
        QCOMPARE(batch.sizes().vec(), (std::vector<std::int64_t> { 2, 2, 3, 4 }));
        for (std::size_t n = 0; n < 2; ++n) {
            for (std::int64_t i = 0; i < 24; ++i) {
                const int channel = i < 12 ? 0 : 1;
                const double pixel = part.pixels[static_cast<std::size_t>(chosen[n] * 24 + i)];
                const double expected = (pixel / 255 - (channel ? 0.5 : 0.25)) / (channel ? 2 : 0.5);
                const double found = batch[static_cast<std::int64_t>(n)].contiguous().view(-1)[i].item<double>();
                QVERIFY(std::fabs(expected - found) < 1e-6);
            }
        }
        const Normalisation measured = normalisationOf(part, shape);
        double sum = 0, squares = 0;
        for (std::size_t n = 0; n < 5; ++n) {
            for (std::size_t i = 0; i < 12; ++i) {
                const double x = part.pixels[n * 24 + i] / 255.0;
                sum += x;
                squares += x * x;
            }
        }
        QVERIFY(std::fabs(measured.mean[0] - sum / 60) < 1e-12);
        QVERIFY(std::fabs(measured.stddev[0] - std::sqrt(squares / 60 - sum / 60 * sum / 60)) < 1e-9);
    }

    void augmentationMovesAndMirrors()
    {
        ImagePart part;
        const ImageShape shape { 1, 6, 6 };
        for (int i = 0; i < 36; ++i)
            part.pixels.push_back(static_cast<std::uint8_t>(i * 7 + 1));
        part.labels = { 0 };
        const BatchMaker maker(part, shape, { { 0 }, { 1 } });
        const std::vector<std::int64_t> chosen { 0 };
        const at::Tensor plain = maker.images(chosen)[0][0];
        int mirrored = 0;
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const at::Tensor found = maker.augmented(chosen, { true, true }, seed)[0][0];
            bool known = false; // as one of all crops of the padded image or of its mirror image
            for (int flip = 0; flip < 2 && !known; ++flip) {
                const at::Tensor padded = at::constant_pad_nd(flip ? plain.flip({ 1 }) : plain, { 4, 4, 4, 4 });
                for (int y = 0; y < 9 && !known; ++y) {
                    for (int x = 0; x < 9 && !known; ++x) {
                        known = at::equal(found, padded.slice(0, y, y + 6).slice(1, x, x + 6));
                        mirrored += known && flip ? 1 : 0;
                    }
                }
            }
            QVERIFY(known);
            QVERIFY(at::equal(found, maker.augmented(chosen, { true, true }, seed)[0][0]));
        }
        QVERIFY(mirrored > 5 && mirrored < 35);
    }
};

QTEST_APPLESS_MAIN(TestExecutor)
#include "tst_engine_executor.moc"
