// SPDX-License-Identifier: GPL-3.0-or-later
#include "network_test_support.h"

#include <QtTest>

#include <cstdint>
#include <utility>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// How many positions a window takes when it is slid over `size` values with `padding` on both sides: it moves on while it fits; with
/// `ceilMode` also when it covers something that the one before left over, but never to where it would start behind the input.
std::int64_t slide(std::int64_t size, std::int64_t reach, std::int64_t stride, std::int64_t padding, bool ceilMode)
{
    std::int64_t count = 0;
    for (std::int64_t start = -padding; start + reach <= size + padding; start += stride)
        ++count;
    const std::int64_t next = -padding + count * stride;
    const std::int64_t covered = next - stride + reach;
    return count + (ceilMode && covered < size + padding && next < size ? 1 : 0);
}

struct Window {
    std::int64_t kernel, stride, padding, dilation;
    std::int64_t reach() const { return dilation * (kernel - 1) + 1; }
    QString text() const
    {
        return QStringLiteral("kernel %1 stride %2 padding %3 dilation %4").arg(kernel).arg(stride).arg(padding).arg(dilation);
    }
};

/// All small windows that LibTorch's operators take: a pool's padding is at most half its kernel, an average pool has no dilation.
std::vector<Window> windowsFor(Op op)
{
    std::vector<Window> windows;
    for (std::int64_t kernel = 1; kernel <= 5; ++kernel)
        for (std::int64_t stride = 1; stride <= 4; ++stride)
            for (std::int64_t padding = 0; padding <= (op == Op::Conv2d ? 3 : kernel / 2); ++padding)
                for (std::int64_t dilation = 1; dilation <= (op == Op::AveragePool ? 1 : 3); ++dilation)
                    windows.push_back({ kernel, stride, padding, dilation });
    return windows;
}

Node windowNode(Op op, const Window& high, const Window& wide, bool ceilMode)
{
    Node node = plainNode("window", op, { 0 });
    node.filters = op == Op::Conv2d ? 6 : 0;
    node.groups = op == Op::Conv2d ? 2 : 1;
    node.kernel = { high.kernel, wide.kernel };
    node.stride = { high.stride, wide.stride };
    node.padding = { high.padding, wide.padding };
    node.dilation = { high.dilation, wide.dilation };
    node.ceilMode = ceilMode;
    return node;
}

Graph valid()
{
    GraphBuilder graph({ 2, 6, 6, false });
    int node = graph.relu("relu", graph.batchNorm("bn", graph.conv("conv", 0, 4, 3, 1, 1)));
    node = graph.sum("add", graph.conv("branch", node, 4, 1), node);
    return graph.finish(graph.linear("fc", graph.flatten("flatten", graph.maxPool("pool", node, 2, 2)), 3));
}

/// One change to the valid graph, which has to be refused.
struct Damage {
    const char* name;
    const char* says; ///< what the message has to say, so that it is this and nothing else that is noticed
    void (*apply)(Graph&);
};

Node& at(Graph& graph, const char* name)
{
    return graph.nodes[static_cast<std::size_t>(positionOf(graph, name))];
}

