// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QRect>
#include <QString>

#include <functional>

class QEvent;
class QPainter;
class QPoint;
class QWidget;

namespace bitscape::ui {

/// What a pointer is told, and the part of the widget that it is about; with no area: until the pointer moves away.
struct Told {
    QString text;
    QRect area;
};

/// For event() of widgets that draw themselves: answers an event that asks for a tooltip. False for every other event.
bool answerTooltip(QWidget& widget, const QEvent& event, const std::function<Told(const QPoint& place)>& tell);

/// A dotted frame within the widget's edge where it has the keyboard.
void drawFocusFrame(QPainter& painter, const QWidget& widget, const Colours& colours);

} // namespace bitscape::ui
