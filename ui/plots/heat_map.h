// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/dragged_figure.h"
#include "ui/style/theme.h"

#include <QString>

#include <memory>
#include <vector>

namespace bitscape::ui {

struct HeatLayout;
struct HeatSpot;
struct HeatWindow;

/// Rows that stand together: a layer's filters.
struct HeatGroup {
    QString name, note; ///< the note says what is in it: "0–15"
    int rows = 0;
    bool operator==(const HeatGroup&) const = default;
};

/// A matrix as data: confusion, filters x classes, differences.
struct HeatMapSpec {
    QString name;                       ///< what a file of it is called
    QString rowTitle, columnTitle;      ///< axis titles
    QString valueTitle;                 ///< with its unit: "share of images (%)"
    std::vector<QString> rows, columns; ///< their names
    std::vector<double> values;         ///< row-major; NaN is drawn hatched
    double from = 0, to = 1;            ///< values at the ends of the colour scale
    bool diverging = false;             ///< colours around the middle of from..to
    bool writeValues = false;           ///< a number in each cell where it fits
    int decimals = 2;
    std::vector<HeatGroup> groups; ///< from the first row to the last, with a line and a head each; empty: none
    bool operator==(const HeatMapSpec&) const = default;
};

/// A matrix on the screen: wheel zooms, dragging pans, a double click resets; +, -, 0 and the arrows do the same, but that
/// arrows move the selection where there is one. A tooltip tells row, column and exact value, and whole names over names. Draws only what
/// is in view: 20000 rows scroll smoothly.
class HeatMap final : public DraggedFigure {
    Q_OBJECT
public:
    explicit HeatMap(const Theme& theme, QWidget* parent = nullptr);
    ~HeatMap() override;

    void setSpec(const HeatMapSpec& spec);
    const HeatMapSpec& spec() const { return m_spec; }
    /// Outlines a row, a column or, with both, a cell, or without a row the rows of a group; -1: none. What is out of view is scrolled to.
    void select(int row, int column, int group = -1);

    /// What of the matrix is in view: first and last row and column, parts of cells included.
    QRect inView() const;
    /// Where a cell is drawn, in the widget's pixels.
    QRectF cellRect(int row, int column) const;
    /// Where a group's name is written; empty where it has no room.
    QRectF headRect(int group) const;
    /// What a pointer at this place of the widget is told.
    QString tooltipAt(const QPointF& place) const;

    void drawOn(QPaintDevice& device, const QSize& size) override;
    QString csv() const override;
    QString fileName() const override;
    void resetView() override;

signals:
    /// A click on a cell, or on the name of a row (column -1) or of a column (row -1).
    void cellClicked(int row, int column);
    /// A click on the name of a group.
    void groupClicked(int group);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void pressed() override;
    void dragged(const QPointF& way) override;
    void clicked(const QPointF& place) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    HeatLayout layoutFor(const QSizeF& size) const;
    HeatSpot spotUnder(const QPointF& place) const;
    void setWindow(HeatWindow window);
    void pan(const HeatWindow& window, double rows, double columns);
    bool zoomsColumns() const;
    void moveSelection(int rows, int columns);
    /// Around a place in rows and columns.
    void zoom(double factor, double rowAnchor, double columnAnchor, bool rows, bool columns);

    struct State;
    std::unique_ptr<State> m_state;
    const Theme& m_theme;
    HeatMapSpec m_spec;
};

} // namespace bitscape::ui
