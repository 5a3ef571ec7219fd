// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"

#include <onnx/onnx_pb.h>

#include <map>
#include <string>

namespace bitscape {

/// "pytorch 1.13.1", or as much of it as the file says.
std::string producerOf(const onnx::ModelProto& model);

/// Reads what an export of ours says beside the network: `bitscape.bits`, JSON {layer: [bits per filter, ...]}, `bitscape.mean` and
/// `bitscape.std`, JSON lists. `layerNames`: what the file's nodes are called in the network. Throws Error(BadInput) where it does not fit
/// the network.
void readMetadata(const onnx::ModelProto& model, const std::map<std::string, std::string>& layerNames, ImportedNetwork& network);

} // namespace bitscape
