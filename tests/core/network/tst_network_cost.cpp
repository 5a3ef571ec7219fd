// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_network.h"

#include "core/network/cost.h"
#include "core/network/zoo.h"

#include <QtTest>

#include <numeric>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// 1x4x4 -> conv 3x3 (2 filters of 9 weights and a bias, 2x2 positions) -> relu -> flat (8) -> fc (3 neurons of 8 weights and a bias).
Graph twoLayers()
{
    GraphBuilder g({ 1, 4, 4, false });
    return g.finish(g.linear("fc", g.flatten("flat", g.relu("relu", g.conv("conv", 0, 2, 3))), 3));
}

Cost costWith(const Graph& graph, const LayerBits& bits, int activationBits)
{
    return costOf(graph, layersOf(graph, false), bits, activationBits);
}

/// MACs and BitOps of a full network, every filter at the same bits, from the shapes alone.
struct Plain {
    std::int64_t macs = 0, bitops = 0, sizeBits = 0;
};

/// methods.md section 1 with a loop over all weights of every layer; nothing is pruned.
Plain unprunedCost(const Graph& graph, const LayerBits& bits, int activationBits)
{
    Plain cost;
    std::size_t layer = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        if (node.op != Op::Conv2d && node.op != Op::Linear)
            continue;
        bool bias = !node.bias.empty();
        for (const Node& next : graph.nodes) // in the built-in networks every normalisation is some layer's own
            bias = bias || (next.op == Op::BatchNorm && next.inputs.front() == static_cast<int>(i));
        const std::string source = graph.nodes[static_cast<std::size_t>(node.inputs.front())].name;
        const bool image = source == "input" || (layer == 0 && source == "flatten");
        for (std::int64_t f = 0; f < node.filters; ++f) {
            const int b = bits[layer][static_cast<std::size_t>(f)];
            std::int64_t weights = 0;
            for (const TensorInfo& tensor : graph.tensors) {
                if (tensor.name == node.weight)
                    weights = tensor.elements() / node.filters;
            }
            cost.macs += weights * node.shape.positions();
            cost.bitops += weights * node.shape.positions() * b * (image ? 8 : activationBits);
            cost.sizeBits += weights * b + (b < 32 ? 32 : 0) + (bias ? 32 : 0);
        }
        ++layer;
    }
    return cost;
}

/// Where the cost of random bits is not that of the same network really run; empty if nowhere.
QString costDifference(const Graph& graph, const std::vector<int>& choices, Random& random)
{
    const auto layers = layersOf(graph);
    const LayerBits bits = randomBits(layers, choices, random);
    const int activationBits = 1 + static_cast<int>(random.below(32));
    const PlainNetwork plain(graph, bits, activationBits, random.next());
    const Cost cost = costOf(graph, layers, bits, activationBits);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (cost.layers[i].macs != plain.macs[i] || cost.layers[i].bitops != plain.bitops[i])
            return QString::fromStdString(layers[i].name);
    }
    const bool sums = cost.macs == std::reduce(plain.macs.begin(), plain.macs.end())
        && cost.bitops == std::reduce(plain.bitops.begin(), plain.bitops.end());
    return sums ? QString() : QStringLiteral("sums");
}

} // namespace

