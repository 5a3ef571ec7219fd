// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bit_map_drawing.h"

#include "ui/plots/bit_map_cells.h"
#include "ui/style/figures.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::BitMap)
};

constexpr double kReadable = 0.7; ///< of the writing's height: heads of lower bands are left out

/// The columns of the heads, as places in one line of writing.
struct HeadPlaces {
    QRectF mark, name, average, pruned;
};

HeadPlaces headPlaces(const BitMapLayout& layout, double top, double height)
{
    const BitMapHead& head = layout.head;
    HeadPlaces places;
    places.mark = QRectF(layout.heads.left(), top, head.mark, height);
    places.name = QRectF(places.mark.right(), top, head.name, height);
    places.average = QRectF(places.name.right(), top, head.average, height);
    places.pruned = QRectF(places.average.right(), top, head.pruned - 10, height);
    return places;
}

/// A lock: the layer keeps its bits.
void drawLock(QPainter& painter, const QRectF& room, const QColor& colour)
{
    const double side = std::min(9.0, room.height() * 0.7);
    const QRectF body(room.left() + 1, room.center().y() - side * 0.1, side, side * 0.6);
    QPainterPath shackle;
    const QRectF arch(body.left() + side * 0.2, body.top() - side * 0.45, side * 0.6, side * 0.8);
    shackle.moveTo(arch.left(), body.top());
    shackle.arcTo(arch, 180, -180);
    shackle.lineTo(arch.right(), body.top());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.2));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(shackle);
    painter.fillRect(body, colour);
    painter.restore();
}

QString orderText(const BitMapSpec& spec)
{
    switch (spec.order) {
    case BitMapOrder::Score:
        return Words::tr("filters, highest score first");
    case BitMapOrder::Value:
        return spec.subnets > 0 ? Words::tr("filters, smallest subnet first") : Words::tr("filters, fewest bits first");
    case BitMapOrder::Index:
        break;
    }
    return Words::tr("filters, by index");
}

void drawTitles(QPainter& painter, const BitMapScene& scene)
{
    const BitMapLayout& layout = scene.layout;
    const HeadPlaces at = headPlaces(layout, layout.titles.top(), layout.titles.height());
    painter.setPen(scene.colours.muted);
    painter.drawText(at.name, Qt::AlignLeft | Qt::AlignVCenter, Words::tr("layer"));
    painter.drawText(at.average, Qt::AlignRight | Qt::AlignVCenter, averageTitle(scene.spec));
    painter.drawText(at.pruned, Qt::AlignRight | Qt::AlignVCenter, outTitle(scene.spec));
    const QRectF cells(layout.cells.left(), layout.titles.top(), layout.cells.width(), layout.titles.height());
    const QString order = orderText(scene.spec);
    const QString shown = layout.window.scale > 1 ? Words::tr("%1 (zoomed %2 ×)").arg(order, numberText(layout.window.scale, 1)) : order;
    painter.drawText(
        cells, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(shown, Qt::ElideRight, static_cast<int>(cells.width())));
}

/// In the part of the band that is in view, at its top.
void drawHead(QPainter& painter, const BitMapScene& scene, int layer)
{
    const BitMapLayout& layout = scene.layout;
    const QFontMetrics metrics = painter.fontMetrics();
    const QRectF band = layout.bandRect(layer);
    const double bottom = std::min(band.bottom(), layout.cells.bottom());
    const double top = std::min(std::max(band.top(), layout.cells.top()), bottom - metrics.height());
    if (band.bottom() <= layout.cells.top() || band.top() >= layout.cells.bottom() || band.height() < kReadable * metrics.height())
        return;
    const double line = std::min(bottom - top, std::max<double>(metrics.height(), layout.side()));
    const HeadPlaces at = headPlaces(layout, top, line);
    const BitMapRow& row = scene.spec.rows[static_cast<std::size_t>(layer)];
    if (!row.quantizable)
        drawLock(painter, at.mark, scene.colours.muted);
    painter.setPen(scene.colours.text);
    painter.drawText(
        at.name, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(row.layer, Qt::ElideMiddle, static_cast<int>(at.name.width()) + 1));
    painter.drawText(at.average, Qt::AlignRight | Qt::AlignVCenter,
        scene.spec.subnets > 0 ? countText(static_cast<std::int64_t>(row.filters())) : fixedText(averageBits(scene.spec, row), 2));
    const std::int64_t pruned = filtersOut(scene.spec, row);
    painter.setPen(pruned > 0 ? scene.colours.text : scene.colours.faint);
    painter.drawText(at.pruned, Qt::AlignRight | Qt::AlignVCenter, countText(pruned));
}

