// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_axes.h"

#include "ui/plots/chart_tickers.h"
#include "ui/style/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitscape::ui {
namespace {

constexpr double kMargin = 0.05;
constexpr double kLargestPlain = 1e6; ///< from here on, ticks are powers of ten
constexpr double kWidest = 4;         ///< times the full range: as far as one zooms out
constexpr double kClosest = 1e-7;

QString superscript(int number)
{
    static const QString kDigits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text = number < 0 ? QStringLiteral("⁻") : QString();
    for (const QChar digit : QString::number(std::abs(number)))
        text += kDigits[digit.digitValue()];
    return text;
}

QString powerText(double value)
{
    const int power = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-12));
    const double digits = value / std::pow(10.0, power);
    const QString ten = QStringLiteral("10") + superscript(power);
    return std::abs(digits - 1) < 1e-9 ? ten : numberText(digits, 3) + QStringLiteral("×") + ten;
}

void setUpAxis(QCPAxis& axis, const AxisSpec& spec)
{
    axis.setLabel(spec.title);
    axis.setScaleType(spec.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis.setTickLabelRotation(0);
    QSharedPointer<QCPAxisTicker> ticker;
    if (!spec.categories.empty())
        ticker.reset(new CategoryTicker(axis, spec.categories));
    else if (spec.logarithmic)
        ticker.reset(new LogTicker(axis));
    else
        ticker.reset(new NumberTicker(axis, spec.whole));
    axis.setTicker(ticker);
    axis.setSubTicks(spec.logarithmic && spec.categories.empty());
    axis.setTickLength(spec.categories.empty() ? 4 : 0, 0);
    axis.setSubTickLength(2, 0);
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

void addSeries(Span& span, const ChartSpec& spec, std::size_t at, bool horizontal, bool positiveOnly)
{
    const Series& series = spec.series[at];
    const bool bars = series.style == SeriesStyle::Bars;
    const double half = horizontal && bars ? series.barWidth / 2 : 0;
    for (const double value : horizontal ? series.x : series.y) {
        span.add(value - half, positiveOnly);
        span.add(value + half, positiveOnly);
    }
    if (horizontal)
        return;
    for (std::size_t i = 0; i < series.y.size() && series.stacked; ++i)
        span.add(heightOf(spec, at, i), positiveOnly);
    for (const double value : series.low)
        span.add(value, positiveOnly);
    for (const double value : series.high)
        span.add(value, positiveOnly);
    if (bars && !positiveOnly)
        span.add(0, false);
}

Span spanOf(const ChartSpec& spec, const AxisSpec& axis, bool horizontal, bool right, const std::set<QString>& hidden)
{
    Span span;
    for (std::size_t i = 0; i < spec.series.size(); ++i) {
        const Series& series = spec.series[i];
        if ((horizontal || series.rightAxis == right) && !hidden.contains(series.name))
            addSeries(span, spec, i, horizontal, axis.logarithmic);
    }
    for (const Mark& mark : spec.marks) {
        if (mark.vertical == horizontal && !right)
            span.add(mark.at, axis.logarithmic);
        else if (!right && mark.from < mark.to) {
            span.add(mark.from, axis.logarithmic);
            span.add(mark.to, axis.logarithmic);
        }
    }
    if (span.low > span.high && !hidden.empty())
        return spanOf(spec, axis, horizontal, right, {});
    return span;
}

/// On a logarithmic axis all sums are done on the logarithm.
double inner(double value, bool logarithmic)
{
    return logarithmic ? std::log(std::max(value, std::numeric_limits<double>::min())) : value;
}

QCPRange outer(double low, double high, bool logarithmic)
{
    return logarithmic ? QCPRange(std::exp(low), std::exp(high)) : QCPRange(low, high);
}

} // namespace

void setUpAxes(QCustomPlot& plot, const ChartSpec& spec)
{
    setUpAxis(*plot.xAxis, spec.x);
    setUpAxis(*plot.yAxis, spec.y);
    plot.yAxis2->setVisible(spec.right.has_value());
    if (spec.right)
        setUpAxis(*plot.yAxis2, *spec.right);
}

void turnCategories(QCPAxis& axis, const AxisSpec& spec)
{
    if (spec.categories.empty() || axis.orientation() != Qt::Horizontal)
        return;
    const QFontMetrics metrics(axis.tickLabelFont());
    const double each = axisLength(axis) / axis.range().size();
    const bool crowded = std::ranges::any_of(
        spec.categories, [&](const QString& name) { return metrics.horizontalAdvance(categoryText(name, metrics)) + 8 > each; });
    axis.setTickLabelRotation(crowded ? -45 : 0);
}

QCPRange fullRange(const ChartSpec& spec, const AxisSpec& axis, bool horizontal, bool right, const std::set<QString>& hidden)
{
    if (!axis.categories.empty())
        return { axis.from.value_or(-0.6), axis.to.value_or(static_cast<double>(axis.categories.size()) - 0.4) };
    Span span = spanOf(spec, axis, horizontal, right, hidden);
    if (span.low > span.high)
        span = axis.logarithmic ? Span { 1, 10 } : Span { 0, 1 };
    double low = span.low, high = span.high;
    if (axis.logarithmic) {
        const double factor = std::max(1.1, std::pow(high / low, kMargin));
        low /= factor;
        high *= factor;
    } else {
        const double margin = high > low ? (high - low) * kMargin : std::max(0.5, std::abs(high) * kMargin);
        low = low >= 0 && low <= margin && !horizontal ? std::min(0.0, low) : low - margin;
        high += margin;
    }
    const QCPRange range(axis.from.value_or(low), axis.to.value_or(high));
    return range.size() > 0 ? range : QCPRange(range.lower - 0.5, range.lower + 0.5);
}

QCPRange zoomedRange(const QCPRange& range, double anchor, double factor, bool logarithmic)
{
    const double low = inner(range.lower, logarithmic), high = inner(range.upper, logarithmic), at = inner(anchor, logarithmic);
    return outer(at + (low - at) * factor, at + (high - at) * factor, logarithmic);
}

QCPRange movedRange(const QCPRange& range, double share, bool logarithmic)
{
    const double low = inner(range.lower, logarithmic), high = inner(range.upper, logarithmic);
    return outer(low + (high - low) * share, high + (high - low) * share, logarithmic);
}

QCPRange boundedRange(const QCPRange& range, const QCPRange& full, bool logarithmic)
{
    const double low = inner(range.lower, logarithmic), high = inner(range.upper, logarithmic);
    const double fullLow = inner(full.lower, logarithmic), fullHigh = inner(full.upper, logarithmic);
    const double size = std::clamp(high - low, (fullHigh - fullLow) * kClosest, (fullHigh - fullLow) * kWidest);
    const double centre = std::clamp((low + high) / 2, fullLow, fullHigh);
    return outer(centre - size / 2, centre + size / 2, logarithmic);
}

QString tickText(double value, double step)
{
    if (std::abs(value) < step * 1e-6)
        return QStringLiteral("0");
    if (std::abs(value) >= kLargestPlain || step < 1e-6)
        return powerText(value);
    constexpr int kMostDecimals = 7;
    int decimals = 0;
    for (double scaled = step; decimals < kMostDecimals && std::abs(scaled - std::round(scaled)) > 1e-6; scaled *= 10)
        ++decimals;
    return fixedText(value, decimals);
}

QString logTickText(double value)
{
    const int power = static_cast<int>(std::floor(std::log10(value) + 1e-12));
    constexpr int kSmallestPlainPower = -3, kLargestPlainPower = 4;
    if (power < kSmallestPlainPower || power > kLargestPlainPower)
        return powerText(value);
    return numberText(value, std::max(0, 3 - power));
}

} // namespace bitscape::ui
