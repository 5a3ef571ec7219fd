// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_map_layout.h"

#include "ui/plots/chart_spec.h"
#include "ui/plots/heat_map_heads.h"
#include "ui/style/figures.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kScaleWidth = 14, kGap = 8;
constexpr double kThinnest = 1; ///< pixels
constexpr double kLeader = 14;  ///< between the heads of groups and their rows

int widest(const std::vector<QString>& names, const QFontMetrics& metrics)
{
    int width = 0;
    const std::size_t step = std::max<std::size_t>(1, names.size() / 200); // names of one kind are alike
    for (std::size_t i = 0; i < names.size(); i += step)
        width = std::max(width, metrics.horizontalAdvance(names[i]));
    return std::min(width, kMostNameWidth);
}

double valueAt(const HeatMapSpec& spec, int row, int column)
{
    const std::size_t at = static_cast<std::size_t>(row) * spec.columns.size() + static_cast<std::size_t>(column);
    return at < spec.values.size() ? spec.values[at] : std::nan("");
}

QColor colourFor(const HeatMapSpec& spec, double value, const Colours& colours)
{
    const double share = spec.to > spec.from ? (value - spec.from) / (spec.to - spec.from) : 0;
    return spec.diverging ? colours.difference(2 * share - 1) : colours.heat(share);
}

/// The mean of what is known in `count` rows of a column.
double meanOf(const HeatMapSpec& spec, int row, int count, int column)
{
    double sum = 0;
    int known = 0;
    for (int i = row; i < std::min(row + count, static_cast<int>(spec.rows.size())); ++i) {
        const double value = valueAt(spec, i, column);
        if (!std::isnan(value)) {
            sum += value;
            ++known;
        }
    }
    return known > 0 ? sum / known : std::nan("");
}

void writeValue(QPainter& painter, const HeatMapSpec& spec, const QRectF& cell, double value, const QColor& background)
{
    const QFontMetrics metrics = painter.fontMetrics();
    QString text = fixedText(value, spec.decimals);
    if (metrics.horizontalAdvance(text) + 2 > cell.width()) // shorter where it does not fit
        text = fixedText(value, 0);
    if (metrics.horizontalAdvance(text) + 2 > cell.width() || metrics.height() >= cell.height())
        return;
    painter.setPen(Colours::writingOn(background));
    painter.drawText(cell, Qt::AlignCenter, text);
}

/// Returns how many rectangles it drew.
int drawCells(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const Colours& colours)
{
    const int first = std::max(0, static_cast<int>(layout.window.top)),
              last = std::min(layout.rows, static_cast<int>(std::ceil(layout.window.bottom)));
    const int left = std::max(0, static_cast<int>(layout.window.left)),
              right = std::min(layout.columns, static_cast<int>(std::ceil(layout.window.right)));
    const bool gaps = layout.rowHeight() > 6 && layout.columnWidth() > 6;
    const int step = std::max(1, static_cast<int>(std::ceil(kThinnest / layout.rowHeight()))); // thinner rows: their mean
    int drawn = 0;
    for (int row = first - first % step; row < last; row += step) { // the same rows together, however it is scrolled
        for (int column = left; column < right; ++column, ++drawn) {
            QRectF cell = layout.cell(row, column);
            if (gaps)
                cell.adjust(0.5, 0.5, -0.5, -0.5);
            else
                cell.setHeight(cell.height() * step + 0.3);
            const double value = meanOf(spec, row, step, column);
            if (std::isnan(value)) {
                painter.fillRect(cell, QBrush(colours.border, Qt::BDiagPattern));
                continue;
            }
            const QColor colour = colourFor(spec, value, colours);
            painter.fillRect(cell, colour);
            if (spec.writeValues && step == 1)
                writeValue(painter, spec, cell, value, colour);
        }
    }
    return drawn;
}

