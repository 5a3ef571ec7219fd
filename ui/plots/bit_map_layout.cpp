// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bit_map_layout.h"

#include "ui/style/figures.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::BitMap)
};

constexpr double kMargin = 6, kColumnGap = 10, kEntryGap = 22;
constexpr double kLargestCell = 36, kLargestZoomed = 128;
constexpr int kMostNameWidth = 150;
constexpr double kMostHeadShare = 0.55; ///< of the figure's width

/// Sides to try, the largest first: whole pixels while a cell has a gap, finer below.
std::vector<double> sides()
{
    std::vector<double> all;
    for (double side = kLargestCell; side > 4; side -= 1)
        all.push_back(side);
    for (double side = 4; side > 0.25; side -= 0.25)
        all.push_back(side);
    return all;
}

int linesFor(int filters, int columns)
{
    return (filters + columns - 1) / columns;
}

int columnsFor(double width, double side)
{
    return std::max(1, static_cast<int>(width / side));
}

BitMapHead headFor(const BitMapSpec& spec, double width, const QFontMetrics& metrics)
{
    int name = metrics.horizontalAdvance(Words::tr("layer"));
    for (const BitMapRow& row : spec.rows)
        name = std::max(name, metrics.horizontalAdvance(row.layer));
    BitMapHead head;
    head.mark = metrics.height() + 2;
    head.average = std::max(metrics.horizontalAdvance(averageTitle(spec)), metrics.horizontalAdvance(QStringLiteral("32.00"))) + kColumnGap;
    const int out
        = std::max(metrics.horizontalAdvance(outTitle(spec)), metrics.horizontalAdvance(Words::tr("pruned"))); // maps side by side
    head.pruned = std::max(out, metrics.horizontalAdvance(QStringLiteral("0000"))) + 2 * kColumnGap;
    const double left = std::max(20.0, width * kMostHeadShare - head.mark - head.average - head.pruned);
    head.name = std::min({ static_cast<double>(name), static_cast<double>(kMostNameWidth), left });
    return head;
}

bool hasEdge(const BitMapSpec& spec)
{
    return std::ranges::any_of(spec.rows, [](const BitMapRow& row) { return !row.quantizable; });
}

/// Entries of one width follow each other in lines like words. Answers the height.
double flowLegend(BitMapLayout& layout, const BitMapSpec& spec, double width, const QFontMetrics& metrics)
{
    const auto counts = bitCounts(spec);
    const double mark = metrics.height() + 4, line = metrics.height() + 6;
    double slot = std::max<double>(metrics.horizontalAdvance(averageText(spec)), mark + metrics.horizontalAdvance(edgeText()));
    for (const BitMapCount& count : counts)
        slot = std::max(slot, mark + metrics.horizontalAdvance(legendTitle(spec, count) + QStringLiteral("  ") + legendFigures(count)));
    const int columns = std::max(1, static_cast<int>((width + kEntryGap) / (slot + kEntryGap)));
    int next = 0;
    const auto place = [&] {
        const QRectF rect(kMargin + next % columns * (slot + kEntryGap), next / columns * line, slot, line);
        ++next;
        return rect;
    };
    layout.average = place();
    for (const BitMapCount& count : counts)
        layout.entries.push_back({ count, place() });
    if (hasEdge(spec))
        layout.edge = place();
    return ((next - 1) / columns + 1) * line;
}

void placeLegend(BitMapLayout& layout, const BitMapSpec& spec, const QSizeF& size, const QFontMetrics& metrics)
{
    const double width = size.width() - 2 * kMargin;
    const double height = flowLegend(layout, spec, width, metrics);
    layout.legend = QRectF(kMargin, size.height() - kMargin - height, width, height);
    layout.average.translate(0, layout.legend.top());
    layout.edge.translate(0, layout.legend.top());
    for (BitMapEntry& entry : layout.entries)
        entry.place.translate(0, layout.legend.top());
}

/// The largest side of which all bands fit, a band being at least `lowest` high.
void fitBands(BitMapLayout& layout, const BitMapSpec& spec, double lowest, double gap)
{
    for (const double side : sides()) {
        layout.cell = side;
        layout.columns = columnsFor(layout.cells.width(), side);
        layout.bands.clear();
        double top = gap;
        for (const BitMapRow& row : spec.rows) {
            const auto filters = static_cast<int>(row.filters());
            const int lines = linesFor(filters, layout.columns);
            const double height = std::max(lowest, lines * side);
            layout.bands.push_back({ top, height, std::floor((height - lines * side) / 2), filters, lines });
            top += height + gap;
        }
        if (top <= layout.cells.height())
            return;
    }
}

} // namespace

QRectF BitMapLayout::cellRect(int layer, int place) const
{
    const BitMapBand& band = bands[static_cast<std::size_t>(layer)];
    const double x = (place % columns) * cell, y = band.top + band.inset + (place / columns) * cell;
    return { cells.left() + (x - window.origin.x()) * window.scale, cells.top() + (y - window.origin.y()) * window.scale, side(), side() };
}

