// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/channel_flow.h"

#include "core/base/error.h"

#include <algorithm>
#include <string>

namespace bitscape {
namespace {

using Channels = std::vector<std::uint8_t>;

Channels spread(const Channels& dead, std::int64_t positions)
{
    Channels flat;
    flat.reserve(dead.size() * static_cast<std::size_t>(positions));
    for (const std::uint8_t value : dead)
        flat.insert(flat.end(), static_cast<std::size_t>(positions), value);
    return flat;
}

Channels deadInAll(const std::vector<Channels>& channels, const std::vector<int>& inputs)
{
    Channels dead = channels[static_cast<std::size_t>(inputs.front())];
    for (const int input : inputs) {
        const Channels& addend = channels[static_cast<std::size_t>(input)];
        std::ranges::transform(dead, addend, dead.begin(), [](std::uint8_t a, std::uint8_t b) { return std::uint8_t(a & b); });
    }
    return dead;
}

Channels prunedFilters(const std::vector<std::uint8_t>& bits)
{
    Channels dead(bits.size());
    std::ranges::transform(bits, dead.begin(), [](std::uint8_t b) { return std::uint8_t(b == 0); });
    return dead;
}

} // namespace

std::vector<std::vector<std::uint8_t>> deadChannels(const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits)
{
    if (bits.size() != layers.size())
        throw Error(
            ErrorCode::Internal, "There are bits for " + std::to_string(bits.size()) + " layers of " + std::to_string(layers.size()) + ".");
    std::vector<Channels> dead(graph.nodes.size());
    std::vector<std::uint8_t> ownBatchNorm(graph.nodes.size());
    std::size_t layer = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        const auto inputOf = [&]() -> const Channels& { return dead[static_cast<std::size_t>(node.inputs.front())]; };
        switch (node.op) {
        case Op::Input:
            dead[i].assign(static_cast<std::size_t>(node.shape.channels), 0);
            break;
        case Op::Conv2d:
        case Op::Linear:
            if (layer >= bits.size() || bits[layer].size() != static_cast<std::size_t>(node.filters))
                throw Error(ErrorCode::Internal, "The bits do not fit layer '" + node.name + "'.");
            dead[i] = prunedFilters(bits[layer]);
            if (layers[layer].batchNorm >= 0)
                ownBatchNorm[static_cast<std::size_t>(layers[layer].batchNorm)] = 1;
            ++layer;
            break;
        case Op::BatchNorm:
            dead[i] = ownBatchNorm[i] ? inputOf() : Channels(inputOf().size(), 0);
            break;
        case Op::Flatten:
            dead[i] = spread(inputOf(), graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape.positions());
            break;
        case Op::Add:
            dead[i] = deadInAll(dead, node.inputs);
            break;
        case Op::Relu:
        case Op::Relu6:
        case Op::MaxPool:
        case Op::AveragePool:
        case Op::GlobalAveragePool:
        case Op::Identity:
            dead[i] = inputOf();
            break;
        }
    }
    return dead;
}

} // namespace bitscape