const std::vector<Damage>& damages()
{
    static const std::vector<Damage> all {
        { "nothing at all", "start with an input", [](Graph& g) { g.nodes.clear(); } },
        { "no input", "start with an input", [](Graph& g) { g.nodes.front().op = Op::Relu; } },
        { "input with an input", "come before", [](Graph& g) { g.nodes.front().inputs = { 0 }; } },
        { "second input", "second input", [](Graph& g) { g.nodes[3].op = Op::Input, g.nodes[3].inputs.clear(); } },
        { "empty name", "empty or taken", [](Graph& g) { at(g, "relu").name.clear(); } },
        { "name taken", "empty or taken", [](Graph& g) { at(g, "relu").name = "bn"; } },
        { "reads itself", "come before", [](Graph& g) { g.nodes[3].inputs = { 3 }; } },
        { "reads ahead", "come before", [](Graph& g) { g.nodes[3].inputs = { 4 }; } },
        { "reads before the start", "come before", [](Graph& g) { g.nodes[3].inputs = { -1 }; } },
        { "reads nothing", "has 0 inputs", [](Graph& g) { g.nodes[3].inputs.clear(); } },
        { "reads two", "has 2 inputs",
            [](Graph& g) {
                g.nodes[3].inputs = { 1, 2 };
            } },
        { "sum of one", "has 1 inputs", [](Graph& g) { at(g, "add").inputs.pop_back(); } },
        { "sum of unequal", "adds 4x6x6 and 2x6x6", [](Graph& g) { at(g, "add").inputs[1] = 0; } },
        { "wrong shape", "says shape 4x6x5 where 4x6x6", [](Graph& g) { at(g, "conv").shape.width = 5; } },
        { "negative image sides", "1x-2x-2",
            [](Graph& g) {
                g = { { plainNode("in", Op::Input, {}), plainNode("flat", Op::Flatten, { 0 }) }, {}, 1, {} };
                g.nodes[0].shape = { 1, -2, -2, false }, g.nodes[1].shape = { 4, 1, 1, true };
            } },
        { "huge image", "3x1048576x1048576",
            [](Graph& g) {
                g = { { plainNode("in", Op::Input, {}), plainNode("flat", Op::Flatten, { 0 }) }, {}, 1, {} };
                const std::int64_t side = std::int64_t { 1 } << 20; // each of them well within the limit
                g.nodes[0].shape = { 3, side, side, false }, g.nodes[1].shape = { 3 * side * side, 1, 1, true };
            } },
        { "empty image", "0x2x2",
            [](Graph& g) {
                g = { { plainNode("in", Op::Input, {}), plainNode("flat", Op::Flatten, { 0 }) }, {}, 1, {} };
                g.nodes[0].shape = { 0, 2, 2, false }, g.nodes[1].shape = { 0, 1, 1, true };
            } },
        { "no filters", "no filters", [](Graph& g) { at(g, "conv").filters = 0; } },
        { "negative filters", "no neurons", [](Graph& g) { at(g, "fc").filters = -3; } },
        { "groups that do not divide the inputs", "3 groups for 4 input channels and 6 filters",
            [](Graph& g) { at(g, "branch").groups = 3, at(g, "branch").filters = 6; } },
        { "groups that do not divide the filters", "2 groups for 2 input channels and 3 filters",
            [](Graph& g) { at(g, "conv").groups = 2, at(g, "conv").filters = 3; } },
        { "no groups", "0 groups", [](Graph& g) { at(g, "conv").groups = 0; } },
        { "no kernel", "kernel, stride or dilation of 0", [](Graph& g) { at(g, "conv").kernel[0] = 0; } },
        { "no stride", "kernel, stride or dilation of 0", [](Graph& g) { at(g, "pool").stride[1] = 0; } },
        { "negative stride", "kernel, stride or dilation of -1", [](Graph& g) { at(g, "pool").stride[1] = -1; } },
        { "no dilation", "kernel, stride or dilation of 0", [](Graph& g) { at(g, "conv").dilation[1] = 0; } },
        { "negative padding", "padding of -1", [](Graph& g) { at(g, "conv").padding[0] = -1; } },
        { "kernel too large", "window of 9 that does not fit its input of 6", [](Graph& g) { at(g, "conv").kernel[0] = 9; } },
        { "huge kernel", "kernel, stride or dilation of 9223372036854775807",
            [](Graph& g) { at(g, "conv").kernel[0] = INT64_MAX, at(g, "conv").dilation[0] = 3; } },
        { "huge padding", "padding of 9223372036854775807", [](Graph& g) { at(g, "conv").padding[0] = INT64_MAX; } },
        { "huge stride", "kernel, stride or dilation of 9223372036854775807",
            [](Graph& g) { at(g, "pool").ceilMode = true, at(g, "pool").stride[0] = INT64_MAX; } },
        { "pool with more padding than half its kernel", "padding of 2",
            [](Graph& g) {
                at(g, "pool").padding = { 2, 2 };
            } },
        { "linear on an image", "put a flatten in front", [](Graph& g) { at(g, "fc").inputs[0] -= 2; } },
        { "convolution on a vector", "reads a vector of 36", [](Graph& g) { at(g, "fc").op = Op::Conv2d; } },
        { "linear with groups", "only convolutions have", [](Graph& g) { at(g, "fc").groups = 0; } },
        { "linear with a kernel", "only convolutions have",
            [](Graph& g) {
                at(g, "fc").kernel = { 2, 2 };
            } },
        { "convolution that rounds up", "only pools do", [](Graph& g) { at(g, "conv").ceilMode = true; } },
        { "missing tensor", "list of tensors", [](Graph& g) { g.tensors.pop_back(); } },
        { "tensor too many", "list of tensors",
            [](Graph& g) {
                g.tensors.push_back({ "extra", { 1 } });
            } },
        { "tensor of another shape", "list of tensors",
            [](Graph& g) {
                g.tensors[0].shape = { 4, 3, 3, 2 };
            } },
        { "tensors in another order", "list of tensors", [](Graph& g) { std::swap(g.tensors[0], g.tensors[1]); } },
        { "tensor without a name", "tensors called ''", [](Graph& g) { at(g, "conv").weight = g.tensors[0].name = ""; } },
        { "tensor name taken", "tensors called 'bn.bias'", [](Graph& g) { at(g, "bn").mean = g.tensors[4].name = g.tensors[3].name; } },
        { "no output", "vector of logits", [](Graph& g) { g.output = -1; } },
        { "output behind the end", "vector of logits", [](Graph& g) { g.output = static_cast<int>(g.nodes.size()); } },
        { "image for an output", "vector of logits", [](Graph& g) { g.output = 3; } },
        { "node that nobody reads", "nor the output", [](Graph& g) { g.output = positionOf(g, "flatten"); } },
    };
    return all;
}

} // namespace

