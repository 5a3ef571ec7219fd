// SPDX-License-Identifier: GPL-3.0-or-later
// The blocks of well-known networks, each written as ONNX and put together with ATen calls from the same random weights.
#pragma once

#include "tests/core/engine/onnx_writer.h"
#include "tests/core/engine/tiny_network.h"

#include <functional>
#include <string>
#include <vector>

namespace bitscape::test {

/// A model and what it computes.
struct OnnxNetwork {
    const char* name;
    OnnxWriter file;
    std::function<at::Tensor(const at::Tensor& images)> reference;
};

/// Weights by name, each time the same, and their initialisers.
class Weights final {
public:
    explicit Weights(OnnxWriter& file)
        : m_file(file)
    {
    }

    at::Tensor operator()(const std::string& name, const Numbers& sizes, bool positive = false)
    {
        at::Tensor tensor = randomTensor(sizes, ++m_seed, 0.4);
        if (positive)
            tensor = tensor.abs() + 0.5;
        m_file.tensor(name, tensor);
        return tensor;
    }

private:
    OnnxWriter& m_file;
    std::uint64_t m_seed = 100;
};

using Layer2d = std::function<at::Tensor(const at::Tensor&)>;

/// Adds a convolution and answers its reference. `value`: in, what it reads; out, what it makes.
struct Blocks {
    OnnxWriter& file;
    Weights weights { file };

    Layer2d conv(std::string& value, const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
        std::int64_t stride = 1, std::int64_t groups = 1, bool hasBias = false)
    {
        const std::int64_t padding = kernel / 2;
        const at::Tensor weight = weights(name + ".weight", { out, in / groups, kernel, kernel });
        const at::Tensor bias = hasBias ? weights(name + ".bias", { out }) : at::Tensor();
        std::vector<std::string> inputs { value, name + ".weight" };
        if (hasBias)
            inputs.push_back(name + ".bias");
        value = file.node("Conv", inputs,
            { { "kernel_shape", Numbers { kernel, kernel } }, { "strides", Numbers { stride, stride } },
                { "pads", Numbers { padding, padding, padding, padding } }, { "group", groups } },
            name);
        return [=](const at::Tensor& x) { return at::conv2d(x, weight, bias, stride, padding, 1, groups); };
    }

