// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/evaluate.h"
#include "core/engine/evaluate/floor_judge.h"
#include "core/engine/evaluate/sequential_test.h"
#include "core/engine/network/fold.h"
#include "core/engine/quantize/bit_network.h"
#include "core/network/cost.h"
#include "tests/core/engine/tiny_network.h"

#include <QRegularExpression>
#include <QtTest>

#include <c10/core/InferenceMode.h>

#include <array>
#include <numeric>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr std::int64_t kImages = 150;

/// 2x6x6 images of three classes, as bytes.
ImagePart randomPart()
{
    ImagePart part;
    Random random(3);
    for (std::int64_t i = 0; i < kImages * 72; ++i)
        part.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    for (std::int64_t n = 0; n < kImages; ++n)
        part.labels.push_back(static_cast<std::uint16_t>(random.below(3)));
    return part;
}

PreparedImages prepared(const ImagePart& part, int batch)
{
    std::vector<std::int64_t> positions(static_cast<std::size_t>(part.count()));
    std::iota(positions.begin(), positions.end(), 0);
    return { part, { 2, 6, 6 }, { { 0.5, 0.5 }, { 0.25, 0.25 } }, positions, batch, at::kCPU, 1 << 20 };
}

/// A walk over bit assignments: one to three filters of any layer change at a time.
std::vector<LayerBits> randomWalk(const std::vector<Layer>& layers, int steps, std::uint64_t seed)
{
    Random random(seed);
    std::vector<LayerBits> walk { uniformBits(layers, 4, 8) };
    for (int step = 1; step < steps; ++step) {
        LayerBits next = walk.back();
        for (std::uint64_t k = 0; k <= random.below(3); ++k) {
            auto& layer = next[random.below(next.size())];
            layer[random.below(layer.size())] = static_cast<std::uint8_t>(random.below(5));
        }
        walk.push_back(next);
    }
    return walk;
}

/// 2x6x6 with a gate on channels, a join of three, slices, pads, reshapes and pools of vectors in front of layers.
Graph joins()
{
    GraphBuilder g({ 2, 6, 6, false });
    const auto add = [&](const char* name, Op op, std::vector<int> inputs, auto change) {
        Node node;
        node.name = name;
        node.op = op;
        node.inputs = std::move(inputs);
        change(node);
        return g.add(node);
    };
    const auto plain = [](Node&) {};
    const int stem = add("swish", Op::HardSwish, { g.conv("stem", 0, 8, 3, 1, 1) }, plain);
    const int gate = add("gate", Op::HardSigmoid, { g.conv("excite", g.globalAveragePool("gap", stem), 8, 1) }, plain);
    const int excited = add("excited", Op::Multiply, { stem, gate }, plain);
    const int dense = add("silu", Op::Silu, { g.conv("dense", excited, 8, 3, 1, 1) }, plain);
    const int joined = add("joined", Op::Concat, { stem, dense, excited }, plain);
    const int some = add("some", Op::Slice, { joined }, [](Node& n) { n.begin = 4, n.end = 20, n.step = 2; });
    const int padded = add("padded", Op::Pad, { g.conv("middle", some, 8, 1) }, [](Node& n) { n.padding = { 1, 0 }; });
    const int halves = add("halves", Op::Reshape, { padded }, [](Node& n) { n.shape = { 4, 14, 6, false }; });
    const int pooled = add("tall", Op::AdaptiveAveragePool, { g.conv("deep", halves, 8, 3) }, [](Node& n) { n.target = { 2, 1 }; });
    const int most = add("most", Op::GlobalMaxPool, { g.linear("fc1", g.flatten("flat", pooled), 8) }, plain);
    const int mean = g.globalAveragePool("mean", g.linear("fc2", most, 8));
    return g.finish(g.linear("fc3", add("both", Op::Concat, { mean, most }, plain), 3));
}

struct TestNetwork {
    Graph graph;
    std::vector<Layer> layers;
    BitNetwork bits;

    explicit TestNetwork(Graph made)
        : graph(std::move(made))
        , layers(layersOf(graph))
        , bits(graph, layers, randomTensors(graph, 21), {}, at::kCPU)
    {
    }
    InferenceNetwork with(const LayerBits& assignment) { return { foldBatchNorm(graph, bits.tensors(assignment)), {} }; }
};

} // namespace

