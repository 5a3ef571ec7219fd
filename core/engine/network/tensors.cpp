// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/network/tensors.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <ATen/ATen.h>

#include <bit>
#include <cmath>
#include <cstring>

namespace bitscape {

static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");

namespace {

void fillNormal(at::Tensor& tensor, Random& random, double deviation)
{
    float* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        values[i] = static_cast<float>(random.normal() * deviation);
}

/// He's 2 for what a ReLU halves, 1 for the logits.
double gain(const Graph& graph, const Node& node)
{
    return &node == &graph.nodes[static_cast<std::size_t>(graph.output)] ? 1.0 : 2.0;
}

} // namespace

TensorMap tensorsFromBytes(const Graph& graph, std::span<const std::byte> bytes)
{
    if (bytes.size() != static_cast<std::size_t>(parameterCount(graph)) * sizeof(float)) {
        throw Error(ErrorCode::BadInput,
            "The weights have " + std::to_string(bytes.size()) + " bytes where the network needs "
                + std::to_string(static_cast<std::size_t>(parameterCount(graph)) * sizeof(float)) + ".");
    }
    TensorMap tensors;
    std::size_t offset = 0;
    for (const TensorInfo& info : graph.tensors) {
        const std::size_t size = static_cast<std::size_t>(info.elements()) * sizeof(float);
        at::Tensor tensor = at::empty(info.shape, at::kFloat);
        std::memcpy(tensor.data_ptr(), bytes.data() + offset, size);
        offset += size;
        if (!at::isfinite(tensor).all().item<bool>())
            throw Error(ErrorCode::BadInput,
                "Tensor '" + info.name + "' holds values that are not finite numbers: train or save the network again.");
        tensors.emplace(info.name, std::move(tensor));
    }
    return tensors;
}

std::vector<std::byte> tensorsToBytes(const Graph& graph, const TensorMap& tensors)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(parameterCount(graph)) * sizeof(float));
    std::size_t offset = 0;
    for (const TensorInfo& info : graph.tensors) {
        const at::Tensor tensor = tensors.at(info.name).detach().to(at::kCPU, at::kFloat).contiguous();
        const std::size_t size = static_cast<std::size_t>(info.elements()) * sizeof(float);
        std::memcpy(bytes.data() + offset, tensor.data_ptr(), size);
        offset += size;
    }
    return bytes;
}

TensorMap freshTensors(const Graph& graph, std::uint64_t seed)
{
    Random random(seed);
    TensorMap tensors;
    for (const Node& node : graph.nodes) {
        if (node.inputs.empty())
            continue;
        const Shape& input = graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape;
        for (const TensorInfo& info : tensorsOf(node, input)) {
            at::Tensor tensor = at::zeros(info.shape, at::kFloat);
            const bool batchNorm = node.op == Op::BatchNorm;
            if (batchNorm && (info.name == node.weight || info.name == node.variance))
                tensor.fill_(1);
            else if (!batchNorm && info.name == node.weight)
                fillNormal(tensor, random,
                    std::sqrt(gain(graph, node) * static_cast<double>(node.filters) / static_cast<double>(info.elements())));
            tensors.emplace(info.name, std::move(tensor));
        }
    }
    return tensors;
}

TensorMap cloned(const TensorMap& tensors)
{
    TensorMap copy;
    for (const auto& [name, tensor] : tensors)
        copy.emplace(name, tensor.detach().clone());
    return copy;
}

TensorMap placed(const TensorMap& tensors, const at::Device& device)
{
    TensorMap moved;
    for (const auto& [name, tensor] : tensors) {
        const at::Tensor there = tensor.detach().to(device);
        moved.emplace(name, there.dim() == 4 ? there.contiguous(at::MemoryFormat::ChannelsLast) : there);
    }
    return moved;
}

} // namespace bitscape