    Layer2d batchNorm(std::string& value, const std::string& name, std::int64_t channels)
    {
        const at::Tensor scale = weights(name + ".weight", { channels }), shift = weights(name + ".bias", { channels }),
                         mean = weights(name + ".running_mean", { channels }),
                         variance = weights(name + ".running_var", { channels }, true);
        value = file.node("BatchNormalization", { value, name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var" },
            { { "epsilon", 1e-3F } }, name);
        return [=](const at::Tensor& x) { return at::batch_norm(x, scale, shift, mean, variance, false, 0.1, 1e-3F, false); };
    }

    Layer2d gemm(std::string& value, const std::string& name, std::int64_t in, std::int64_t out)
    {
        const at::Tensor weight = weights(name + ".weight", { out, in }), bias = weights(name + ".bias", { out });
        value = file.node("Gemm", { value, name + ".weight", name + ".bias" }, { { "transB", std::int64_t { 1 } } }, name);
        return [=](const at::Tensor& x) { return at::linear(x, weight, bias); };
    }
};

inline OnnxNetwork resNetBlock()
{
    OnnxWriter file(13);
    Blocks add { file };
    std::string stem = file.input({ 0, 3, 9, 9 });
    const auto conv0 = add.conv(stem, "conv0", 3, 4, 3);
    const auto norm0 = add.batchNorm(stem, "bn0", 4);
    stem = file.node("Relu", { stem });
    std::string main = stem, shortcut = stem;
    const auto conv1 = add.conv(main, "layer.0.conv1", 4, 6, 3, 2);
    const auto norm1 = add.batchNorm(main, "layer.0.bn1", 6);
    main = file.node("Relu", { main });
    const auto conv2 = add.conv(main, "layer.0.conv2", 6, 6, 3);
    const auto norm2 = add.batchNorm(main, "layer.0.bn2", 6);
    const auto conv3 = add.conv(shortcut, "layer.0.downsample", 4, 6, 1, 2);
    std::string value = file.node("Relu", { file.node("Add", { main, shortcut }) });
    value = file.node("Flatten", { file.node("GlobalAveragePool", { value }) });
    const auto fc = add.gemm(value, "fc", 6, 5);
    file.output(value);
    return { "ResNet block", file, [=](const at::Tensor& images) {
                const at::Tensor x = at::relu(norm0(conv0(images)));
                const at::Tensor y = at::relu(norm2(conv2(at::relu(norm1(conv1(x))))) + conv3(x));
                return fc(at::mean(y, { 2, 3 }));
            } };
}

/// Depthwise convolution, squeeze-and-excite, hard swish as exporters wrote it before opset 14, mean over space, softmax at the end.
inline OnnxNetwork mobileNetBlock()
{
    OnnxWriter file(11);
    Blocks add { file };
    std::string x = file.input({ 1, 3, 8, 10 });
    const auto expand = add.conv(x, "expand", 3, 8, 1);
    const auto norm = add.batchNorm(x, "bn", 8);
    const std::string shifted = file.node("Add", { x, file.scalar("three", 3) });
    const std::string clipped = file.node("Clip", { shifted, file.scalar("zero", 0), file.scalar("six", 6) });
    x = file.node("Div", { file.node("Mul", { x, clipped }), file.scalar("divisor", 6) });
    const auto depthwise = add.conv(x, "depthwise", 8, 8, 5, 2, 8);
    std::string gate = file.node("GlobalAveragePool", { x });
    const auto squeeze = add.conv(gate, "se.fc1", 8, 2, 1, 1, 1, true);
    gate = file.node("Relu", { gate });
    const auto excite = add.conv(gate, "se.fc2", 2, 8, 1, 1, 1, true);
    gate = file.node("HardSigmoid", { gate }, { { "alpha", 1 / 6.0F } });
    x = file.node("Mul", { gate, x });
    const auto project = add.conv(x, "project", 8, 4, 1, 1, 1, true);
    x = file.node("Clip", { x, "zero", "six" });
    x = file.node("ReduceMean", { x }, { { "axes", Numbers { 2, 3 } }, { "keepdims", std::int64_t { 0 } } });
    const auto fc = add.gemm(x, "fc", 4, 3);
    x = file.node("Softmax", { x }, { { "axis", std::int64_t { 1 } } });
    file.output(x);
    return { "MobileNet block", file, [=](const at::Tensor& images) {
                const at::Tensor y = depthwise(at::hardswish(norm(expand(images))));
                const at::Tensor g = at::hardsigmoid(excite(at::relu(squeeze(at::mean(y, { 2, 3 }, true)))));
                return fc(at::mean(at::hardtanh(project(y * g), 0, 6), { 2, 3 }));
            } };
}

inline OnnxNetwork fireModule()
{
    OnnxWriter file(12);
    Blocks add { file };
    std::string x = file.input({ 0, 3, 10, 10 });
    const auto squeeze = add.conv(x, "squeeze", 3, 2, 1, 1, 1, true);
    x = file.node("Relu", { x });
    std::string left = x, right = x;
    const auto expand1 = add.conv(left, "expand1x1", 2, 4, 1, 1, 1, true);
    left = file.node("Relu", { left });
    const auto expand3 = add.conv(right, "expand3x3", 2, 4, 3, 1, 1, true);
    right = file.node("Relu", { right });
    x = file.node("Concat", { left, right }, { { "axis", std::int64_t { 1 } } });
    x = file.node(
        "MaxPool", { x }, { { "kernel_shape", Numbers { 3, 3 } }, { "strides", Numbers { 2, 2 } }, { "ceil_mode", std::int64_t { 1 } } });
    x = file.node("Dropout", { x });
    const auto classifier = add.conv(x, "classifier", 8, 3, 1, 1, 1, true);
    x = file.node("GlobalAveragePool", { file.node("Relu", { x }) });
    file.output(x, { 0, 0, 0, 0 });
    return { "fire module", file, [=](const at::Tensor& images) {
                const at::Tensor s = at::relu(squeeze(images));
                const at::Tensor y = at::cat({ at::relu(expand1(s)), at::relu(expand3(s)) }, 1);
                return at::mean(at::relu(classifier(at::max_pool2d(y, { 3, 3 }, { 2, 2 }, 0, 1, true))), { 2, 3 });
            } };
}

inline OnnxNetwork denseBlock()
{
    OnnxWriter file(15);
    Blocks add { file };
    std::string x = file.input({ 2, 3, 8, 8 });
    const auto stem = add.conv(x, "stem", 3, 4, 3);
    const std::string first = x;
    const auto norm1 = add.batchNorm(x, "norm1", 4);
    x = file.node("Relu", { x });
    const auto conv1 = add.conv(x, "conv1", 4, 3, 3);
    x = file.node("Concat", { first, x }, { { "axis", std::int64_t { -3 } } });
    const auto norm2 = add.batchNorm(x, "norm2", 7);
    x = file.node("Relu", { x });
    x = file.node("AveragePool", { x }, { { "kernel_shape", Numbers { 2, 2 } }, { "strides", Numbers { 2, 2 } } });
    const auto conv2 = add.conv(x, "conv2", 7, 5, 1);
    x = file.node("ReduceMean", { x }, { { "axes", Numbers { -1, -2 } } });
    x = file.node("Squeeze", { x, file.numbers("space", { 2, 3 }) });
    const auto fc = add.gemm(x, "fc", 5, 4);
    file.output(x);
    return { "dense block", file, [=](const at::Tensor& images) {
                const at::Tensor s = stem(images);
                const at::Tensor y = at::cat({ s, conv1(at::relu(norm1(s))) }, 1);
                return fc(at::mean(conv2(at::avg_pool2d(at::relu(norm2(y)), { 2, 2 }, { 2, 2 })), { 2, 3 }));
            } };
}

/// Reshape by the shape that the graph works out, MatMul and Add for the last layer, constants as nodes.
inline OnnxNetwork vgg()
{
    OnnxWriter file(9);
    Blocks add { file };
    std::string x = file.input({ 0, 3, 8, 8 });
    const auto conv1 = add.conv(x, "features.0", 3, 4, 3, 1, 1, true);
    x = file.node("Relu", { x });
    x = file.node("MaxPool", { x }, { { "kernel_shape", Numbers { 2, 2 } }, { "strides", Numbers { 2, 2 } } });
    std::string size = file.node("Shape", { x });
    size = file.node("Gather", { size, file.constant("first", at::scalar_tensor(0, at::kLong)) });
    size = file.node("Unsqueeze", { size }, { { "axes", Numbers { 0 } } });
    size = file.node("Concat", { size, file.constant("rest", at::tensor({ -1 }, at::kLong)) }, { { "axis", std::int64_t { 0 } } });
    x = file.node("Reshape", { x, size });
    const auto fc1 = add.gemm(x, "classifier.0", 64, 7);
    x = file.node("Dropout", { file.node("Relu", { x }) });
    const at::Tensor matrix = add.weights("matrix", { 7, 3 }), bias = add.weights("last.bias", { 3 });
    x = file.node("Add", { file.node("MatMul", { x, "matrix" }, {}, "classifier.3"), "last.bias" });
    file.output(x);
    return { "VGG", file, [=](const at::Tensor& images) {
                const at::Tensor y = at::max_pool2d(at::relu(conv1(images)), { 2, 2 }, { 2, 2 });
                return at::matmul(at::relu(fc1(at::flatten(y, 1))), matrix) + bias;
            } };
}

/// A node of QONNX.
inline std::string qonnx(OnnxWriter& file, const std::string& type, const std::vector<std::string>& inputs,
    const std::vector<With>& attributes, const std::string& name)
{
    file.node(type, inputs, attributes, name);
    file.graph().mutable_node(file.graph().node_size() - 1)->set_domain("qonnx.custom_op.general");
    return name;
}

/// Filters 0 and 3 pruned, 1 and 4 of one bit, 2 and 5 of two, an operator for each pair, put together and in order; pools from 6 positions
/// to 4 as products with matrices.
inline OnnxNetwork groupedByBits()
{
    constexpr std::int64_t kOne = 1, kNone = 0;
    OnnxWriter file(13);
    auto& domain = *file.model.add_opset_import();
    domain.set_domain("qonnx.custom_op.general");
    domain.set_version(1);
    Blocks add { file };
    const std::string image = file.input({ 1, 2, 6, 6 });
    const std::vector<With> window { { "kernel_shape", Numbers { 3, 3 } }, { "pads", Numbers { 1, 1, 1, 1 } } };
    const at::Tensor pruned = at::tensor({ 0.5F, -0.25F }), scales = at::tensor({ 0.3F, 0.7F });
    const at::Tensor signs = add.weights("signs", { 2, 2, 3, 3 }), values = add.weights("values", { 2, 2, 3, 3 });
    file.tensor("pruned", pruned.reshape({ 1, 2, 1, 1 }).expand({ 1, 2, 6, 6 }));
    file.tensor("scales", scales.reshape({ 1, 2, 1, 1 }));
    const std::string one = qonnx(file, "BipolarQuant", { "signs", file.scalar("unit", 1) }, {}, "conv.1bit.weight");
    const std::string two = qonnx(file, "Quant", { "values", file.scalar("step", 0.25), file.scalar("zero", 1.5), file.scalar("bits", 2) },
        { { "signed", kNone }, { "narrow", kNone }, { "rounding_mode", std::string("ROUND") } }, "conv.2bit.weight");
    const std::string sums = file.node("Mul", { file.node("Conv", { image, one }, window, "conv.1bit"), "scales" });
    const std::string all
        = file.node("Concat", { "pruned", sums, file.node("Conv", { image, two }, window, "conv.2bit") }, { { "axis", kOne } });
    std::string x = file.node("Gather", { all, file.numbers("order", { 0, 2, 4, 1, 3, 5 }) }, { { "axis", kOne } }, "conv");
    at::Tensor matrix = at::zeros({ 6, 4 });
    for (const auto& [from, to] : { std::pair { 0, 0 }, { 1, 0 }, { 1, 1 }, { 2, 1 }, { 3, 2 }, { 4, 2 }, { 4, 3 }, { 5, 3 } })
        matrix[from][to] = 0.5;
    x = file.node("MatMul", { file.node("Relu", { x }), file.tensor("columns", matrix) });
    x = file.node("MatMul", { file.tensor("rows", matrix.t()), x });
    x = file.node("Flatten", { x });
    const auto fc = add.gemm(x, "fc", 96, 3);
    file.output(x);
    const at::Tensor unit = at::where(signs >= 0, at::ones_like(signs), -at::ones_like(signs)) * scales.reshape({ 2, 1, 1, 1 });
    const at::Tensor steps = (at::round(at::clamp(values / 0.25 + 1.5, 0, 3)) - 1.5) * 0.25, none = at::zeros({ 2, 3, 3 });
    const at::Tensor weight = at::stack({ none, unit[0], steps[0], none, unit[1], steps[1] });
    const at::Tensor bias = at::tensor({ 0.5F, 0.0F, 0.0F, -0.25F, 0.0F, 0.0F });
    return { "filters grouped by bits", file, [=](const at::Tensor& images) {
                const at::Tensor y = at::relu(at::conv2d(images, weight, bias, 1, 1));
                return fc(at::flatten(at::adaptive_avg_pool2d(y, { 4, 4 }), 1));
            } };
}

inline std::vector<OnnxNetwork> onnxNetworks()
{
    return { resNetBlock(), mobileNetBlock(), fireModule(), denseBlock(), vgg(), groupedByBits() };
}

} // namespace bitscape::test
