// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// What an exported TorchScript file says of itself in the extra file kTorchScriptMetadata.
struct TorchScriptMetadata {
    std::string producer;                         ///< "bitscape 0.2.0"
    std::optional<Shape> input;                   ///< C,H,W
    std::map<std::string, std::vector<int>> bits; ///< per layer node, one per filter; empty: nothing is quantized
    std::vector<double> mean, stddev;             ///< of the images that it reads, per channel; may be empty
    bool operator==(const TorchScriptMetadata&) const = default;
};

inline constexpr const char* kTorchScriptMetadata = "bitscape.json";

/// {"producer": ..., "input": [C, H, W], "bits": {"conv1": [4, 3, ...]}, "mean": [...], "std": [...]}
std::string metadataToJson(const TorchScriptMetadata& metadata);

/// Reads it back; throws Error(BadInput) where it is damaged.
TorchScriptMetadata metadataFromJson(const std::string& text);

} // namespace bitscape
