// SPDX-License-Identifier: GPL-3.0-or-later
#include "network_test_support.h"

#include "core/network/zoo.h"

#include <QtTest>

#include <algorithm>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// The name of the node that a position names, "-" for none.
QString nameOf(const Graph& graph, int node)
{
    return node < 0 ? QStringLiteral("-") : QString::fromStdString(graph.nodes[static_cast<std::size_t>(node)].name);
}

/// "layer>tap" with "+" for an unsigned tap and "/bn" for a normalisation of its own, layers separated by blanks.
QString taps(const Graph& graph)
{
    QStringList texts;
    for (const Layer& layer : layersOf(graph)) {
        texts << QString::fromStdString(layer.name) + '>' + nameOf(graph, layer.tap) + (layer.unsignedTap ? "+" : "")
                + (layer.batchNorm < 0 ? QString() : '/' + nameOf(graph, layer.batchNorm));
    }
    return texts.join(' ');
}

/// Flattens and puts a classifier behind.
Graph withClassifier(GraphBuilder& graph, int node)
{
    return graph.finish(graph.linear("fc", graph.flatten("flat", node), 3));
}

GraphBuilder image()
{
    return GraphBuilder({ 2, 8, 8, false });
}

} // namespace

/// Which node is a layer's activation tap, which normalisation is its own, which layers are kept (methods.md section 1).
class TestLayers final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void convolutionWithEverythingBehind()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.relu("relu", g.batchNorm("bn", g.conv("conv", 0, 4, 3))))), "conv>relu+/bn fc>fc");
    }

    void convolutionAlone()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.conv("conv", 0, 4, 3))), "conv>conv fc>fc");
    }

    void normalisationWithoutRelu()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.maxPool("pool", g.batchNorm("bn", g.conv("conv", 0, 4, 3)), 2, 2))), "conv>bn/bn fc>fc");
    }

    void reluSix()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.add(plainNode("six", Op::Relu6, { g.conv("conv", 0, 4, 3) })))), "conv>six+ fc>fc");
    }

    void reluThenPool()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.maxPool("pool", g.relu("relu", g.conv("conv", 0, 4, 3)), 2, 2))), "conv>relu+ fc>fc");
    }

    void poolThenRelu()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.relu("relu", g.maxPool("pool", g.conv("conv", 0, 4, 3), 2, 2)))), "conv>conv fc>fc");
    }

    void poolThenNormalisation()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.relu("relu", g.batchNorm("bn", g.maxPool("pool", g.conv("conv", 0, 4, 3), 2, 2))))),
            "conv>conv fc>fc");
    }

    /// The normalisation stands behind the activation: it is not the layer's own.
    void reluThenNormalisation()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.batchNorm("bn", g.relu("relu", g.conv("conv", 0, 4, 3))))), "conv>relu+ fc>fc");
    }

    void secondNormalisationEndsTheSearch()
    {
        GraphBuilder g = image();
        QCOMPARE(
            taps(withClassifier(g, g.relu("relu", g.batchNorm("bn2", g.batchNorm("bn1", g.conv("conv", 0, 4, 3)))))), "conv>bn1/bn1 fc>fc");
    }

    void identityEndsTheSearch()
    {
        GraphBuilder g = image();
        QCOMPARE(taps(withClassifier(g, g.relu("relu", g.add(plainNode("drop", Op::Identity, { g.conv("conv", 0, 4, 3) }))))),
            "conv>conv fc>fc");
    }

    void convolutionReadByTwo()
    {
        GraphBuilder g = image();
        const int conv = g.conv("conv", 0, 4, 3);
        const int sum = g.sum("add", g.relu("relu", g.batchNorm("bn", conv)), conv);
        QCOMPARE(taps(withClassifier(g, sum)), "conv>conv fc>fc");
    }

    /// One reader that reads it twice is not an only reader either.
    void convolutionAddedToItself()
    {
        GraphBuilder g = image();
        const int conv = g.conv("conv", 0, 4, 3);
        QCOMPARE(taps(withClassifier(g, g.sum("add", conv, conv))), "conv>conv fc>fc");
    }

    void normalisationReadByTwo()
    {
        GraphBuilder g = image();
        const int bn = g.batchNorm("bn", g.conv("conv", 0, 4, 3));
        QCOMPARE(taps(withClassifier(g, g.sum("add", g.relu("relu", bn), bn))), "conv>bn/bn fc>fc");
    }

    /// The ReLU has two readers itself, which does not matter.
    void reluReadByTwo()
    {
        GraphBuilder g = image();
        const int relu = g.relu("relu", g.batchNorm("bn", g.conv("conv", 0, 4, 3)));
        QCOMPARE(taps(withClassifier(g, g.sum("add", g.conv("conv2", relu, 4, 1), relu))), "conv>relu+/bn conv2>conv2 fc>fc");
    }

    /// A residual block: the normalisation in front of the sum is a signed tap, the ReLU behind the sum belongs to nobody.
    void residualBlocks()
    {
        const QString text = taps(zooGraph(zooRequestFrom("zoo:resnet20")));
        QVERIFY(text.startsWith("conv1>relu1+/bn1 stage1.block1.conv1>stage1.block1.relu1+/stage1.block1.bn1 "
                                "stage1.block1.conv2>stage1.block1.bn2/stage1.block1.bn2 stage1.block2.conv1>"));
        QVERIFY(text.contains(" stage2.block1.shortcut.conv>stage2.block1.shortcut.bn/stage2.block1.shortcut.bn "));
        QVERIFY(text.endsWith(" fc>fc"));
        QCOMPARE(text.count('+'), 1 + 9);
        QCOMPARE(text.count('/'), 21);
    }

    void linearLayers()
    {
        const QString text = taps(zooGraph(zooRequestFrom("zoo:mlp")));
        QCOMPARE(text, "fc1>relu1+ fc2>relu2+ fc3>fc3");
    }

    /// Every field of a layer, by hand: 2x8x8 -> 6 filters of 3x5 in two groups, stride 2x1 -> 3x4 positions.
    void fields()
    {
        GraphBuilder g = image();
        Node conv = groupedConv("conv", 0, 6, 2, 3);
        conv.kernel = { 3, 5 };
        conv.stride = { 2, 1 };
        conv.bias.clear();
        const auto layers = layersOf(withClassifier(g, g.relu("relu", g.batchNorm("bn", g.add(conv)))));
        QCOMPARE(layers.size(), std::size_t { 2 });
        const Layer expected { 1, "conv", Op::Conv2d, 6, 2, 2, 15, 12, 2, 3, true, true, true, false, false };
        QVERIFY(layers[0] == expected);
        const Layer classifier { 5, "fc", Op::Linear, 3, 72, 1, 1, 1, -1, 5, false, true, false, true, false };
        QVERIFY(layers[1] == classifier);
        QCOMPARE(layers[0].weightsPerFilter(), 15);
        QCOMPARE(layers[0].weights(), 90);
        QCOMPARE(layers[0].macsPerFilter(), 180);
        QCOMPARE(layers[0].macs(), 1080);
        QCOMPARE(layers[1].weights(), 216);
        QCOMPARE(layers[1].macs(), 216);
    }

    void biases()
    {
        GraphBuilder g = image();
        int node = g.conv("with", 0, 2, 1);
        node = g.conv("without", node, 2, 1, 1, 0, false);
        node = g.batchNorm("bn", g.conv("norm", node, 2, 1, 1, 0, false));
        node = g.batchNorm("far", g.relu("relu", g.conv("behind", node, 2, 1, 1, 0, false)));
        std::vector<bool> biases;
        for (const Layer& layer : layersOf(withClassifier(g, node)))
            biases.push_back(layer.hasBias);
        QCOMPARE(biases, (std::vector<bool> { true, false, true, false, true }));
    }

    void keptLayers_data()
    {
        QTest::addColumn<QString>("source");
        for (const std::string& name : zooNames())
            QTest::newRow(name.c_str()) << QString::fromStdString("zoo:" + name);
    }

    void keptLayers()
    {
        QFETCH(const QString, source);
        const Graph graph = zooGraph(zooRequestFrom(source.toStdString()));
        const auto kept = layersOf(graph, true);
        const auto free = layersOf(graph, false);
        QCOMPARE(kept.size(), free.size());
        QVERIFY(kept == layersOf(graph));
        QCOMPARE(kept.back().node, graph.output);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            QCOMPARE(kept[i].first, i == 0);
            QCOMPARE(kept[i].last, i + 1 == kept.size());
            QCOMPARE(kept[i].quantizable, i > 0 && i + 1 < kept.size());
            QVERIFY(free[i].quantizable);
            Layer same = kept[i];
            same.quantizable = true;
            QVERIFY(same == free[i]);
        }
    }

    void oneLayerIsFirstAndLast()
    {
        GraphBuilder g = image();
        const Graph graph = withClassifier(g, 0);
        const auto layers = layersOf(graph);
        QCOMPARE(layers.size(), std::size_t { 1 });
        QVERIFY(layers[0].first && layers[0].last && !layers[0].quantizable);
        QVERIFY(layersOf(graph, false)[0].quantizable);
    }

    void noLayers()
    {
        GraphBuilder g = image();
        QVERIFY(layersOf(g.finish(g.flatten("flat", 0))).empty());
    }
};

QTEST_APPLESS_MAIN(TestLayers)
#include "tst_network_layers.moc"
