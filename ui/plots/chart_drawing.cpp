// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_drawing.h"

#include "ui/plots/chart_tickers.h"

#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace bitscape::ui {
namespace {

constexpr double kPointSize = 7;
constexpr double kLineWidth = 1.8;
constexpr double kShapeSpace = 2.5; ///< sizes of a shape from one to the next on a line
constexpr int kBandOpacity = 45;
constexpr std::size_t kMostWhiskers = 60; ///< more bounds of a line are drawn as a band

constexpr std::array kShapes { QCPScatterStyle::ssCircle, QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle,
    QCPScatterStyle::ssDiamond, QCPScatterStyle::ssTriangleInverted, QCPScatterStyle::ssPlus, QCPScatterStyle::ssCross,
    QCPScatterStyle::ssStar };
constexpr std::array kDashes { Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine };

/// What of a series is drawn: in the order of x, without what has no place on the axes.
struct Drawable {
    QVector<double> x, y, low, high; ///< bounds: empty or as many
};

Drawable drawableOf(const Series& series, bool logX, bool logY)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
        if (std::isfinite(series.x[i]) && (!logX || series.x[i] > 0))
            order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return series.x[i]; });
    const bool bounds = series.low.size() == series.y.size() && series.high.size() == series.y.size();
    const auto place = [logY](double value) { return std::isfinite(value) && (!logY || value > 0) ? value : std::nan(""); };
    Drawable drawn;
    for (const std::size_t i : order) {
        drawn.x << series.x[i];
        drawn.y << place(series.y[i]);
        if (bounds) {
            drawn.low << place(series.low[i]);
            drawn.high << place(series.high[i]);
        }
    }
    return drawn;
}

QCPGraph* lineOf(QCustomPlot& plot, const Series& series, const Drawable& data, std::size_t place, const QPen& pen)
{
    QCPGraph* graph = plot.addGraph(plot.xAxis, series.rightAxis ? plot.yAxis2 : plot.yAxis);
    graph->setData(data.x, data.y, true);
    graph->setPen(pen);
    const bool points
        = series.style == SeriesStyle::Points || series.style == SeriesStyle::LineAndPoints || series.style == SeriesStyle::StepsAndPoints;
    const bool steps = series.style == SeriesStyle::Steps || series.style == SeriesStyle::StepsAndPoints;
    graph->setLineStyle(series.style == SeriesStyle::Points ? QCPGraph::lsNone : steps ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
    if (points || data.x.size() == 1)
        graph->setScatterStyle(QCPScatterStyle(kShapes[place % kShapes.size()], QPen(pen.color(), 1.5),
            series.hollow ? QBrush(Qt::NoBrush) : QBrush(pen.color()), kPointSize));
    return graph;
}

QCPBars* barsOf(QCustomPlot& plot, const Series& series, const Drawable& data, const QColor& colour)
{
    auto* bars = new QCPBars(plot.xAxis, series.rightAxis ? plot.yAxis2 : plot.yAxis);
    bars->setData(data.x, data.y, true);
    bars->setWidth(series.barWidth);
    QColor fill = colour;
    fill.setAlpha(series.hollow ? 0 : 190);
    bars->setBrush(fill);
    bars->setPen(QPen(colour, 1));
    return bars;
}

/// Bounds as distances from the value; what is not known has none.
QCPAbstractPlottable* addWhiskers(const Drawable& data, QCPAbstractPlottable& of, const QColor& colour)
{
    QVector<double> below, above;
    for (int i = 0; i < data.y.size(); ++i) {
        below << (std::isfinite(data.low[i]) && std::isfinite(data.y[i]) ? data.y[i] - data.low[i] : 0);
        above << (std::isfinite(data.high[i]) && std::isfinite(data.y[i]) ? data.high[i] - data.y[i] : 0);
    }
    auto* bars = new QCPErrorBars(of.keyAxis(), of.valueAxis());
    bars->setDataPlottable(&of);
    bars->setData(below, above);
    bars->setPen(QPen(colour, 1.2));
    bars->setWhiskerWidth(6);
    return bars;
}

/// Bounds of a line with very many points: an area between two lines that are not drawn.
QCPAbstractPlottable* addBand(QCustomPlot& plot, const Drawable& data, QCPAbstractPlottable& of, QColor colour)
{
    colour.setAlpha(kBandOpacity);
    QCPGraph* high = plot.addGraph(of.keyAxis(), of.valueAxis());
    QCPGraph* low = plot.addGraph(of.keyAxis(), of.valueAxis());
    high->setData(data.x, data.high, true);
    low->setData(data.x, data.low, true);
    for (QCPGraph* edge : { high, low })
        edge->setPen(Qt::NoPen);
    high->setBrush(colour);
    high->setChannelFillGraph(low);
    return high;
}

void styleAxis(QCPAxis& axis, const Colours& colours, const QFont& font)
{
    axis.setBasePen(QPen(colours.faint, 1));
    axis.setTickPen(QPen(colours.faint, 1));
    axis.setSubTickPen(QPen(colours.border, 1));
    axis.setTickLabelColor(colours.muted);
    axis.setLabelColor(colours.text);
    axis.setTickLabelFont(font);
    axis.setLabelFont(font);
    axis.grid()->setPen(QPen(colours.grid, 1));
    axis.grid()->setZeroLinePen(QPen(colours.grid, 1));
}

/// The dash of the n-th series of one colour: a colour that comes around again has another one.
Qt::PenStyle dashOf(const Series& series, std::size_t repeat)
{
    return kDashes[(repeat + (series.dashed ? 1 : 0)) % kDashes.size()];
}

} // namespace

