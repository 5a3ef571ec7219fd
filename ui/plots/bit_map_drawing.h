// SPDX-License-Identifier: GPL-3.0-or-later
// How a bit map is drawn, on whatever device; not for other folders.
#pragma once

#include "ui/plots/bit_map_layout.h"
#include "ui/style/theme.h"

#include <optional>
#include <vector>

class QPainter;

namespace bitscape::ui {

/// Everything that a drawing depends on but for the selection.
struct BitMapScene {
    const BitMapSpec& spec;
    const BitMapLayout& layout;
    const std::vector<std::vector<int>>& orders; ///< per layer the filters by place
    const Colours& colours;
    std::optional<int> emphasised; ///< all other bit-widths are dimmed
};

/// Heads, cells, legend; the background is the caller's.
void drawBitMap(QPainter& painter, const BitMapScene& scene);

/// Outlines a place of a layer, or with place -1 the layer.
void drawBitMapSelection(QPainter& painter, const BitMapScene& scene, const FilterRef& place);

} // namespace bitscape::ui
