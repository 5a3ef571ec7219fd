// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/dragged_figure.h"

#include <QMouseEvent>

namespace bitscape::ui {
namespace {

constexpr int kClickSlack = 4; ///< pixels that a hand may tremble

} // namespace

void DraggedFigure::mousePressEvent(QMouseEvent* event)
{
    m_isPressed = event->button() == Qt::LeftButton;
    m_isDragging = false;
    m_press = event->position();
    if (m_isPressed)
        pressed();
}

void DraggedFigure::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF way = event->position() - m_press;
    if (!m_isPressed || (!m_isDragging && way.manhattanLength() <= kClickSlack))
        return;
    m_isDragging = true;
    dragged(way);
}

void DraggedFigure::mouseReleaseEvent(QMouseEvent* event)
{
    const bool isClick = m_isPressed && !m_isDragging && event->button() == Qt::LeftButton;
    m_isPressed = m_isDragging = false;
    if (isClick)
        clicked(event->position());
}

/// The release that follows is no click.
void DraggedFigure::mouseDoubleClickEvent(QMouseEvent*)
{
    m_isPressed = false;
    resetView();
}

} // namespace bitscape::ui
