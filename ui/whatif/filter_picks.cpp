// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/filter_picks.h"

#include <algorithm>

namespace bitscape::ui {

void addTo(FilterSelection& selection, const FilterRef& filter)
{
    const auto layer = std::ranges::find(selection.layers, filter.layer, &LayerFilters::layer);
    if (layer == selection.layers.end()) {
        LayerFilters added { filter.layer, {} };
        if (filter.filter >= 0)
            added.filters.push_back(filter.filter);
        selection.layers.push_back(std::move(added));
    } else if (filter.filter < 0) {
        layer->filters.clear();
    } else if (!layer->filters.empty() && std::ranges::find(layer->filters, filter.filter) == layer->filters.end()) {
        layer->filters.push_back(filter.filter);
    }
}

FilterSelection filtersOfWidth(const LayerBits& bits, int width)
{
    FilterSelection result;
    for (std::size_t i = 0; i < bits.size(); ++i) {
        LayerFilters layer { static_cast<std::int64_t>(i), {} };
        for (std::size_t f = 0; f < bits[i].size(); ++f) {
            if (bits[i][f] == width)
                layer.filters.push_back(static_cast<std::int64_t>(f));
        }
        if (!layer.filters.empty())
            result.layers.push_back(std::move(layer));
    }
    return result;
}

} // namespace bitscape::ui