void drawColumnNames(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const Colours& colours)
{
    const QFontMetrics metrics = painter.fontMetrics();
    painter.setPen(colours.muted);
    const double width = layout.columnWidth();
    const int step = std::max(1, static_cast<int>(std::ceil((metrics.height() + 2) / width)));
    const bool upright = widest(spec.columns, metrics) + 4 > width * step;
    for (int column = std::max(0, static_cast<int>(layout.window.left)); column < std::min<double>(layout.columns, layout.window.right);
         column += step) {
        const QRectF cell = layout.cell(0, column);
        const double centre = cell.center().x();
        if (centre < layout.cells.left() || centre > layout.cells.right())
            continue;
        const QString& name = spec.columns[static_cast<std::size_t>(column)];
        if (!upright) {
            painter.drawText(QRectF(centre - 100, layout.cells.bottom() + 2, 200, metrics.height()), Qt::AlignHCenter | Qt::AlignTop, name);
            continue;
        }
        painter.save();
        painter.translate(centre, layout.cells.bottom() + 4);
        painter.rotate(-90);
        painter.drawText(QRectF(-kMostNameWidth, -metrics.height() / 2.0, kMostNameWidth, metrics.height()),
            Qt::AlignRight | Qt::AlignVCenter, metrics.elidedText(name, Qt::ElideRight, kMostNameWidth));
        painter.restore();
    }
}

void drawTitles(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const QSizeF& size, const Colours& colours)
{
    const QFontMetrics metrics = painter.fontMetrics();
    painter.setPen(colours.text);
    painter.drawText(QRectF(layout.cells.left(), size.height() - metrics.height() - 2, layout.cells.width(), metrics.height()),
        Qt::AlignHCenter, spec.columnTitle);
    painter.save();
    painter.translate(2, layout.cells.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-layout.cells.height() / 2, 0, layout.cells.height(), metrics.height()), Qt::AlignHCenter, spec.rowTitle);
    painter.restore();
}

void drawScale(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const Colours& colours)
{
    const QRectF& bar = layout.scale;
    const int steps = std::max(2, static_cast<int>(bar.height()));
    for (int i = 0; i < steps; ++i) {
        const double value = spec.to - (spec.to - spec.from) * i / (steps - 1);
        painter.fillRect(QRectF(bar.left(), bar.top() + bar.height() * i / steps, bar.width(), bar.height() / steps + 1),
            colourFor(spec, value, colours));
    }
    painter.setPen(QPen(colours.border, 1));
    painter.drawRect(bar);
    painter.setPen(colours.muted);
    const QFontMetrics metrics = painter.fontMetrics();
    painter.drawText(QPointF(bar.right() + 4, bar.top() + metrics.ascent()), exactText(spec.to));
    painter.drawText(QPointF(bar.right() + 4, bar.bottom()), exactText(spec.from));
    painter.save();
    const bool between = layout.scaleTitle < bar.right() + 4 + metrics.height();
    painter.translate(layout.scaleTitle + metrics.height(), bar.center().y());
    painter.rotate(90);
    painter.setPen(colours.text);
    const double end = std::min(bar.center().y(), layout.columnNames.bottom() + metrics.height() - bar.center().y());
    const double room = between ? std::max(0.0, bar.height() - 4 * metrics.height()) : 2 * end;
    painter.drawText(QRectF(-room / 2, 0, room, metrics.height()), Qt::AlignHCenter,
        metrics.elidedText(spec.valueTitle, Qt::ElideRight, static_cast<int>(room)));
    painter.restore();
}

void drawSelection(QPainter& painter, const HeatLayout& layout, const Colours& colours, const HeatSelection& selection)
{
    const auto& [row, column, group] = selection;
    if (row < 0 && column < 0 && group < 0)
        return;
    QRectF area = layout.cells;
    if (row < 0 && group >= 0)
        area = area.intersected(layout.groupRect(group));
    if (row >= 0)
        area = area.intersected(QRectF(area.left(), layout.cell(row, 0).top(), area.width(), std::max(3.0, layout.rowHeight())));
    if (column >= 0)
        area = area.intersected(QRectF(layout.cell(0, column).left(), area.top(), layout.columnWidth(), area.height()));
    painter.setBrush(Qt::NoBrush);
    if (layout.rowHeight() >= 6) { // seen on every colour
        painter.setPen(QPen(colours.base, 4));
        painter.drawRect(area);
    }
    painter.setPen(QPen(colours.text, layout.rowHeight() < 6 ? 1 : 2));
    painter.drawRect(area);
}

} // namespace

QRectF HeatLayout::cell(int row, int column) const
{
    return { cells.left() + (column - window.left) * columnWidth(), cells.top() + (row - window.top) * rowHeight(), columnWidth(),
        rowHeight() };
}

