// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/chart_spec.h"
#include "ui/plots/figure.h"
#include "ui/style/theme.h"

#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace bitscape::ui {

/// A chart on the screen. Wheel zooms at the pointer (with Ctrl only x, with Shift only y), dragging pans, a double click resets;
/// the keys + - 0 and the arrows do the same. A tooltip tells the nearest point's exact values; Ctrl and the arrows go from point to point
/// and from curve to curve, Enter clicks the point. A click on a legend entry switches its curve, as the context menu does.
class Chart final : public Figure {
    Q_OBJECT
public:
    explicit Chart(const Theme& theme, QWidget* parent = nullptr);
    ~Chart() override;

    /// Draws another spec. What the person zoomed to and switched off stays where axis titles and series' names are the same.
    void setSpec(const ChartSpec& spec);
    const ChartSpec& spec() const { return m_spec; }

    /// Marks the points with this key (a ring around each); -1: none.
    void highlight(std::int64_t key);

    /// What a pointer at this place of the widget is told; empty where no point is near.
    QString tooltipAt(const QPointF& place) const;
    /// Shows or hides a series, as a click on its legend entry does.
    void switchSeries(const QString& name);
    bool isSwitchedOff(const QString& name) const;

    /// Where a point is drawn and a legend entry stands, in the widget's pixels; empty for an entry that is not shown.
    QPointF placeOf(std::size_t series, std::size_t point) const;
    QRect legendEntry(std::size_t series) const;
    /// The upper end of a vertical mark's line, in the widget's pixels.
    QPointF markPlace(std::size_t mark) const;
    /// What is in view, in units of the axes: ends of x or of the left axis.
    std::pair<double, double> inView(Qt::Orientation axis) const;

    void drawOn(QPaintDevice& device, const QSize& size) override;
    QString csv() const override;
    QString fileName() const override;
    bool hasLegend() const override;
    bool isLegendShown() const override;
    void showLegend(bool shown) override;
    void resetView() override;

signals:
    /// A click on a point.
    void pointClicked(int series, std::int64_t key);
    /// A click anywhere else in the plot area, in axis units.
    void plotClicked(double x, double y);
    /// A mark that is a handle is wanted at this x, within the axis; again with every movement of the pointer.
    void handleDragged(int mark, double x);
    /// The handle was let go of.
    void handleDropped(int mark);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void redraw();
    void fillLegend();
    void layOut(const QSize& size);
    void showAll();
    void ringHighlighted();

    std::optional<std::size_t> handleAt(const QPointF& place) const;
    void dragHandle(const QPointF& place);
    std::optional<std::pair<std::size_t, std::size_t>> pointAt(const QPointF& place) const;
    void pointOut(const std::optional<std::pair<std::size_t, std::size_t>>& point);
    void click(std::size_t series, std::size_t point);
    void step(int points, int series);

    void wheel(const QWheelEvent& event);
    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    void zoom(const QPointF& place, double factor, Qt::Orientations axes);
    void pan(double xShare, double yShare);

    struct Parts;
    std::unique_ptr<Parts> m_parts;
    const Theme& m_theme;
    ChartSpec m_spec;
};

} // namespace bitscape::ui
