// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/confusion_charts.h"
#include "ui/views/run_view.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace bitscape::ui {

class Chart;
class HeatMap;

/// What a network answers for the images of each class, beside the full-precision network: the confusion matrix and the accuracy per class.
class ConfusionView final : public RunView {
    Q_OBJECT
public:
    explicit ConfusionView(const ViewContext& context, QWidget* parent = nullptr);

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;

private:
    QWidget* makeMap();
    QWidget* makeBars();
    void offerChoices(const RunResults& results);
    void showMap();
    void showSelection();
    ConfusionShown shown() const;

    QLabel* m_summary;
    QComboBox* m_shown;
    QCheckBox* m_counts;
    HeatMap* m_map;
    Chart* m_bars;
};

} // namespace bitscape::ui