class TestEvaluate : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void keptActivationsEqualFreshRuns_data()
    {
        QTest::addColumn<int>("net");
        QTest::addColumn<bool>("byFilter");
        QTest::addColumn<int>("bytes");
        const std::array names { "chain", "residual", "joins" };
        for (const int net : { 0, 1, 2 }) {
            for (const bool byFilter : { false, true }) {
                for (const int bytes : { 0, 30000, 100000, 10000000 })
                    QTest::addRow("%s %s %d", names[static_cast<std::size_t>(net)], byFilter ? "by filter" : "by layer", bytes)
                        << net << byFilter << bytes;
            }
        }
    }

    void keptActivationsEqualFreshRuns()
    {
        QFETCH(int, net);
        QFETCH(bool, byFilter);
        QFETCH(int, bytes);
        const c10::InferenceMode inference;
        TestNetwork network(net == 2 ? joins() : net == 1 ? residual() : chain());
        const ImagePart part = randomPart();
        const PreparedImages images = prepared(part, 16);
        const InferenceNetwork start = network.with(uniformBits(network.layers, 4, 8));
        KeptActivations kept(start.folded.graph, network.layers, images.batches(), kImages, bytes, byFilter);
        QVERIFY(bytes < 10000000 || kept.keepsAnything());
        QVERIFY(bytes > 0 || !kept.keepsAnything());
        Random random(5);
        for (const LayerBits& bits : randomWalk(network.layers, 150, 4)) {
            const InferenceNetwork now = network.with(bits);
            const std::vector<std::size_t> batches { random.below(images.batches()), images.batches() - 1 };
            kept.prepare(now, bits, batches);
            for (const std::size_t batch : batches) {
                const at::Tensor fresh = logitsOf(now, images.images(batch));
                const at::Tensor found = kept.logits(batch, images.images(batch));
                const double apart = (found - fresh).abs().max().item<double>();
                // By layer every bit is the same; sums that are updated may round differently.
                QVERIFY2(byFilter ? apart <= 1e-5 * fresh.abs().max().item<double>() : apart <= 0, qPrintable(QString::number(apart)));
                if (batches[0] == batches[1])
                    break;
            }
        }
    }

    void shortcutsChangeNoDecision()
    {
        const c10::InferenceMode inference;
        TestNetwork network(residual());
        const ImagePart part = randomPart();
        const Graph folded = network.with(uniformBits(network.layers, 4, 8)).folded.graph;
        SilentContext context;
        for (int combination = 0; combination < 16; ++combination) {
            FloorJudge::Options options;
            options.shortcuts = { (combination & 1) != 0, (combination & 2) != 0, (combination & 4) != 0, 60000 };
            FloorJudge judge(folded, network.layers, prepared(part, (combination & 8) != 0 ? 8 : 16), options);
            Random random(9);
            for (const LayerBits& bits : randomWalk(network.layers, 40, 6)) {
                const InferenceNetwork now = network.with(bits);
                const Evaluation plain = evaluate(network.graph, network.bits.tensors(bits), prepared(part, 16), {}, context);
                // Floors at, just above and around the accuracy itself.
                const double floor = static_cast<double>(plain.correct + static_cast<std::int64_t>(random.below(5)) - 2) / kImages;
                const Judgement found = judge.judge(now, bits, floor, context);
                QCOMPARE(found.kept, static_cast<double>(plain.correct) / kImages >= floor);
                QVERIFY(found.least <= plain.correct && plain.correct <= found.most);
                QCOMPARE(found.images, kImages);
                if (!options.shortcuts.stopEarly)
                    QVERIFY(found.isExact());
                if (random.below(4) == 0)
                    QCOMPARE(judge.count(now, bits, context).least, plain.correct);
                if (random.below(6) == 0)
                    judge.regroup();
            }
        }
    }

    void confidentDecisionsAreThoseOfAnyJudgeWithTheAnchor()
    {
        const c10::InferenceMode inference;
        TestNetwork network(residual());
        const ImagePart part = randomPart();
        const Graph folded = network.with(uniformBits(network.layers, 4, 8)).folded.graph;
        SilentContext context;
        FloorJudge::Options options;
        options.delta = 0.05;
        options.seed = 4;
        FloorJudge judge(folded, network.layers, prepared(part, 2), options);
        judge.count(network.with(uniformBits(network.layers, 4, 8)), uniformBits(network.layers, 4, 8), context);
        Random random(9);
        int sure = 0, wrong = 0;
        for (const LayerBits& bits : randomWalk(network.layers, 120, 7)) {
            const InferenceNetwork now = network.with(bits);
            options.shortcuts.keepActivations = random.below(2) == 0;
            FloorJudge other(folded, network.layers, prepared(part, 2), options);
            other.setAnchor(judge.anchor());
            const Evaluation plain = evaluate(network.graph, network.bits.tensors(bits), prepared(part, 16), {}, context);
            const double floor = static_cast<double>(plain.correct + static_cast<std::int64_t>(random.below(61)) - 30) / kImages;
            const Judgement found = judge.judge(now, bits, floor, context), again = other.judge(now, bits, floor, context);
            QVERIFY(found.kept == again.kept && found.least == again.least && found.most == again.most);
            QVERIFY(found.least <= plain.correct && plain.correct <= found.most);
            sure += found.isExact() ? 0 : 1;
            wrong += found.kept == (static_cast<double>(plain.correct) / kImages >= floor) ? 0 : 1;
        }
        QVERIFY2(sure >= 20 && wrong <= 15, qPrintable(QString("%1 sure, %2 wrong").arg(sure).arg(wrong))); // 6 wrong expected at most
    }

    void confidentDecisionsAreSeldomWrong()
    {
        // Populations just below the floor: the test may keep at most a share delta of them, whatever the differences look like.
        constexpr std::int64_t kCount = 800;
        constexpr double kDelta = 0.05;
        for (const int changes : { 5, 60, 300 }) {
            int wrong = 0, undecidedEarly = 0;
            for (std::uint64_t seed = 0; seed < 1000; ++seed) {
                // Half were right; `changes` of those fall, as many less two of the others rise: two fewer right than before.
                std::vector<int> difference(kCount, 0);
                for (int i = 0; i < changes; ++i)
                    difference[static_cast<std::size_t>(i)] = -1;
                for (int i = 0; i < changes - 2; ++i)
                    difference[static_cast<std::size_t>(400 + i)] = 1;
                Random random(seed);
                shuffle(difference, random);
                SequentialTest test(kCount, 400, 399, kDelta); // 398 are right: one too few
                for (std::size_t i = 0; i < difference.size() && !test.verdict(); ++i)
                    test.draw(difference[i]);
                QVERIFY(test.verdict().has_value());
                wrong += *test.verdict() ? 1 : 0;
                undecidedEarly += *test.verdict() ? 0 : 1;
            }
            QVERIFY2(wrong <= 75, qPrintable(QString::number(wrong))); // 50 expected at most, 3.6 standard deviations of slack
        }
    }

    void clearDecisionsTakeFewImages()
    {
        SequentialTest keep(5000, 4000, 3700, 1e-3), reject(5000, 4000, 4300, 1e-3);
        int draws = 0;
        while (!keep.verdict()) {
            keep.draw(0);
            ++draws;
        }
        QVERIFY(*keep.verdict());
        QVERIFY2(draws < 300, qPrintable(QString::number(draws)));
        for (draws = 0; !reject.verdict(); ++draws)
            reject.draw(0);
        QVERIFY(!*reject.verdict());
        QVERIFY(draws < 300);
    }

    void leastRightIsTheComparisonOfShares()
    {
        for (const std::int64_t images : { 1, 7, 100, 5000, 4999 }) {
            for (const double floor : { 0.0, 0.1, 0.3, 0.7, 0.9 * 0.7866, 1.0, 1.1, 0.29 }) {
                const std::int64_t least = leastRight(floor, images);
                for (std::int64_t right = 0; right <= images; ++right)
                    QCOMPARE(static_cast<double>(right) / static_cast<double>(images) >= floor, right >= least);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_engine_evaluate.moc"
