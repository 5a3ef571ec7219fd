// SPDX-License-Identifier: GPL-3.0-or-later
// Where a heat map's cells, names and colour scale lie; not for other folders.
#pragma once

#include "ui/plots/heat_map.h"

#include <QFontMetrics>
#include <QRectF>

namespace bitscape::ui {

/// What of the matrix is in view, in rows and columns; fractions are parts of cells.
struct HeatWindow {
    double top = 0, bottom = 1, left = 0, right = 1;
    bool operator==(const HeatWindow&) const = default;
};

struct HeatLayout {
    QRectF cells; ///< where the cells in view are drawn
    QRectF scale; ///< the colour scale
    HeatWindow window;
    int rows = 0, columns = 0;

    double rowHeight() const { return cells.height() / (window.bottom - window.top); }
    double columnWidth() const { return cells.width() / (window.right - window.left); }
    QRectF cell(int row, int column) const;
    /// -1 outside.
    int rowAt(double y) const;
    int columnAt(double x) const;
};

HeatLayout heatLayout(const HeatMapSpec& spec, const QSizeF& size, const QFontMetrics& metrics, const HeatWindow& window);

/// Draws what is in view; `selectedRow`, `selectedColumn`: outlined, -1: none. Returns how many rectangles the cells took: rows thinner
/// than a pixel are drawn together, as their mean.
int drawHeatMap(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const QSizeF& size, const Colours& colours,
    int selectedRow, int selectedColumn);

/// A value of the map as a person reads it.
QString heatText(const HeatMapSpec& spec, int row, int column);

} // namespace bitscape::ui
