// SPDX-License-Identifier: GPL-3.0-or-later
// A network's own exports read again: the same weights to the last bit, the same bits, the same answers.
#include "tests/core/engine/export_fixture.h"

#include "core/engine/formats/export/export_onnx.h"
#include "core/engine/formats/export/export_qonnx.h"
#include "core/engine/formats/export/export_torchscript.h"
#include "core/engine/formats/import_model.h"
#include "tests/core/engine/onnx_case.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace bitscape;
using namespace bitscape::test;

namespace {

ImportedNetwork readAgain(const QString& format, const Deployable& network)
{
    const Desk desk;
    SilentContext context;
    const std::string bytes = format == QLatin1String("onnx") ? exportOnnx(network)
        : format == QLatin1String("qonnx")                    ? exportQonnx(network)
                                                              : exportAsTorchScript(network);
    return importModel(desk.put(bytes), {}, context);
}

/// What a layer has become: formats name layers in their own way, but keep their order.
const Node& layerNode(const Graph& graph, std::size_t layer)
{
    return graph.nodes[static_cast<std::size_t>(layersOf(graph).at(layer).node)];
}

} // namespace

class RoundTripTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void networks_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QList<int>>("choices");
        QTest::addColumn<bool>("narrow");
        for (const char* format : { "onnx", "qonnx", "torchscript" }) {
            for (const char* name : { "residual", "mixture", "imported", "zoo:lenet5" }) {
                QTest::addRow("%s of %s", format, name) << format << name << QList<int> { 0, 1, 2, 3, 8 } << false;
                QTest::addRow("%s of %s, narrow", format, name) << format << name << QList<int> { 0, 2, 3, 5, 8 } << true;
                QTest::addRow("%s of %s, one bit", format, name) << format << name << QList<int> { 1 } << false;
                QTest::addRow("%s of %s, full precision", format, name) << format << name << QList<int> {} << false;
            }
        }
    }

    void networks()
    {
        QFETCH(QString, format);
        QFETCH(QString, name);
        QFETCH(QList<int>, choices);
        QFETCH(bool, narrow);
        const Deployable network = exampleOf(name, { choices.begin(), choices.end() }, narrow ? Grid::Narrow : Grid::Midrise).network;
        const ImportedNetwork again = readAgain(format, network);
        const TensorMap tensors = tensorsFromBytes(again.graph, again.weights);
        const auto layers = layersOf(again.graph);
        QCOMPARE(layers.size(), network.layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const Node &was = layerNode(network.graph, i), &is = layerNode(again.graph, i);
            QVERIFY2(at::equal(tensors.at(is.weight), network.tensors.at(was.weight)), qPrintable(QString::fromStdString(is.name)));
            QCOMPARE(is.groups, was.groups);
            QVERIFY(is.shape == was.shape && is.kernel == was.kernel && is.stride == was.stride && is.padding == was.padding);
            const std::vector<int> bits
                = network.isQuantized() ? std::vector<int>(network.bits[i].begin(), network.bits[i].end()) : std::vector<int> {};
            const auto found = again.bits.find(is.name);
            QVERIFY((found == again.bits.end() ? std::vector<int> {} : found->second) == bits);
        }
        const at::Tensor images = imagesFor(network, 4);
        const at::Tensor wanted = expectedLogits(network, images), found = execute(again.graph, tensors, images);
        QVERIFY((wanted - found).abs().max().item<float>() <= 1e-5F * (1 + wanted.abs().max().item<float>())); // float32
    }

    /// Windows that are not all of one size come back as one pool.
    void adaptivePools()
    {
        for (const char* format : { "onnx", "qonnx", "torchscript" }) {
            const Deployable network = exampleOf("imported", { 2, 4 }, Grid::Midrise).network;
            const Graph graph = readAgain(QString::fromLatin1(format), network).graph;
            const auto pools = std::ranges::count(graph.nodes, Op::AdaptiveAveragePool, &Node::op);
            QCOMPARE(pools, 1);
            const auto pool = std::ranges::find(graph.nodes, Op::AdaptiveAveragePool, &Node::op);
            QVERIFY((pool->target == Pair { 9, 3 }));
        }
    }

    /// Channels chosen from anything but a layer become slices.
    void chosenChannels()
    {
        const auto tested = [](const Numbers& channels, std::optional<Op> op) {
            const OnnxCase one { "gather", 13,
                [=](OnnxWriter& f, const std::string& x) {
                    const std::string relu = f.node("Relu", { x });
                    const std::string which = f.constant("which", at::tensor(channels, at::kLong));
                    return f.node("Gather", { relu, which }, { { "axis", std::int64_t { 1 } } });
                },
                [=](const at::Tensor& x) { return at::relu(x).index_select(1, at::tensor(channels, at::kLong).remainder(4)); }, op };
            return flawOf(one);
        };
        QCOMPARE(tested({ 1, 2 }, Op::Slice), QString());
        QCOMPARE(tested({ 3, 0, 1, -1 }, Op::Concat), QString());
        QVERIFY_EXCEPTION_THROWN(tested({ 4 }, std::nullopt), Error);
    }
};

QTEST_APPLESS_MAIN(RoundTripTest)
#include "tst_engine_round_trip.moc"