/// Shapes against windows that are really slid, and everything that checkGraph promises.
class TestShapes final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void windows_data()
    {
        QTest::addColumn<int>("op");
        QTest::addColumn<bool>("ceilMode");
        QTest::newRow("convolution") << static_cast<int>(Op::Conv2d) << false;
        QTest::newRow("max pool") << static_cast<int>(Op::MaxPool) << false;
        QTest::newRow("max pool, rounded up") << static_cast<int>(Op::MaxPool) << true;
        QTest::newRow("average pool") << static_cast<int>(Op::AveragePool) << false;
        QTest::newRow("average pool, rounded up") << static_cast<int>(Op::AveragePool) << true;
    }

    void windows()
    {
        QFETCH(const int, op);
        QFETCH(const bool, ceilMode);
        const auto all = windowsFor(static_cast<Op>(op));
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Window& high = all[i];
            const Window& wide = all[(i * 7 + 3) % all.size()]; // so that the axes differ
            for (std::int64_t height = 1; height <= 12; ++height) {
                const Shape in { 4, height, 13, false };
                const Node node = windowNode(static_cast<Op>(op), high, wide, ceilMode);
                const QByteArray where = QStringLiteral("%1 on %2").arg(high.text()).arg(height).toUtf8();
                if (height + 2 * high.padding < high.reach() || 13 + 2 * wide.padding < wide.reach()) {
                    QVERIFY2(refuses([&] { outputShape(node, { in }); }, ErrorCode::BadInput, { "'window'" }), where.constData());
                    continue;
                }
                const Shape expected { static_cast<Op>(op) == Op::Conv2d ? 6 : 4,
                    slide(height, high.reach(), high.stride, high.padding, ceilMode),
                    slide(13, wide.reach(), wide.stride, wide.padding, ceilMode), false };
                QVERIFY2(outputShape(node, { in }) == expected, where.constData());
            }
        }
    }

    /// ResNet's stem, AlexNet's and GoogLeNet's pools: the shapes that their papers print.
    void knownWindows()
    {
        const auto sideOf = [](Op op, const Window& window, bool ceilMode, std::int64_t size) {
            Node node = windowNode(op, window, window, ceilMode);
            node.groups = 1;
            return outputShape(node, { { 3, size, size, false } }).height;
        };
        QCOMPARE(sideOf(Op::Conv2d, { 7, 2, 3, 1 }, false, 224), 112);
        QCOMPARE(sideOf(Op::MaxPool, { 3, 2, 1, 1 }, false, 112), 56);
        QCOMPARE(sideOf(Op::MaxPool, { 3, 2, 0, 1 }, true, 112), 56);
        QCOMPARE(sideOf(Op::MaxPool, { 3, 2, 0, 1 }, false, 112), 55);
        QCOMPARE(sideOf(Op::Conv2d, { 3, 1, 2, 2 }, false, 28), 28);
        QCOMPARE(sideOf(Op::MaxPool, { 2, 2, 1, 1 }, true, 3), 2); // a third window would start behind the input
        QCOMPARE(sideOf(Op::MaxPool, { 1, 4, 0, 1 }, true, 6), 2); // so would one at 8
    }

    void otherOperators()
    {
        const Shape image { 5, 4, 3, false }, vector { 7, 1, 1, true };
        for (const Op op : { Op::BatchNorm, Op::Relu, Op::Relu6, Op::Identity }) {
            QVERIFY(outputShape(plainNode("n", op, { 0 }), { image }) == image);
            QVERIFY(outputShape(plainNode("n", op, { 0 }), { vector }) == vector);
        }
        QVERIFY((outputShape(plainNode("n", Op::Flatten, { 0 }), { image }) == Shape { 60, 1, 1, true }));
        QVERIFY((outputShape(plainNode("n", Op::GlobalAveragePool, { 0 }), { image }) == Shape { 5, 1, 1, false }));
        QVERIFY(outputShape(plainNode("n", Op::Add, { 0, 0, 0 }), { image, image, image }) == image);
        Node linear = plainNode("n", Op::Linear, { 0 });
        linear.filters = 9;
        QVERIFY((outputShape(linear, { vector }) == Shape { 9, 1, 1, true }));
        QVERIFY(refuses([&] { outputShape(linear, { image }); }, ErrorCode::BadInput, { "'n'", "5x4x3", "flatten" }));
        QVERIFY(refuses(
            [&] {
                outputShape(plainNode("n", Op::Add, { 0, 0 }), { image, vector });
            },
            ErrorCode::BadInput, { "'n'", "5x4x3", "7" }));
    }

    /// [F, C/g, kh, kw] and [F] for a convolution, four vectors for a normalisation.
    void tensors()
    {
        Node conv = groupedConv("c", 0, 6, 2, 3);
        conv.kernel = { 3, 5 };
        QCOMPARE(tensorsOf(conv, { 4, 8, 8, false }), (std::vector<TensorInfo> { { "c.weight", { 6, 2, 3, 5 } }, { "c.bias", { 6 } } }));
        QCOMPARE(tensorsOf(conv, { 4, 8, 8, false })[0].elements(), 6 * 2 * 15);
        GraphBuilder builder({ 2, 3, 3, false });
        const int last = builder.linear("f", builder.flatten("flat", builder.batchNorm("b", 0)), 4);
        const Graph graph = builder.finish(last);
        QCOMPARE(graph.tensors,
            (std::vector<TensorInfo> { { "b.weight", { 2 } }, { "b.bias", { 2 } }, { "b.running_mean", { 2 } }, { "b.running_var", { 2 } },
                { "f.weight", { 4, 18 } }, { "f.bias", { 4 } } }));
        QCOMPARE(parameterCount(graph), 8 + 72 + 4);
        QCOMPARE(graph.classes(), 4);
    }

    /// 2^16 features for each of 2^15 neurons are 2^31 weights, one neuron more is too much.
    void largestTensor()
    {
        for (const std::int64_t neurons : { 1 << 15, (1 << 15) + 1 }) {
            GraphBuilder g({ 1 << 4, 1 << 6, 1 << 6, false });
            const int last = g.linear("fc", g.flatten("flat", 0), neurons);
            const auto error = refusalOf([&] { g.finish(last); });
            QCOMPARE(
                error ? std::string(error->what()) : "fits", std::string(neurons == 1 << 15 ? "fits" : "Tensor 'fc.weight' is too large."));
        }
    }

    void readers()
    {
        const auto readers = readersOf(valid()); // input conv bn relu branch add pool flatten fc
        const std::vector<std::vector<int>> expected { { 1 }, { 2 }, { 3 }, { 4, 5 }, { 5 }, { 6 }, { 7 }, { 8 }, {} };
        QCOMPARE(readers, expected);
    }

    void damagedGraphs_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < damages().size(); ++i)
            QTest::newRow(damages()[i].name) << static_cast<int>(i);
    }

    void damagedGraphs()
    {
        QFETCH(const int, index);
        Graph graph = valid();
        checkGraph(graph);
        const Damage& damage = damages()[static_cast<std::size_t>(index)];
        damage.apply(graph);
        QVERIFY(graph != valid());
        const auto error = refusalOf([&] { checkGraph(graph); });
        QVERIFY(error && error->code() == ErrorCode::BadInput);
        QVERIFY2(std::string(error->what()).find(damage.says) != std::string::npos, error->what());
    }

    void operatorWords()
    {
        for (const char* word : { "input", "conv2d", "linear", "batch_norm", "relu", "relu6", "max_pool", "average_pool",
                 "global_average_pool", "flatten", "add", "identity" })
            QCOMPARE(toString(opFrom(word)), std::string(word));
        for (const char* word : { "", "Relu", "softmax", "conv2d " })
            QVERIFY(refuses([&] { opFrom(word); }, ErrorCode::Unsupported, { std::string("'") + word + "'" }));
    }
};

QTEST_APPLESS_MAIN(TestShapes)
#include "tst_network_shapes.moc"
