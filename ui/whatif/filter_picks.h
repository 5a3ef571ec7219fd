// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/selection.h"

#include "core/base/layer_bits.h"
#include "core/network/bit_edits.h"

namespace bitscape::ui {

/// Adds a filter, or with filter -1 all of a layer, once.
void addTo(FilterSelection& selection, const FilterRef& filter);

/// Every filter that has these bits; no layers where none has.
FilterSelection filtersOfWidth(const LayerBits& bits, int width);

} // namespace bitscape::ui
