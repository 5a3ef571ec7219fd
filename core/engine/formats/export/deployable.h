// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/engine/data/batches.h"
#include "core/engine/formats/export/integer_weights.h"
#include "core/engine/network/tensors.h"
#include "core/engine/quantize/activations.h"
#include "core/network/graph.h"
#include "core/network/layers.h"
#include "core/network/quantizer.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// A network as it is evaluated, ready to be written down: what every exporter of a network reads.
struct Deployable {
    std::string name; ///< of the model
    Graph graph;
    std::vector<Layer> layers;
    TensorMap tensors;                   ///< on the CPU: quantized, with the statistics that the reported accuracy has
    LayerBits bits;                      ///< empty for a network in full precision
    QuantizerOptions quantizer;          ///< of `bits`
    std::vector<IntegerWeights> weights; ///< one per layer; empty for a network in full precision
    int activationBits = 32;
    ActivationRanges ranges;     ///< one per layer; empty where activations are in full precision
    Normalisation normalisation; ///< of the images that it reads; empty where it is not known
    std::vector<std::string> classNames;
    bool isQuantized() const { return !bits.empty(); }
};

/// The grid of each quantized tap, by node.
std::map<int, ActivationGrid> activationGrids(const Deployable& network);

/// The layer at a node, as a position in Deployable::layers; nothing where it is no layer.
std::optional<std::size_t> layerAt(const Deployable& network, int node);

} // namespace bitscape
