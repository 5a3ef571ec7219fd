// SPDX-License-Identifier: GPL-3.0-or-later
// Networks ready to be exported, with random weights and bits.
#pragma once

#include "core/engine/formats/export/deployable.h"
#include "core/engine/quantize/bit_network.h"
#include "core/network/zoo.h"
#include "tests/core/engine/tiny_network.h"
#include "tests/core/network/network_test_support.h"

#include <QString>
#include <QTemporaryDir>

#include <fstream>
#include <iterator>
#include <string>

namespace bitscape::test {

/// Keeps "residual", "mixture", "imported" or a built-in network apart by name.
inline Graph graphNamed(const QString& name)
{
    if (name == QLatin1String("chain"))
        return chain();
    if (name == QLatin1String("residual"))
        return residual();
    if (name == QLatin1String("mixture"))
        return mixture();
    if (name == QLatin1String("imported"))
        return imported();
    return zooGraph(zooRequestFrom(name.toStdString()));
}

struct Example {
    Deployable network;
    TensorMap stored; ///< in full precision
};

/// Quantizes it: `choices` are bits dealt to filters at random; none: full precision.
inline void quantize(Deployable& network, const TensorMap& stored, const std::vector<int>& choices, Grid grid, int activationBits)
{
    network.tensors = stored;
    if (!choices.empty()) {
        Random random(3);
        network.bits = randomBits(network.layers, choices, random);
        network.quantizer = { grid, RangeRule::Mse };
        network.tensors = BitNetwork(network.graph, network.layers, stored, network.quantizer, at::kCPU).tensors(network.bits);
        for (auto& [tensor, values] : network.tensors)
            values = values.contiguous();
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            const std::string& weight = network.graph.nodes[static_cast<std::size_t>(network.layers[i].node)].weight;
            network.weights.push_back(integerWeights(stored.at(weight), network.bits[i], network.quantizer));
        }
    }
    if (activationBits < 32) {
        network.activationBits = activationBits;
        for (const Layer& layer : network.layers)
            network.ranges.push_back(layer.last ? 0.0F : 2.5F + 0.5F * static_cast<float>(layer.filters));
    }
}

/// One filter of the first layer is all zero.
inline Example exampleOf(const QString& name, const std::vector<int>& choices, Grid grid, int activationBits = 32)
{
    Example example;
    Deployable& network = example.network;
    network.name = name.toStdString();
    network.graph = graphNamed(name);
    network.layers = layersOf(network.graph);
    example.stored = randomTensors(network.graph, 5);
    example.stored.at(network.graph.nodes[static_cast<std::size_t>(network.layers[0].node)].weight)[1].zero_();
    network.normalisation = { { 0.5, 0.25 }, { 0.125, 2 } };
    network.classNames = { "a", "b \"quoted\"", "c" };
    quantize(network, example.stored, choices, grid, activationBits);
    return example;
}

/// What the engine itself computes for them.
inline at::Tensor expectedLogits(const Deployable& network, const at::Tensor& images)
{
    ExecutionOptions options;
    if (!network.ranges.empty())
        options.hook = activationQuantizer(network.layers, network.ranges, network.activationBits, false);
    return execute(network.graph, network.tensors, images, options);
}

inline at::Tensor imagesFor(const Deployable& network, std::int64_t count)
{
    const Shape& shape = network.graph.inputShape();
    return randomTensor({ count, shape.channels, shape.height, shape.width }, 77);
}

inline std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return { std::istreambuf_iterator<char>(in), {} };
}

/// A folder that bytes become a file in.
class Desk final {
public:
    std::filesystem::path file(const std::string& name = "network") const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path put(const std::string& bytes, const std::string& name = "network") const
    {
        std::ofstream(file(name), std::ios::binary) << bytes;
        return file(name);
    }

private:
    QTemporaryDir m_folder;
};

} // namespace bitscape::test
