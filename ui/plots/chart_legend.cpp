// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_legend.h"

#include <QCoreApplication>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kIcon = 24, kIconGap = 6, kColumnGap = 14;
constexpr int kMostName = 190;       ///< pixels; longer names are cut
constexpr double kMostBeside = 0.45; ///< of the plot's width
constexpr double kMostBelow = 0.35;  ///< of the plot's height
constexpr int kSides = 8;

} // namespace

ChartLegend::ChartLegend(QCustomPlot& plot, Place place)
    : QCPLayoutElement(&plot)
    , m_place(place)
{
    setMargins(QMargins());
}

void ChartLegend::show(std::vector<Entry> entries, const Colours& colours, const QFont& font)
{
    m_entries = std::move(entries);
    m_text = colours.text;
    m_faint = colours.faint;
    m_font = font;
}

ChartLegend::Grid ChartLegend::grid() const
{
    const QFontMetrics metrics(m_font);
    const QSize plot = parentPlot()->viewport().size();
    const int count = static_cast<int>(m_entries.size());
    int widest = 0;
    for (const Entry& entry : m_entries)
        widest = std::max(widest, metrics.horizontalAdvance(entry.name));
    Grid grid;
    grid.width = kIcon + kIconGap + std::min(widest, kMostName) + kColumnGap;
    const int row = metrics.height() + 2;
    if (m_place == Place::Below) {
        grid.columns = std::clamp((plot.width() - 2 * kSides) / grid.width, 1, count);
        grid.rows = std::min((count + grid.columns - 1) / grid.columns, std::max(1, static_cast<int>(plot.height() * kMostBelow) / row));
        grid.columns = std::min(grid.columns, (count + grid.rows - 1) / grid.rows); // columns as even as can be
    } else {
        grid.rows = std::clamp((plot.height() - 2 * kSides) / row, 1, count);
        const int room = std::max(1, static_cast<int>(plot.width() * kMostBeside) / grid.width);
        grid.columns = std::min((count + grid.rows - 1) / grid.rows, room);
    }
    return grid;
}

int ChartLegend::shownCount() const
{
    const Grid places = grid();
    const int count = static_cast<int>(m_entries.size()), room = places.columns * places.rows;
    return count <= room ? count : room - 1; // the last place tells how many more there are
}

QRect ChartLegend::entryRect(int entry) const
{
    if (entry < 0 || entry >= static_cast<int>(m_entries.size()) || entry > shownCount())
        return {};
    const Grid places = grid();
    const int row = m_place == Place::Below ? entry / places.columns : entry % places.rows;
    const int column = m_place == Place::Below ? entry % places.columns : entry / places.rows;
    const int height = QFontMetrics(m_font).height() + 2;
    const int left = m_place == Place::Below ? std::max(kSides, (mRect.width() - places.columns * places.width) / 2) : 0;
    return { mRect.left() + left + column * places.width, mRect.top() + (m_place == Place::Below ? 2 : kSides) + row * height, places.width,
        height };
}

int ChartLegend::entryAt(const QPointF& place) const
{
    for (int i = 0; i < (m_entries.empty() ? 0 : shownCount()); ++i) {
        if (entryRect(i).contains(place.toPoint()))
            return i;
    }
    return -1;
}

QSize ChartLegend::minimumOuterSizeHint() const
{
    if (m_entries.empty())
        return { 0, 0 };
    const Grid places = grid();
    return m_place == Place::Below ? QSize(0, places.rows * (QFontMetrics(m_font).height() + 2) + 6)
                                   : QSize(places.columns * places.width + 4, 0);
}

QSize ChartLegend::maximumOuterSizeHint() const
{
    const QSize least = minimumOuterSizeHint();
    return m_place == Place::Below ? QSize(QWIDGETSIZE_MAX, least.height()) : QSize(least.width(), QWIDGETSIZE_MAX);
}

void ChartLegend::draw(QCPPainter* painter)
{
    if (m_entries.empty())
        return;
    painter->setFont(m_font);
    const int shown = shownCount();
    for (int i = 0; i < shown; ++i)
        drawEntry(*painter, m_entries[static_cast<std::size_t>(i)], entryRect(i));
    const int more = static_cast<int>(m_entries.size()) - shown;
    if (more == 0)
        return;
    painter->setPen(m_text);
    painter->drawText(entryRect(shown).adjusted(kIcon + kIconGap, 0, 0, 0), Qt::AlignVCenter | Qt::TextSingleLine,
        QCoreApplication::translate("ChartLegend", "and %n more", nullptr, more));
}

void ChartLegend::drawEntry(QCPPainter& painter, const Entry& entry, const QRect& place) const
{
    const QRectF icon(place.left(), place.top(), kIcon, place.height());
    painter.setAntialiasing(true);
    painter.setOpacity(entry.isOff ? 0.35 : 1);
    if (entry.isBar) {
        painter.setPen(entry.line);
        painter.setBrush(entry.bar);
        painter.drawRect(icon.adjusted(5, 3, -5, -3));
    } else {
        painter.setPen(entry.line);
        painter.setBrush(Qt::NoBrush);
        if (entry.line.style() != Qt::NoPen)
            painter.drawLine(QLineF(icon.left(), icon.center().y(), icon.right(), icon.center().y()));
        if (!entry.points.isNone()) {
            entry.points.applyTo(&painter, entry.line);
            entry.points.drawShape(&painter, icon.center());
        }
    }
    painter.setOpacity(1);
    QFont font = m_font;
    font.setStrikeOut(entry.isOff);
    painter.setFont(font);
    painter.setPen(entry.isOff ? m_faint : m_text);
    const int room = place.width() - kIcon - kIconGap - kColumnGap;
    painter.drawText(place.adjusted(kIcon + kIconGap, 0, 0, 0), Qt::AlignVCenter | Qt::TextSingleLine,
        QFontMetrics(m_font).elidedText(entry.name, Qt::ElideMiddle, room + 1));
}

ChartLegend::Entry legendEntryOf(const Series& series, const DrawnSeries& drawn, bool isOff)
{
    ChartLegend::Entry entry;
    entry.name = series.rightAxis ? QCoreApplication::translate("ChartLegend", "%1 (right axis)").arg(series.name) : series.name;
    entry.isOff = isOff;
    entry.line = drawn.main->pen();
    if (const auto* bars = qobject_cast<const QCPBars*>(drawn.main)) {
        entry.isBar = true;
        entry.bar = bars->brush();
    } else if (const auto* graph = qobject_cast<const QCPGraph*>(drawn.main)) {
        entry.points = graph->scatterStyle();
        if (graph->lineStyle() == QCPGraph::lsNone)
            entry.line.setStyle(Qt::NoPen);
    }
    return entry;
}

} // namespace bitscape::ui
