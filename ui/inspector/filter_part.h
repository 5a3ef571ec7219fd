// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/weights_source.h"
#include "ui/views/run_view.h"

#include <QWidget>

class QLabel;

namespace bitscape::ui {

class Chart;
class FigureFrame;
class InfoTable;
class KernelPicture;

/// The selected filter: figures, class profile, weights before and after quantization.
class FilterPart final : public QWidget {
    Q_OBJECT
public:
    explicit FilterPart(const ViewContext& context, QWidget* parent = nullptr);

    /// Results that have the filter.
    void show(const ResultsPtr& results, const FilterRef& filter);
    /// A sentence in place of a filter.
    void showHint(const QString& hint);

private:
    void showWeights(const FilterRef& filter, const FilterWeights& weights);
    void showMissingWeights(const QString& sentence);
    void highlightClass();

    ViewContext m_context;
    WeightsSource m_weights;
    ResultsPtr m_results;
    QLabel* m_hint;
    InfoTable* m_table;
    Chart* m_profile;
    FigureFrame* m_profileFrame;
    InfoTable* m_weightTable;
    Chart* m_histogram;
    FigureFrame* m_histogramFrame;
    KernelPicture* m_kernel;
    FigureFrame* m_kernelFrame;
    QLabel* m_weightHint;
};

} // namespace bitscape::ui
