// SPDX-License-Identifier: GPL-3.0-or-later
// Where a bit map's layers, cells and legend lie; not for other folders but tests.
#pragma once

#include "ui/plots/bit_map_spec.h"

#include <QFontMetrics>
#include <QPointF>
#include <QRectF>

#include <vector>

namespace bitscape::ui {

/// What of the map is in view.
struct BitMapWindow {
    double scale = 1; ///< 1: everything in view
    QPointF origin;   ///< what lies at the area's top left corner, in pixels of scale 1
    bool operator==(const BitMapWindow&) const = default;
};

/// The lines of cells of one layer, in pixels of scale 1.
struct BitMapBand {
    double top = 0;
    double height = 0; ///< at least its cells'
    double inset = 0;  ///< above the cells, where the band is higher than they are
    int filters = 0;
    int lines = 0;
};

/// The widths of a row's head, in order: mark, name, average bits (of subnets: number of filters), filters struck out.
struct BitMapHead {
    double mark = 0, name = 0, average = 0, pruned = 0;
    double width() const { return mark + name + average + pruned; }
};

/// A legend entry's place.
struct BitMapEntry {
    BitMapCount count;
    QRectF place;
};

struct BitMapLayout {
    BitMapHead head;
    QRectF titles;  ///< above the heads and cells
    QRectF heads;   ///< beside the cells
    QRectF cells;   ///< where cells are drawn
    QRectF legend;  ///< empty where it is hidden
    QRectF average; ///< in the legend
    QRectF edge;    ///< in the legend: what the lock means; empty where no layer has one
    std::vector<BitMapEntry> entries;
    std::vector<BitMapBand> bands;
    double cell = 1; ///< side of a cell at scale 1
    int columns = 1; ///< cells in a line
    BitMapWindow window;

    double side() const { return cell * window.scale; }
    /// Of the `place`-th cell of a layer, and of all of a layer's lines, on the screen.
    QRectF cellRect(int layer, int place) const;
    QRectF bandRect(int layer) const;
    /// The layer whose band holds the height, -1 between bands and outside.
    int layerAt(double y) const;
    /// {layer, place}; place -1 beside the cells, layer -1 beside the bands.
    FilterRef placeAt(const QPointF& point) const;
    /// As near as possible to `wanted` so that the map is not pulled out of view and no cell is larger than is of use.
    BitMapWindow within(BitMapWindow wanted) const;
};

/// Long layers wrap in their bands; the side of a cell is the largest with which every layer is in view at scale 1.
BitMapLayout bitMapLayout(const BitMapSpec& spec, const QSizeF& size, const QFontMetrics& metrics, const BitMapWindow& window, bool legend);

/// "3 bits", "48 (31.2 % of weights)"; "1.98 bits on average"
QString legendTitle(const BitMapSpec& spec, const BitMapCount& count);
QString legendFigures(const BitMapCount& count);
/// Of subnets the number of filters: "325 filters".
QString averageText(const BitMapSpec& spec);
/// What stands above the columns of the heads: "bits", "pruned".
QString averageTitle(const BitMapSpec& spec);
QString outTitle(const BitMapSpec& spec);
/// "not in the average", beside a lock.
QString edgeText();

} // namespace bitscape::ui
