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
/// the keys + - 0 and the arrows do the same. A tooltip tells the nearest point's exact values. A click on a legend entry switches its
/// curve.
class Chart final : public Figure {
    Q_OBJECT
public:
    explicit Chart(const Theme& theme, QWidget* parent = nullptr);
    ~Chart() override;

    /// Draws another spec. What the person zoomed to and switched off stays where axis titles and series' names are the same.
    void setSpec(const ChartSpec& spec);
    const ChartSpec& spec() const { return m_spec; }

    /// Marks one point of every series by its key (a ring around it); -1: none.
    void highlight(std::int64_t key);

    /// What a pointer at this place of the widget is told; empty where no point is near.
    QString tooltipAt(const QPointF& place) const;
    /// Shows or hides a series, as a click on its legend entry does.
    void switchSeries(const QString& name);

    void drawOn(QPaintDevice& device, const QSize& size) override;
    QString csv() const override;
    QString fileName() const override;
    bool takesLegend() const override { return true; }
    bool hasLegend() const override;
    bool isLegendShown() const override;
    void showLegend(bool shown) override;
    void resetView() override;

signals:
    /// A click on a point.
    void pointClicked(int series, std::int64_t key);
    /// A click anywhere else in the plot area, in axis units.
    void plotClicked(double x, double y);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void redraw();
    void placeLegend();
    void showAll();
    void ringHighlighted();
    void ring(std::size_t series, std::size_t point);
    std::optional<std::pair<std::size_t, std::size_t>> pointAt(const QPointF& place) const;
    void hover(const QMouseEvent& mouse);
    void clicked(const QMouseEvent& mouse);

    struct Parts;
    std::unique_ptr<Parts> m_parts;
    const Theme& m_theme;
    ChartSpec m_spec;
};

} // namespace bitscape::ui
