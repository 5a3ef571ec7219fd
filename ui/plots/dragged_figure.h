// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"

#include <QPointF>

namespace bitscape::ui {

/// A figure that draws itself and is moved with the left button: tells clicks from drags, a double click resets the view.
class DraggedFigure : public Figure {
    Q_OBJECT
public:
    using Figure::Figure;

protected:
    /// The left button went down: what is in view now is what dragged() counts from.
    virtual void pressed() = 0;
    /// The pointer has gone this far since, in pixels.
    virtual void dragged(const QPointF& way) = 0;
    /// The left button came up where it went down.
    virtual void clicked(const QPointF& place) = 0;

    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    QPointF m_press;
    bool m_isPressed = false, m_isDragging = false;
};

} // namespace bitscape::ui
