// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"

class QLabel;

namespace bitscape::ui {

class Chart;
class FigureFrame;

/// How a search went: accuracy and average bits against evaluations, the floors, and the thresholds as they moved. Live while it goes on.
class SearchView final : public RunView {
    Q_OBJECT
public:
    explicit SearchView(const ViewContext& context, QWidget* parent = nullptr);

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;

private:
    /// Rings the same evaluation in both charts.
    void markStep(std::int64_t step);

    QLabel* m_summary;
    Chart* m_progress;
    Chart* m_moves;
    FigureFrame* m_movesFrame;
};

} // namespace bitscape::ui
