// SPDX-License-Identifier: GPL-3.0-or-later
// However a file writes windows, padding, slices and shapes, they become the operators that compute the same.
#include "tests/core/engine/onnx_case.h"

#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

std::vector<With> window(std::int64_t kernel, std::int64_t stride, With last)
{
    return { { "kernel_shape", Numbers { kernel, kernel } }, { "strides", Numbers { stride, stride } }, std::move(last) };
}

std::vector<OnnxCase> windows()
{
    const With same { "auto_pad", std::string("SAME_UPPER") }, lower { "auto_pad", std::string("SAME_LOWER") };
    const With uneven { "pads", Numbers { 1, 0, 0, 2 } };
    const at::Tensor kernel = randomTensor({ 5, 4, 3, 3 }, 9);
    const auto conv = [=](With padding, const Numbers& pads) {
        return OnnxCase { padding.name == "pads" ? "uneven padding" : "padding to the same size", 13,
            [=](auto& f, auto& x) {
                return f.node("Conv", { x, f.tensor("w", kernel) }, window(3, 2, padding));
            },
            [=](auto& x) { return at::conv2d(at::constant_pad_nd(x, pads), kernel, {}, 2); }, std::nullopt };
    };
    return {
        conv(uneven, { 0, 2, 1, 0 }),
        conv(same, { 0, 1, 0, 1 }),
        conv(lower, { 1, 0, 1, 0 }),
        { "maximum with uneven padding", 13, [=](auto& f, auto& x) { return f.node("MaxPool", { x }, window(3, 1, uneven)); },
            [](auto& x) {
                return at::max_pool2d(at::constant_pad_nd(x, { 0, 2, 1, 0 }, -1e30), { 3, 3 }, { 1, 1 });
            },
            std::nullopt },
        { "average without padding", 13,
            [](auto& f, auto& x) {
                return f.node("AveragePool", { x }, window(3, 2, { "pads", Numbers { 1, 1, 1, 1 } }));
            },
            [](auto& x) {
                return at::avg_pool2d(x, { 3, 3 }, { 2, 2 }, { 1, 1 }, false, false);
            },
            Op::AveragePool },
        { "maximum over space", 13,
            [](auto& f, auto& x) {
                return f.node("ReduceMax", { x }, { { "axes", Numbers { 3, 2 } } });
            },
            [](auto& x) {
                return at::amax(x, { 2, 3 }, true);
            },
            Op::GlobalMaxPool },
        { "mean over positions in one axis", 13,
            [](auto& f, auto& x) {
                return f.node("ReduceMean", { f.node("Reshape", { x, n(f, { 0, 0, -1 }) }) }, { { "axes", Numbers { 2 } } });
            },
            [](auto& x) {
                return at::mean(x, { 2, 3 }, true);
            },
            Op::GlobalAveragePool },
        { "a pool of one", 13,
            [](auto& f, auto& x) {
                return f.node("AveragePool", { x }, window(1, 1, { "pads", Numbers { 0, 0, 0, 0 } }));
            },
            [](auto& x) { return x; }, Op::Conv2d },
    };
}

