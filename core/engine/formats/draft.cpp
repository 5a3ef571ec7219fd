// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/draft.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace bitscape {
namespace {

constexpr std::size_t kMostNodes = 100000;                       ///< a DenseNet-121 has 430
constexpr std::int64_t kMostChannels = std::int64_t { 1 } << 26; ///< of all nodes together; a DenseNet-121 has 2^17

bool isLayer(Op op)
{
    return op == Op::Conv2d || op == Op::Linear;
}

void nameTensors(Node& node, bool hasBias)
{
    if (!isLayer(node.op) && node.op != Op::BatchNorm)
        return;
    node.weight = node.name + ".weight";
    if (hasBias)
        node.bias = node.name + ".bias";
    if (node.op == Op::BatchNorm) {
        node.mean = node.name + ".running_mean";
        node.variance = node.name + ".running_var";
    }
}

/// In the order of tensorsOf().
std::vector<at::Tensor> listOf(const NodeTensors& tensors)
{
    std::vector<at::Tensor> list { tensors.weight, tensors.bias, tensors.mean, tensors.variance };
    std::erase_if(list, [](const at::Tensor& tensor) { return !tensor.defined(); });
    return list;
}

void checkTensors(const Node& node, const Shape& input, const NodeTensors& tensors)
{
    const auto wanted = tensorsOf(node, input);
    const auto found = listOf(tensors);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (i >= found.size() || found[i].sizes() != at::IntArrayRef(wanted[i].shape))
            throw Error(ErrorCode::BadInput,
                "Node '" + node.name + "' (" + toString(node.op) + ") reads " + toString(input) + ", which the shape of '" + wanted[i].name
                    + "' does not fit.");
    }
}

std::vector<bool> leadingTo(const std::vector<Node>& nodes, int output)
{
    std::vector<bool> needed(nodes.size(), false);
    needed[0] = needed[static_cast<std::size_t>(output)] = true;
    for (std::size_t i = nodes.size(); i-- > 0;) {
        for (const int input : nodes[i].inputs)
            needed[static_cast<std::size_t>(input)] = needed[static_cast<std::size_t>(input)] || needed[i];
    }
    return needed;
}

void append(std::vector<std::byte>& weights, const TensorInfo& info, const at::Tensor& tensor)
{
    const at::Tensor plain = tensor.to(at::kFloat).contiguous();
    if (!at::isfinite(plain).all().item<bool>())
        throw Error(
            ErrorCode::BadInput, "Tensor '" + info.name + "' holds values that are not finite numbers: train or save the network again.");
    const auto* bytes = static_cast<const std::byte*>(plain.data_ptr());
    weights.insert(weights.end(), bytes, bytes + plain.nbytes());
}

} // namespace

std::string asUtf8(const std::string& text)
{
    using Json = nlohmann::json;
    return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

Draft::Draft(const Shape& input, std::int64_t mostWeights)
    : m_weightsLeft(mostWeights)
    , m_channelsLeft(kMostChannels)
{
    Node node;
    node.name = freshName("input");
    node.shape = input;
    outputShape(node, {});
    m_nodes.push_back(std::move(node));
    m_tensors.emplace_back();
}

int Draft::add(Node node, NodeTensors tensors)
{
    node.name = freshName(node.name.empty() ? toString(node.op) : asUtf8(node.name));
    std::vector<Shape> inputs;
    std::ranges::transform(node.inputs, std::back_inserter(inputs), [this](int i) { return shape(i); });
    node.shape = outputShape(node, inputs);
    nameTensors(node, tensors.bias.defined());
    checkTensors(node, inputs.front(), tensors);
    take(node, tensors);
    m_nodes.push_back(std::move(node));
    m_tensors.push_back(std::move(tensors));
    return static_cast<int>(m_nodes.size()) - 1;
}

std::string Draft::freshName(const std::string& wanted)
{
    if (m_names.try_emplace(wanted, 2).second)
        return wanted;
    int& next = m_names.at(wanted);
    std::string name;
    do
        name = wanted + "_" + std::to_string(next++);
    while (!m_names.try_emplace(name, 2).second);
    return name;
}

void Draft::take(const Node& node, const NodeTensors& tensors)
{
    m_channelsLeft -= node.shape.channels;
    for (const at::Tensor& tensor : listOf(tensors))
        m_weightsLeft -= tensor.numel();
    if (m_channelsLeft < 0 || m_weightsLeft < 0 || m_nodes.size() >= kMostNodes)
        throw Error(ErrorCode::BadInput, "At node '" + node.name + "' the network becomes larger than any that Bitscape works with.");
}

void Draft::scale(int position, const at::Tensor& factor, const at::Tensor& shift)
{
    Node& node = m_nodes[static_cast<std::size_t>(position)];
    NodeTensors& tensors = m_tensors[static_cast<std::size_t>(position)];
    std::vector<std::int64_t> perFilter(static_cast<std::size_t>(tensors.weight.dim()), 1);
    perFilter[0] = -1;
    tensors.weight = tensors.weight.to(at::kDouble) * factor.to(at::kDouble).view(perFilter);
    const at::Tensor bias = tensors.bias.defined() ? tensors.bias.to(at::kDouble) : at::zeros({ node.shape.channels }, at::kDouble);
    tensors.bias = bias * factor + shift;
    nameTensors(node, true);
}

void Draft::finish(int output, ImportedNetwork& network) const
{
    const auto needed = leadingTo(m_nodes, output);
    std::vector<int> positions(m_nodes.size(), -1);
    Graph& graph = network.graph;
    std::vector<at::Tensor> tensors;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (!needed[i])
            continue;
        positions[i] = static_cast<int>(graph.nodes.size());
        Node node = m_nodes[i];
        for (int& input : node.inputs)
            input = positions[static_cast<std::size_t>(input)];
        if (!node.inputs.empty()) {
            std::ranges::move(tensorsOf(node, shape(m_nodes[i].inputs.front())), std::back_inserter(graph.tensors));
            std::ranges::move(listOf(m_tensors[i]), std::back_inserter(tensors));
        }
        graph.nodes.push_back(std::move(node));
    }
    graph.output = positions[static_cast<std::size_t>(output)];
    checkGraph(graph);
    network.weights.reserve(static_cast<std::size_t>(parameterCount(graph)) * sizeof(float));
    for (std::size_t i = 0; i < tensors.size(); ++i)
        append(network.weights, graph.tensors[i], tensors[i]);
}

} // namespace bitscape
