// SPDX-License-Identifier: GPL-3.0-or-later
// From a chart's data to QCustomPlot's objects; not for other folders.
#pragma once

#include "ui/plots/chart_spec.h"
#include "ui/style/theme.h"

#include <QFont>

#include <vector>

class QCPAbstractPlottable;
class QCPRange;
class QCustomPlot;

namespace bitscape::ui {

/// The colour of a series or a mark.
QColor colourOf(int place, const std::optional<int>& bits, const Colours& colours);

/// Backgrounds, axes, grid, legend in the theme's colours.
void styleChart(QCustomPlot& plot, const Colours& colours, const QFont& font);

/// Titles, scales and tick labels.
void setUpAxes(QCustomPlot& plot, const ChartSpec& spec);

/// One plottable per series, in their order; error bars and marks besides. What was there before is gone.
std::vector<QCPAbstractPlottable*> drawSeries(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours);
void drawMarks(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours);

/// What an axis shows when everything is in view.
QCPRange fullRange(const ChartSpec& spec, const AxisSpec& axis, bool horizontal, bool right);

} // namespace bitscape::ui
