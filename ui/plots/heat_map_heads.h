// SPDX-License-Identifier: GPL-3.0-or-later
// The names beside a heat map's rows; not for other folders.
#pragma once

#include "ui/plots/heat_map_layout.h"

#include <vector>

namespace bitscape::ui {

/// A group's name beside its rows: where rows are too low for it, off to the side of them with a line that leads there.
struct HeatHead {
    int group = 0;
    QRectF place;               ///< of the writing
    double top = 0, bottom = 0; ///< of the group's rows as far as they are in view
};

/// The heads of the groups in view from the top down, none over another. Where there is no room for all, the lowest groups go without,
/// the selected one (-1: none) never.
std::vector<HeatHead> headsOf(const HeatMapSpec& spec, const HeatLayout& layout, const QFontMetrics& metrics, int selected);

/// The room that names of groups with their notes want of a map of this width.
double headWidth(const HeatMapSpec& spec, const QFontMetrics& metrics, double mapWidth);

void drawRowNames(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const Colours& colours);
void drawHeads(QPainter& painter, const HeatMapSpec& spec, const HeatLayout& layout, const Colours& colours, int selected);

/// What stands at a place of the map: a cell, the name of a row, a column or a group; -1 for what does not.
struct HeatSpot {
    int row = -1, column = -1, group = -1;
};
HeatSpot spotAt(const HeatMapSpec& spec, const HeatLayout& layout, const QFontMetrics& metrics, int selected, const QPointF& place);

} // namespace bitscape::ui
