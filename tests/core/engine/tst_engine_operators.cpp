// SPDX-License-Identifier: GPL-3.0-or-later
// Every operator that only imported networks have, against plain loops over its definition.
#include "tests/core/engine/tiny_network.h"

#include <QTest>

#include <functional>
#include <limits>
#include <numbers>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr double kLowest = std::numeric_limits<float>::lowest();

/// One input image of a node.
struct Image {
    Shape shape;
    Values values;
    double at(std::int64_t c, std::int64_t y, std::int64_t x) const
    {
        return values[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)];
    }
};

/// One output value, by definition.
using Definition = std::function<double(const std::vector<Image>& inputs, std::int64_t c, std::int64_t y, std::int64_t x)>;

struct Case {
    const char* name;
    std::vector<Shape> inputs;
    Node node;
    Definition value;
};

Node nodeWith(Op op, const std::function<void(Node&)>& change = {})
{
    Node node;
    node.name = "tested";
    node.op = op;
    if (change)
        change(node);
    return node;
}

double sigmoid(double x)
{
    return 1 / (1 + std::exp(-x));
}

double hardSigmoid(double x)
{
    return std::min(std::max(x + 3, 0.0), 6.0) / 6;
}

Case activation(const char* name, Node node, double (*function)(double))
{
    return { name, { { 3, 4, 5, false } }, std::move(node),
        [function](const std::vector<Image>& in, auto c, auto y, auto x) { return function(in[0].at(c, y, x)); } };
}

std::vector<Case> activations()
{
    return {
        activation("clip to 0.3..1.5", nodeWith(Op::Clip, [](Node& n) { n.low = 0.3, n.high = 1.5; }),
            [](double x) { return x < 0.3 ? 0.3
                               : x > 1.5  ? 1.5
                                          : x; }),
        activation(
            "clip from above", nodeWith(Op::Clip, [](Node& n) { n.low = kLowest, n.high = 1; }), [](double x) { return x > 1 ? 1 : x; }),
        activation("leaky", nodeWith(Op::LeakyRelu, [](Node& n) { n.slope = 0.2; }), [](double x) { return x < 0 ? 0.2 * x : x; }),
        activation("sigmoid", nodeWith(Op::Sigmoid), sigmoid),
        activation("hard sigmoid", nodeWith(Op::HardSigmoid), hardSigmoid),
        activation("silu", nodeWith(Op::Silu), [](double x) { return x * sigmoid(x); }),
        activation("hard swish", nodeWith(Op::HardSwish), [](double x) { return x * hardSigmoid(x); }),
        activation("gelu", nodeWith(Op::Gelu), [](double x) { return x * 0.5 * (1 + std::erf(x / std::numbers::sqrt2)); }),
        activation("gelu with tanh", nodeWith(Op::Gelu, [](Node& n) { n.tanh = true; }),
            [](double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x))); }),
    };
}

/// Mean over rows floor(y * H / h) to below ceil((y + 1) * H / h), and columns likewise.
double adaptiveMean(const Image& in, std::int64_t c, std::int64_t y, std::int64_t x, const Pair& target)
{
    double sum = 0;
    int count = 0;
    for (std::int64_t row = 0; row < in.shape.height; ++row)
        for (std::int64_t column = 0; column < in.shape.width; ++column)
            if ((row + 1) * target[0] > y * in.shape.height && row * target[0] < (y + 1) * in.shape.height
                && (column + 1) * target[1] > x * in.shape.width && column * target[1] < (x + 1) * in.shape.width) {
                sum += in.at(c, row, column);
                ++count;
            }
    return sum / count;
}

double largest(const Image& in, std::int64_t c)
{
    double most = kLowest;
    for (std::int64_t y = 0; y < in.shape.height; ++y)
        for (std::int64_t x = 0; x < in.shape.width; ++x)
            most = std::max(most, in.at(c, y, x));
    return most;
}

