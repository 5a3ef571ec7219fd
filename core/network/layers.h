// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// A convolution or fully connected layer together with what stands directly behind it (methods.md section 1).
struct Layer {
    int node = -1; ///< position in Graph::nodes
    std::string name;
    Op op = Op::Conv2d;
    std::int64_t filters = 0;
    std::int64_t inputs = 0; ///< input channels (convolution) or features (linear), all groups together
    std::int64_t groups = 1;
    std::int64_t kernelArea = 1;
    std::int64_t positions = 1; ///< output height times width
    int batchNorm = -1;         ///< node of the batch normalisation directly behind, if it is the only reader; else -1
    int tap = -1;               ///< node whose output is the activation tap
    bool unsignedTap = false;   ///< the tap lies behind a ReLU
    bool hasBias = false;       ///< the layer has a bias or a batch normalisation behind it
    bool first = false;         ///< no layer stands between the image and this one
    bool last = false;          ///< none between this one and the logits
    bool quantizable = true;    ///< false for the first and the last layer where they are kept

    std::int64_t weightsPerFilter() const { return inputs / groups * kernelArea; }
    std::int64_t weights() const { return filters * weightsPerFilter(); }
    std::int64_t macsPerFilter() const { return positions * weightsPerFilter(); }
    std::int64_t macs() const { return filters * macsPerFilter(); }
    bool operator==(const Layer&) const = default;
};

/// All weighted layers in graph order. With `keepFirstLast` the first and the last are not quantizable.
std::vector<Layer> layersOf(const Graph& graph, bool keepFirstLast = true);

} // namespace bitscape
