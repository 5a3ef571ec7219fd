// SPDX-License-Identifier: GPL-3.0-or-later
// From a chart's data to QCustomPlot's objects; not for other folders.
#pragma once

#include "ui/plots/chart_spec.h"
#include "ui/style/theme.h"

#include <QFont>

#include <vector>

class QCPAbstractPlottable;
class QCustomPlot;

namespace bitscape::ui {

/// The colour of a series or a mark.
QColor colourOf(int place, const std::optional<int>& bits, const Colours& colours);

/// Backgrounds, axes and grid in the theme's colours.
void styleChart(QCustomPlot& plot, const Colours& colours, const QFont& font);

/// What stands on the plot for one series.
struct DrawnSeries {
    QCPAbstractPlottable* main = nullptr;
    QCPAbstractPlottable* bounds = nullptr; ///< its whiskers, or the area between its bounds
};

/// One for each series, in their order. What was there before is gone.
std::vector<DrawnSeries> drawSeries(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours);
/// Draws only every n-th shape on lines whose shapes would cover each other at the present zoom. The line goes through all points.
void thinOutShapes(const std::vector<DrawnSeries>& drawn);
/// The marks with their words; the plot's other items are gone.
void drawMarks(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours);

} // namespace bitscape::ui
