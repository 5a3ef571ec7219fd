// SPDX-License-Identifier: GPL-3.0-or-later
// Subnets: which weights exist, what they cost, how they are moved, and that stepping computes what a fresh run does.
#include "tests/core/engine/tiny_network.h"

#include "core/engine/runs/subnet_model.h"
#include "core/engine/stepping/anytime.h"
#include "core/engine/stepping/construction.h"
#include "core/engine/stepping/incremental_network.h"
#include "core/engine/stepping/subnet_inference.h"
#include "core/engine/stepping/subnet_step.h"
#include "core/engine/stepping/subnet_trainer.h"
#include "core/network/cost.h"
#include "core/network/graph_json.h"
#include "core/network/subnet_graph.h"
#include "core/network/zoo.h"

#include <QtTest>

#include <functional>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr int kSubnets = 3;

/// Concatenation, product and a batch normalisation that cannot be folded among them.
Graph branched()
{
    GraphBuilder graph({ 2, 6, 6, false });
    const int stem = graph.relu("relu1", graph.batchNorm("bn1", graph.conv("conv1", 0, 5, 3, 1, 1, false)));
    const int left = graph.relu("relu2", graph.conv("conv2", stem, 4, 1));
    const int right = graph.conv("conv3", stem, 6, 3, 1, 1);
    Node join;
    join.name = "join";
    join.op = Op::Concat;
    join.inputs = { left, right };
    int node = graph.relu("relu3", graph.batchNorm("bn2", graph.add(join)));
    Node gate;
    gate.name = "gate";
    gate.op = Op::Sigmoid;
    gate.inputs = { graph.conv("conv4", node, 10, 1) };
    Node product;
    product.name = "product";
    product.op = Op::Multiply;
    product.inputs = { node, graph.add(gate) };
    node = graph.conv("conv5", graph.maxPool("pool", graph.add(product), 2, 2), 6, 3, 1, 1);
    node = graph.relu("relu4", graph.linear("fc1", graph.flatten("flatten", node), 7));
    return graph.finish(graph.linear("fc2", node, 3));
}

FilterGroups randomGroups(const std::vector<Layer>& layers, std::uint64_t seed)
{
    Random random(seed);
    FilterGroups groups = uniformGroups(layers, 1);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (std::size_t f = 1; f < groups[i].size() && !layers[i].last; ++f)
            groups[i][f] = static_cast<std::uint8_t>(1 + random.below(kSubnets + 1));
    }
    return groups;
}

const Graph& graphOf(const QByteArray& name)
{
    static const Graph chained = chain(), added = residual(), joined = branched();
    return name == "chain" ? chained : name == "residual" ? added : joined;
}

/// Subnet k by its definition: the whole network, with every weight that does not exist or leads out of S_k at zero, and every channel
/// outside S_k silenced behind each node.
at::Tensor maskedLogits(
    const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int k, TensorMap tensors, const at::Tensor& images)
{
    const auto channels = channelGroups(graph, layers, groups);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const Node& node = graph.nodes[static_cast<std::size_t>(layers[i].node)];
        const auto& from = channels[static_cast<std::size_t>(node.inputs.front())];
        at::Tensor weight = tensors.at(node.weight).clone();
        for (std::size_t f = 0; f < groups[i].size(); ++f) {
            for (std::size_t u = 0; u < from.size(); ++u) {
                const bool exists = layers[i].last ? from[u] <= k : groups[i][f] <= k && from[u] <= groups[i][f];
                if (!exists)
                    weight.select(0, static_cast<std::int64_t>(f)).select(0, static_cast<std::int64_t>(u)).zero_();
            }
        }
        tensors[node.weight] = weight;
    }
    ExecutionOptions options;
    options.hook = [&](int node, const at::Tensor& output) {
        at::Tensor result = output.clone();
        for (std::size_t c = 0; c < channels[static_cast<std::size_t>(node)].size() && node != graph.output; ++c) {
            if (channels[static_cast<std::size_t>(node)][c] > k)
                result.select(1, static_cast<std::int64_t>(c)).zero_();
        }
        return result;
    };
    return execute(graph, tensors, images, options);
}

/// Multiplications of subnet k, one weight after the other.
std::int64_t countedMacs(
    const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups, int k, const TensorMap& tensors, double below)
{
    const auto channels = channelGroups(graph, layers, groups);
    std::int64_t total = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const Node& node = graph.nodes[static_cast<std::size_t>(layers[i].node)];
        const auto& from = channels[static_cast<std::size_t>(node.inputs.front())];
        const at::Tensor weight = tensors.at(node.weight).reshape({ layers[i].filters, layers[i].inputs, layers[i].kernelArea });
        const auto value = weight.accessor<float, 3>();
        for (std::int64_t f = 0; f < weight.size(0); ++f) {
            for (std::int64_t u = 0; u < weight.size(1); ++u) {
                const int own = groups[i][static_cast<std::size_t>(f)], its = from[static_cast<std::size_t>(u)];
                const bool exists = own <= k && its <= k && (layers[i].last || its <= own);
                for (std::int64_t p = 0; p < weight.size(2); ++p)
                    total += exists && std::abs(static_cast<double>(value[f][u][p])) >= below ? layers[i].positions : 0;
            }
        }
    }
    return total;
}

