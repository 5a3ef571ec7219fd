// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"
#include "core/network/graph.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace bitscape {

/// A network that an importer is putting together: nodes with their tensors at hand, names that need not be unique yet,
/// and possibly nodes that lead nowhere.
class NetworkDraft final {
public:
    /// Tensors as float32; undefined where the node has none. Names are wishes, as the nodes' are; without one, the node's own counts.
    struct Entry {
        Node node;
        at::Tensor weight, bias, mean, variance;
    };

    explicit NetworkDraft(const Shape& input);

    /// Appends a node whose op, inputs and attributes are set and answers its position; the shape follows by itself. Throws
    /// Error(BadInput) if it does not fit its inputs.
    int add(Entry entry);
    int add(Node node) { return add(Entry { std::move(node), {}, {}, {}, {} }); }

    const Entry& entry(int node) const { return m_entries[static_cast<std::size_t>(node)]; }
    const Shape& shape(int node) const { return entry(node).node.shape; }

    /// The graph that leads to `output`, with unique names, its weights, and a note for what was dropped or doubled. Throws
    /// Error(BadInput) for a graph that checkGraph() refuses and for weights that do not fit or are not finite.
    ImportedNetwork finish(int output);

private:
    std::vector<Entry> m_entries;
};

} // namespace bitscape
