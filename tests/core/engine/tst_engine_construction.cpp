// SPDX-License-Identifier: GPL-3.0-or-later
// Which filter comes into which subnet.
#include "tests/core/engine/tiny_network.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/engine/stepping/construction.h"
#include "core/network/graph_builder.h"
#include "core/network/subnet_graph.h"
#include "core/network/zoo.h"

#include <QtTest>

#include <algorithm>

using namespace bitscape;

class ConstructionTest : public QObject {
    Q_OBJECT
private slots:
    void constructionMeetsItsBudgets_data()
    {
        QTest::addColumn<QByteArray>("network");
        for (const char* name : { "lenet5", "lenet-3c1l", "vgg-small", "resnet20" })
            QTest::newRow(name) << QByteArray(name);
    }

    /// From any importance: every budget kept, at least 95 % of it used, a filter of every layer in S_1.
    void constructionMeetsItsBudgets()
    {
        QFETCH(const QByteArray, network);
        const Graph original = zooGraph(zooRequestFrom("zoo:" + network.toStdString()));
        const Graph graph = widened(original, 1.8);
        const auto layers = layersOf(graph), originalLayers = layersOf(original);
        const auto macs = static_cast<double>(SubnetCost(original, originalLayers).macs(uniformGroups(originalLayers, 1), 1));
        const std::vector<double> budgets { 0.1 * macs, 0.3 * macs, 0.5 * macs, 0.85 * macs };
        const SubnetCost cost(graph, layers);
        Construction construction(graph, layers, budgets, 1.5);
        Random random(3);
        SubnetImportance importance(4);
        for (auto& subnet : importance) {
            for (const auto& layer : construction.groups()) {
                subnet.emplace_back();
                for (std::size_t f = 0; f < layer.size(); ++f)
                    subnet.back().push_back(random.uniform(0, 1));
            }
        }
        constexpr int kIterations = 8;
        for (int left = kIterations; left >= 1; --left) {
            construction.moveOn(importance, nullptr, left);
            // Every subnet that was over its budget has come its share of the way.
            const double start = static_cast<double>(cost.macs(uniformGroups(layers, 1), 1));
            const double done = static_cast<double>(kIterations - left + 1) / kIterations;
            QVERIFY(static_cast<double>(cost.macs(construction.groups(), 1)) <= start - done * (start - budgets[0]) + 1);
        }
        construction.fillUp(importance);
        for (int k = 1; k <= 4; ++k) {
            const auto used = static_cast<double>(cost.macs(construction.groups(), k));
            QVERIFY2(used <= budgets[static_cast<std::size_t>(k - 1)], qPrintable(QString::number(used)));
            QVERIFY2(used >= 0.95 * budgets[static_cast<std::size_t>(k - 1)],
                qPrintable(QString::number(used / budgets[static_cast<std::size_t>(k - 1)])));
        }
        for (const auto& channels : channelGroups(graph, layers, construction.groups()))
            QVERIFY(std::ranges::count(channels, 1) >= 1);
        for (const bool dense : { false, true }) {
            construction.nest(dense);
            for (int k = 1; k <= 4; ++k) {
                const auto used
                    = static_cast<double>(dense ? denseMacs(graph, layers, construction.groups(), k) : cost.macs(construction.groups(), k));
                QVERIFY(used <= budgets[static_cast<std::size_t>(k - 1)]);
            }
            for (const auto& layer : construction.groups())
                QVERIFY(std::ranges::is_sorted(layer)); // nested: a prefix each
        }
    }

    /// Addends whose most important filters are others: the sum has the larger group of each pair, and must not lose S_1.
    void aSumKeepsAChannelInTheSmallestSubnet()
    {
        const Graph graph = test::residual();
        const auto layers = layersOf(graph);
        Construction construction(graph, layers, { 1, 1e9 }, 1.5);
        SubnetImportance importance(2);
        for (auto& subnet : importance) {
            for (std::size_t i = 0; i < layers.size(); ++i) {
                subnet.emplace_back();
                for (std::int64_t f = 0; f < layers[i].filters; ++f)
                    subnet.back().push_back(static_cast<double>(i % 2 == 0 ? f : layers[i].filters - f));
            }
        }
        construction.moveOn(importance, nullptr, 1);
        for (const auto& channels : channelGroups(graph, layers, construction.groups()))
            QVERIFY(std::ranges::count(channels, 1) >= 1);
        QCOMPARE(subnetGraph(graph, layers, construction.groups(), 2).graph.subnets.size(), std::size_t { 2 });
    }

    void whatCannotBeFollowedIsRefused()
    {
        GraphBuilder builder({ 4, 6, 6, false });
        Node grouped;
        grouped.name = "depthwise";
        grouped.op = Op::Conv2d;
        grouped.inputs = { 0 };
        grouped.filters = 4;
        grouped.groups = 4;
        grouped.weight = "depthwise.weight";
        const Graph graph = builder.finish(builder.linear("fc", builder.flatten("flatten", builder.add(grouped)), 3));
        try {
            widened(graph, 2);
            QFAIL("not refused");
        } catch (const Error& error) {
            QVERIFY(QByteArray(error.what()).contains("depthwise"));
        }
    }
};

QTEST_GUILESS_MAIN(ConstructionTest)
#include "tst_engine_construction.moc"
