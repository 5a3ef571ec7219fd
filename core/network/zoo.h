// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// A built-in network as asked for: "zoo:resnet20?width=2&classes=100".
struct ZooRequest {
    std::string name;
    double width = 1;                              ///< factor on the number of filters of every hidden layer, 0.05..16
    std::int64_t classes = 10;                     ///< 2..10000
    std::optional<Shape> input;                    ///< "input=1x28x28"; else what the network was made for
    std::vector<std::int64_t> hidden { 300, 100 }; ///< mlp only: "hidden=300x100"
    bool operator==(const ZooRequest&) const = default;
};

/// mlp, lenet5, lenet-3c1l, vgg-small, vgg16, resnet20.
std::vector<std::string> zooNames();

/// Whether a model's source names a built-in network.
bool isZooSource(const std::string& source);

/// Throws Error(BadArgument) for an unknown network, option or value, naming it.
ZooRequest zooRequestFrom(const std::string& source);

/// The graph of a built-in network. Hidden layers in front of a batch normalisation have no bias of their own.
///  mlp         hidden layers 300 and 100, ReLU, on 1x28x28
///  lenet5      5x5 convolutions 6, 16 with 2x2 max pooling, 120, 84, classes; on 1x28x28 (padding 2) or anything from 28 up
///  lenet-3c1l  5x5 convolutions 32, 32, 64, each with batch normalisation, ReLU and 2x2 max pooling, one linear layer; on 3x32x32
///  vgg-small   3x3 convolutions 128,128 | 256,256 | 512,512 with batch normalisation, max pooling, one linear layer; on 3x32x32
///  vgg16       the 13 convolutions of VGG-16 with batch normalisation, linear 512, 512, classes; on 3x32x32
///  resnet20    three stages of three basic blocks, 16, 32, 64 filters, 1x1 convolutions on the two shortcuts that change shape; on 3x32x32
Graph zooGraph(const ZooRequest& request);

} // namespace bitscape