void drawEntry(QPainter& painter, const BitMapScene& scene, const BitMapEntry& entry)
{
    const bool dimmed = scene.emphasised && *scene.emphasised != entry.count.bits;
    const double side = painter.fontMetrics().height() - 2;
    const QRectF box(entry.place.left(), entry.place.center().y() - side / 2, side, side);
    const QColor colour = scene.spec.colourOf(entry.count.bits, scene.colours);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(dimmed ? scene.colours.border : scene.colours.muted, 1));
    painter.setBrush(dimmed ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
    if (scene.spec.isOut(entry.count.bits))
        painter.drawLine(box.bottomLeft(), box.topRight());
    painter.restore();
    const QRectF text = entry.place.adjusted(painter.fontMetrics().height() + 4, 0, 0, 0);
    const QString title = legendTitle(scene.spec, entry.count);
    painter.setPen(dimmed ? scene.colours.faint : scene.colours.text);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, title);
    painter.setPen(dimmed ? scene.colours.faint : scene.colours.muted);
    painter.drawText(text.adjusted(painter.fontMetrics().horizontalAdvance(title + QStringLiteral("  ")), 0, 0, 0),
        Qt::AlignLeft | Qt::AlignVCenter, legendFigures(entry.count));
}

} // namespace

void drawBitMap(QPainter& painter, const BitMapScene& scene)
{
    const BitMapLayout& layout = scene.layout;
    if (scene.spec.rows.empty()) {
        painter.setPen(scene.colours.muted);
        painter.drawText(layout.titles.united(layout.cells), Qt::AlignCenter, Words::tr("No layers"));
        return;
    }
    drawTitles(painter, scene);
    painter.save();
    painter.setClipRect(layout.cells);
    BitMapCells cells(painter, scene);
    for (int layer = 0; layer < static_cast<int>(layout.bands.size()); ++layer)
        cells.drawLayer(layer);
    cells.strikeOut();
    painter.setClipRect(layout.heads);
    for (int layer = 0; layer < static_cast<int>(layout.bands.size()); ++layer)
        drawHead(painter, scene, layer);
    painter.restore();
    if (layout.legend.isEmpty())
        return;
    painter.setPen(scene.colours.text);
    if (!layout.edge.isEmpty()) {
        drawLock(painter, layout.edge, scene.colours.muted);
        painter.setPen(scene.colours.muted);
        painter.drawText(layout.edge.adjusted(painter.fontMetrics().height() + 4, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, edgeText());
        painter.setPen(scene.colours.text);
    }
    painter.drawText(layout.average, Qt::AlignLeft | Qt::AlignVCenter, averageText(scene.spec));
    for (const BitMapEntry& entry : layout.entries)
        drawEntry(painter, scene, entry);
}

void drawBitMapSelection(QPainter& painter, const BitMapScene& scene, const FilterRef& place)
{
    const BitMapLayout& layout = scene.layout;
    if (place.layer < 0 || place.layer >= static_cast<int>(layout.bands.size()))
        return;
    const QRectF band = layout.bandRect(place.layer);
    painter.save();
    painter.setClipRect(layout.heads.united(layout.cells));
    const QRectF head(layout.heads.left(), band.top(), 2, band.height());
    painter.fillRect(head, scene.colours.accent);
    painter.setBrush(Qt::NoBrush);
    painter.setClipRect(layout.cells.adjusted(-2, -2, 2, 2));
    const QRectF outline = place.filter >= 0 ? layout.cellRect(place.layer, place.filter) : band;
    const QRectF around = outline.adjusted(-1.5, -1.5, 0.5, 0.5);
    painter.setPen(QPen(scene.colours.base, 4)); // the outline is seen on every colour
    if (place.filter >= 0)
        painter.drawRect(around);
    painter.setPen(QPen(scene.colours.accent, 2));
    painter.drawRect(around);
    painter.restore();
}

} // namespace bitscape::ui
