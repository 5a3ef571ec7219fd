// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/bit_map_spec.h"
#include "ui/views/run_view.h"

class QComboBox;
class QLabel;

namespace bitscape::ui {

class BitMap;
class FigureFrame;

/// One layer of a run's network with these bits, as data.
BitMapRow bitMapRow(const RunResults& results, std::size_t layer, const std::vector<std::uint8_t>& bits);

/// The bits of a run's network as data.
BitMapSpec bitMapOf(const RunResults& results, BitMapOrder order);

/// What the network costs at its bits, in one line: average bits, MACs, BitOps, size; the MACs also against none pruned.
QString costLine(const RunResults& results);

/// The bits that a run gives every filter, with what they cost.
class BitMapView final : public RunView {
    Q_OBJECT
public:
    explicit BitMapView(const ViewContext& context, QWidget* parent = nullptr);

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;

private:
    void setUpOrder();
    void showMap();
    void showSelection();

    QLabel* m_cost;
    QComboBox* m_order;
    BitMap* m_map;
    FigureFrame* m_frame;
};

} // namespace bitscape::ui
