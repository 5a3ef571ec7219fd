// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// What an importer made of a file.
struct ImportedNetwork {
    Graph graph;                                  ///< checked with checkGraph()
    std::vector<std::byte> weights;               ///< raw little-endian float32 in the order of graph.tensors, all finite
    std::string format, producer, opset;          ///< "onnx", "pytorch 1.13.1", "13"; "" where the file does not say
    std::vector<std::string> notes;               ///< one plain sentence each: what was left out or resolved
    std::map<std::string, std::vector<int>> bits; ///< per layer node, from the metadata of an export of ours; usually empty
    std::vector<double> mean, stddev;             ///< normalisation of images per channel, likewise
};

struct ImportOptions {
    std::optional<Shape> input; ///< overrides or gives the input shape C,H,W
};

} // namespace bitscape