double apart(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

} // namespace

class SteppingTest : public QObject {
    Q_OBJECT
private slots:
    void networks_data()
    {
        QTest::addColumn<QByteArray>("network");
        QTest::addColumn<int>("seed");
        for (const char* name : { "chain", "residual", "branched" }) {
            for (int seed = 1; seed <= 4; ++seed)
                QTest::addRow("%s %d", name, seed) << QByteArray(name) << seed;
        }
    }

    void subnetsFollowTheirDefinition_data() { networks_data(); }
    void subnetsFollowTheirDefinition()
    {
        QFETCH(const QByteArray, network);
        QFETCH(const int, seed);
        const Graph& graph = graphOf(network);
        const auto layers = layersOf(graph);
        const FilterGroups groups = randomGroups(layers, static_cast<std::uint64_t>(seed));
        const TensorMap tensors = randomTensors(graph, static_cast<std::uint64_t>(seed));
        const at::Tensor images = randomTensor({ 5, 2, 6, 6 }, 77);
        for (int k = 1; k <= kSubnets; ++k) {
            const SubnetPlan plan = planSubnet(graph, layers, groups, k, false, at::kCPU);
            ExecutionOptions options;
            options.reader = readerOf(plan);
            const at::Tensor wanted = maskedLogits(graph, layers, groups, k, tensors, images);
            const double scale = wanted.abs().max().item<double>();
            QVERIFY(apart(execute(graph, subnetTensors(graph, plan, tensors, 0), images, options), wanted) <= 1e-5 * scale);
            const InferenceNetwork folded
                = subnetNetwork(foldedSubnets(graph, tensors, 0), planSubnet(graph, layers, groups, k, false, at::kCPU));
            QVERIFY(apart(logitsOf(folded, images), wanted) <= 1e-4 * scale);
        }
    }

    void aPlainGraphHasTheSubnetsInIt_data() { networks_data(); }
    void aPlainGraphHasTheSubnetsInIt()
    {
        QFETCH(const QByteArray, network);
        QFETCH(const int, seed);
        const Graph& graph = graphOf(network);
        const auto layers = layersOf(graph);
        const FilterGroups groups = randomGroups(layers, static_cast<std::uint64_t>(seed) + 20);
        const TensorMap tensors = randomTensors(graph, static_cast<std::uint64_t>(seed));
        const at::Tensor images = randomTensor({ 4, 2, 6, 6 }, 79);
        SubnetGraph split;
        try {
            split = subnetGraph(graph, layers, groups, kSubnets);
        } catch (const Error& error) {
            QVERIFY(error.code() == ErrorCode::Unsupported); // a sum of which S_1 has no channel
            QSKIP(error.what());
        }
        QCOMPARE(split.graph.subnets.size(), std::size_t { kSubnets });
        QVERIFY(graphFromJson(graphToJson(split.graph)) == split.graph);
        const TensorMap own = splitTensors(split, graph, tensors, 0);
        for (int k = 1; k <= kSubnets; ++k) {
            const PartialGraph part = leadingTo(split.graph, split.graph.subnets[static_cast<std::size_t>(k - 1)]);
            const at::Tensor wanted = maskedLogits(graph, layers, groups, k, tensors, images);
            QVERIFY(apart(execute(part.graph, own, images), wanted) <= 1e-5 * wanted.abs().max().item<double>());
            const auto parts = layersOf(part.graph);
            std::int64_t dropped = 0; // filters that no filter reads
            for (const auto& layer : groups)
                dropped += std::ranges::count_if(layer, [&](int group) { return group <= k; });
            for (const Layer& layer : parts)
                dropped -= layer.last && !layer.name.ends_with(".s1") ? 0 : layer.filters;
            const std::int64_t macs = costOf(part.graph, parts, uniformBits(parts, 4, 8)).macs,
                               counted = countedMacs(graph, layers, groups, k, tensors, 0);
            QVERIFY(dropped == 0 ? macs == counted : dropped > 0 && macs < counted);
            for (const Layer& layer : parts) {
                QCOMPARE(layer.first, layer.name.starts_with("conv1."));
                QCOMPARE(layer.last, QByteArray::fromStdString(layer.name).startsWith(graph.nodes.back().name.c_str()));
            }
        }
    }

