// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"
#include "core/network/layers.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Which filters of each layer (as in the list of layers) have other weights than before, rising.
using ChangedFilters = std::vector<std::vector<std::int64_t>>;

/// What of a node's output has to be computed again.
enum class Change {
    None,     ///< as before
    Channels, ///< a few channels
    All
};

/// How a node's whole output is had, where it is needed.
enum class Source {
    Unneeded,
    Kept,     ///< as it was kept
    Patched,  ///< as it was kept, with the changed channels put in
    Updated,  ///< a layer with few changed inputs: what was kept, plus the changed inputs' contribution; its own changed filters anew
    Computed, ///< from whole inputs
};

struct NodePlan {
    Change change = Change::None;
    std::vector<std::int64_t> channels; ///< the changed ones, where change is Channels
    std::vector<std::int64_t> filters;  ///< a layer's own changed filters
    Source whole = Source::Unneeded;
    bool changedOnly = false; ///< the new values of `channels` are computed on their own
    bool former = false;      ///< the former values of `channels` are needed too
};

/// How one batch is computed again after some filters have changed, from the outputs that were kept (methods.md section 3: a move only
/// touches the filters whose bits it changes).
struct ReusePlan {
    std::vector<NodePlan> nodes;
    double work = 0; ///< multiply-accumulates per image, passes over activations counted in
};

/// `graph`: folded. `kept`: per node, whether its former output is there. With `byFilter` few changed channels are followed on their own
/// as far as that pays; without, a node is either as before or computed whole, which leaves every bit as a plain run has it.
ReusePlan planReuse(
    const Graph& graph, const std::vector<Layer>& layers, const std::vector<bool>& kept, const ChangedFilters& changed, bool byFilter);

/// Everything anew.
ReusePlan planWhole(const Graph& graph, const std::vector<Layer>& layers);

/// Nodes whose outputs are worth keeping: those that save most work per byte when a few filters anywhere change (a seeded sample of such
/// changes), while `images` of them fit into `bytes`.
std::vector<bool> nodesWorthKeeping(
    const Graph& graph, const std::vector<Layer>& layers, std::int64_t images, std::int64_t bytes, bool byFilter);

} // namespace bitscape
