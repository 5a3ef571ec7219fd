// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_network.h"

#include "core/network/channel_flow.h"
#include "core/network/zoo.h"

#include <QtTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// Full bits but for the filters named: { layer, filter }.
LayerBits pruned(const std::vector<Layer>& layers, const std::vector<std::pair<std::size_t, std::size_t>>& filters)
{
    LayerBits bits;
    for (const Layer& layer : layers)
        bits.emplace_back(static_cast<std::size_t>(layer.filters), std::uint8_t { 4 });
    for (const auto& [layer, filter] : filters)
        bits[layer][filter] = 0;
    return bits;
}

/// The dead channels of a named node, one digit each.
QString deadAt(const Graph& graph, const char* node, const std::vector<std::pair<std::size_t, std::size_t>>& filters)
{
    const auto layers = layersOf(graph);
    const auto dead = deadChannels(graph, layers, pruned(layers, filters));
    QString digits;
    for (const std::uint8_t value : dead[static_cast<std::size_t>(positionOf(graph, node))])
        digits += value == 0 ? '0' : value == 1 ? '1' : '?';
    return digits;
}

Graph classified(GraphBuilder& graph, int node)
{
    return graph.finish(graph.linear("fc", graph.flatten("flat", node), 3));
}

/// conv1 (3) -> relu -> pool -> conv2 (2) -> bn2 -> relu2 -> flat (2 * 4) -> fc
Graph chain()
{
    GraphBuilder g({ 2, 4, 4, false });
    const int pool = g.maxPool("pool", g.relu("relu", g.conv("conv1", 0, 3, 3, 1, 1)), 2, 2);
    return classified(g, g.relu("relu2", g.batchNorm("bn2", g.conv("conv2", pool, 2, 1, 1, 0, false))));
}

/// Two residual sums in a row, as in a stage of ResNet: stem, block a, block b, then a layer that reads the last sum.
Graph stage()
{
    GraphBuilder g({ 1, 3, 3, false });
    const int stem = g.relu("stem_relu", g.batchNorm("stem_bn", g.conv("stem", 0, 3, 1, 1, 0, false)));
    const int a = g.relu("a_relu", g.sum("a_add", g.batchNorm("a_bn", g.conv("a", stem, 3, 1, 1, 0, false)), stem));
    const int b = g.relu("b_relu", g.sum("b_add", g.batchNorm("b_bn", g.conv("b", a, 3, 1, 1, 0, false)), a));
    return classified(g, b);
}

/// Every node's channels against a run of the zeroed network.
bool agreesWithRun(const Graph& graph, const LayerBits& bits, std::uint64_t seed)
{
    const auto dead = deadChannels(graph, layersOf(graph), bits);
    const PlainNetwork plain(graph, bits, 32, seed);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (dead[i].size() != static_cast<std::size_t>(graph.nodes[i].shape.channels))
            return false;
        for (std::size_t c = 0; c < dead[i].size(); ++c) {
            if ((dead[i][c] == 1) != plain.isZero(i, static_cast<std::int64_t>(c)))
                return false;
        }
    }
    return true;
}

} // namespace

