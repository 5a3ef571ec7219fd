// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_drawing.h"

#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bitscape::ui {
namespace {

constexpr double kMargin = 0.05;
constexpr double kPointSize = 7;
constexpr double kLineWidth = 1.8;

constexpr std::array kShapes { QCPScatterStyle::ssCircle, QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle,
    QCPScatterStyle::ssDiamond, QCPScatterStyle::ssTriangleInverted, QCPScatterStyle::ssPlus, QCPScatterStyle::ssCross,
    QCPScatterStyle::ssStar };
constexpr std::array kDashes { Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine };

QVector<double> vectorOf(const std::vector<double>& values)
{
    return { values.begin(), values.end() };
}

QCPGraph* lineOf(QCustomPlot& plot, const Series& series, std::size_t place, const QColor& colour, std::size_t colourCount)
{
    QCPGraph* graph = plot.addGraph(plot.xAxis, series.rightAxis ? plot.yAxis2 : plot.yAxis);
    graph->setData(vectorOf(series.x), vectorOf(series.y));
    // A colour that comes around again has another dash.
    const std::size_t round = colourCount == 0 ? 0 : static_cast<std::size_t>(std::max(0, series.colour)) / colourCount;
    graph->setPen(QPen(colour, kLineWidth, series.dashed ? Qt::DashLine : kDashes[round % kDashes.size()]));
    const bool points = series.style == SeriesStyle::Points || series.style == SeriesStyle::LineAndPoints;
    graph->setLineStyle(series.style == SeriesStyle::Points ? QCPGraph::lsNone
            : series.style == SeriesStyle::Steps            ? QCPGraph::lsStepLeft
                                                            : QCPGraph::lsLine);
    if (points || series.x.size() == 1)
        graph->setScatterStyle(QCPScatterStyle(
            kShapes[place % kShapes.size()], QPen(colour, 1.5), series.hollow ? QBrush(Qt::NoBrush) : QBrush(colour), kPointSize));
    return graph;
}

QCPBars* barsOf(QCustomPlot& plot, const Series& series, const QColor& colour)
{
    auto* bars = new QCPBars(plot.xAxis, series.rightAxis ? plot.yAxis2 : plot.yAxis);
    bars->setData(vectorOf(series.x), vectorOf(series.y));
    bars->setWidth(series.barWidth);
    QColor fill = colour;
    fill.setAlpha(series.hollow ? 0 : 190);
    bars->setBrush(fill);
    bars->setPen(QPen(colour, 1));
    return bars;
}

/// Bounds as distances from the value; what is not known has none.
void addErrorBars(const Series& series, QCPAbstractPlottable& of, const QColor& colour)
{
    if (series.low.size() != series.y.size() || series.high.size() != series.y.size())
        return;
    QVector<double> below, above;
    for (std::size_t i = 0; i < series.y.size(); ++i) {
        const bool known = std::isfinite(series.low[i]) && std::isfinite(series.high[i]) && std::isfinite(series.y[i]);
        below << (known ? series.y[i] - series.low[i] : 0);
        above << (known ? series.high[i] - series.y[i] : 0);
    }
    auto* bars = new QCPErrorBars(of.keyAxis(), of.valueAxis());
    bars->removeFromLegend();
    bars->setDataPlottable(&of);
    bars->setData(below, above);
    bars->setPen(QPen(colour, 1.2));
    bars->setWhiskerWidth(6);
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

void setUpAxis(QCPAxis& axis, const AxisSpec& spec)
{
    axis.setLabel(spec.title);
    axis.setScaleType(spec.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis.setTickLabelRotation(0);
    if (!spec.categories.empty()) {
        const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
        for (std::size_t i = 0; i < spec.categories.size(); ++i)
            ticker->addTick(static_cast<double>(i), spec.categories[i]);
        axis.setTicker(ticker);
        axis.setSubTicks(false);
        return;
    }
    if (spec.whole && !spec.logarithmic) {
        const QSharedPointer<QCPAxisTickerFixed> ticker(new QCPAxisTickerFixed);
        ticker->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
        axis.setTicker(ticker);
        axis.setSubTicks(false);
        axis.setNumberFormat(QStringLiteral("f"));
        axis.setNumberPrecision(0);
        return;
    }
    axis.setSubTicks(true);
    axis.setTicker(
        spec.logarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog) : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    axis.setNumberFormat(spec.logarithmic ? QStringLiteral("eb") : QStringLiteral("gb"));
    axis.setNumberPrecision(spec.logarithmic ? 0 : 5);
}

struct Span {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void add(double value, bool positiveOnly)
    {
        if (!std::isfinite(value) || (positiveOnly && value <= 0))
            return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

void addSeries(Span& span, const Series& series, bool horizontal, bool positiveOnly)
{
    const auto& values = horizontal ? series.x : series.y;
    for (const double value : values) {
        const double half = horizontal && series.style == SeriesStyle::Bars ? series.barWidth / 2 : 0;
        span.add(value - half, positiveOnly);
        span.add(value + half, positiveOnly);
    }
    if (horizontal)
        return;
    for (const double value : series.low)
        span.add(value, positiveOnly);
    for (const double value : series.high)
        span.add(value, positiveOnly);
    if (series.style == SeriesStyle::Bars && !positiveOnly)
        span.add(0, false);
}

void drawMarkLine(QCustomPlot& plot, const Mark& mark, const QColor& colour)
{
    auto* line = new QCPItemLine(&plot);
    line->setPen(QPen(colour, 1.4, mark.dashed ? Qt::DashLine : Qt::SolidLine));
    const bool part = mark.from < mark.to;
    for (QCPItemPosition* end : { line->start, line->end }) {
        const bool begin = end == line->start;
        end->setTypeX(mark.vertical || part ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
        end->setTypeY(mark.vertical && !part ? QCPItemPosition::ptAxisRectRatio : QCPItemPosition::ptPlotCoords);
        const double along = part ? (begin ? mark.from : mark.to) : (begin ? 0 : 1);
        end->setCoords(mark.vertical ? mark.at : along, mark.vertical ? along : mark.at);
    }
}

/// Puts words at the ends of marks so that they do not cover each other when everything is in view: those of vertical marks along the top,
/// one below the other where they are close, on the left of their line where they are at the right end; those of horizontal ones at the
/// right end, below their line where it is at the top.
class MarkLabels final {
public:
    MarkLabels(QCustomPlot& plot, const ChartSpec& spec)
        : m_plot(plot)
        , m_across(fullRange(spec, spec.x, true, false))
        , m_up(fullRange(spec, spec.y, false, false))
    {
    }

    void add(const Mark& mark, const Colours& colours)
    {
        auto* text = new QCPItemText(&m_plot);
        text->setText(mark.label);
        text->setColor(colours.text);
        text->setFont(m_plot.xAxis->tickLabelFont());
        text->setBrush(colours.base);
        text->setPadding(QMargins(3, 1, 3, 1));
        const double pixels = QFontMetrics(text->font()).horizontalAdvance(mark.label) + 10;
        const double width = pixels / std::max(1.0, kPlotShare * m_plot.width());
        if (mark.vertical)
            placeAtTop(*text, mark.at, width);
        else
            placeAtRight(*text, mark.at, width);
    }

private:
    struct Taken {
        int level;
        double from, to;
    };
    static constexpr double kPlotShare = 0.85; ///< of the widget, between the vertical axes
    static constexpr double kTop = 0.02, kLevel = 0.09;
    static constexpr int kLevels = 5;

    void placeAtTop(QCPItemText& text, double at, double width)
    {
        const double share = (at - m_across.lower) / m_across.size();
        const bool left = share + width > 1;
        const double from = left ? share - width : share, to = left ? share : share + width;
        int level = 0;
        const auto isTaken = [&](const Taken& taken) { return taken.level == level && taken.from < to && taken.to > from; };
        while (level + 1 < kLevels && std::ranges::any_of(m_taken, isTaken))
            ++level;
        m_taken.push_back({ level, from, to });
        text.setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        text.position->setTypeX(QCPItemPosition::ptPlotCoords);
        text.position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        text.position->setCoords(at, kTop + kLevel * level);
    }

    void placeAtRight(QCPItemText& text, double at, double width)
    {
        const double fromTop = (m_up.upper - at) / m_up.size();
        const bool below = fromTop < kLevel;
        const double top = below ? fromTop : fromTop - kLevel;
        for (int level = 0; level < kLevels; ++level) {
            if (std::abs(kTop + kLevel * level - top) < kLevel)
                m_taken.push_back({ level, 1 - width, 1 });
        }
        text.setPositionAlignment(Qt::AlignRight | (below ? Qt::AlignTop : Qt::AlignBottom));
        text.position->setTypeX(QCPItemPosition::ptAxisRectRatio);
        text.position->setTypeY(QCPItemPosition::ptPlotCoords);
        text.position->setCoords(0.995, at);
    }

    QCustomPlot& m_plot;
    QCPRange m_across, m_up;
    std::vector<Taken> m_taken;
};

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
    plot.legend->setBrush(Qt::NoBrush);
    plot.legend->setBorderPen(Qt::NoPen);
    plot.legend->setTextColor(colours.text);
    plot.legend->setFont(font);
    plot.legend->setRowSpacing(0);
    plot.legend->setIconSize(24, 14);
}

void setUpAxes(QCustomPlot& plot, const ChartSpec& spec)
{
    setUpAxis(*plot.xAxis, spec.x);
    setUpAxis(*plot.yAxis, spec.y);
    plot.yAxis2->setVisible(spec.right.has_value());
    if (spec.right)
        setUpAxis(*plot.yAxis2, *spec.right);
}

std::vector<QCPAbstractPlottable*> drawSeries(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours)
{
    plot.clearPlottables();
    std::vector<QCPAbstractPlottable*> drawn;
    for (std::size_t i = 0; i < spec.series.size(); ++i) {
        const Series& series = spec.series[i];
        const QColor colour = colourOf(series.colour, series.bits, colours);
        QCPAbstractPlottable* plottable = nullptr;
        if (series.style == SeriesStyle::Bars)
            plottable = barsOf(plot, series, colour);
        else
            plottable = lineOf(plot, series, i, colour, colours.series.size());
        plottable->setName(series.name);
        addErrorBars(series, *plottable, colour);
        drawn.push_back(plottable);
    }
    return drawn;
}

void drawMarks(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours)
{
    plot.clearItems();
    MarkLabels labels(plot, spec);
    for (const Mark& mark : spec.marks)
        drawMarkLine(plot, mark, colourOf(mark.colour, mark.bits, colours));
    for (const bool vertical : { false, true }) { // those along the top make room for what stands at the right end
        for (const Mark& mark : spec.marks) {
            if (mark.vertical == vertical && !mark.label.isEmpty())
                labels.add(mark, colours);
        }
    }
}

QCPRange fullRange(const ChartSpec& spec, const AxisSpec& axis, bool horizontal, bool right)
{
    Span span;
    for (const Series& series : spec.series) {
        if (horizontal || series.rightAxis == right)
            addSeries(span, series, horizontal, axis.logarithmic);
    }
    for (const Mark& mark : spec.marks) {
        if (mark.vertical == horizontal && !right)
            span.add(mark.at, axis.logarithmic);
    }
    if (!axis.categories.empty() && span.low > span.high)
        span = { 0, static_cast<double>(axis.categories.size()) - 1 };
    if (span.low > span.high)
        span = axis.logarithmic ? Span { 1, 10 } : Span { 0, 1 };
    double low = span.low, high = span.high;
    if (axis.logarithmic) {
        const double factor = std::max(1.1, std::pow(high / low, kMargin));
        low /= factor;
        high *= factor;
    } else {
        const double margin = high > low ? (high - low) * kMargin : std::max(0.5, std::abs(high) * 0.05);
        low = low >= 0 && low <= margin && !horizontal ? std::min(0.0, low) : low - margin;
        high += margin;
    }
    return { axis.from.value_or(low), axis.to.value_or(high) };
}

} // namespace bitscape::ui
