// SPDX-License-Identifier: GPL-3.0-or-later
// What a chart keeps besides its spec; not for other folders.
#pragma once

#include "ui/plots/chart.h"
#include "ui/plots/chart_drawing.h"
#include "ui/plots/chart_legend.h"

#include <qcustomplot.h>

namespace bitscape::ui {

inline constexpr auto kHoverLayer = "hover";

struct ChartRanges {
    QCPRange x, y, right;
};

struct Chart::Parts {
    QCustomPlot* plot = nullptr;
    ChartLegend* below = nullptr;
    ChartLegend* beside = nullptr;
    std::vector<DrawnSeries> drawn;
    std::set<QString> hidden;                                   ///< names of series that are switched off
    std::vector<QCPItemTracer*> rings;                          ///< around the highlighted points
    QCPItemTracer* hoverRing = nullptr;                         ///< around the point that the tooltip is about; on a layer of its own
    std::optional<std::pair<std::size_t, std::size_t>> current; ///< the point that the tooltip is about
    std::int64_t highlighted = -1;
    bool zoomed = false; ///< the person chose what is in view
    bool legendWanted = true;

    QPointF pressed;
    ChartRanges atPress;
    bool isPressed = false, isDragging = false;
    std::optional<std::size_t> handle; ///< the mark that the pointer holds

    ChartRanges ranges() const { return { plot->xAxis->range(), plot->yAxis->range(), plot->yAxis2->range() }; }
};

} // namespace bitscape::ui