QColor colourOf(int place, const std::optional<int>& bits, const Colours& colours)
{
    if (bits)
        return colours.ofBits(*bits);
    return place < 0 ? colours.muted : colours.series[static_cast<std::size_t>(place) % colours.series.size()];
}

void styleChart(QCustomPlot& plot, const Colours& colours, const QFont& font)
{
    plot.setBackground(colours.base);
    for (QCPAxis* axis : { plot.xAxis, plot.yAxis, plot.xAxis2, plot.yAxis2 })
        styleAxis(*axis, colours, font);
}

std::vector<DrawnSeries> drawSeries(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours)
{
    plot.clearPlottables();
    std::vector<DrawnSeries> drawn;
    std::map<QRgb, std::size_t> used;
    for (std::size_t i = 0; i < spec.series.size(); ++i) {
        const Series& series = spec.series[i];
        const QColor colour = colourOf(series.colour, series.bits, colours);
        const bool logY = series.rightAxis && spec.right ? spec.right->logarithmic : spec.y.logarithmic;
        const Drawable data = drawableOf(series, spec.x.logarithmic, logY);
        DrawnSeries parts;
        if (series.style == SeriesStyle::Bars) {
            QCPBars* bars = barsOf(plot, series, data, colour);
            if (auto* below = series.stacked && i > 0 ? qobject_cast<QCPBars*>(drawn.back().main) : nullptr)
                bars->moveAbove(below);
            parts.main = bars;
        } else
            parts.main = lineOf(plot, series, data, i, QPen(colour, kLineWidth, dashOf(series, used[colour.rgb()])));
        const bool line = series.style != SeriesStyle::Bars && series.style != SeriesStyle::Points;
        used[colour.rgb()] += line ? 1 : 0; // points need no dash of their own: shapes tell them apart
        parts.main->setName(series.name);
        if (!data.low.isEmpty()) {
            const bool band = series.style == SeriesStyle::Line && series.x.size() > kMostWhiskers;
            parts.bounds = band ? addBand(plot, data, *parts.main, colour)
                                : addWhiskers(data, *parts.main, series.style == SeriesStyle::Bars ? colours.text : colour);
        }
        drawn.push_back(parts);
    }
    return drawn;
}

void thinOutShapes(const std::vector<DrawnSeries>& drawn)
{
    for (const DrawnSeries& series : drawn) {
        auto* graph = qobject_cast<QCPGraph*>(series.main);
        if (!graph || graph->scatterStyle().isNone() || graph->lineStyle() == QCPGraph::lsNone)
            continue;
        const QCPRange range = graph->keyAxis()->range();
        const auto inView = graph->data()->findEnd(range.upper) - graph->data()->findBegin(range.lower);
        const double room = axisLength(*graph->keyAxis()) / (kPointSize * kShapeSpace);
        graph->setScatterSkip(std::max(0, static_cast<int>(std::ceil(static_cast<double>(inView) / room)) - 1));
    }
}

} // namespace bitscape::ui
