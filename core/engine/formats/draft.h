// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bitscape {

/// A text of a file as one that can be stored in JSON: what is not UTF-8 is replaced.
std::string asUtf8(const std::string& text);

/// The tensors of a layer or a batch normalisation; undefined where there is none.
struct NodeTensors {
    at::Tensor weight, bias, mean, variance;
};

/// A network that is being put together from a file, node by node. Names are made unique; what does not lead to the output is dropped.
class Draft final {
public:
    /// `mostWeights`: elements of all tensors together; a small file could name one tensor a thousand times.
    Draft(const Shape& input, std::int64_t mostWeights);

    /// Appends a node whose op, inputs and attributes are set; answers its position. Throws Error(BadInput) if its inputs or its tensors do
    /// not fit, or the network becomes larger than any.
    int add(Node node, NodeTensors tensors = {});

    const Node& node(int position) const { return m_nodes[static_cast<std::size_t>(position)]; }
    const NodeTensors& tensors(int position) const { return m_tensors[static_cast<std::size_t>(position)]; }
    const Shape& shape(int position) const { return node(position).shape; }

    /// Multiplies what a layer or a batch normalisation puts out by `factor` and adds `shift`, [filters] or one number each.
    void scale(int position, const at::Tensor& factor, const at::Tensor& shift);

    /// Writes graph and weights. Throws Error(BadInput) for weights that are not finite.
    void finish(int output, ImportedNetwork& network) const;

private:
    std::string freshName(const std::string& wanted);
    void take(const Node& node, const NodeTensors& tensors);

    std::vector<Node> m_nodes;
    std::vector<NodeTensors> m_tensors; ///< per node
    std::map<std::string, int> m_names; ///< and the number to try next behind each
    std::int64_t m_weightsLeft, m_channelsLeft;
};

} // namespace bitscape