    void steppingComputesWhatFreshRunsDo_data() { networks_data(); }
    void steppingComputesWhatFreshRunsDo()
    {
        QFETCH(const QByteArray, network);
        QFETCH(const int, seed);
        constexpr double kBelow = 0.1; // prunes a good deal
        const Graph& graph = graphOf(network);
        const auto layers = layersOf(graph);
        const FilterGroups groups = randomGroups(layers, static_cast<std::uint64_t>(seed) + 10);
        const TensorMap tensors = randomTensors(graph, static_cast<std::uint64_t>(seed));
        const at::Tensor images = randomTensor({ 4, 2, 6, 6 }, 78);
        const FoldedNetwork folded = foldedSubnets(graph, tensors, kBelow);
        const IncrementalNetwork incremental(folded, layers, groups, kSubnets, countWeights(graph, layers, tensors, kBelow));
        IncrementalNetwork::Run run(incremental, images);
        std::int64_t before = 0;
        std::vector<at::Tensor> first;
        for (int k = 1; k <= kSubnets; ++k) {
            const at::Tensor logits = run.step();
            TensorMap pruned = tensors;
            for (const Layer& layer : layers) {
                const std::string& name = graph.nodes[static_cast<std::size_t>(layer.node)].weight;
                pruned[name] = at::where(pruned.at(name).abs().lt(kBelow), at::zeros({}), pruned.at(name));
            }
            const at::Tensor fresh = maskedLogits(graph, layers, groups, k, pruned, images);
            QVERIFY(apart(logits, fresh) <= 1e-4 * std::max(1.0, fresh.abs().max().item<double>()));
            const std::int64_t macs = countedMacs(graph, layers, groups, k, tensors, kBelow);
            QCOMPARE(incremental.stepMacs(k), macs - before);
            QCOMPARE(run.multiplications(), macs * images.size(0));
            before = macs;
            // What the first step computed is still there, to the bit.
            for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
                const at::Tensor& kept = run.kept(static_cast<int>(i), 1);
                if (k == 1)
                    first.push_back(kept.defined() ? kept.clone() : kept);
                else
                    QVERIFY(!kept.defined() || at::equal(kept, first[i]));
            }
        }
        QVERIFY_EXCEPTION_THROWN(run.step(), Error);
    }

    void macsAreCountedWeightByWeight_data() { networks_data(); }
    void macsAreCountedWeightByWeight()
    {
        QFETCH(const QByteArray, network);
        QFETCH(const int, seed);
        const Graph& graph = graphOf(network);
        const auto layers = layersOf(graph);
        const FilterGroups groups = randomGroups(layers, static_cast<std::uint64_t>(seed) + 20);
        const TensorMap tensors = randomTensors(graph, static_cast<std::uint64_t>(seed));
        const WeightCounts weights = countWeights(graph, layers, tensors, 0.2);
        for (int k = 1; k <= kSubnets; ++k) {
            QCOMPARE(SubnetCost(graph, layers, &weights).macs(groups, k), countedMacs(graph, layers, groups, k, tensors, 0.2));
            QCOMPARE(SubnetCost(graph, layers).macs(groups, k), countedMacs(graph, layers, groups, k, tensors, 0));
        }
        const LayerBits full = uniformBits(layers, 8, 8);
        QCOMPARE(SubnetCost(graph, layers).macs(uniformGroups(layers, 1), 1), costOf(graph, layers, full, 32).macs);
    }

    /// While S_2 trains on its own, what is outside S_2 stays as it is, momentum and weight decay included; what belongs to S_1 moves by
    /// beta times what it would without suppression.
    void trainingStaysWithinTheSubnet()
    {
        const Graph graph = residual();
        const auto layers = layersOf(graph);
        const FilterGroups groups = randomGroups(layers, 5);
        const at::Tensor images = randomTensor({ 8, 2, 6, 6 }, 9), labels = at::tensor({ 0, 1, 2, 0, 1, 2, 0, 1 }, at::kLong);
        const auto after = [&](double beta) {
            SubnetTraining training;
            training.beta = beta;
            SubnetState state = freshState(graph, layers, groups);
            SubnetStep step(graph, layers, training, state, at::kCPU);
            step.follow(groups);
            step.run(2, images, labels, {}, 0.1);
            return state;
        };
        const SubnetState before = freshState(graph, layers, groups), free = after(1), held = after(0.5);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const Node& node = graph.nodes[static_cast<std::size_t>(layers[i].node)];
            const auto channels = channelGroups(graph, layers, groups);
            const auto& from = channels[static_cast<std::size_t>(node.inputs.front())];
            for (std::size_t f = 0; f < groups[i].size(); ++f) {
                for (std::size_t u = 0; u < from.size(); ++u) {
                    const auto at = [&](const TensorMap& tensors) {
                        return tensors.at(node.weight).select(0, static_cast<std::int64_t>(f)).select(0, static_cast<std::int64_t>(u));
                    };
                    const int owner = layers[i].last ? from[u] : groups[i][f];
                    const bool member = owner <= 2 && from[u] <= 2 && (layers[i].last || from[u] <= groups[i][f]);
                    const at::Tensor start = at(before.tensors), moved = at(free.tensors) - start, suppressed = at(held.tensors) - start;
                    if (!member) {
                        QVERIFY(moved.abs().max().item<double>() <= 0 && at(held.velocity).abs().max().item<double>() <= 0);
                        continue;
                    }
                    const at::Tensor decay = start * (-0.1 * SubnetTraining {}.plan.weightDecay);
                    const double factor = owner == 1 ? 0.5 : 1;
                    QVERIFY(apart(suppressed - decay, (moved - decay) * factor) <= 1e-6);
                }
            }
        }
    }

    /// Importance against the difference quotient of the loss as a filter's tap is scaled.
    void importanceIsADerivative()
    {
        const Graph graph = chain();
        const auto layers = layersOf(graph);
        const FilterGroups groups = uniformGroups(layers, 1);
        const at::Tensor images = randomTensor({ 6, 2, 6, 6 }, 11), labels = at::tensor({ 0, 1, 2, 0, 1, 2 }, at::kLong);
        SubnetTraining training;
        training.pruneBelow = 0;
        SubnetState state = freshState(graph, layers, groups);
        const TensorMap tensors = cloned(state.tensors);
        SubnetStep step(graph, layers, training, state, at::kCPU);
        step.follow(groups);
        step.forgetImportance();
        step.run(1, images, labels, {}, 0);
        step.rememberImportance();
        const auto lossAt = [&](std::size_t layer, std::int64_t filter, double r) {
            ExecutionOptions options;
            options.training = true;
            options.hook = [&](int node, const at::Tensor& output) {
                at::Tensor result = output.clone();
                if (node == layers[layer].tap)
                    result.select(1, filter).mul_(r);
                return result;
            };
            TensorMap doubles;
            for (const auto& [name, tensor] : tensors)
                doubles[name] = tensor.to(at::kDouble);
            return at::cross_entropy_loss(execute(graph, doubles, images.to(at::kDouble), options), labels).item<double>();
        };
        for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
            for (std::int64_t f = 0; f < layers[i].filters; ++f) {
                const double quotient = (lossAt(i, f, 1 + 1e-5) - lossAt(i, f, 1 - 1e-5)) / 2e-5;
                QVERIFY(
                    std::abs(state.importance[0][i][static_cast<std::size_t>(f)] - std::abs(quotient)) <= 1e-4 * (1 + std::abs(quotient)));
            }
        }
    }

    void anytimeCurveIsCountedImageByImage()
    {
        // Three images: sure at once and right; sure at the second subnet and wrong; never sure, right at last.
        const std::vector<std::vector<Answer>> answers { { { 0, 0, 0.9F }, { 1, 0, 0.3F }, { 1, 0, 0.2F } },
            { { 1, 0, 0.9F }, { 1, 0, 0.8F }, { 0, 0, 0.4F } } };
        ImagePart part;
        part.labels = { 0, 0, 0 };
        part.pixels.assign(3 * 72, 100);
        const PreparedImages images(part, { 2, 6, 6 }, { { 0, 0 }, { 1, 1 } }, { 0, 1, 2 }, 4, at::kCPU, 0);
        const auto curve = anytimeCurve(answers, { 100, 300 }, images);
        QCOMPARE(curve.size(), std::size_t(101));
        QCOMPARE(curve[0].macs, 100.0);
        QCOMPARE(curve[0].accuracy, 1.0 / 3);
        QCOMPARE(curve[50].macs, (100 + 300 + 300) / 3.0);
        QCOMPARE(curve[50].accuracy, 2.0 / 3);
        QCOMPARE(curve[100].macs, 300.0);
        QCOMPARE(curve[100].accuracy, 1.0 / 3);
    }

private:
    static SubnetState freshState(const Graph& graph, const std::vector<Layer>& layers, const FilterGroups& groups)
    {
        Construction construction(graph, layers, std::vector<double>(kSubnets, 1), 1.5);
        construction.setGroups(groups);
        return freshSubnets(graph, randomTensors(graph, 3), construction, SubnetKind::Stepping);
    }
};

QTEST_GUILESS_MAIN(SteppingTest)
#include "tst_engine_stepping.moc"
