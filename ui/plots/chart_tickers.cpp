// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_tickers.h"

#include "ui/plots/chart_axes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr int kLabelGap = 16;           ///< pixels between labels side by side
constexpr double kLineSpace = 1.9;      ///< heights of a label from one to the next above it
constexpr int kMostCategoryWidth = 120; ///< longer names are cut in the middle

bool isWholeNumber(double value)
{
    return std::abs(value - std::round(value)) < 1e-9;
}

/// All multiples of powers of ten in a range.
QVector<double> multiples(const QCPRange& range, const std::vector<int>& digits, int everyDecade)
{
    QVector<double> ticks;
    const int first = static_cast<int>(std::floor(std::log10(range.lower))), last = static_cast<int>(std::ceil(std::log10(range.upper)));
    for (int decade = first; decade <= last; ++decade) {
        if (((decade % everyDecade) + everyDecade) % everyDecade != 0)
            continue;
        for (const int digit : digits) {
            const double tick = digit * std::pow(10.0, decade);
            if (tick >= range.lower * (1 - 1e-12) && tick <= range.upper * (1 + 1e-12))
                ticks << tick;
        }
    }
    return ticks;
}

/// The finest step of 1, 2, 2.5, 5 times a power of ten that `isRoomy` takes.
template <typename Predicate> double finestStep(double span, Predicate isRoomy)
{
    double decade = std::pow(10.0, std::floor(std::log10(span)) - 3);
    for (int i = 0; i < 6; ++i, decade *= 10) {
        for (const double factor : { 1.0, 2.0, 2.5, 5.0 }) {
            if (isRoomy(factor * decade))
                return factor * decade;
        }
    }
    return span;
}

} // namespace

double axisLength(const QCPAxis& axis)
{
    const QCPAxisRect& area = *axis.axisRect();
    const QCustomPlot& plot = *axis.parentPlot();
    QSize taken(area.margins().left() + area.margins().right(), area.margins().top() + area.margins().bottom());
    for (int i = 0; i < plot.plotLayout()->elementCount(); ++i) {
        const QCPLayoutElement* other = plot.plotLayout()->elementAt(i);
        if (other && other != &area) // legends: one above and one beside, of which one at most is not empty
            taken += other->maximumOuterSizeHint().width() < QWIDGETSIZE_MAX ? QSize(other->minimumOuterSizeHint().width(), 0)
                                                                             : QSize(0, other->minimumOuterSizeHint().height());
    }
    const QSize left = plot.viewport().size() - taken;
    return std::max(10, axis.orientation() == Qt::Horizontal ? left.width() : left.height());
}

QString categoryText(const QString& name, const QFontMetrics& metrics)
{
    return metrics.elidedText(name, Qt::ElideMiddle, kMostCategoryWidth);
}

NumberTicker::NumberTicker(const QCPAxis& axis, bool whole)
    : m_axis(axis)
    , m_whole(whole)
{
}

double NumberTicker::getTickStep(const QCPRange& range)
{
    const QFontMetrics metrics(m_axis.tickLabelFont());
    const double pixels = axisLength(m_axis) / range.size();
    const bool horizontal = m_axis.orientation() == Qt::Horizontal;
    m_step = finestStep(range.size(), [&](double step) {
        if (m_whole && !isWholeNumber(step))
            return false;
        if (!horizontal)
            return step * pixels >= metrics.height() * kLineSpace;
        if (step * pixels < kLabelGap)
            return false;
        const double low = std::ceil(range.lower / step) * step, high = std::floor(range.upper / step) * step;
        const int widest = std::max(metrics.horizontalAdvance(tickText(low, step)), metrics.horizontalAdvance(tickText(high, step)));
        return step * pixels >= widest + kLabelGap;
    });
    return m_step;
}

int NumberTicker::getSubTickCount(double)
{
    return 0;
}

QString NumberTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    return tickText(tick, m_step);
}

LogTicker::LogTicker(const QCPAxis& axis)
    : m_axis(axis)
{
}

double LogTicker::getTickStep(const QCPRange&)
{
    return 1;
}

int LogTicker::getSubTickCount(double)
{
    return 8;
}

bool LogTicker::fits(const QVector<double>& ticks, const QCPRange& range) const
{
    const QFontMetrics metrics(m_axis.tickLabelFont());
    const double pixels = axisLength(m_axis) / std::log(range.upper / range.lower);
    const bool horizontal = m_axis.orientation() == Qt::Horizontal;
    for (int i = 1; i < ticks.size(); ++i) {
        const double distance = pixels * std::log(ticks[i] / ticks[i - 1]);
        const int widths = metrics.horizontalAdvance(logTickText(ticks[i])) + metrics.horizontalAdvance(logTickText(ticks[i - 1]));
        if (distance < (horizontal ? widths / 2.0 + kLabelGap * 0.75 : metrics.height() * 1.3))
            return false;
    }
    return true;
}

QVector<double> LogTicker::createTickVector(double, const QCPRange& range)
{
    m_range = range;
    if (!(range.lower > 0))
        return {};
    if (range.upper / range.lower < 3) { // powers of ten say nothing here: even steps
        const double step = finestStep(range.size(), [&](double candidate) {
            const double top = std::floor(range.upper / candidate) * candidate; // where ticks are closest
            return top - candidate > 0 && fits({ top - candidate, top }, range);
        });
        QVector<double> ticks;
        for (double tick = std::ceil(range.lower / step) * step; tick <= range.upper; tick += step)
            ticks << tick;
        return ticks;
    }
    for (const std::vector<int>& digits : { std::vector { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 2, 5 }, { 1, 3 } }) {
        const QVector<double> ticks = multiples(range, digits, 1);
        if (fits(ticks, range))
            return ticks;
    }
    for (const int every : { 1, 2, 3, 5, 10, 20, 50 }) {
        const QVector<double> ticks = multiples(range, { 1 }, every);
        if (fits(ticks, range))
            return ticks;
    }
    return {};
}

QVector<double> LogTicker::createSubTickVector(int, const QVector<double>&)
{
    constexpr double kMostDecades = 8;
    if (!(m_range.lower > 0) || std::log10(m_range.upper / m_range.lower) > kMostDecades)
        return {};
    return multiples(m_range, { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 1);
}

QString LogTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    return logTickText(tick);
}

CategoryTicker::CategoryTicker(const QCPAxis& axis, std::vector<QString> names)
    : m_axis(axis)
    , m_names(std::move(names))
{
}

double CategoryTicker::getTickStep(const QCPRange& range)
{
    const QFontMetrics metrics(m_axis.tickLabelFont());
    double needed = metrics.height() * 1.3;
    if (m_axis.orientation() == Qt::Horizontal && qFuzzyIsNull(m_axis.tickLabelRotation())) {
        for (const QString& name : m_names)
            needed = std::max<double>(needed, metrics.horizontalAdvance(categoryText(name, metrics)) + kLabelGap / 2.0);
    }
    return std::max(1.0, std::ceil(needed * range.size() / axisLength(m_axis)));
}

int CategoryTicker::getSubTickCount(double)
{
    return 0;
}

QVector<double> CategoryTicker::createTickVector(double step, const QCPRange& range)
{
    QVector<double> ticks;
    for (double at = 0; at < static_cast<double>(m_names.size()) && at <= range.upper; at += step) {
        if (at >= range.lower)
            ticks << at;
    }
    return ticks;
}

QString CategoryTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    const auto at = static_cast<std::size_t>(std::max(0.0, std::round(tick)));
    return at < m_names.size() ? categoryText(m_names[at], QFontMetrics(m_axis.tickLabelFont())) : QString();
}

} // namespace bitscape::ui