int HeatLayout::rowAt(double y) const
{
    const double row = window.top + (y - cells.top()) / rowHeight();
    return y < cells.top() || y >= cells.bottom() || row >= rows ? -1 : static_cast<int>(row);
}

int HeatLayout::columnAt(double x) const
{
    const double column = window.left + (x - cells.left()) / columnWidth();
    return x < cells.left() || x >= cells.right() || column >= columns ? -1 : static_cast<int>(column);
}

std::pair<int, int> HeatLayout::rowsOf(int group) const
{
    const auto at = static_cast<std::size_t>(group);
    return { groupStarts[at], groupStarts[at + 1] };
}

int HeatLayout::groupOf(int row) const
{
    return static_cast<int>(std::ranges::upper_bound(groupStarts, row) - groupStarts.begin()) - 1;
}

QRectF HeatLayout::groupRect(int group) const
{
    const auto [first, last] = rowsOf(group);
    return { cells.left(), cell(first, 0).top(), cells.width(), (last - first) * rowHeight() };
}

HeatLayout heatLayout(const HeatMapSpec& spec, const QSizeF& size, const QFontMetrics& metrics, const HeatWindow& window)
{
    HeatLayout layout;
    layout.rows = static_cast<int>(spec.rows.size());
    layout.columns = static_cast<int>(spec.columns.size());
    layout.window = window;
    for (const HeatGroup& group : spec.groups)
        layout.groupStarts.push_back(layout.groupStarts.back() + group.rows);
    const double title = metrics.height() + 6; // upright at the left edge
    const double heads = headWidth(spec, metrics, size.width()), names = widest(spec.rows, metrics);
    const double left = title + heads + (spec.groups.empty() ? 0 : kLeader) + names + 6;
    const double numbers = std::max(metrics.horizontalAdvance(exactText(spec.to)), metrics.horizontalAdvance(exactText(spec.from)));
    // The scale's title stands between its numbers, or beside them where the map is too low for that.
    const bool low = metrics.horizontalAdvance(spec.valueTitle) > size.height() - 8 * metrics.height();
    const double right = kGap + kScaleWidth + 8 + std::max(low ? numbers + metrics.height() + 4 : numbers, 2.0 * metrics.height());
    const double shown = std::max(1.0, size.width() - left - right);
    const bool upright = layout.columns > 0 && widest(spec.columns, metrics) + 4 > shown / layout.columns;
    const double bottom = metrics.height() + 8 + (upright ? std::min(kMostNameWidth, widest(spec.columns, metrics)) + 6 : metrics.height());
    layout.cells = QRectF(left, 6, shown, std::max(1.0, size.height() - bottom - 6));
    layout.heads = QRectF(title, layout.cells.top(), heads, layout.cells.height());
    layout.rowNames = QRectF(left - names - 5, layout.cells.top(), names + 1, layout.cells.height());
    layout.columnNames = QRectF(left, layout.cells.bottom(), shown, bottom - metrics.height() - 4);
    layout.scale = QRectF(layout.cells.right() + kGap, layout.cells.top(), kScaleWidth, layout.cells.height());
    layout.scaleTitle = layout.scale.right() + 4 + (low ? numbers + 4 : 0);
    return layout;
}

int drawHeatMap(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const QSizeF& size, const Colours& colours,
    const HeatSelection& selection)
{
    if (layout.rows == 0 || layout.columns == 0)
        return 0;
    painter.save();
    painter.setClipRect(layout.cells.adjusted(-1, -1, 1, 1));
    const int drawn = drawCells(painter, spec, layout, colours);
    painter.restore();
    const double half = painter.fontMetrics().height() / 2.0; // of names at the first and last row
    painter.setClipRect(QRectF(0, layout.cells.top() - half, layout.cells.right(), layout.cells.height() + 2 * half));
    drawRowNames(painter, spec, layout, colours);
    drawHeads(painter, spec, layout, colours, selection.row < 0 ? selection.group : -1);
    painter.setClipRect(layout.cells.adjusted(-1, -1, 1, 1));
    drawSelection(painter, layout, colours, selection);
    painter.setClipping(false);
    drawColumnNames(painter, spec, layout, colours);
    drawTitles(painter, spec, layout, size, colours);
    drawScale(painter, spec, layout, colours);
    return drawn;
}

QString heatText(const HeatMapSpec& spec, int row, int column)
{
    return exactText(valueAt(spec, row, column));
}

} // namespace bitscape::ui
