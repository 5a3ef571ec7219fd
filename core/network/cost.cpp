// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/cost.h"

#include "core/network/channel_flow.h"

#include <algorithm>

namespace bitscape {
namespace {

/// Input channels that are not dead, per group.
std::vector<std::int64_t> liveInputs(const Layer& layer, const std::vector<std::uint8_t>& dead)
{
    std::vector<std::int64_t> live(static_cast<std::size_t>(layer.groups));
    const std::size_t perGroup = static_cast<std::size_t>(layer.inputs / layer.groups);
    for (std::size_t channel = 0; channel < dead.size(); ++channel)
        live[channel / perGroup] += dead[channel] ? 0 : 1;
    return live;
}

std::int64_t filterSize(const Layer& layer, int bits)
{
    const std::int64_t scale = bits < kFullPrecisionBits ? 32 : 0;
    return bits * layer.weightsPerFilter() + scale + (layer.hasBias ? 32 : 0);
}

std::vector<LayerCost> layerCosts(
    const Layer& layer, const std::vector<std::uint8_t>& bits, const std::vector<std::uint8_t>& deadInput, int inputBits)
{
    const auto live = liveInputs(layer, deadInput);
    const std::size_t filtersPerGroup = static_cast<std::size_t>(layer.filters / layer.groups);
    std::vector<LayerCost> costs(bits.size());
    for (std::size_t filter = 0; filter < bits.size(); ++filter) {
        if (bits[filter] == 0)
            continue;
        const std::int64_t macs = layer.positions * layer.kernelArea * live[filter / filtersPerGroup];
        costs[filter] = { macs, macs * bits[filter] * inputBits, filterSize(layer, bits[filter]) };
    }
    return costs;
}

} // namespace

bool isImage(const Graph& graph, int node)
{
    const Node& at = graph.nodes[static_cast<std::size_t>(node)];
    const bool rearranges = at.op == Op::Flatten || at.op == Op::Identity || at.op == Op::Reshape || at.op == Op::Slice || at.op == Op::Pad;
    return at.op == Op::Input || (rearranges && isImage(graph, at.inputs.front()));
}

std::vector<std::vector<LayerCost>> filterCosts(
    const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits, int activationBits)
{
    const auto dead = deadChannels(graph, layers, bits);
    std::vector<std::vector<LayerCost>> costs;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const int input = graph.nodes[static_cast<std::size_t>(layers[i].node)].inputs.front();
        const int inputBits = isImage(graph, input) ? kImageBits : activationBits;
        costs.push_back(layerCosts(layers[i], bits[i], dead[static_cast<std::size_t>(input)], inputBits));
    }
    return costs;
}

Cost costOf(const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits, int activationBits)
{
    Cost cost;
    for (const auto& filters : filterCosts(graph, layers, bits, activationBits)) {
        LayerCost& layer = cost.layers.emplace_back();
        for (const LayerCost& filter : filters) {
            layer.macs += filter.macs;
            layer.bitops += filter.bitops;
            layer.sizeBits += filter.sizeBits;
        }
        cost.macs += layer.macs;
        cost.bitops += layer.bitops;
        cost.sizeBits += layer.sizeBits;
    }
    cost.averageBits = averageBits(layers, bits);
    return cost;
}

LayerBits uniformBits(const std::vector<Layer>& layers, int bits, int edgeBits)
{
    LayerBits all;
    for (const Layer& layer : layers)
        all.emplace_back(static_cast<std::size_t>(layer.filters), static_cast<std::uint8_t>(layer.quantizable ? bits : edgeBits));
    return all;
}

double averageBits(const std::vector<Layer>& layers, const LayerBits& bits)
{
    std::int64_t sum = 0;
    std::int64_t weights = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (!layers[i].quantizable)
            continue;
        for (const std::uint8_t b : bits[i])
            sum += b * layers[i].weightsPerFilter();
        weights += layers[i].weights();
    }
    return weights == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(weights);
}

} // namespace bitscape