/// MACs, BitOps, sizes and average bits: by hand, by counting the multiplications of a zeroed network, and by plain sums.
class TestCost final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void byHand_data()
    {
        QTest::addColumn<QList<int>>("bits"); // two filters, three neurons
        QTest::addColumn<int>("activationBits");
        QTest::addColumn<QList<qint64>>("conv"); // MACs, BitOps, size
        QTest::addColumn<QList<qint64>>("fc");
        QTest::addColumn<double>("average");
        using Q = QList<qint64>;
        // conv: 4 positions * 9 weights = 36 MACs per filter, image of 8 bits; fc: 8 features; a scale and a bias are 32 bits each
        QTest::newRow("all at four") << QList<int> { 4, 4, 4, 4, 4 } << 4 << Q { 72, 72 * 4 * 8, 2 * (36 + 64) }
                                     << Q { 24, 24 * 4 * 4, 3 * (32 + 64) } << 4.0;
        QTest::newRow("mixed") << QList<int> { 1, 3, 2, 4, 8 } << 5 << Q { 72, 36 * 1 * 8 + 36 * 3 * 8, (9 + 64) + (27 + 64) }
                               << Q { 24, 8 * 5 * (2 + 4 + 8), (16 + 64) + (32 + 64) + (64 + 64) } << (9 + 27 + 16 + 32 + 64) / 42.0;
        // the dead filter's four features are gone from every neuron; the stored weights are not
        QTest::newRow("dead filter") << QList<int> { 4, 0, 8, 2, 0 } << 32 << Q { 36, 36 * 4 * 8, 36 + 64 }
                                     << Q { 8, 4 * 32 * (8 + 2), (64 + 64) + (16 + 64) } << (36 + 64 + 16) / 42.0;
        QTest::newRow("dead convolution") << QList<int> { 0, 0, 3, 3, 3 } << 32 << Q { 0, 0, 0 } << Q { 0, 0, 3 * (24 + 64) } << 72 / 42.0;
        QTest::newRow("dead classifier") << QList<int> { 2, 2, 0, 0, 0 } << 32 << Q { 72, 72 * 2 * 8, 2 * (18 + 64) } << Q { 0, 0, 0 }
                                         << 36 / 42.0;
        // full precision has no scale
        QTest::newRow("full precision") << QList<int> { 32, 32, 32, 32, 32 } << 32 << Q { 72, 72 * 32 * 8, 2 * (288 + 32) }
                                        << Q { 24, 24 * 32 * 32, 3 * (256 + 32) } << 32.0;
        QTest::newRow("partly full") << QList<int> { 32, 1, 32, 0, 1 } << 32 << Q { 72, 36 * 8 * 33, (288 + 32) + (9 + 64) }
                                     << Q { 16, 8 * 32 * 33, (256 + 32) + (8 + 64) } << (288 + 9 + 256 + 8) / 42.0;
    }

    void byHand()
    {
        QFETCH(const QList<int>, bits);
        QFETCH(const int, activationBits);
        LayerBits layerBits(2);
        for (int i = 0; i < 5; ++i)
            layerBits[i < 2 ? 0 : 1].push_back(static_cast<std::uint8_t>(bits[i]));
        const Cost cost = costWith(twoLayers(), layerBits, activationBits);
        QFETCH(const QList<qint64>, conv);
        QFETCH(const QList<qint64>, fc);
        QFETCH(const double, average);
        QCOMPARE((QList<qint64> { cost.layers[0].macs, cost.layers[0].bitops, cost.layers[0].sizeBits }), conv);
        QCOMPARE((QList<qint64> { cost.layers[1].macs, cost.layers[1].bitops, cost.layers[1].sizeBits }), fc);
        QCOMPARE((QList<qint64> { cost.macs, cost.bitops, cost.sizeBits }),
            (QList<qint64> { conv[0] + fc[0], conv[1] + fc[1], conv[2] + fc[2] }));
        QCOMPARE(cost.averageBits, average);
    }

    /// 4x3x3 -> 6 filters of 1x1 in two groups -> depthwise 3x3 (6) -> flat (6) -> fc (2); without bias but for fc.
    void groupsByHand()
    {
        GraphBuilder g({ 4, 3, 3, false });
        Node grouped = groupedConv("grouped", 0, 6, 2, 1), depthwise = groupedConv("depthwise", 1, 6, 6, 3);
        grouped.bias.clear();
        depthwise.bias.clear();
        g.add(grouped);
        const Graph graph = g.finish(g.linear("fc", g.flatten("flat", g.add(depthwise)), 2));
        // grouped: 9 positions * 2 inputs = 18 MACs per filter; depthwise: 9 per filter, none for those of dead channels 1 and 5;
        // fc: 6 features less the pruned 0 and 5
        const Cost cost = costWith(graph, { { 2, 0, 2, 2, 2, 0 }, { 0, 3, 3, 3, 3, 0 }, { 4, 4 } }, 8);
        QCOMPARE(cost.layers[0], (LayerCost { 72, 72 * 2 * 8, 4 * (2 * 2 + 32) }));
        QCOMPARE(cost.layers[1], (LayerCost { 27, 27 * 3 * 8, 4 * (9 * 3 + 32) })); // filter 1 is stored, though it has nothing to do
        QCOMPARE(cost.layers[2], (LayerCost { 8, 8 * 4 * 8, 2 * (6 * 4 + 64) }));
    }

    /// The image keeps its 8 bits through what computes nothing; whatever computes has activations.
    void imageBits()
    {
        const auto bitopsWith = [](auto build) {
            GraphBuilder g({ 1, 2, 2, false });
            const Graph graph = g.finish(g.linear("fc", g.flatten("flat", build(g)), 1));
            return costWith(graph, { { 1 } }, 3).bitops;
        };
        QCOMPARE(bitopsWith([](GraphBuilder&) { return 0; }), 4 * 8);
        QCOMPARE(bitopsWith([](GraphBuilder& g) { return g.add(plainNode("drop", Op::Identity, { 0 })); }), 4 * 8);
        QCOMPARE(bitopsWith([](GraphBuilder& g) { return g.batchNorm("bn", 0); }), 4 * 3);
        QCOMPARE(bitopsWith([](GraphBuilder& g) { return g.sum("add", 0, 0); }), 4 * 3);
    }

    void zoo_data()
    {
        QTest::addColumn<QString>("source");
        for (const std::string& source : smallZoo())
            QTest::newRow(source.c_str()) << QString::fromStdString(source);
    }

    /// Random bits against the multiplications of the same network really run.
    void zoo()
    {
        QFETCH(const QString, source);
        const Graph graph = zooGraph(zooRequestFrom(source.toStdString()));
        Random random(3);
        for (const std::vector<int>& choices : { std::vector<int> { 0, 1, 2, 3, 4 }, { 0, 0, 8 }, { 5, 32 }, { 0 } })
            QCOMPARE(costDifference(graph, choices, random), QString());
    }

    void mixtures()
    {
        Random random(5);
        for (int i = 0; i < 200; ++i)
            QCOMPARE(costDifference(mixture(), { 0, 0, 1 + i % 8, 32 }, random), QString());
    }

    void importedNetworks()
    {
        Random random(6);
        for (int i = 0; i < 200; ++i)
            QCOMPARE(costDifference(imported(), { 0, 0, 1 + i % 8, 32 }, random), QString());
    }

    void wholeZoo_data()
    {
        QTest::addColumn<QString>("source");
        for (const std::string& name : zooNames())
            QTest::newRow(name.c_str()) << QString::fromStdString("zoo:" + name);
    }

    /// The networks in full size, nothing pruned.
    void wholeZoo()
    {
        QFETCH(const QString, source);
        const Graph graph = zooGraph(zooRequestFrom(source.toStdString()));
        const auto layers = layersOf(graph);
        Random random(4);
        const LayerBits bits = randomBits(layers, { 1, 2, 3, 4, 8, 32 }, random);
        const Plain expected = unprunedCost(graph, bits, 7);
        const Cost cost = costOf(graph, layers, bits, 7);
        QCOMPARE(cost.macs, expected.macs);
        QCOMPARE(cost.bitops, expected.bitops);
        QCOMPARE(cost.sizeBits, expected.sizeBits);
    }

    /// Only quantizable layers count, each filter by its weights.
    void averages()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:lenet5")); // conv1 | conv2 16*150, fc1 120*400, fc2 84*120 | fc3
        const auto layers = layersOf(graph);
        LayerBits bits = uniformBits(layers, 2, 8);
        QCOMPARE(averageBits(layers, bits), 2.0);
        bits[0][0] = bits[4][0] = 0;
        QCOMPARE(averageBits(layers, bits), 2.0);
        bits[1][3] = 4;
        bits[2][7] = 0;
        bits[3][0] = 3;
        QCOMPARE(averageBits(layers, bits), 2.0 + (2 * 150 - 2 * 400 + 120) / (2400.0 + 48000 + 10080));
        QCOMPARE(costOf(graph, layers, bits).averageBits, averageBits(layers, bits));
        const auto single = layersOf(zooGraph(zooRequestFrom("zoo:mlp?hidden=4&input=1x2x2")));
        QCOMPARE(averageBits(single, uniformBits(single, 2, 8)), 0.0); // both layers are kept
    }

    void uniform()
    {
        const Graph graph = twoLayers();
        QCOMPARE(uniformBits(layersOf(graph, false), 3, 8), (LayerBits { { 3, 3 }, { 3, 3, 3 } }));
        QCOMPARE(uniformBits(layersOf(graph, true), 3, 8), (LayerBits { { 8, 8 }, { 8, 8, 8 } }));
        const auto layers = layersOf(zooGraph(zooRequestFrom("zoo:mlp?hidden=2x3&classes=2")));
        QCOMPARE(uniformBits(layers, 0, 32), (LayerBits { { 32, 32 }, { 0, 0, 0 }, { 32, 32 } }));
    }
};

QTEST_APPLESS_MAIN(TestCost)
#include "tst_network_cost.moc"
