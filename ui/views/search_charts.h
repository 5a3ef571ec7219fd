// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"
#include "ui/plots/chart_spec.h"

#include <QString>

namespace bitscape::ui {

/// Accuracy (left, %) and average bits (right) against evaluations: kept points filled and joined, those taken back hollow, bounds where an
/// accuracy is only bounded (the point then stands between them), floors per phase, the target and the full accuracy as lines. A point's
/// key is its step; points of lines have -1.
ChartSpec searchProgress(const RunResults& results);

/// Whether the search moved thresholds.
bool hasThresholdMoves(const RunResults& results);

/// Every threshold after each kept point against evaluations, in the colour of the bits from it on, the range of scores on y.
ChartSpec thresholdMoves(const RunResults& results);

/// "cq ascending - target 2.00 bits reached: 1.98 - 22 evaluations - 18 800 images evaluated - 1 looked up - 12.3 s".
QString searchSummary(const RunResults& results);

} // namespace bitscape::ui
