// SPDX-License-Identifier: GPL-3.0-or-later
// However a file writes an activation, and whatever it computes with constants, it becomes the operator that computes the same.
#include "tests/core/engine/onnx_case.h"

#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

std::vector<OnnxCase> rectifiers()
{
    const Layer2d relu6 = [](const at::Tensor& x) { return at::hardtanh(x, 0, 6); };
    return {
        { "Relu", 7, [](auto& f, auto& x) { return f.node("Relu", { x }); }, [](auto& x) { return at::relu(x); }, Op::Relu },
        { "Max with 0", 13,
            [](auto& f, auto& x) {
                return f.node("Max", { x, s(f, 0) });
            },
            [](auto& x) { return at::relu(x); }, Op::Relu },
        { "Clip by attributes", 7,
            [](auto& f, auto& x) {
                return f.node("Clip", { x }, { { "min", 0.0F }, { "max", 6.0F } });
            },
            relu6, Op::Relu6 },
        { "Clip by inputs", 11,
            [](auto& f, auto& x) {
                return f.node("Clip", { x, s(f, 0), s(f, 6) });
            },
            relu6, Op::Relu6 },
        { "Clip by Constant nodes", 13,
            [](auto& f, auto& x) {
                const std::string low = f.constant("low", at::scalar_tensor(-0.5F)), high = f.constant("high", at::scalar_tensor(0.75F));
                return f.node("Clip", { x, low, high });
            },
            [](auto& x) { return at::clamp(x, -0.5, 0.75); }, Op::Clip },
        { "Clip from above", 13,
            [](auto& f, auto& x) {
                return f.node("Clip", { x, "", s(f, 1) });
            },
            [](auto& x) { return at::clamp_max(x, 1); }, Op::Clip },
        { "Min and Max", 13,
            [](auto& f, auto& x) {
                return f.node("Max", { f.node("Min", { x, s(f, 6) }), s(f, 0) });
            },
            relu6, Op::Relu6 },
        { "LeakyRelu", 7,
            [](auto& f, auto& x) {
                return f.node("LeakyRelu", { x }, { { "alpha", 0.2F } });
            },
            [](auto& x) { return at::leaky_relu(x, 0.2); }, Op::LeakyRelu },
        { "PRelu with one slope", 9,
            [](auto& f, auto& x) {
                return f.node("PRelu", { x, f.tensor("slope", at::full({ 4, 1, 1 }, 0.3)) });
            },
            [](auto& x) { return at::leaky_relu(x, 0.3); }, Op::LeakyRelu },
        { "Relu of Relu", 13, [](auto& f, auto& x) { return f.node("Relu", { f.node("Relu", { x }) }); },
            [](auto& x) { return at::relu(x); }, Op::Relu },
    };
}

/// gelu(x) around `half`, a way to write x / 2 (1 + erf(x / sqrt 2)).
std::string erfGelu(OnnxWriter& f, const std::string& x, bool halfFirst)
{
    const std::string erf = f.node("Erf", { f.node("Div", { x, s(f, 1.4142135623730951) }) });
    const std::string sum = f.node("Add", { erf, s(f, 1) });
    return halfFirst ? f.node("Mul", { f.node("Mul", { x, s(f, 0.5) }), sum }) : f.node("Mul", { f.node("Mul", { x, sum }), s(f, 0.5) });
}

std::string tanhGelu(OnnxWriter& f, const std::string& x)
{
    const std::string cubic = f.node("Mul", { f.node("Pow", { x, s(f, 3) }), s(f, 0.044715) });
    const std::string inner = f.node("Mul", { f.node("Add", { x, cubic }), s(f, 0.7978845608028654) });
    return f.node("Mul", { f.node("Mul", { x, s(f, 0.5) }), f.node("Add", { f.node("Tanh", { inner }), s(f, 1) }) });
}

std::string shifted6(OnnxWriter& f, const std::string& x)
{
    return f.node("Clip", { f.node("Add", { x, s(f, 3) }), s(f, 0), s(f, 6) });
}

