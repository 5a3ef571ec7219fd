// SPDX-License-Identifier: GPL-3.0-or-later
// Where the keys lead from a cell of a bit map; not for other folders.
#pragma once

#include "ui/plots/bit_map_layout.h"

namespace bitscape::ui {

/// Along a layer and from each to the next, up and down over the lines of its band; one of `columns` and `lines` is 0, the other -1 or 1.
/// From no cell: to the first of the layer. Layer -1 where there is none in that direction.
FilterRef steppedPlace(const BitMapLayout& layout, const FilterRef& place, int columns, int lines);

} // namespace bitscape::ui
