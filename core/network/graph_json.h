// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <string>

namespace bitscape {

/// The graph as the project stores it: one JSON object {"format": 1, "nodes": [...], "tensors": [...], "output": n}.
std::string graphToJson(const Graph& graph);

/// Reads it back and checks it (checkGraph). Throws Error(BadInput).
Graph graphFromJson(const std::string& text);

} // namespace bitscape
