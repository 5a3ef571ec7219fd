// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/deployable.h"

#include <algorithm>

namespace bitscape {

std::map<int, ActivationGrid> activationGrids(const Deployable& network)
{
    std::map<int, ActivationGrid> grids;
    for (std::size_t i = 0; i < network.layers.size() && !network.ranges.empty(); ++i) {
        const Layer& layer = network.layers[i];
        if (!layer.last)
            grids[layer.tap] = activationGrid(network.ranges[i], network.activationBits, layer.unsignedTap);
    }
    return grids;
}

std::optional<std::size_t> layerAt(const Deployable& network, int node)
{
    const auto found = std::ranges::find(network.layers, node, &Layer::node);
    if (found == network.layers.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - network.layers.begin());
}

} // namespace bitscape
