// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"
#include "ui/views/sweep_charts.h"
#include "ui/views/sweep_model.h"

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;
class QToolButton;

namespace bitscape::ui {

class Chart;

/// A sweep: its children as a sortable table, and the mean of their accuracy over seeds as curves. Shows the sweep of the selected run, be
/// that the sweep itself or one of its children, whose row is marked then.
class SweepView final : public RunView {
    Q_OBJECT
public:
    explicit SweepView(const ViewContext& context, QWidget* parent = nullptr);
    ~SweepView() override;

    void setResults(const ResultsPtr& results) override;
    /// Writes the table as it is shown, as CSV, on another thread; then emits saved().
    void saveTo(const QString& path);

signals:
    void saved(const QString& path);

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;

private:
    QWidget* makeChart();
    QWidget* makeTable();
    QWidget* makeTools();
    void watch(std::optional<RunId> sweep);
    void take(RunId id, const ResultsPtr& results);
    void showSweep(const ResultsPtr& sweep);
    void fitColumns();
    void offerAxes();
    void draw();
    void markSelected();
    void pick(const QModelIndex& index);
    void askWhere();

    QLabel *m_headline, *m_summary;
    Chart* m_chart;
    QComboBox *m_stage, *m_axis;
    QCheckBox* m_logarithmic;
    SweepModel m_model;
    SweepFilter m_filtered;
    QLineEdit* m_text;
    QToolButton* m_save;
    QTableView* m_table;
    std::optional<RunId> m_watched; ///< the sweep of a child that is selected
    ResultsPtr m_sweep;
    std::vector<SweepAxis> m_axes;
    bool m_marking = false;
};

} // namespace bitscape::ui
