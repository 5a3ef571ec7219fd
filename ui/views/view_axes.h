// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/chart_spec.h"

#include <vector>

namespace bitscape::ui {

/// The axis with ends for these shares in %, what is not finite left out: room above for labels, at least two points wide, above 0 and
/// above 100 by no more than a tick. Left as it is where nothing is finite.
AxisSpec percentAxis(AxisSpec axis, const std::vector<double>& values);

} // namespace bitscape::ui
