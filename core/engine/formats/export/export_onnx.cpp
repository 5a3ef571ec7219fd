// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/export_onnx.h"

#include <algorithm>

namespace bitscape {
namespace {

constexpr int kLargestInt8 = 127;

std::string weights(OnnxModel& model, const Deployable& network, std::size_t layer, const std::string& tensor)
{
    if (!network.isQuantized())
        return addTensor(model, network, tensor);
    const IntegerWeights& own = network.weights[layer];
    const auto type = own.largest > kLargestInt8 ? onnx::TensorProto::INT32 : onnx::TensorProto::INT8;
    const std::string levels
        = model.integers(tensor + ".levels", network.tensors.at(tensor).sizes().vec(), { own.levels.begin(), own.levels.end() }, type);
    std::vector<float> steps = own.scales;
    std::ranges::replace(steps, 0.0F, 1.0F); // of filters without levels; some tools want none to be zero
    const std::string scales = model.floats(tensor + ".scales", { static_cast<std::int64_t>(steps.size()) }, steps);
    return with(model.node("DequantizeLinear", tensor, { levels, scales }), "axis", std::int64_t { 0 }).output(0);
}

std::string layerOf(OnnxModel& model, const Deployable& network, std::size_t layer, const std::string& input)
{
    const Node& node = network.graph.nodes[static_cast<std::size_t>(network.layers[layer].node)];
    std::vector<std::string> inputs { input, weights(model, network, layer, node.weight) };
    if (!node.bias.empty())
        inputs.push_back(addTensor(model, network, node.bias));
    return addLayer(model, node, node.name, inputs, node.groups).output(0);
}

/// A tap that is never anything but zero has no scale: clipping alone says so.
std::string quantized(OnnxModel& model, const std::string& value, const ActivationGrid& grid, bool isUnsigned)
{
    const float scale = grid.scale > 0 ? grid.scale : 1.0F;
    const float low = grid.scale > 0 ? grid.lowest * scale : 0, high = grid.scale > 0 ? grid.highest * scale : 0;
    const bool wholeType = isUnsigned && grid.scale > 0 && grid.highest >= 255;
    std::string within = value;
    if (!wholeType)
        within = model.node("Clip", value + ".clipped", { value, model.scalar(value + ".low", low), model.scalar(value + ".high", high) })
                     .output(0);
    const std::string step = model.scalar(value + ".scale", scale);
    const auto type = isUnsigned ? onnx::TensorProto::UINT8 : onnx::TensorProto::INT8;
    const std::string zero = model.integers(value + ".zero", {}, { 0 }, type);
    const std::string levels = model.node("QuantizeLinear", value + ".levels", { within, step, zero }).output(0);
    return model.node("DequantizeLinear", value + ".quantized", { levels, step, zero }).output(0);
}

} // namespace

OnnxDialect onnxDialect(const Deployable& network)
{
    OnnxDialect dialect;
    dialect.layer = [&network](OnnxModel& to, std::size_t layer, const std::string& input) { return layerOf(to, network, layer, input); };
    dialect.activation = quantized;
    return dialect;
}

std::string exportOnnx(const Deployable& network)
{
    OnnxModel model;
    writeOnnxNetwork(network, onnxDialect(network), model);
    return model.bytes();
}

} // namespace bitscape
