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

/// A channel behind a reshape is dead if all elements that came to lie in it are.
Channels reshaped(const Channels& dead, const Shape& from, const Shape& to)
{
    const Channels flat = spread(dead, from.positions());
    Channels result;
    for (auto first = flat.begin(); first != flat.end(); first += to.positions())
        result.push_back(std::all_of(first, first + to.positions(), [](std::uint8_t value) { return value != 0; }));
    return result;
}

Channels sliced(const Channels& dead, const Node& node)
{
    Channels result;
    for (std::int64_t c = node.begin; c < node.end; c += node.step)
        result.push_back(dead[static_cast<std::size_t>(c)]);
    return result;
}

Channels joined(const std::vector<Channels>& channels, const std::vector<int>& inputs)
{
    Channels dead;
    for (const int input : inputs)
        dead.insert(dead.end(), channels[static_cast<std::size_t>(input)].begin(), channels[static_cast<std::size_t>(input)].end());
    return dead;
}

Channels deadInAny(const std::vector<Channels>& channels, const std::vector<int>& inputs)
{
    Channels dead = channels[static_cast<std::size_t>(inputs.front())];
    for (const int input : inputs) {
        const Channels& factor = channels[static_cast<std::size_t>(input)];
        std::ranges::transform(dead, factor, dead.begin(), [](std::uint8_t a, std::uint8_t b) { return std::uint8_t(a | b); });
    }
    return dead;
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

/// Behind a node that has no filters of its own.
Channels passedOn(const Graph& graph, const Node& node, const std::vector<Channels>& dead)
{
    if (node.op == Op::Input)
        return Channels(static_cast<std::size_t>(node.shape.channels), 0);
    const Channels& input = dead[static_cast<std::size_t>(node.inputs.front())];
    const Shape& from = graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape;
    const Channels none(input.size(), 0);
    switch (node.op) {
    case Op::Flatten:
        return spread(input, from.positions());
    case Op::Reshape:
        return reshaped(input, from, node.shape);
    case Op::Slice:
        return node.axis == Axis::Channels ? sliced(input, node) : input;
    case Op::Pad:
        return node.value == 0 ? input : none;
    case Op::Concat:
        return node.axis == Axis::Channels ? joined(dead, node.inputs) : deadInAll(dead, node.inputs);
    case Op::Add:
        return deadInAll(dead, node.inputs);
    case Op::Multiply:
        return deadInAny(dead, node.inputs);
    default:
        return !isActivation(node.op) || keepsZero(node) ? input : none;
    }
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
        if (node.op == Op::Conv2d || node.op == Op::Linear) {
            if (layer >= bits.size() || bits[layer].size() != static_cast<std::size_t>(node.filters))
                throw Error(ErrorCode::Internal, "The bits do not fit layer '" + node.name + "'.");
            dead[i] = prunedFilters(bits[layer]);
            if (layers[layer].batchNorm >= 0)
                ownBatchNorm[static_cast<std::size_t>(layers[layer].batchNorm)] = 1;
            ++layer;
        } else if (node.op == Op::BatchNorm && !ownBatchNorm[i]) {
            dead[i].assign(static_cast<std::size_t>(node.shape.channels), 0); // it shifts what is zero
        } else {
            dead[i] = passedOn(graph, node, dead);
        }
    }
    return dead;
}

} // namespace bitscape
