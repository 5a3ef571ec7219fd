// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/chart_spec.h"
#include "ui/views/curves_points.h"

#include <QString>

namespace bitscape::ui {

/// "MACs", "BitOps", "Size", "Average bits": for a person to choose from.
QString titleOf(CurveCost cost);

/// "search cq ascending", "refine after fisher", "train (32 bits)".
QString titleOf(const CurveWay& way);

/// Accuracy (%) against a cost: the Pareto front, a series per way with rings for searches and dots for what was trained, error bars of one
/// standard deviation where runs differ in their seed alone, full precision as a mark. Keys are numbers of runs.
ChartSpec curvesSpec(const Curves& curves, CurveCost cost, bool logarithmic);

} // namespace bitscape::ui
