// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <QWidget>

class QPaintDevice;

namespace bitscape::ui {

/// Anything drawn that a person may zoom, reset, copy and save: charts, heat maps, bit maps. One drawing code for screen and paper.
class Figure : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// Draws the figure as it is shown now (zoom, switched-off curves) on any device, `size` in the figure's own units (pixels of the
    /// screen at 100 %).
    virtual void drawOn(QPaintDevice& device, const QSize& size) = 0;
    /// The numbers behind the figure, all of them, with a head line; comma separated, '.' as the decimal point.
    virtual QString csv() const = 0;
    /// What a saved file is called by default, without an extension: "scores of run 4".
    virtual QString fileName() const = 0;
    /// Whether there is a legend now to show or hide.
    virtual bool hasLegend() const { return false; }
    virtual bool isLegendShown() const { return false; }
    virtual void showLegend(bool) { }

signals:
    /// There is a legend now, or none any more, or it was shown or hidden.
    void legendChanged();

public slots:
    /// Back to everything in view.
    virtual void resetView() = 0;
};

} // namespace bitscape::ui
