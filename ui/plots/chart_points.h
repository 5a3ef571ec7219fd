// SPDX-License-Identifier: GPL-3.0-or-later
// Which point of a chart a place on the screen means; not for other folders.
#pragma once

#include "ui/plots/chart_spec.h"

#include <QPointF>

#include <functional>
#include <optional>
#include <utility>

class QCustomPlot;

namespace bitscape::ui {

/// The positions of the series and of its point that is nearest to `place` (pixels of the plot) and at most 12 pixels away; of bars
/// anywhere in the bar. Only series that are `shown`.
std::optional<std::pair<std::size_t, std::size_t>> nearestPoint(
    const QCustomPlot& plot, const ChartSpec& spec, const std::function<bool(std::size_t series)>& shown, const QPointF& place);

/// What a person is told about a point: names, exact values, bounds and note, a line each.
QString pointText(const ChartSpec& spec, std::size_t series, std::size_t point);

} // namespace bitscape::ui
