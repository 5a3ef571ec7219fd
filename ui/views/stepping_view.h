// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QTabWidget;

namespace bitscape::ui {

class BitMap;
class Chart;

/// Subnets of one network: which filters each has, what they reach at what cost beside the baselines, what a step adds, and how they were
/// constructed. A click on a subnet's point or bar shows its filters.
class SteppingView final : public RunView {
    Q_OBJECT
public:
    explicit SteppingView(const ViewContext& context, QWidget* parent = nullptr);

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;

private:
    QWidget* makeSubnets();
    QWidget* makeMap();
    QWidget* makeConstruction();
    void connectCharts();
    void showMap();
    void showConstruction();
    void showSelection();
    /// Brings out one subnet everywhere, the same again or 0: none.
    void showSubnet(int subnet);

    struct Charts {
        Chart *curves, *bars, *macs, *accuracy;
    };
    QLabel *m_headline, *m_summary;
    Charts m_charts;
    BitMap* m_map;
    QComboBox* m_order;
    QCheckBox* m_logarithmic;
    QTabWidget* m_pages;
    int m_subnet = 0;
};

} // namespace bitscape::ui