std::vector<OnnxCase> pieces()
{
    return {
        { "Split by attribute", 11,
            [](auto& f, auto& x) {
                f.node("Split", { x }, { { "axis", kOne }, { "split", Numbers { 1, 3 } } }, "part", 2);
                return f.node("Relu", { "part_1" });
            },
            [](auto& x) { return at::relu(x.slice(1, 1)); }, Op::Relu },
        { "Split by input", 13,
            [](auto& f, auto& x) {
                f.node("Split", { x, n(f, { 2, 4 }) }, { { "axis", std::int64_t { 2 } } }, "part", 2);
                return f.node("Relu", { "part" });
            },
            [](auto& x) { return at::relu(x.slice(2, 0, 2)); }, Op::Relu },
        { "Slice by attributes", 9,
            [](auto& f, auto& x) {
                return f.node("Slice", { x },
                    { { "axes", Numbers { 1, 3 } }, { "starts", Numbers { 1, -3 } }, { "ends", Numbers { 3, 9223372036854775807 } } });
            },
            [](auto& x) { return x.slice(1, 1, 3).slice(3, 3); }, Op::Slice },
        { "Slice by inputs", 11,
            [](auto& f, auto& x) {
                return f.node("Slice", { x, n(f, { 0 }), n(f, { 6 }), n(f, { 2 }), n(f, { 3 }) });
            },
            [](auto& x) { return x.slice(2, 0, 6, 3); }, Op::Slice },
        { "Slice of everything", 11,
            [](auto& f, auto& x) {
                return f.node("Slice", { x, n(f, { 0 }), n(f, { 99 }), n(f, { 2 }) });
            },
            [](auto& x) { return x; }, Op::Conv2d },
        { "Pad by attributes", 9,
            [](auto& f, auto& x) {
                return f.node("Pad", { x }, { { "pads", Numbers { 0, 0, 1, 2, 0, 0, 3, 0 } }, { "value", 0.5F } });
            },
            [](auto& x) {
                return at::constant_pad_nd(x, { 2, 0, 1, 3 }, 0.5);
            },
            Op::Pad },
        { "Pad by inputs", 13,
            [](auto& f, auto& x) {
                return f.node("Pad", { x, n(f, { 0, 0, 1, 2, 0, 0, 3, 0 }), s(f, -1) });
            },
            [](auto& x) {
                return at::constant_pad_nd(x, { 2, 0, 1, 3 }, -1);
            },
            Op::Pad },
        { "Concat of rows", 13,
            [](auto& f, auto& x) {
                return f.node("Concat", { x, f.node("Relu", { x }) }, { { "axis", std::int64_t { 2 } } });
            },
            [](auto& x) {
                return at::cat({ x, at::relu(x) }, 2);
            },
            Op::Concat },
        { "Reshape and back", 13,
            [](auto& f, auto& x) {
                const std::string flat = f.node("Reshape", { x, n(f, { -1, 144 }) });
                return f.node("Reshape", { f.node("Relu", { flat }), n(f, { 1, 4, 6, 6 }) });
            },
            [](auto& x) { return at::relu(x); }, Op::Relu },
        { "Reshape to other channels", 13,
            [](auto& f, auto& x) {
                return f.node("GlobalAveragePool", { f.node("Reshape", { x, n(f, { 0, 2, -1, 6 }) }) });
            },
            [](auto& x) {
                return at::mean(x.reshape({ x.size(0), 2, 12, 6 }), { 2, 3 });
            },
            Op::GlobalAveragePool },
        { "Transpose that moves nothing", 13,
            [](auto& f, auto& x) {
                const std::string pooled = f.node("GlobalAveragePool", { x });
                return f.node("Transpose", { pooled }, { { "perm", Numbers { 0, 2, 3, 1 } } });
            },
            [](auto& x) {
                return at::mean(x, { 2, 3 });
            },
            std::nullopt },
        { "Unsqueeze of a gate", 13,
            [](auto& f, auto& x) {
                const std::string mean = f.node("ReduceMean", { x }, { { "axes", Numbers { 2, 3 } }, { "keepdims", std::int64_t { 0 } } });
                const std::string gate
                    = f.node("Unsqueeze", { f.node("Unsqueeze", { f.node("Sigmoid", { mean }), n(f, { 2 }) }), n(f, { 3 }) });
                return f.node("Mul", { x, gate });
            },
            [](auto& x) {
                return x * at::sigmoid(at::mean(x, { 2, 3 }, true));
            },
            Op::Multiply },
        { "Expand of a gate", 13,
            [](auto& f, auto& x) {
                const std::string gate = f.node("Sigmoid", { f.node("GlobalAveragePool", { x }) });
                return f.node("Mul", { x, f.node("Expand", { gate, f.node("Shape", { x }) }) });
            },
            [](auto& x) {
                return x * at::sigmoid(at::mean(x, { 2, 3 }, true));
            },
            Op::Multiply },
        { "Dropout, Identity and Cast", 13,
            [](auto& f, auto& x) {
                return f.node("Relu", { f.node("Cast", { f.node("Identity", { f.node("Dropout", { x }) }) }, { { "to", kOne } }) });
            },
            [](auto& x) { return at::relu(x); }, Op::Relu },
        { "a weight that is transposed and cast", 13,
            [](auto& f, auto& x) {
                const at::Tensor kernel = randomTensor({ 4, 3, 1, 1 }, 8).to(at::kHalf);
                const std::string turned = f.node("Transpose", { f.tensor("w", kernel) }, { { "perm", Numbers { 1, 0, 2, 3 } } });
                return f.node("Conv", { x, f.node("Cast", { turned }, { { "to", kOne } }) });
            },
            [](auto& x) {
                return at::conv2d(x, randomTensor({ 4, 3, 1, 1 }, 8).to(at::kHalf).to(at::kFloat).transpose(0, 1));
            },
            Op::Conv2d },
    };
}

const std::vector<OnnxCase>& cases()
{
    static const auto all = [] {
        std::vector<OnnxCase> list;
        for (const auto& part : { windows(), pieces() })
            std::ranges::copy(part, std::back_inserter(list));
        return list;
    }();
    return all;
}

} // namespace

class TestOnnxOperators final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void writings_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i].name) << static_cast<int>(i);
    }

    void writings()
    {
        QFETCH(int, index);
        QCOMPARE(flawOf(cases()[static_cast<std::size_t>(index)]), QString());
    }
};

QTEST_GUILESS_MAIN(TestOnnxOperators)
#include "tst_engine_onnx_operators.moc"
