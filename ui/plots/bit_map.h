// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/bit_map_spec.h"
#include "ui/plots/dragged_figure.h"
#include "ui/style/theme.h"

#include <memory>
#include <optional>

namespace bitscape::ui {

struct BitMapLayout;
struct BitMapWindow;

/// Bits, or subnet, per filter on the screen: a band per layer, a cell per filter. The wheel zooms at the pointer, dragging pans, a double
/// click resets; the keys + - 0 do the same, the arrows, Home and End move the selected filter. A click on a legend entry, or Page Up and
/// Page Down, dims every other bit-width; Escape ends that. A tooltip tells a filter's exact figures.
class BitMap final : public DraggedFigure {
    Q_OBJECT
public:
    explicit BitMap(const Theme& theme, QWidget* parent = nullptr);
    ~BitMap() override;

    /// Draws another spec. What is in view stays where the layers are of the same sizes.
    void setSpec(const BitMapSpec& spec);
    const BitMapSpec& spec() const { return m_spec; }

    /// While painting, the left button paints instead of moving the map: painted() for what the pointer goes over.
    void setPainting(bool painting);
    bool isPainting() const { return m_painting; }

    /// Draws no legend and offers none: whoever shows several maps has one for all.
    void leaveOutLegend();

    /// Outlines a filter, or with `filter.filter` -1 a layer; brings it into view. One that there is not: none.
    void select(const FilterRef& filter);
    const FilterRef& selected() const;

    /// Dims every bit-width but this; none: nothing is dimmed.
    void emphasise(std::optional<int> bits);
    const std::optional<int>& emphasised() const;

    /// What a pointer at this place of the widget is told; empty where there is nothing.
    QString tooltipAt(const QPointF& place) const;
    /// The filter drawn at a place of the widget; filter -1 beside cells, layer -1 outside.
    FilterRef filterAt(const QPointF& place) const;
    /// Where the filter is drawn, in the widget; may be out of view, empty where there is none.
    QRectF rectOf(const FilterRef& filter) const;
    /// What is in view, in pixels of scale 1: maps of one size with rows of the same names and lengths, and without legends, have the same
    /// layout, so that one may show what another one does.
    const BitMapWindow& inView() const;
    void showWindow(const BitMapWindow& window);
    /// For those who have to know where bands and legend entries lie.
    const BitMapLayout& arrangement() const;

    void drawOn(QPaintDevice& device, const QSize& size) override;
    QString csv() const override { return csvOf(m_spec); }
    QString fileName() const override { return m_spec.name; }
    bool hasLegend() const override { return m_offersLegend; }
    bool isLegendShown() const override;
    void showLegend(bool shown) override;
    void resetView() override;

signals:
    /// A click, or a key, went to a filter; filter -1: to the head of a layer. It is selected already.
    void filterClicked(const bitscape::ui::FilterRef& filter);
    /// While painting: the pointer has come to filters, or to the head of a layer (filter -1), each once for as long as it is over it.
    void painted(const std::vector<bitscape::ui::FilterRef>& filters);
    /// The button came up.
    void strokeEnded();
    /// The person, or a selection out of view, has moved or zoomed the map.
    void windowChanged(const bitscape::ui::BitMapWindow& window);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void pressed() override;
    void dragged(const QPointF& way) override;
    void clicked(const QPointF& place) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void changed();
    void setWindow(const BitMapWindow& window);
    void zoom(double factor, const QPointF& at);
    void go(const FilterRef& filter);
    void step(int columns, int lines);
    void goToEnd(bool last);
    void stepEmphasis(int by);
    void bringIntoView();
    FilterRef placeOf(const FilterRef& filter) const;
    FilterRef filterOf(const FilterRef& place) const;
    std::optional<int> entryAt(const QPointF& place) const;
    void describe();
    void paintTo(const QPointF& place);

    struct State;
    std::unique_ptr<State> m_state;
    const Theme& m_theme;
    BitMapSpec m_spec;
    bool m_offersLegend = true;
    bool m_painting = false;
    std::optional<QPointF> m_brush; ///< where it was last, while the button is down
    FilterRef m_lastPainted;
};

} // namespace bitscape::ui
