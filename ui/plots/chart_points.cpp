// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_points.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kReach = 12; ///< pixels from which a point is meant

/// How far `place` is from a point, in pixels.
double distanceTo(const QCPAxis& x, const QCPAxis& y, const ChartSpec& spec, std::size_t s, std::size_t i, const QPointF& place)
{
    const Series& series = spec.series[s];
    const double across = std::abs(x.coordToPixel(series.x[i]) - place.x());
    const double height = heightOf(spec, s, i), top = y.coordToPixel(height);
    if (series.style != SeriesStyle::Bars)
        return std::hypot(across, top - place.y());
    const double half = std::abs(x.coordToPixel(series.x[i] + series.barWidth / 2) - x.coordToPixel(series.x[i]));
    const double foot = y.coordToPixel(series.stacked ? height - series.y[i] : 0);
    const double above = std::min(top, foot) - place.y(), below = place.y() - std::max(top, foot);
    return std::hypot(std::max(0.0, across - half), std::max({ 0.0, above, below }));
}

} // namespace

std::optional<std::pair<std::size_t, std::size_t>> nearestPoint(
    const QCustomPlot& plot, const ChartSpec& spec, const std::function<bool(std::size_t series)>& shown, const QPointF& place)
{
    std::optional<std::pair<std::size_t, std::size_t>> nearest;
    double best = kReach;
    for (std::size_t s = 0; s < spec.series.size(); ++s) {
        const Series& series = spec.series[s];
        for (std::size_t i = 0; shown(s) && i < std::min(series.x.size(), series.y.size()); ++i) {
            if (!std::isfinite(series.y[i]))
                continue;
            const double distance = distanceTo(*plot.xAxis, series.rightAxis ? *plot.yAxis2 : *plot.yAxis, spec, s, i, place);
            if (distance < best) {
                best = distance;
                nearest = { s, i };
            }
        }
    }
    return nearest;
}

QString pointText(const ChartSpec& spec, std::size_t seriesAt, std::size_t i)
{
    const Series& series = spec.series[seriesAt];
    const auto category = static_cast<std::size_t>(std::max(0.0, series.x[i]) + 0.5);
    const QString x = category < spec.x.categories.size() ? spec.x.categories[category] : exactText(series.x[i]);
    const QString yTitle = series.rightAxis && spec.right ? spec.right->title : spec.y.title;
    QString text = QStringLiteral("%1\n%2: %3\n%4: %5").arg(series.name, spec.x.title, x, yTitle, exactText(series.y[i]));
    if (i < series.low.size() && i < series.high.size() && series.low[i] < series.high[i])
        text += QStringLiteral(" (%1 … %2)").arg(exactText(series.low[i]), exactText(series.high[i]));
    if (i < series.notes.size() && !series.notes[i].isEmpty())
        text += QLatin1Char('\n') + series.notes[i];
    return text;
}

} // namespace bitscape::ui
