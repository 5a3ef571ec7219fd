// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/quantize/bit_network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <set>

namespace bitscape {
namespace {

at::Tensor liveMask(const std::vector<std::uint8_t>& bits, const at::Device& device)
{
    at::Tensor mask = at::empty({ static_cast<std::int64_t>(bits.size()) }, at::kFloat);
    std::ranges::transform(bits, mask.data_ptr<float>(), [](std::uint8_t b) { return b == 0 ? 0.0F : 1.0F; });
    return mask.to(device);
}

at::Tensor filtersWith(const std::vector<std::uint8_t>& bits, std::uint8_t wanted, const at::Device& device)
{
    std::vector<std::int64_t> found;
    for (std::size_t f = 0; f < bits.size(); ++f) {
        if (bits[f] == wanted)
            found.push_back(static_cast<std::int64_t>(f));
    }
    return at::tensor(found, at::kLong).to(device);
}

} // namespace

QuantizedWeight quantizeWeight(const at::Tensor& weight, const std::vector<std::uint8_t>& bits, const QuantizerOptions& options)
{
    const at::Tensor plain = weight.detach().to(at::kCPU).contiguous();
    const auto filters = static_cast<std::int64_t>(bits.size());
    const auto perFilter = static_cast<std::size_t>(plain.numel() / filters);
    QuantizedWeight result { at::empty_like(plain), at::empty({ filters }, at::kFloat), at::empty({ filters }, at::kFloat) };
    const float* in = plain.data_ptr<float>();
    float* out = result.values.data_ptr<float>();
    float* scales = result.scales.data_ptr<float>();
    float* limits = result.limits.data_ptr<float>();
    at::parallel_for(0, filters, 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto f = static_cast<std::size_t>(begin); f < static_cast<std::size_t>(end); ++f) {
            const std::span<const float> filter(in + f * perFilter, perFilter);
            scales[f] = filterScale(filter, bits[f], options);
            limits[f] = passLimit(bits[f], scales[f], options.grid);
            quantizeFilter(filter, bits[f], scales[f], options.grid, { out + f * perFilter, perFilter });
        }
    });
    return result;
}

void silencePruned(const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits, Silence silence, TensorMap& tensors)
{
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (std::ranges::find(bits[i], std::uint8_t { 0 }) == bits[i].end())
            continue;
        const Node& node = graph.nodes[static_cast<std::size_t>(layers[i].node)];
        std::vector<std::string> names;
        if (!node.bias.empty())
            names.push_back(node.bias);
        if (layers[i].batchNorm >= 0) {
            const Node& norm = graph.nodes[static_cast<std::size_t>(layers[i].batchNorm)];
            names.push_back(norm.bias);
            if (silence == Silence::BiasesAndStatistics)
                names.push_back(norm.mean);
        }
        for (const std::string& name : names) {
            at::Tensor& tensor = tensors.at(name);
            tensor = tensor * liveMask(bits[i], tensor.device());
        }
    }
}

BitNetwork::BitNetwork(
    const Graph& graph, std::vector<Layer> layers, const TensorMap& tensors, const QuantizerOptions& options, const at::Device& device)
    : m_graph(graph)
    , m_layers(std::move(layers))
    , m_tensors(tensors)
    , m_placed(placed(tensors, device))
    , m_options(options)
{
}

const at::Tensor& BitNetwork::uniform(std::size_t layer, std::uint8_t bits)
{
    auto [entry, isNew] = m_uniform.try_emplace({ layer, bits });
    if (isNew) {
        const std::string& name = m_graph.nodes[static_cast<std::size_t>(m_layers[layer].node)].weight;
        const std::vector<std::uint8_t> all(static_cast<std::size_t>(m_layers[layer].filters), bits);
        const at::Tensor& like = m_placed.at(name);
        entry->second = at::empty_like(like).copy_(quantizeWeight(m_tensors.at(name), all, m_options).values);
    }
    return entry->second;
}

TensorMap BitNetwork::tensors(const LayerBits& bits)
{
    const at::NoGradGuard noGradient;
    TensorMap result = m_placed;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const std::set<std::uint8_t> used(bits[i].begin(), bits[i].end());
        at::Tensor weight = uniform(i, *used.begin());
        if (used.size() > 1)
            weight = weight.clone();
        for (auto b = std::next(used.begin()); b != used.end(); ++b) {
            const at::Tensor filters = filtersWith(bits[i], *b, weight.device());
            weight.index_copy_(0, filters, uniform(i, *b).index_select(0, filters));
        }
        result[m_graph.nodes[static_cast<std::size_t>(m_layers[i].node)].weight] = weight;
    }
    silencePruned(m_graph, m_layers, bits, Silence::BiasesAndStatistics, result);
    return result;
}

} // namespace bitscape