std::vector<Case> pools()
{
    const auto adaptive = [](const char* name, const Shape& in, const Pair& target) {
        return Case { name, { in }, nodeWith(Op::AdaptiveAveragePool, [&](Node& n) { n.target = target; }),
            [target](const auto& inputs, auto c, auto y, auto x) { return adaptiveMean(inputs[0], c, y, x, target); } };
    };
    return {
        adaptive("adaptive, windows that overlap", { 2, 5, 7, false }, { 3, 2 }),
        adaptive("adaptive, to more positions", { 2, 3, 1, false }, { 7, 3 }),
        adaptive("adaptive, as it is", { 2, 4, 3, false }, { 4, 3 }),
        { "global maximum", { { 3, 4, 5, false } }, nodeWith(Op::GlobalMaxPool),
            [](const auto& in, auto c, auto, auto) { return largest(in[0], c); } },
        { "global maximum of a vector", { { 7, 1, 1, true } }, nodeWith(Op::GlobalMaxPool),
            [](const auto& in, auto c, auto, auto) { return in[0].at(c, 0, 0); } },
        { "global average of a vector", { { 7, 1, 1, true } }, nodeWith(Op::GlobalAveragePool),
            [](const auto& in, auto c, auto, auto) { return in[0].at(c, 0, 0); } },
    };
}

Case reshape(const char* name, const Shape& from, const Shape& to)
{
    return { name, { from }, nodeWith(Op::Reshape, [&](Node& n) { n.shape = to; }), [to](const auto& in, auto c, auto y, auto x) {
                return in[0].values[static_cast<std::size_t>((c * to.height + y) * to.width + x)];
            } };
}

Case slice(const char* name, const Shape& in, Axis axis, std::int64_t begin, std::int64_t end, std::int64_t step)
{
    return { name, { in }, nodeWith(Op::Slice, [&](Node& n) { n.axis = axis, n.begin = begin, n.end = end, n.step = step; }),
        [=](const auto& inputs, auto c, auto y, auto x) {
            (axis == Axis::Channels ? c : axis == Axis::Height ? y : x) *= step;
            (axis == Axis::Channels ? c : axis == Axis::Height ? y : x) += begin;
            return inputs[0].at(c, y, x);
        } };
}

Case concat(const char* name, const std::vector<Shape>& in, Axis axis)
{
    return { name, in, nodeWith(Op::Concat, [&](Node& n) { n.axis = axis; }), [axis](const auto& inputs, auto c, auto y, auto x) {
                auto& along = axis == Axis::Channels ? c : axis == Axis::Height ? y : x;
                for (const Image& input : inputs) {
                    const Shape& s = input.shape;
                    const auto length = axis == Axis::Channels ? s.channels : axis == Axis::Height ? s.height : s.width;
                    if (along < length)
                        return input.at(c, y, x);
                    along -= length;
                }
                return std::numeric_limits<double>::quiet_NaN();
            } };
}

Case product(const char* name, const Shape& a, const Shape& b)
{
    const auto from = [](const Image& in, auto c, auto y, auto x) { return in.shape.positions() == 1 ? in.at(c, 0, 0) : in.at(c, y, x); };
    return { name, { a, b }, nodeWith(Op::Multiply),
        [from](const auto& in, auto c, auto y, auto x) { return from(in[0], c, y, x) * from(in[1], c, y, x); } };
}

