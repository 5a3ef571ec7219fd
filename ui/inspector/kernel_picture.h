// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"
#include "ui/style/theme.h"

#include "core/jobs/run_results.h"

#include <QRectF>

#include <optional>
#include <vector>

namespace bitscape::ui {

/// One filter's weights as a picture: a tile per input channel, a cell per weight; a neuron's inputs are tiles of one cell.
struct KernelSpec {
    QString name; ///< what a file of it is called
    int channels = 0, height = 1, width = 1;
    bool neuron = false;
    std::vector<float> stored;    ///< [channels, height, width]
    std::vector<float> quantized; ///< the same, or empty
    int bits = 32;                ///< of `quantized`
    bool operator==(const KernelSpec&) const = default;
};
KernelSpec kernelSpecOf(const RunResults& results, std::size_t layer, std::size_t filter, const FilterWeights& weights);

/// How tiles are laid out in a panel: as large as fits, of all that is there or, at the smallest size, of what fits.
struct KernelLayout {
    int cell = 1; ///< pixels per weight
    int gap = 0;  ///< pixels between tiles
    int columns = 1, rows = 1;
    int shown = 0; ///< channels
    bool operator==(const KernelLayout&) const = default;
};
KernelLayout kernelLayout(int width, int height, const KernelSpec& spec);

/// Stored weights beside the quantized ones, in colours around zero, with their scale beneath.
class KernelPicture final : public Figure {
    Q_OBJECT
public:
    explicit KernelPicture(const Theme& theme, QWidget* parent = nullptr);

    void setSpec(const KernelSpec& spec);
    const KernelSpec& spec() const { return m_spec; }

    void drawOn(QPaintDevice& device, const QSize& size) override;
    QString csv() const override;
    QString fileName() const override { return m_spec.name; }
    void resetView() override { }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Panels;
    Panels panels(const QSize& size) const;
    void paint(QPainter& painter, const QSize& size) const;
    void paintTiles(QPainter& painter, const Panels& panels, const QPoint& corner, const std::vector<float>& values) const;
    void paintPruned(QPainter& painter, const QRect& panel) const;
    void paintScale(QPainter& painter, const QRect& strip) const;
    QString tooltipAt(const QPoint& place) const;
    std::optional<std::size_t> weightAt(const QPoint& position) const;
    QString note(const KernelLayout& layout) const;

    const Theme& m_theme;
    KernelSpec m_spec;
    double m_largest = 0; ///< |weight|
};

} // namespace bitscape::ui
