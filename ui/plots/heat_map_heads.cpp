// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_map_heads.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitscape::ui {
namespace {

constexpr int kNoteGap = 6;
constexpr double kMostHeads = 0.4; ///< of the map's width

QString nameAndNote(const HeatGroup& group, const QFontMetrics& metrics, int width)
{
    const int note = group.note.isEmpty() ? 0 : metrics.horizontalAdvance(group.note) + kNoteGap;
    return metrics.elidedText(group.name, Qt::ElideMiddle, std::max(0, width - note));
}

/// Tops of lines of the same height as near to where they are wanted as can be, in order and none over another, between two ends: lines
/// that would overlap go together around their mean.
std::vector<double> spread(const std::vector<double>& wanted, double height, double low, double high)
{
    struct Pool {
        double sum;
        int count;
        double mean() const { return sum / count; }
    };
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        pools.push_back({ wanted[i] - static_cast<double>(i) * height, 1 });
        while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
            pools[pools.size() - 2].sum += pools.back().sum;
            pools[pools.size() - 2].count += pools.back().count;
            pools.pop_back();
        }
    }
    const double most = std::max(low, high - static_cast<double>(wanted.size()) * height);
    std::vector<double> tops;
    for (const Pool& pool : pools) {
        for (int i = 0; i < pool.count; ++i)
            tops.push_back(std::clamp(pool.mean(), low, most) + static_cast<double>(tops.size()) * height);
    }
    return tops;
}

/// Groups in view with where their rows lie.
std::vector<HeatHead> headsInView(const HeatMapSpec& spec, const HeatLayout& layout)
{
    std::vector<HeatHead> heads;
    for (int group = 0; group < static_cast<int>(spec.groups.size()); ++group) {
        const auto [first, last] = layout.rowsOf(group);
        HeatHead head;
        head.group = group;
        head.top = std::max(layout.cells.top(), layout.cell(first, 0).top());
        head.bottom = std::min(layout.cells.bottom(), layout.cell(last, 0).top());
        if (head.top < head.bottom)
            heads.push_back(head);
    }
    return heads;
}

/// 1, 2, 5, 10, 20, ...: the first that is not below `least`.
int roundStep(double least)
{
    for (int decade = 1; decade < 1000000000; decade *= 10) {
        for (const int digit : { 1, 2, 5 }) {
            if (digit * decade >= least)
                return digit * decade;
        }
    }
    return 1000000000;
}

} // namespace

double headWidth(const HeatMapSpec& spec, const QFontMetrics& metrics, double mapWidth)
{
    int width = 0;
    for (const HeatGroup& group : spec.groups) {
        const int note = group.note.isEmpty() ? 0 : metrics.horizontalAdvance(group.note) + kNoteGap;
        width = std::max(width, std::min(kMostNameWidth, metrics.horizontalAdvance(group.name)) + note);
    }
    return std::min<double>(width + 1, kMostHeads * mapWidth);
}

std::vector<HeatHead> headsOf(const HeatMapSpec& spec, const HeatLayout& layout, const QFontMetrics& metrics, int selected)
{
    std::vector<HeatHead> heads = headsInView(spec, layout);
    const double line = metrics.height();
    const auto room = static_cast<std::size_t>(std::max(1.0, layout.cells.height() / line));
    if (heads.size() > room) {
        std::ranges::stable_sort(heads, std::greater {},
            [selected](const HeatHead& head) { return head.group == selected ? HUGE_VAL : head.bottom - head.top; });
        heads.resize(room);
        std::ranges::sort(heads, {}, &HeatHead::group);
    }
    std::vector<double> wanted;
    for (const HeatHead& head : heads)
        wanted.push_back((head.top + head.bottom - line) / 2);
    const std::vector<double> tops = spread(wanted, line, layout.cells.top(), layout.cells.bottom());
    for (std::size_t i = 0; i < heads.size(); ++i)
        heads[i].place = QRectF(layout.heads.left(), tops[i], layout.heads.width(), line);
    return heads;
}

void drawHeads(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const Colours& colours, int selected)
{
    const QFontMetrics metrics = painter.fontMetrics();
    for (const HeatHead& head : headsInView(spec, layout)) {
        painter.setPen(QPen(colours.faint, 1));
        painter.drawLine(QPointF(layout.bracket(), head.top), QPointF(layout.cells.right(), head.top));
        painter.fillRect(QRectF(layout.bracket(), head.top + 1, head.group == selected ? 3 : 2, std::max(1.0, head.bottom - head.top - 1)),
            head.group == selected ? colours.accent : colours.faint);
    }
    for (const HeatHead& head : headsOf(spec, layout, metrics, selected)) {
        const HeatGroup& group = spec.groups[static_cast<std::size_t>(head.group)];
        const QString name = nameAndNote(group, metrics, static_cast<int>(head.place.width()));
        painter.setPen(colours.text);
        painter.drawText(head.place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name);
        painter.setPen(colours.muted);
        painter.drawText(head.place, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, group.note);
        painter.setPen(QPen(head.group == selected ? colours.accent : colours.faint, 1));
        painter.setRenderHint(QPainter::Antialiasing);
        painter.drawLine(
            QPointF(head.place.right() + 3, head.place.center().y()), QPointF(layout.bracket() - 1, (head.top + head.bottom) / 2));
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
}

void drawRowNames(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const Colours& colours)
{
    const QFontMetrics metrics = painter.fontMetrics();
    const double height = layout.rowHeight();
    if (!layout.namesRows() && !spec.groups.empty())
        return;
    const int every = roundStep(metrics.height() / height);
    const int first = std::max(0, static_cast<int>(layout.window.top)),
              last = std::min(layout.rows, static_cast<int>(std::ceil(layout.window.bottom)));
    painter.setPen(colours.muted);
    for (int row = first - first % every; row < last; row += every) {
        const double centre = layout.cell(row, 0).center().y();
        if (centre < layout.cells.top() || centre > layout.cells.bottom())
            continue;
        const QRectF place(layout.rowNames.left(), centre - metrics.height() / 2.0, layout.rowNames.width(), metrics.height());
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
            metrics.elidedText(spec.rows[static_cast<std::size_t>(row)], Qt::ElideMiddle, static_cast<int>(place.width())));
    }
}

HeatSpot spotAt(const HeatMapSpec& spec, const HeatLayout& layout, const QFontMetrics& metrics, int selected, const QPointF& place)
{
    HeatSpot spot;
    const int row = layout.rowAt(place.y()), column = layout.columnAt(place.x());
    if (column >= 0)
        return row >= 0 || layout.columnNames.contains(place) ? HeatSpot { row, column, -1 } : spot;
    const double left = spec.groups.empty() ? layout.rowNames.left() : layout.heads.left();
    if (row < 0 || place.x() < left || place.x() >= layout.cells.left())
        return spot;
    if (spec.groups.empty() || (layout.namesRows() && place.x() >= layout.rowNames.left()))
        return { row, -1, -1 };
    for (const HeatHead& head : headsOf(spec, layout, metrics, selected)) {
        if (head.place.contains(place))
            return { -1, -1, head.group };
    }
    return { -1, -1, layout.groupOf(row) };
}

} // namespace bitscape::ui
