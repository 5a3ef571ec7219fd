// SPDX-License-Identifier: GPL-3.0-or-later
// The cells of a bit map; not for other folders.
#pragma once

#include "ui/plots/bit_map_drawing.h"

#include <QBrush>
#include <QLine>
#include <QRect>

#include <array>

namespace bitscape::ui {

/// Draws the cells in view, snapped to whole pixels. One object, one drawing.
class BitMapCells final {
public:
    BitMapCells(QPainter& painter, const BitMapScene& scene);

    void drawLayer(int layer);
    /// The strokes through pruned filters, over all layers at once.
    void strikeOut();

private:
    void drawCell(const QRect& rect, int filter, int width, const QString& number);
    void drawLocked(const QRect& rect, int width);
    QRect snapped(int layer, int column, int line) const;

    QPainter& m_painter;
    const BitMapScene& m_scene;
    int m_gap;
    bool m_numbered, m_indexed;
    std::array<QColor, 256> m_fill, m_ink;
    std::array<QString, 256> m_numbers;
    QVector<QLine> m_strokes, m_faintStrokes;
};

} // namespace bitscape::ui
