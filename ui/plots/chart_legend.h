// SPDX-License-Identifier: GPL-3.0-or-later
// The legend of a chart, outside of the data; not for other folders.
#pragma once

#include "ui/plots/chart_drawing.h"

#include <qcustomplot.h>

namespace bitscape::ui {

/// Below the plot in columns, or beside it one below the other. Names that are too long are cut in the middle; what has no room is counted
/// in a last line. What is switched off is struck out and faint.
class ChartLegend final : public QCPLayoutElement {
public:
    enum class Place { Below, Beside };
    struct Entry {
        QString name;
        QPen line;              ///< of bars: their edge
        QCPScatterStyle points; ///< ssNone: none
        QBrush bar;             ///< of bars only
        bool isBar = false, isOff = false;
    };

    ChartLegend(QCustomPlot& plot, Place place);

    /// No entries: takes no room.
    void show(std::vector<Entry> entries, const Colours& colours, const QFont& font);
    /// -1 where there is none. In pixels of the plot.
    int entryAt(const QPointF& place) const;
    /// Empty for what has no room.
    QRect entryRect(int entry) const;

    QSize minimumOuterSizeHint() const override;
    QSize maximumOuterSizeHint() const override;

protected:
    void draw(QCPPainter* painter) override;

private:
    /// How the entries stand at the plot's present size.
    struct Grid {
        int columns = 1, rows = 1, width = 0;
    };
    Grid grid() const;
    int shownCount() const;
    void drawEntry(QCPPainter& painter, const Entry& entry, const QRect& place) const;

    Place m_place;
    std::vector<Entry> m_entries;
    QFont m_font;
    QColor m_text, m_faint;
};

/// What the legend shows for a series.
ChartLegend::Entry legendEntryOf(const Series& series, const DrawnSeries& drawn, bool isOff);

} // namespace bitscape::ui
