// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bit_map_steps.h"

#include <algorithm>

namespace bitscape::ui {
namespace {

int filtersOf(const BitMapLayout& layout, int layer)
{
    return layout.bands[static_cast<std::size_t>(layer)].filters;
}

/// The nearest layer that has filters, from `layer` on in a direction; -1: none.
int nearestLayer(const BitMapLayout& layout, int layer, int by)
{
    const auto layers = static_cast<int>(layout.bands.size());
    while (layer >= 0 && layer < layers && filtersOf(layout, layer) == 0)
        layer += by;
    return layer < layers ? std::max(layer, -1) : -1;
}

} // namespace

FilterRef steppedPlace(const BitMapLayout& layout, const FilterRef& place, int columns, int lines)
{
    if (place.layer < 0 || place.filter < 0) {
        const int layer = nearestLayer(layout, std::max(0, place.layer), 1);
        return { layer, layer < 0 ? -1 : 0 };
    }
    const int filters = filtersOf(layout, place.layer);
    const int column = place.filter % layout.columns, line = place.filter / layout.columns;
    const int next = place.filter + columns + lines * layout.columns;
    if (next >= 0 && next < filters)
        return { place.layer, next };
    if (lines > 0 && line < (filters - 1) / layout.columns)
        return { place.layer, filters - 1 }; // the last line is shorter
    const int by = columns + lines;
    const int layer = nearestLayer(layout, place.layer + by, by);
    if (layer < 0)
        return {};
    const int end = filtersOf(layout, layer) - 1;
    if (lines == 0)
        return { layer, by > 0 ? 0 : end };
    return { layer, std::min(end, by > 0 ? column : end / layout.columns * layout.columns + column) };
}

} // namespace bitscape::ui