QRectF BitMapLayout::bandRect(int layer) const
{
    const BitMapBand& band = bands[static_cast<std::size_t>(layer)];
    const double width = std::max(1, std::min(columns, band.filters)) * side();
    return { cells.left() - window.origin.x() * window.scale, cells.top() + (band.top - window.origin.y()) * window.scale, width,
        band.height * window.scale };
}

int BitMapLayout::layerAt(double y) const
{
    if (y < cells.top() || y >= cells.bottom())
        return -1;
    const double height = window.origin.y() + (y - cells.top()) / window.scale;
    const auto after = std::ranges::upper_bound(bands, height, {}, &BitMapBand::top);
    if (after == bands.begin())
        return -1;
    const BitMapBand& band = *std::prev(after);
    return height < band.top + band.height ? static_cast<int>(std::distance(bands.begin(), after)) - 1 : -1;
}

FilterRef BitMapLayout::placeAt(const QPointF& point) const
{
    const int layer = layerAt(point.y());
    if (layer < 0 || point.x() >= cells.right())
        return {};
    if (point.x() < cells.left())
        return { layer, -1 };
    const BitMapBand& band = bands[static_cast<std::size_t>(layer)];
    const double x = window.origin.x() + (point.x() - cells.left()) / window.scale;
    const double y = window.origin.y() + (point.y() - cells.top()) / window.scale - band.top - band.inset;
    const int column = static_cast<int>(x / cell), line = static_cast<int>(y / cell);
    const int place = line * columns + column;
    return { layer, y >= 0 && column < columns && place < band.filters ? place : -1 };
}

BitMapWindow BitMapLayout::within(BitMapWindow wanted) const
{
    wanted.scale = std::clamp(wanted.scale, 1.0, std::max(1.0, kLargestZoomed / cell));
    const double right = std::max(cells.width(), columns * cell);
    const double bottom = std::max(cells.height(), bands.empty() ? 0 : bands.back().top + bands.back().height + kMargin);
    wanted.origin.setX(std::clamp(wanted.origin.x(), 0.0, std::max(0.0, right - cells.width() / wanted.scale)));
    wanted.origin.setY(std::clamp(wanted.origin.y(), 0.0, std::max(0.0, bottom - cells.height() / wanted.scale)));
    return wanted;
}

BitMapLayout bitMapLayout(const BitMapSpec& spec, const QSizeF& size, const QFontMetrics& metrics, const BitMapWindow& window, bool legend)
{
    BitMapLayout layout;
    double bottom = size.height() - kMargin;
    if (legend && !spec.rows.empty()) {
        placeLegend(layout, spec, size, metrics);
        bottom = layout.legend.top() - kMargin;
    }
    layout.head = headFor(spec, size.width(), metrics);
    layout.titles = QRectF(kMargin, kMargin, std::max(1.0, size.width() - 2 * kMargin), metrics.height() + 4);
    const double top = layout.titles.bottom(), left = kMargin + layout.head.width();
    layout.heads = QRectF(kMargin, top, layout.head.width(), std::max(1.0, bottom - top));
    layout.cells = QRectF(left, top, std::max(1.0, size.width() - left - kMargin), layout.heads.height());
    const double share = layout.cells.height() / std::max<double>(1, static_cast<double>(spec.rows.size()) + 1);
    const double gap = std::clamp(std::floor(share / 6), 1.0, 6.0);
    fitBands(layout, spec, std::clamp(std::floor(share - gap), 1.0, static_cast<double>(metrics.height())), gap);
    layout.window = layout.within(window);
    return layout;
}

QString legendTitle(const BitMapSpec& spec, const BitMapCount& count)
{
    return spec.textOf(count.bits);
}

QString legendFigures(const BitMapCount& count)
{
    return Words::tr("%1 (%2 of weights)").arg(countText(count.filters), percentText(count.weightShare, 1));
}

QString edgeText()
{
    return Words::tr("edge layer, not in the average");
}

QString averageText(const BitMapSpec& spec)
{
    if (spec.subnets == 0)
        return Words::tr("%1 bits on average").arg(fixedText(averageBits(spec), 2));
    std::int64_t filters = 0;
    for (const BitMapRow& row : spec.rows)
        filters += static_cast<std::int64_t>(row.filters());
    return Words::tr("%1 filters").arg(countText(filters));
}

QString averageTitle(const BitMapSpec& spec)
{
    return spec.subnets > 0 ? Words::tr("filters") : Words::tr("bits");
}

QString outTitle(const BitMapSpec& spec)
{
    return spec.differences ? Words::tr("differ") : spec.subnets > 0 ? Words::tr("in none") : Words::tr("pruned");
}

} // namespace bitscape::ui
