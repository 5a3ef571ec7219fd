// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/network/graph.h"
#include "core/network/layers.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Per node of the graph and output channel: 1 where the channel is exactly zero for every image, given which filters have 0 bits.
/// A sum keeps a channel unless every addend prunes it; a flatten spreads a channel over its positions; a batch normalisation
/// keeps a channel dead only directly behind its layer, where its shift is zeroed too (methods.md sections 1 and 4).
/// `bits` has one entry per filter for every layer of `layers`. Throws Error(Internal) if it has not.
std::vector<std::vector<std::uint8_t>> deadChannels(const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits);

} // namespace bitscape