std::vector<OnnxCase> sigmoids()
{
    const Layer2d hardSwish = [](const at::Tensor& x) { return at::hardswish(x); };
    const Layer2d gelu = [](const at::Tensor& x) { return at::gelu(x); };
    const Layer2d silu = [](const at::Tensor& x) { return at::silu(x); };
    return {
        { "Sigmoid", 7, [](auto& f, auto& x) { return f.node("Sigmoid", { x }); }, [](auto& x) { return at::sigmoid(x); }, Op::Sigmoid },
        { "HardSigmoid", 13,
            [](auto& f, auto& x) {
                return f.node("HardSigmoid", { x }, { { "alpha", 1 / 6.0F } });
            },
            [](auto& x) { return at::hardsigmoid(x); }, Op::HardSigmoid },
        { "hard sigmoid by Clip", 11,
            [](auto& f, auto& x) {
                return f.node("Div", { shifted6(f, x), s(f, 6) });
            },
            [](auto& x) { return at::hardsigmoid(x); }, Op::HardSigmoid },
        { "x * Sigmoid(x)", 13,
            [](auto& f, auto& x) {
                return f.node("Mul", { x, f.node("Sigmoid", { x }) });
            },
            silu, Op::Silu },
        { "Sigmoid(x) * x", 13,
            [](auto& f, auto& x) {
                return f.node("Mul", { f.node("Sigmoid", { x }), x });
            },
            silu, Op::Silu },
        { "x / (1 + Exp(-x))", 13,
            [](auto& f, auto& x) {
                return f.node("Div", { x, f.node("Add", { s(f, 1), f.node("Exp", { f.node("Neg", { x }) }) }) });
            },
            silu, Op::Silu },
        { "HardSwish", 14, [](auto& f, auto& x) { return f.node("HardSwish", { x }); }, hardSwish, Op::HardSwish },
        { "x * HardSigmoid(x)", 13,
            [](auto& f, auto& x) {
                return f.node("Mul", { x, f.node("HardSigmoid", { x }, { { "alpha", 1 / 6.0F } }) });
            },
            hardSwish, Op::HardSwish },
        { "x * Clip(x + 3) / 6", 11,
            [](auto& f, auto& x) {
                return f.node("Div", { f.node("Mul", { x, shifted6(f, x) }), s(f, 6) });
            },
            hardSwish, Op::HardSwish },
        { "x * (Clip(x + 3) * 1/6)", 12,
            [](auto& f, auto& x) {
                return f.node("Mul", { x, f.node("Mul", { shifted6(f, x), s(f, 1 / 6.0) }) });
            },
            hardSwish, Op::HardSwish },
        { "GELU by Erf", 13, [](auto& f, auto& x) { return erfGelu(f, x, false); }, gelu, Op::Gelu },
        { "GELU by Erf, half first", 13, [](auto& f, auto& x) { return erfGelu(f, x, true); }, gelu, Op::Gelu },
        { "GELU by Tanh", 13, tanhGelu, [](auto& x) { return at::gelu(x, "tanh"); }, Op::Gelu },
        { "Gelu", 20, [](auto& f, auto& x) { return f.node("Gelu", { x }); }, gelu, Op::Gelu },
        { "Gelu with tanh", 20,
            [](auto& f, auto& x) {
                return f.node("Gelu", { x }, { { "approximate", std::string("tanh") } });
            },
            [](auto& x) { return at::gelu(x, "tanh"); }, Op::Gelu },
        { "activations of activations", 13,
            [](auto& f, auto& x) { return f.node("Sigmoid", { f.node("LeakyRelu", { f.node("Relu", { x }) }) }); },
            [](auto& x) { return at::sigmoid(at::relu(x)); }, std::nullopt },
        { "Add of an activation and what it is of", 13,
            [](auto& f, auto& x) {
                return f.node("Add", { f.node("Relu", { x }), x });
            },
            [](auto& x) { return at::relu(x) + x; }, Op::Add },
        { "a square", 13,
            [](auto& f, auto& x) {
                return f.node("Mul", { x, x });
            },
            [](auto& x) { return x * x; }, Op::Multiply },
    };
}

at::Tensor perChannel()
{
    return at::tensor({ 0.5F, -2.0F, 3.0F, 0.25F }).view({ 4, 1, 1 });
}

std::vector<OnnxCase> foldedIntoLayers()
{
    const auto with = [](const char* type) {
        return [type](OnnxWriter& f, const std::string& x) { return f.node(type, { x, f.tensor("per channel", perChannel()) }); };
    };
    const auto from = [](const char* type) {
        return [type](OnnxWriter& f, const std::string& x) { return f.node(type, { f.tensor("per channel", perChannel()), x }); };
    };
    return {
        { "Add per channel", 13, with("Add"), [](auto& x) { return x + perChannel(); }, Op::Conv2d },
        { "Sub per channel", 13, with("Sub"), [](auto& x) { return x - perChannel(); }, Op::Conv2d },
        { "Sub from a number per channel", 13, from("Sub"), [](auto& x) { return perChannel() - x; }, Op::Conv2d },
        { "Mul per channel", 13, with("Mul"), [](auto& x) { return x * perChannel(); }, Op::Conv2d },
        { "Div per channel", 13, with("Div"), [](auto& x) { return x / perChannel(); }, Op::Conv2d },
    };
}

const std::vector<OnnxCase>& cases()
{
    static const auto all = [] {
        std::vector<OnnxCase> list;
        for (const auto& part : { rectifiers(), sigmoids(), foldedIntoLayers() })
            std::ranges::copy(part, std::back_inserter(list));
        return list;
    }();
    return all;
}

} // namespace

class TestOnnxActivations final : public QObject {
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

QTEST_GUILESS_MAIN(TestOnnxActivations)
#include "tst_engine_onnx_activations.moc"
