// SPDX-License-Identifier: GPL-3.0-or-later
// A chart's axes: what they show and where their ticks stand; not for other folders.
#pragma once

#include "ui/plots/chart_spec.h"

#include <set>

class QCPAxis;
class QCPRange;
class QCustomPlot;

namespace bitscape::ui {

/// Titles, scales and tickers.
void setUpAxes(QCustomPlot& plot, const ChartSpec& spec);

/// Turns the names of categories where they do not fit side by side at the plot's present size.
void turnCategories(QCPAxis& axis, const AxisSpec& spec);

/// What an axis shows when everything is in view; series in `hidden` do not count, unless all are.
QCPRange fullRange(const ChartSpec& spec, const AxisSpec& axis, bool horizontal, bool right, const std::set<QString>& hidden);

/// The range `factor` times as wide with `anchor` where it was.
QCPRange zoomedRange(const QCPRange& range, double anchor, double factor, bool logarithmic);
/// The range moved by a share of its width.
QCPRange movedRange(const QCPRange& range, double share, bool logarithmic);
/// The range, kept so close to the full one that nobody gets lost.
QCPRange boundedRange(const QCPRange& range, const QCPRange& full, bool logarithmic);

/// A tick's label: as many decimals as `step` needs, so that all labels of an axis have the same; a power of ten from a million on.
QString tickText(double value, double step);
/// A tick's label on a logarithmic axis: "0.05", "2 000", "10⁷", "5×10⁷".
QString logTickText(double value);

} // namespace bitscape::ui
