// SPDX-License-Identifier: GPL-3.0-or-later
// A bit map as something to paint on.
#include "ui/plots/bit_map.h"
#include "ui/plots/bit_map_layout.h"

#include <QLineF>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitscape::ui {
namespace {

constexpr double kBrushStep = 2; ///< pixels: a fast hand skips no cell

} // namespace

void BitMap::setPainting(bool painting)
{
    m_painting = painting;
    if (std::exchange(m_brush, std::nullopt))
        emit strokeEnded();
    setCursor(painting ? Qt::CrossCursor : Qt::ArrowCursor);
}

/// Everything on the straight way from the last place.
void BitMap::paintTo(const QPointF& place)
{
    const QLineF way(m_brush.value_or(place), place);
    std::vector<FilterRef> filters;
    const int steps = std::max(1, static_cast<int>(std::ceil(way.length() / kBrushStep)));
    for (int step = m_brush ? 1 : 0; step <= steps; ++step) {
        const QPointF at = way.pointAt(static_cast<double>(step) / steps);
        const FilterRef filter = filterAt(at);
        const bool beside = filter.filter < 0 && at.x() >= arrangement().cells.left();
        if (filter == m_lastPainted || filter.layer < 0 || beside)
            continue;
        m_lastPainted = filter;
        filters.push_back(filter);
    }
    m_brush = place;
    if (!filters.empty())
        emit painted(filters);
}

void BitMap::mousePressEvent(QMouseEvent* event)
{
    if (!m_painting || event->button() != Qt::LeftButton || entryAt(event->position()))
        return DraggedFigure::mousePressEvent(event);
    m_brush.reset();
    m_lastPainted = {};
    paintTo(event->position());
}

void BitMap::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_brush)
        return DraggedFigure::mouseMoveEvent(event);
    paintTo(event->position());
}

void BitMap::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_brush)
        return DraggedFigure::mouseReleaseEvent(event);
    m_brush.reset();
    emit strokeEnded();
}

/// While painting, the second click of two paints as the first did.
void BitMap::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (m_painting)
        return mousePressEvent(event);
    DraggedFigure::mouseDoubleClickEvent(event);
}

} // namespace bitscape::ui
