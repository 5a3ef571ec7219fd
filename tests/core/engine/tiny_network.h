// SPDX-License-Identifier: GPL-3.0-or-later
// Small networks with random weights and plain-loop arithmetic to compare the engine with.
#pragma once

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/network/graph_builder.h"

#include <ATen/ATen.h>

#include <cmath>
#include <vector>

namespace bitscape::test {

/// Normal values times `scale`, the same for the same seed.
inline at::Tensor randomTensor(const std::vector<std::int64_t>& shape, std::uint64_t seed, double scale = 1)
{
    Random random(seed);
    at::Tensor tensor = at::empty(shape, at::kFloat);
    float* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        values[i] = static_cast<float>(random.normal() * scale);
    return tensor;
}

/// Random weights for every tensor; variances positive.
inline TensorMap randomTensors(const Graph& graph, std::uint64_t seed)
{
    TensorMap tensors;
    for (const TensorInfo& info : graph.tensors)
        tensors.emplace(info.name, randomTensor(info.shape, seed++, 0.5));
    for (const Node& node : graph.nodes) {
        if (node.op == Op::BatchNorm)
            tensors[node.variance] = tensors.at(node.variance).abs() + 0.5;
    }
    return tensors;
}

/// 2x6x6 -> conv 3x3 (3) -> relu -> conv 3x3 stride 2 pad 1 (4), batch norm, relu -> max pool -> flatten -> fc (5) -> relu -> fc (3).
inline Graph chain()
{
    GraphBuilder graph({ 2, 6, 6, false });
    int node = graph.relu("relu1", graph.conv("conv1", 0, 3, 3, 1, 1));
    node = graph.relu("relu2", graph.batchNorm("bn2", graph.conv("conv2", node, 4, 3, 1, 1, false)));
    node = graph.flatten("flatten", graph.maxPool("pool", node, 2, 2));
    node = graph.relu("relu3", graph.linear("fc1", node, 5));
    return graph.finish(graph.linear("fc2", node, 3));
}

/// 2x6x6 -> conv+bn+relu (4) -> [conv+bn] + identity -> relu -> conv+bn+relu (4) -> global pool -> fc (3).
inline Graph residual()
{
    GraphBuilder graph({ 2, 6, 6, false });
    const int stem = graph.relu("relu1", graph.batchNorm("bn1", graph.conv("conv1", 0, 4, 3, 1, 1, false)));
    const int branch = graph.batchNorm("bn2", graph.conv("conv2", stem, 4, 3, 1, 1, false));
    int node = graph.relu("relu2", graph.sum("add", branch, stem));
    node = graph.relu("relu3", graph.batchNorm("bn3", graph.conv("conv3", node, 4, 3, 2, 1, false)));
    node = graph.flatten("flatten", graph.globalAveragePool("pool", node));
    return graph.finish(graph.linear("fc", node, 3));
}

using Values = std::vector<double>;

inline Values valuesOf(const at::Tensor& tensor)
{
    const at::Tensor plain = tensor.detach().to(at::kDouble).contiguous();
    return { plain.data_ptr<double>(), plain.data_ptr<double>() + plain.numel() };
}

/// One node for one image, by plain loops in double.
inline Values plainNode(const Graph& graph, const TensorMap& tensors, const Node& node, const std::vector<Values>& all)
{
    const Shape& out = node.shape;
    const Shape& in = graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape;
    const Values& x = all[static_cast<std::size_t>(node.inputs.front())];
    Values y(static_cast<std::size_t>(out.size()));
    const auto tensor = [&](const std::string& name) { return name.empty() ? Values {} : valuesOf(tensors.at(name)); };
    const Values weight = tensor(node.weight), bias = tensor(node.bias), mean = tensor(node.mean), variance = tensor(node.variance);
    for (std::int64_t c = 0; c < out.channels; ++c) {
        for (std::int64_t oy = 0; oy < out.height; ++oy) {
            for (std::int64_t ox = 0; ox < out.width; ++ox) {
                const auto at = static_cast<std::size_t>((c * out.height + oy) * out.width + ox);
                const auto channel = static_cast<std::size_t>(c);
                const std::int64_t reads = in.channels / node.groups;
                double value = node.op == Op::MaxPool ? -1e300 : 0;
                const auto window = [&](std::int64_t from, std::int64_t to, auto take) {
                    for (std::int64_t i = from; i < to; ++i) {
                        for (std::int64_t ky = 0; ky < node.kernel[0]; ++ky) {
                            for (std::int64_t kx = 0; kx < node.kernel[1]; ++kx) {
                                const std::int64_t iy = oy * node.stride[0] - node.padding[0] + ky * node.dilation[0];
                                const std::int64_t ix = ox * node.stride[1] - node.padding[1] + kx * node.dilation[1];
                                if (iy >= 0 && iy < in.height && ix >= 0 && ix < in.width)
                                    take(x[static_cast<std::size_t>((i * in.height + iy) * in.width + ix)],
                                        static_cast<std::size_t>(((c * reads + i - from) * node.kernel[0] + ky) * node.kernel[1] + kx));
                            }
                        }
                    }
                };
                switch (node.op) {
                case Op::Conv2d: {
                    const std::int64_t group = c / (out.channels / node.groups);
                    window(group * reads, (group + 1) * reads, [&](double a, std::size_t w) { value += a * weight[w]; });
                    value += bias.empty() ? 0 : bias[channel];
                    break;
                }
                case Op::Linear:
                    for (std::size_t i = 0; i < x.size(); ++i)
                        value += x[i] * weight[channel * x.size() + i];
                    value += bias[channel];
                    break;
                case Op::MaxPool:
                    window(c, c + 1, [&](double a, std::size_t) { value = std::max(value, a); });
                    break;
                case Op::GlobalAveragePool:
                    for (std::int64_t p = 0; p < in.positions(); ++p)
                        value += x[static_cast<std::size_t>(c * in.positions() + p)] / static_cast<double>(in.positions());
                    break;
                case Op::BatchNorm:
                    value = (x[at] - mean[channel]) / std::sqrt(variance[channel] + node.epsilon) * weight[channel] + bias[channel];
                    break;
                case Op::Relu:
                    value = std::max(0.0, x[at]);
                    break;
                case Op::Add:
                    value = x[at] + all[static_cast<std::size_t>(node.inputs[1])][at];
                    break;
                default:
                    value = x[at];
                }
                y[at] = value;
            }
        }
    }
    return y;
}

/// Every node's output for one image [C*H*W], by plain loops in double. `override`: a value put in place of one neuron of one node.
struct Override {
    int node = -1;
    std::size_t position = 0;
    double value = 0;
};

inline std::vector<Values> plainRun(const Graph& graph, const TensorMap& tensors, const Values& image, const Override& change = {})
{
    std::vector<Values> all(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        all[i] = graph.nodes[i].op == Op::Input ? image : plainNode(graph, tensors, graph.nodes[i], all);
        if (change.node == static_cast<int>(i))
            all[i][change.position] = change.value;
    }
    return all;
}

} // namespace bitscape::test
