// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/pointing.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <QWidget>

namespace bitscape::ui {

bool answerTooltip(QWidget& widget, const QEvent& event, const std::function<Told(const QPoint& place)>& tell)
{
    if (event.type() != QEvent::ToolTip)
        return false;
    const auto& help = static_cast<const QHelpEvent&>(event);
    const Told told = tell(help.pos());
    QToolTip::showText(help.globalPos(), told.text, &widget, told.area); // no text: hides the one before
    return true;
}

void drawFocusFrame(QPainter& painter, const QWidget& widget, const Colours& colours)
{
    if (!widget.hasFocus())
        return;
    painter.setPen(QPen(colours.accent, 1, Qt::DotLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(widget.rect().adjusted(0, 0, -1, -1));
}

} // namespace bitscape::ui
