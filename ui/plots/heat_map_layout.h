// SPDX-License-Identifier: GPL-3.0-or-later
// Where a heat map's cells, names and colour scale lie; not for other folders.
#pragma once

#include "ui/plots/heat_map.h"

#include <QFontMetrics>
#include <QRectF>

#include <utility>
#include <vector>

namespace bitscape::ui {

/// What of the matrix is in view, in rows and columns; fractions are parts of cells.
struct HeatWindow {
    double top = 0, bottom = 1, left = 0, right = 1;
    bool operator==(const HeatWindow&) const = default;
};

inline constexpr int kMostNameWidth = 130; ///< of rows, columns and groups, in pixels

/// What is outlined: a row, a column, both for a cell, or without a row the rows of a group; -1: none.
struct HeatSelection {
    int row = -1, column = -1, group = -1;
};

struct HeatLayout {
    QRectF cells;                        ///< where the cells in view are drawn
    QRectF heads, rowNames, columnNames; ///< names of groups, rows and columns
    QRectF scale;                        ///< the colour scale
    double scaleTitle = 0;               ///< left edge of its title, which runs downwards
    std::vector<int> groupStarts { 0 };  ///< first rows of the groups, and after the last
    HeatWindow window;
    int rows = 0, columns = 0;

    double rowHeight() const { return cells.height() / (window.bottom - window.top); }
    double columnWidth() const { return cells.width() / (window.right - window.left); }
    QRectF cell(int row, int column) const;
    /// From the group's first row to the one after its last.
    std::pair<int, int> rowsOf(int group) const;
    int groupOf(int row) const;
    QRectF groupRect(int group) const;
    /// Where the bars stand that tell how far groups reach.
    double bracket() const { return namesRows() ? heads.right() + 10 : cells.left() - 6; }
    /// Whether rows are high enough to be named one by one.
    bool namesRows() const { return rowHeight() >= 11; }
    /// -1 outside.
    int rowAt(double y) const;
    int columnAt(double x) const;
};

HeatLayout heatLayout(const HeatMapSpec& spec, const QSizeF& size, const QFontMetrics& metrics, const HeatWindow& window);

/// Draws what is in view. Returns how many rectangles the cells took: rows thinner than a pixel are drawn together, as their mean.
int drawHeatMap(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const QSizeF& size, const Colours& colours,
    const HeatSelection& selection);

/// A value of the map as a person reads it.
QString heatText(const HeatMapSpec& spec, int row, int column);

} // namespace bitscape::ui
