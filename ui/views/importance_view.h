// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/importance_charts.h"
#include "ui/views/run_view.h"

class QComboBox;
class QLabel;

namespace bitscape::ui {

class Chart;
class HeatMap;

/// How much every filter matters, and to which classes: a histogram of scores with the thresholds, sorted scores per layer, and the map of
/// filters and classes.
class ImportanceView final : public RunView {
    Q_OBJECT
public:
    explicit ImportanceView(const ViewContext& context, QWidget* parent = nullptr);

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;

private:
    QWidget* makeHistogram();
    QWidget* makeCurves();
    QWidget* makeMap();
    void offerLayers(const RunResults& results);
    void showCharts();
    void showMap();
    void selectInMap();
    void showSelection();
    int layer() const;

    QLabel* m_source;
    QComboBox* m_layer;
    QComboBox* m_order;
    Chart* m_histogram;
    Chart* m_curves;
    HeatMap* m_heatMap;
    ScoreMap m_map;
};

} // namespace bitscape::ui
