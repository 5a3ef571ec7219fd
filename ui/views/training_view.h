// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"

class QLabel;

namespace bitscape::ui {

class Chart;

/// How a training or a refinement went: loss, accuracy and learning rate per epoch. Live while it goes on.
class TrainingView final : public RunView {
    Q_OBJECT
public:
    explicit TrainingView(const ViewContext& context, QWidget* parent = nullptr);

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;

private:
    QLabel* m_summary;
    Chart* m_curves;
    Chart* m_rates;
};

} // namespace bitscape::ui
