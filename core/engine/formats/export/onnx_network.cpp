// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/onnx_network.h"

#include "core/engine/formats/export/onnx_operators.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace bitscape {
namespace {

std::string batchNorm(OnnxModel& model, const Deployable& network, const Node& node, const std::string& input)
{
    std::vector<std::string> inputs { input };
    for (const std::string& tensor : { node.weight, node.bias, node.mean, node.variance })
        inputs.push_back(addTensor(model, network, tensor));
    onnx::NodeProto& added = model.node("BatchNormalization", node.name, inputs);
    with(added, "epsilon", static_cast<float>(node.epsilon));
    with(added, "momentum", static_cast<float>(1 - node.momentum)); // ONNX names the part that stays
    return added.output(0);
}

void addNotes(OnnxModel& model, const Deployable& network, const std::map<std::size_t, std::string>& names)
{
    if (network.isQuantized()) {
        nlohmann::ordered_json bits = nlohmann::ordered_json::object();
        for (const auto& [layer, name] : names)
            bits[name] = network.bits[layer];
        model.note("bitscape.bits", bits.dump());
    }
    if (!network.normalisation.mean.empty()) {
        model.note("bitscape.mean", nlohmann::json(network.normalisation.mean).dump());
        model.note("bitscape.std", nlohmann::json(network.normalisation.stddev).dump());
    }
    if (!network.classNames.empty())
        model.note("bitscape.classes", nlohmann::json(network.classNames).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

/// What other files have computed, as an input where it is read here; logits to which nothing is added come out as they came in.
std::string givenValue(const Graph& graph, std::size_t node, const OnnxCut& cut, std::int64_t batch, OnnxModel& model)
{
    bool isRead = false;
    for (std::size_t i = node + 1; i < graph.nodes.size(); ++i) {
        const auto& inputs = graph.nodes[i].inputs;
        isRead = isRead || (cut.given[i].empty() && std::ranges::find(inputs, static_cast<int>(node)) != inputs.end());
    }
    const bool isOutput = static_cast<int>(node) == graph.output;
    if (!isRead && !isOutput)
        return {};
    const std::string input = model.input(cut.given[node], graph.nodes[node].shape, batch);
    return isOutput ? model.node("Identity", input + ".again", { input }).output(0) : input;
}

} // namespace

std::vector<std::string> writeOnnxNetwork(const Deployable& network, const OnnxDialect& dialect, OnnxModel& model, const OnnxCut* cut)
{
    const auto grids = activationGrids(network);
    std::map<int, bool> isUnsigned;
    for (const Layer& layer : network.layers)
        isUnsigned[layer.tap] = layer.unsignedTap;
    std::vector<std::string> values;
    std::map<std::size_t, std::string> names;
    for (std::size_t i = 0; i < network.graph.nodes.size(); ++i) {
        const Node& node = network.graph.nodes[i];
        if (cut && !cut->given[i].empty()) {
            values.push_back(givenValue(network.graph, i, *cut, dialect.batch, model));
            continue;
        }
        std::vector<std::string> inputs;
        for (const int input : node.inputs)
            inputs.push_back(values[static_cast<std::size_t>(input)]);
        std::string value;
        if (node.op == Op::Input) {
            value = model.input(node.name, node.shape, dialect.batch);
        } else if (const auto layer = layerAt(network, static_cast<int>(i))) {
            value = dialect.layer(model, *layer, inputs.front());
            names[*layer] = value;
        } else if (node.op == Op::BatchNorm) {
            value = batchNorm(model, network, node, inputs.front());
        } else {
            value = addOperator(model, network.graph, node, inputs);
        }
        if (const auto grid = grids.find(static_cast<int>(i)); grid != grids.end())
            value = dialect.activation(model, value, grid->second, isUnsigned.at(grid->first));
        values.push_back(value);
    }
    std::vector<int> outputs { network.graph.output };
    if (cut)
        std::ranges::copy(cut->outputs, std::back_inserter(outputs));
    for (const int output : outputs)
        model.output(values[static_cast<std::size_t>(output)], network.graph.nodes[static_cast<std::size_t>(output)].shape, dialect.batch);
    addNotes(model, network, names);
    return values;
}

onnx::NodeProto& addLayer(
    OnnxModel& model, const Node& node, const std::string& name, const std::vector<std::string>& inputs, std::int64_t groups)
{
    if (node.op == Op::Linear)
        return with(model.node("Gemm", name, inputs), "transB", std::int64_t { 1 });
    onnx::NodeProto& added = model.node("Conv", name, inputs);
    addWindow(added, node);
    return with(added, "group", groups);
}

std::string addTensor(OnnxModel& model, const Deployable& network, const std::string& tensor)
{
    const at::Tensor plain = network.tensors.at(tensor).detach().to(at::kCPU).contiguous();
    const float* data = plain.data_ptr<float>();
    return model.floats(tensor, plain.sizes().vec(), { data, data + plain.numel() });
}

} // namespace bitscape