/// Which channels are exactly zero: by hand in small networks, and by running zeroed networks in plain loops.
class TestChannelFlow final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void throughAChain()
    {
        const Graph graph = chain();
        for (const char* node : { "conv1", "relu", "pool" })
            QCOMPARE(deadAt(graph, node, { { 0, 1 } }), "010");
        QCOMPARE(deadAt(graph, "conv2", { { 0, 1 } }), "00");
        QCOMPARE(deadAt(graph, "input", { { 0, 0 }, { 0, 1 }, { 0, 2 } }), "00");
        QCOMPARE(deadAt(graph, "conv2", { { 0, 0 }, { 0, 1 }, { 0, 2 } }), "00"); // the shift of bn2 is still there
        for (const char* node : { "conv2", "bn2", "relu2" })
            QCOMPARE(deadAt(graph, node, { { 1, 0 } }), "10");
        QCOMPARE(deadAt(graph, "flat", { { 1, 0 } }), "11110000"); // channel 0 of 2 takes the first 4 of 2*2*2 features
        QCOMPARE(deadAt(graph, "flat", { { 1, 1 } }), "00001111");
        QCOMPARE(deadAt(graph, "fc", { { 2, 1 } }), "010");
    }

    /// stem filter 0, a filter 0, b filter 0: a sum is dead where all of what it adds is.
    void throughResidualSums()
    {
        const Graph graph = stage();
        QCOMPARE(deadAt(graph, "a_add", { { 1, 0 } }), "000"); // the stem's channel comes through
        QCOMPARE(deadAt(graph, "a_add", { { 0, 0 } }), "000");
        QCOMPARE(deadAt(graph, "a_relu", { { 0, 0 }, { 1, 0 } }), "100");
        QCOMPARE(deadAt(graph, "b_add", { { 0, 0 }, { 1, 0 } }), "000"); // b writes it again
        QCOMPARE(deadAt(graph, "b_add", { { 0, 0 }, { 2, 0 } }), "000"); // a's comes through
        QCOMPARE(deadAt(graph, "b_add", { { 1, 0 }, { 2, 0 } }), "000"); // the stem's comes through both
        QCOMPARE(deadAt(graph, "b_relu", { { 0, 0 }, { 1, 0 }, { 2, 0 } }), "100");
        QCOMPARE(deadAt(graph, "b_relu", { { 0, 0 }, { 1, 0 }, { 2, 1 } }), "000");
        QCOMPARE(deadAt(graph, "flat", { { 0, 2 }, { 1, 2 }, { 2, 2 } }), "000000000000000000111111111");
    }

    void sumOfThree()
    {
        GraphBuilder g({ 1, 2, 2, false });
        const int sum = g.add(plainNode("add", Op::Add, { g.conv("a", 0, 2, 1), g.conv("b", 0, 2, 1), g.conv("c", 0, 2, 1) }));
        const Graph graph = classified(g, sum);
        QCOMPARE(deadAt(graph, "add", { { 0, 0 }, { 1, 0 } }), "00");
        QCOMPARE(deadAt(graph, "add", { { 0, 0 }, { 2, 0 } }), "00");
        QCOMPARE(deadAt(graph, "add", { { 1, 0 }, { 2, 0 } }), "00");
        QCOMPARE(deadAt(graph, "add", { { 0, 0 }, { 1, 0 }, { 2, 0 }, { 0, 1 }, { 2, 1 } }), "10");
    }

    /// Its shift brings a channel back to life unless it is the layer's own.
    void normalisationElsewhere()
    {
        GraphBuilder behindPool({ 1, 4, 4, false });
        int node = behindPool.maxPool("pool", behindPool.conv("conv", 0, 2, 1), 2, 2);
        QCOMPARE(deadAt(classified(behindPool, behindPool.batchNorm("bn", node)), "bn", { { 0, 0 } }), "00");

        GraphBuilder behindRelu({ 1, 4, 4, false });
        node = behindRelu.relu("relu", behindRelu.conv("conv", 0, 2, 1));
        QCOMPARE(deadAt(classified(behindRelu, behindRelu.batchNorm("bn", node)), "flat", { { 0, 0 }, { 0, 1 } }), QString(32, '0'));

        GraphBuilder second({ 1, 4, 4, false });
        node = second.batchNorm("bn1", second.conv("conv", 0, 2, 1));
        const Graph twice = classified(second, second.batchNorm("bn2", node));
        QCOMPARE(deadAt(twice, "bn1", { { 0, 0 } }), "10");
        QCOMPARE(deadAt(twice, "bn2", { { 0, 0 } }), "00");

        GraphBuilder shared({ 1, 4, 4, false });
        node = shared.conv("conv", 0, 2, 1);
        const int sum = shared.sum("add", shared.batchNorm("bn", node), node);
        const Graph twoReaders = classified(shared, sum);
        QCOMPARE(deadAt(twoReaders, "conv", { { 0, 1 } }), "01");
        QCOMPARE(deadAt(twoReaders, "bn", { { 0, 1 } }), "00");
        QCOMPARE(deadAt(twoReaders, "add", { { 0, 1 } }), "00");
    }

    void pools()
    {
        GraphBuilder g({ 1, 4, 4, false });
        int node = g.add(poolNode("average", Op::AveragePool, g.conv("conv", 0, 3, 1), 2, 2));
        node = g.globalAveragePool("global", g.add(plainNode("drop", Op::Identity, { node })));
        const Graph graph = classified(g, node);
        for (const char* name : { "average", "drop", "global", "flat" })
            QCOMPARE(deadAt(graph, name, { { 0, 0 }, { 0, 2 } }), "101");
    }

    void runsOfTheZoo_data()
    {
        QTest::addColumn<QString>("source");
        for (const std::string& source : smallZoo())
            QTest::newRow(source.c_str()) << QString::fromStdString(source);
    }

    void runsOfTheZoo()
    {
        QFETCH(const QString, source);
        const Graph graph = zooGraph(zooRequestFrom(source.toStdString()));
        const auto layers = layersOf(graph);
        Random random(11);
        for (const std::vector<int>& choices : { std::vector<int> { 0, 1, 4 }, { 0, 0, 0, 2 }, { 3, 32 }, { 0 } })
            QVERIFY(agreesWithRun(graph, randomBits(layers, choices, random), random.next()));
    }

    void runsOfAMixture()
    {
        const Graph graph = mixture();
        const auto layers = layersOf(graph);
        Random random(12);
        for (int i = 0; i < 300; ++i)
            QVERIFY2(agreesWithRun(graph, randomBits(layers, { 0, 0, 1 + i % 8 }, random), random.next()), qPrintable(QString::number(i)));
    }

    void runsOfAnImportedNetwork()
    {
        const Graph graph = imported();
        const auto layers = layersOf(graph);
        Random random(13);
        for (int i = 0; i < 300; ++i)
            QVERIFY2(agreesWithRun(graph, randomBits(layers, { 0, 0, 1 + i % 8 }, random), random.next()), qPrintable(QString::number(i)));
    }

    void bitsThatDoNotFit()
    {
        const Graph graph = chain();
        const auto layers = layersOf(graph);
        const LayerBits good = pruned(layers, {});
        LayerBits bad = good;
        bad.pop_back();
        QVERIFY(refuses([&] { deadChannels(graph, layers, bad); }, ErrorCode::Internal));
        bad = good;
        bad[1].push_back(1);
        QVERIFY(refuses([&] { deadChannels(graph, layers, bad); }, ErrorCode::Internal, { "conv2" }));
        bad = good;
        bad.push_back({ 1 });
        QVERIFY(refuses([&] { deadChannels(graph, layers, bad); }, ErrorCode::Internal));
    }
};

QTEST_APPLESS_MAIN(TestChannelFlow)
#include "tst_network_channel_flow.moc"
