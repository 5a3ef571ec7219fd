// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/deployable.h"
#include "core/engine/formats/export/onnx_model.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bitscape {

/// What ONNX dialects write differently. Both answer the value that takes the place of the layer's or the tap's output.
struct OnnxDialect {
    /// A layer that reads `input`.
    std::function<std::string(OnnxModel& model, std::size_t layer, const std::string& input)> layer;
    /// A quantized tap: `value` on a grid.
    std::function<std::string(OnnxModel& model, const std::string& value, const ActivationGrid& grid, bool isUnsigned)> activation;
    std::int64_t batch = 0; ///< images at once; 0: any number
};

/// A part of a network that goes on from what other files have computed.
struct OnnxCut {
    std::vector<std::string> given; ///< per node: the name under which its output comes in; empty: computed here
    std::vector<int> outputs;       ///< nodes, beside the logits
};

/// Writes the network node by node, with its bits per filter (`bitscape.bits`: JSON {layer: [bits, ...]}), the normalisation of its images
/// (`bitscape.mean`, `bitscape.std`) and its classes (`bitscape.classes`) as metadata. Throws Error(Unsupported) for a node that ONNX has
/// no operators for. Answers the name of each node's output in the file, empty where it has none. Of a `cut`, what is not given is written.
std::vector<std::string> writeOnnxNetwork(
    const Deployable& network, const OnnxDialect& dialect, OnnxModel& model, const OnnxCut* cut = nullptr);

/// A layer's own operator: Conv with `groups`, or Gemm. `inputs`: image, weights and, where there is one, bias.
onnx::NodeProto& addLayer(
    OnnxModel& model, const Node& node, const std::string& name, const std::vector<std::string>& inputs, std::int64_t groups);

/// A tensor of the network as a constant.
std::string addTensor(OnnxModel& model, const Deployable& network, const std::string& tensor);

} // namespace bitscape
