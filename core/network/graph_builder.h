// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <string>
#include <vector>

namespace bitscape {

/// Puts a graph together node by node; shapes and tensors follow by themselves. Every function answers the new node's position.
class GraphBuilder final {
public:
    explicit GraphBuilder(const Shape& input);

    /// Appends a node whose op, inputs and attributes are set. Throws Error(BadInput) if its input does not fit.
    int add(Node node);

    int conv(const std::string& name, int from, std::int64_t filters, int kernel, int stride = 1, int padding = 0, bool bias = true);
    int linear(const std::string& name, int from, std::int64_t neurons);
    int batchNorm(const std::string& name, int from);
    int relu(const std::string& name, int from);
    int maxPool(const std::string& name, int from, int kernel, int stride);
    int globalAveragePool(const std::string& name, int from);
    int flatten(const std::string& name, int from);
    int sum(const std::string& name, int a, int b);

    const Shape& shape(int node) const;

    /// The finished, checked graph with `output` as its logits.
    Graph finish(int output);

private:
    Graph m_graph;
};

} // namespace bitscape
