// SPDX-License-Identifier: GPL-3.0-or-later
// Networks leave as TorchScript modules that compute the same to the last bit, and come back.
#include "tests/core/engine/script_fixture.h"
#include "tests/core/engine/tiny_network.h"

#include "core/engine/formats/torchscript_export.h"
#include "core/engine/quantize/activations.h"
#include "core/engine/quantize/bit_network.h"
#include "core/network/cost.h"
#include "core/network/layers.h"
#include "core/network/zoo.h"

#include <torch/csrc/jit/serialization/import.h>

#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

Node nodeOf(const std::string& name, Op op, std::vector<int> inputs)
{
    Node node;
    node.name = name;
    node.op = op;
    node.inputs = std::move(inputs);
    return node;
}

/// Every operator that the built-in networks do not have, and names that no script can have.
Graph everything()
{
    GraphBuilder builder({ 4, 9, 9, false });
    int x = builder.conv("block.0.conv", 0, 6, 3, 1, 1);
    for (const Op op : { Op::Relu6, Op::LeakyRelu, Op::Silu, Op::HardSwish, Op::Gelu, Op::Sigmoid, Op::HardSigmoid })
        x = builder.add(nodeOf("act_" + toString(op), op, { x }));
    Node tanh = nodeOf("tanh gelu", Op::Gelu, { x });
    tanh.tanh = true;
    x = builder.add(tanh);
    Node clip = nodeOf("clip", Op::Clip, { x });
    clip.low = -0.1;
    clip.high = 0.7;
    x = builder.add(clip);
    Node pad = nodeOf("pad", Op::Pad, { x });
    pad.padding = { 1, 0 };
    pad.paddingEnd = { 0, 2 };
    pad.value = 0.25;
    x = builder.add(pad);
    Node slice = nodeOf("slice", Op::Slice, { x });
    slice.end = 6;
    slice.step = 2;
    const int a = builder.add(slice);
    slice.name = "rows";
    slice.axis = Axis::Height;
    slice.begin = 1;
    slice.end = 10;
    slice.step = 1;
    x = builder.add(slice);
    Node pool = nodeOf("average", Op::AveragePool, { x });
    pool.kernel = { 3, 2 };
    pool.padding = { 1, 1 };
    pool.ceilMode = true;
    pool.countPadding = false;
    x = builder.add(pool);
    const int b = builder.add(nodeOf("top", Op::GlobalMaxPool, { a }));
    const int c = builder.add(nodeOf("mean", Op::GlobalAveragePool, { x }));
    Node reshape = nodeOf("reshape", Op::Reshape, { builder.flatten("flat", c) });
    reshape.shape = { 6, 1, 1, false };
    x = builder.add(nodeOf("scale", Op::Multiply, { x, builder.add(reshape) }));
    Node adaptive = nodeOf("adaptive", Op::AdaptiveAveragePool, { x });
    adaptive.target = { 2, 3 };
    x = builder.add(adaptive);
    x = builder.linear("/head/in.weight", builder.flatten("flat2", x), 5);
    x = builder.add(nodeOf("join", Op::Concat, { x, builder.flatten("flat3", b) }));
    x = builder.add(nodeOf("same", Op::Identity, { x }));
    return builder.finish(builder.linear("class", x, 4));
}

TensorMap shaken(const Graph& graph)
{
    at::manual_seed(3);
    TensorMap tensors = freshTensors(graph, 5);
    for (const Node& node : graph.nodes) {
        if (node.op != Op::BatchNorm)
            continue;
        tensors[node.mean] = at::randn({ node.shape.channels }) * 0.1;
        tensors[node.variance] = at::rand({ node.shape.channels }) + 0.5;
    }
    return tensors;
}

at::Tensor imagesFor(const Graph& graph)
{
    const Shape& shape = graph.inputShape();
    return at::randn({ 3, shape.channels, shape.height, shape.width });
}

} // namespace

class TestTorchScriptExport : public QObject {
    Q_OBJECT

private slots:
    void networksComeBack_data()
    {
        QTest::addColumn<QString>("source");
        for (const char* source : { "", "zoo:mlp", "zoo:lenet5", "zoo:lenet-3c1l", "zoo:vgg-small?width=0.25", "zoo:resnet20?width=0.5" })
            QTest::newRow(*source ? source : "everything") << QString(source);
    }

