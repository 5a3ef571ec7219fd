// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/quantize/activations.h"
#include "core/network/graph.h"

#include <map>
#include <string>
#include <vector>

namespace bitscape {

/// A tensor's place in a module: {"layer1", "0", "weight"}.
using AttributePath = std::vector<std::string>;

/// Where the tensors of a node stand: its own path, unique among the nodes that have any. Answers one path per node, empty for those
/// without tensors.
std::vector<AttributePath> modulePaths(const Graph& graph);

/// The paths joined by dots, which is how importTorchScript() will call the nodes.
std::string joined(const AttributePath& path);

/// `def forward(self, x)` with the very calls of ATen that execute() makes. `activations`: grids of the nodes whose output is quantized.
std::string scriptOf(const Graph& graph, const std::vector<AttributePath>& paths, const std::map<int, ActivationGrid>& activations);

} // namespace bitscape
