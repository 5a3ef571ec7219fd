// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bit_map_cells.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kDimmed = 0.16;                      ///< what is left of a dimmed cell's colour
constexpr double kSmallestGapped = 4;                 ///< smaller cells have no gap between them
constexpr int kSmallestStruck = 4;                    ///< smaller cells are told by colour and count alone
constexpr double kNumberRoom = 1.3, kIndexRoom = 2.6; ///< of the writing's height

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto between = [share](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * share)); };
    return { between(a.red(), b.red()), between(a.green(), b.green()), between(a.blue(), b.blue()) };
}

int pixel(double place)
{
    return static_cast<int>(std::floor(place + 0.5));
}

} // namespace

BitMapCells::BitMapCells(QPainter& painter, const BitMapScene& scene)
    : m_painter(painter)
    , m_scene(scene)
    , m_gap(scene.layout.side() >= kSmallestGapped ? 1 : 0)
    , m_numbered(scene.layout.side() >= kNumberRoom * painter.fontMetrics().height())
    , m_indexed(scene.layout.side() >= kIndexRoom * painter.fontMetrics().height())
{
    for (int width = 0; width < 256; ++width) {
        const auto at = static_cast<std::size_t>(width);
        const QColor colour = scene.spec.colourOf(width, scene.colours);
        const bool dimmed = scene.emphasised && *scene.emphasised != width;
        m_fill[at] = dimmed ? mixed(scene.colours.base, colour, kDimmed) : colour;
        m_ink[at] = dimmed ? scene.colours.faint : Colours::writingOn(colour);
        m_numbers[at] = scene.spec.numberOf(width);
    }
}

QRect BitMapCells::snapped(int layer, int column, int line) const
{
    const BitMapLayout& layout = m_scene.layout;
    const QRectF cell = layout.cellRect(layer, line * layout.columns + column);
    const int left = pixel(cell.left()), top = pixel(cell.top());
    return { left, top, std::max(1, pixel(cell.right()) - left - m_gap), std::max(1, pixel(cell.bottom()) - top - m_gap) };
}

void BitMapCells::drawLayer(int layer)
{
    const BitMapLayout& layout = m_scene.layout;
    const BitMapBand& band = layout.bands[static_cast<std::size_t>(layer)];
    const QRectF rect = layout.bandRect(layer);
    if (rect.bottom() < layout.cells.top() || rect.top() > layout.cells.bottom() || band.filters == 0)
        return;
    const double side = layout.side();
    const auto inView = [&](double from, double to, double start, int count) {
        return std::pair(std::clamp(static_cast<int>((from - start) / side), 0, count),
            std::clamp(static_cast<int>(std::ceil((to - start) / side)), 0, count));
    };
    const auto [firstLine, lastLine]
        = inView(layout.cells.top(), layout.cells.bottom(), rect.top() + band.inset * layout.window.scale, band.lines);
    const auto [firstColumn, lastColumn] = inView(layout.cells.left(), layout.cells.right(), rect.left(), layout.columns);
    const BitMapRow& row = m_scene.spec.rows[static_cast<std::size_t>(layer)];
    const auto& order = m_scene.orders[static_cast<std::size_t>(layer)];
    for (int line = firstLine; line < lastLine; ++line) {
        const int last = std::min(lastColumn, band.filters - line * layout.columns);
        for (int column = firstColumn; column < last; ++column) {
            const int filter = order[static_cast<std::size_t>(line * layout.columns + column)];
            const int width = row.bits[static_cast<std::size_t>(filter)];
            const QRect cell = snapped(layer, column, line);
            drawCell(cell, filter, width, m_numbers[static_cast<std::size_t>(width)]);
            if (row.isLocked(static_cast<std::size_t>(filter)))
                drawLocked(cell, width);
        }
    }
}

void BitMapCells::drawCell(const QRect& rect, int filter, int width, const QString& number)
{
    const auto at = static_cast<std::size_t>(width);
    m_painter.fillRect(rect, m_fill[at]);
    const bool struck = m_scene.spec.isOut(width) && rect.width() >= kSmallestStruck - m_gap;
    if (struck) {
        const bool faint = m_scene.emphasised && *m_scene.emphasised != width;
        (faint ? m_faintStrokes : m_strokes).append(QLine(rect.left(), rect.bottom(), rect.right(), rect.top()));
    }
    if (!m_numbered) {
        if (m_scene.spec.differences && width < BitMapSpec::kNoDifference
            && rect.height() >= kSmallestStruck) // a minus, not by colour alone
            m_painter.fillRect(QRect(rect.left() + 1, rect.center().y(), rect.width() - 2, 1), m_ink[at]);
        return;
    }
    m_painter.setPen(m_ink[at]);
    if (m_indexed) {
        const int height = m_painter.fontMetrics().height();
        m_painter.drawText(rect.adjusted(4, 0, -2, -height), Qt::AlignLeft | Qt::AlignVCenter, number);
        m_painter.drawText(rect.adjusted(2, rect.height() - height - 2, -4, -2), Qt::AlignRight | Qt::AlignBottom, QString::number(filter));
    } else if (!struck) {
        m_painter.drawText(rect, Qt::AlignCenter, number);
    }
}

/// A corner of the writing's colour.
void BitMapCells::drawLocked(const QRect& rect, int width)
{
    const int side = std::max(1, rect.width() / 4);
    m_painter.fillRect(QRect(rect.right() - side + 1, rect.top(), side, side), m_ink[static_cast<std::size_t>(width)]);
}

void BitMapCells::strikeOut()
{
    m_painter.setPen(QPen(m_scene.colours.muted, 1));
    m_painter.drawLines(m_strokes);
    m_painter.setPen(QPen(m_scene.colours.border, 1));
    m_painter.drawLines(m_faintStrokes);
}

} // namespace bitscape::ui
