// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/filter_groups.h"

#include <map>
#include <utility>

namespace bitscape {

std::vector<FilterGroup> filterGroups(const Layer& layer, const IntegerWeights& weights)
{
    const std::int64_t perGroup = layer.filters / layer.groups, reads = layer.inputs / layer.groups;
    std::map<std::pair<int, std::size_t>, FilterGroup> all; // by bits and filters per group of the convolution
    for (std::int64_t group = 0; group < layer.groups; ++group) {
        std::map<int, std::vector<std::int64_t>> byBits;
        for (std::int64_t filter = group * perGroup; filter < (group + 1) * perGroup; ++filter) {
            const auto f = static_cast<std::size_t>(filter);
            byBits[weights.scales[f] > 0 ? weights.bits[f] : 0].push_back(filter);
        }
        for (const auto& [bits, filters] : byBits) {
            FilterGroup& own = all[{ bits, bits == 0 ? 0 : filters.size() }];
            own.bits = bits;
            own.filters.insert(own.filters.end(), filters.begin(), filters.end());
            for (std::int64_t channel = group * reads; channel < (group + 1) * reads; ++channel)
                own.inputs.push_back(channel);
        }
    }
    std::vector<FilterGroup> groups;
    for (auto& [key, own] : all) {
        own.groups = static_cast<std::int64_t>(own.inputs.size()) / reads;
        if (own.groups == layer.groups || own.bits == 0)
            own.inputs.clear();
        groups.push_back(std::move(own));
    }
    return groups;
}

} // namespace bitscape
