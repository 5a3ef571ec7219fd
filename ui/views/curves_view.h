// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/curves_points.h"
#include "ui/views/run_view.h"

class QCheckBox;
class QComboBox;

namespace bitscape::ui {

class Chart;

/// Accuracy against cost, a point for every finished run of the model that is looked at. Needs no run to be selected, and no run's results:
/// the document's figures are enough.
class CurvesView final : public RunView {
    Q_OBJECT
public:
    explicit CurvesView(const ViewContext& context, QWidget* parent = nullptr);

    void setResults(const ResultsPtr& results) override;
    /// Draws what has changed now rather than when the view is next seen.
    void refresh();

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;
    QString missingRun() const override;
    void showEvent(QShowEvent* event) override;

private:
    void connectAll();
    void follow(const std::vector<RunId>& changed);
    void invalidate();
    void highlight();
    std::optional<CurveRequest> request() const;
    QString missingPoints() const;

    Chart* m_chart;
    QComboBox* m_cost;
    QCheckBox* m_logarithmic;
    Curves m_curves;
    ParameterNumbers m_numbers;
    bool m_stale = true;
};

} // namespace bitscape::ui