    /// The file's own forward, and its import, answer what the executor answers, bit for bit.
    void networksComeBack()
    {
        QFETCH(QString, source);
        const Graph graph = source.isEmpty() ? everything() : zooGraph(zooRequestFrom(source.toStdString()));
        const TensorMap tensors = shaken(graph);
        const TemporaryFile file;
        exportTorchScript(graph, tensors, file.path());
        const at::NoGradGuard noGradients;
        const at::Tensor images = imagesFor(graph), expected = execute(graph, tensors, images);
        QVERIFY(at::equal(torchScriptLogits(file.path())(images), expected));
        SilentContext context;
        const ImportedNetwork network = importTorchScript(file.path(), {}, context);
        QVERIFY(at::equal(execute(network.graph, tensorsFromBytes(network.graph, network.weights), images), expected));
        QVERIFY(network.graph.inputShape() == graph.inputShape());
        QCOMPARE(QString::fromStdString(network.producer).left(8), QString("bitscape"));
        QVERIFY(network.bits.empty());
    }

    void layersAndTensorsKeepTheirNames()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:resnet20?width=0.25"));
        const TemporaryFile file;
        exportTorchScript(graph, shaken(graph), file.path());
        SilentContext context;
        const ImportedNetwork network = importTorchScript(file.path(), {}, context);
        QVERIFY(network.graph.tensors == graph.tensors);
        const auto before = layersOf(graph), after = layersOf(network.graph);
        QCOMPARE(after.size(), before.size());
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(after[i].name, before[i].name);
        const auto parameters = torch::jit::load(file.path().string()).named_parameters();
        QVERIFY(parameters.size() > 0);
    }

    void quantizedNetworksKeepTheirBits()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:lenet-3c1l"));
        const auto layers = layersOf(graph);
        LayerBits bits = uniformBits(layers, 2, 8);
        bits[1][3] = 0;
        const TensorMap full = shaken(graph);
        BitNetwork quantizer(graph, layers, full, {}, at::kCPU);
        const TensorMap tensors = tensorsFromBytes(graph, tensorsToBytes(graph, quantizer.tensors(bits))); // contiguous
        TorchScriptExtras extras { {}, {}, { 0.5, 0.4, 0.3 }, { 0.1, 0.2, 0.25 } };
        for (std::size_t i = 0; i < layers.size(); ++i)
            extras.bits[layers[i].name] = { bits[i].begin(), bits[i].end() };
        const TemporaryFile file;
        exportTorchScript(graph, tensors, file.path(), extras);
        SilentContext context;
        const ImportedNetwork network = importTorchScript(file.path(), {}, context);
        QVERIFY(network.bits == extras.bits);
        QVERIFY(network.mean == extras.mean && network.stddev == extras.stddev);
        const at::NoGradGuard noGradients;
        const at::Tensor images = imagesFor(graph);
        QVERIFY(
            at::equal(execute(network.graph, tensorsFromBytes(network.graph, network.weights), images), execute(graph, tensors, images)));
    }

    /// Quantized activations are in the file; the import leaves them out and says so.
    void quantizedActivationsAreWritten()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:lenet5"));
        const auto layers = layersOf(graph);
        const TensorMap tensors = shaken(graph);
        ActivationRanges ranges;
        TorchScriptExtras extras;
        for (const Layer& layer : layers) {
            ranges.push_back(layer.last ? 0.0F : 1.3F);
            if (!layer.last)
                extras.activations[layer.tap] = activationGrid(1.3F, 3, layer.unsignedTap);
        }
        const TemporaryFile file;
        exportTorchScript(graph, tensors, file.path(), extras);
        const at::NoGradGuard noGradients;
        const at::Tensor images = imagesFor(graph);
        ExecutionOptions options;
        options.hook = activationQuantizer(layers, ranges, 3, false);
        QVERIFY(at::equal(torchScriptLogits(file.path())(images), execute(graph, tensors, images, options)));
        SilentContext context;
        const ImportedNetwork network = importTorchScript(file.path(), {}, context);
        QVERIFY(network.notes.front().find("quantizers of activations") != std::string::npos);
        QVERIFY(
            at::equal(execute(network.graph, tensorsFromBytes(network.graph, network.weights), images), execute(graph, tensors, images)));
    }

    void bitsThatDoNotFitAreLeftOut()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:mlp"));
        TorchScriptExtras extras;
        extras.bits[layersOf(graph)[0].name] = { 1, 2, 3 };
        const TemporaryFile file;
        exportTorchScript(graph, shaken(graph), file.path(), extras);
        SilentContext context;
        const ImportedNetwork network = importTorchScript(file.path(), {}, context);
        QVERIFY(network.bits.empty());
        QVERIFY(network.notes.back().find("do not fit") != std::string::npos);
    }

    void foldersThatAreNotThereAreNamed()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:mlp"));
        try {
            exportTorchScript(graph, shaken(graph), "/nowhere/net.pt");
            QFAIL("written");
        } catch (const Error& error) {
            QVERIFY(std::string(error.what()).find("/nowhere/net.pt") != std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(TestTorchScriptExport)
#include "tst_engine_torchscript_export.moc"