std::vector<Case> rearrangements()
{
    const Shape image { 4, 6, 3, false }, vector { 7, 1, 1, true };
    const auto padded = [](const auto& in, auto c, auto y, auto x) {
        y -= 2, x -= 1;
        return y >= 0 && y < 6 && x >= 0 && x < 3 ? in[0].at(c, y, x) : -0.5;
    };
    return {
        reshape("reshape to an image", image, { 2, 4, 9, false }),
        reshape("reshape to a vector", image, { 72, 1, 1, true }),
        reshape("reshape of a vector", { 12, 1, 1, true }, { 3, 2, 2, false }),
        slice("slice of channels", image, Axis::Channels, 1, 4, 2),
        slice("slice of rows", image, Axis::Height, 2, 5, 1),
        slice("slice of columns", image, Axis::Width, 0, 3, 2),
        slice("slice of a vector", vector, Axis::Channels, 3, 7, 3),
        { "pad", { image },
            nodeWith(Op::Pad,
                [](Node& n) {
                    n.padding = { 2, 1 }, n.paddingEnd = { 0, 3 }, n.value = -0.5;
                }),
            padded },
        concat("concatenation of channels", { image, { 1, 6, 3, false }, image }, Axis::Channels),
        concat("concatenation of rows", { image, { 4, 1, 3, false } }, Axis::Height),
        concat("concatenation of columns", { image, { 4, 6, 2, false } }, Axis::Width),
        concat("concatenation of vectors", { vector, { 2, 1, 1, true } }, Axis::Channels),
        product("product", image, image),
        product("product with a gate", image, { 4, 1, 1, false }),
        product("product of a gate", { 4, 1, 1, false }, image),
        product("product of vectors", vector, vector),
    };
}

const std::vector<Case>& cases()
{
    static const auto all = [] {
        std::vector<Case> list = activations();
        std::ranges::move(pools(), std::back_inserter(list));
        std::ranges::move(rearrangements(), std::back_inserter(list));
        return list;
    }();
    return all;
}

at::Tensor batchOf(const Shape& shape, std::uint64_t seed)
{
    const at::Tensor batch = randomTensor({ 2, shape.channels, shape.height, shape.width }, seed, 2);
    return shape.flat ? batch.flatten(1) : batch;
}

} // namespace

class TestOperators final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void definitions_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i].name) << static_cast<int>(i);
    }

    /// Values, and the shape that the graph promises; whether memory is contiguous or channels-last.
    void definitions()
    {
        QFETCH(int, index);
        const Case& tested = cases()[static_cast<std::size_t>(index)];
        std::vector<at::Tensor> batches, placedBatches;
        for (const Shape& shape : tested.inputs) {
            batches.push_back(batchOf(shape, batches.size() + 5));
            placedBatches.push_back(shape.flat ? batches.back() : batches.back().contiguous(at::MemoryFormat::ChannelsLast));
        }
        Node node = tested.node;
        node.shape = outputShape(node, tested.inputs);
        const at::Tensor found = computeNode(node, {}, batches);
        QVERIFY(at::allclose(found, computeNode(node, {}, placedBatches), 1e-6, 1e-6));
        const Shape& shape = node.shape;
        const std::vector<std::int64_t> sizes { 2, shape.channels, shape.height, shape.width };
        QVERIFY(found.sizes() == at::IntArrayRef(shape.flat ? std::vector<std::int64_t> { 2, shape.channels } : sizes));
        for (std::int64_t n = 0; n < 2; ++n) {
            std::vector<Image> images;
            for (std::size_t k = 0; k < batches.size(); ++k)
                images.push_back({ tested.inputs[k], valuesOf(batches[k][n]) });
            const Image output { shape, valuesOf(found[n]) };
            for (std::int64_t c = 0; c < shape.channels; ++c)
                for (std::int64_t y = 0; y < shape.height; ++y)
                    for (std::int64_t x = 0; x < shape.width; ++x) // float32 functions of numbers around 2
                        QVERIFY(std::fabs(output.at(c, y, x) - tested.value(images, c, y, x)) < 5e-6);
        }
    }

    void activationsTellWhatComesOut_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < activations().size(); ++i)
            QTest::newRow(activations()[i].name) << static_cast<int>(i);
    }

    /// keepsZero() and isUnsigned() against what the operator makes of many numbers.
    void activationsTellWhatComesOut()
    {
        QFETCH(int, index);
        const Node node = activations()[static_cast<std::size_t>(index)].node;
        QVERIFY(isActivation(node.op));
        QCOMPARE(keepsZero(node), computeNode(node, {}, { at::zeros({ 1, 1 }) }).item<float>() == 0);
        QCOMPARE(isUnsigned(node), computeNode(node, {}, { at::linspace(-8, 8, 101) }).min().item<float>() >= 0);
    }
};

QTEST_GUILESS_MAIN(TestOperators)
#include "tst_engine_operators.moc"
