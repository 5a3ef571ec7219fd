// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/bit_map_spec.h"
#include "ui/plots/chart_spec.h"
#include "ui/whatif/edit_session.h"

#include <vector>

namespace bitscape::ui {

/// The thresholds that handles stand at: those of the state, or zeros where its bits follow none; as many as its allowed bits need.
std::vector<double> handlesOf(const EditState& state);

/// The histogram of the base's scores with the thresholds as handles, mark k threshold k.
ChartSpec thresholdHistogram(const EditSession& session, const FilterRef& selected);

/// Thresholds after number `k` was moved to `value` (rounded to 0.05, 0..`classes`): those above are not below it, those below not above.
std::vector<double> movedThresholds(std::vector<double> thresholds, std::size_t k, double value, int classes);

/// The bits of the edit, with what is locked. `painting`: the legend has every allowed bit-width, so that nothing moves under the brush.
BitMapSpec editedBitMap(const EditSession& session, BitMapOrder order, bool painting);

} // namespace bitscape::ui
