// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/what_if_charts.h"

#include "ui/views/bit_map_view.h"
#include "ui/views/importance_charts.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::WhatIfCharts)
};

constexpr double kPerThreshold = 20; ///< places for a threshold in a score of 1

} // namespace

std::vector<double> handlesOf(const EditState& state)
{
    const std::size_t count = state.choice.allowed.size() - 1;
    return state.thresholds.size() == count ? state.thresholds : std::vector<double>(count, 0);
}

ChartSpec thresholdHistogram(const EditSession& session, const FilterRef& selected)
{
    ChartSpec spec = scoreHistogram(session.base(), -1, selected);
    std::erase_if(spec.marks, [](const Mark& mark) { return mark.bits.has_value(); });
    const std::vector<double> thresholds = handlesOf(session.state());
    std::vector<Mark> marks;
    for (std::size_t k = 0; k < thresholds.size(); ++k) {
        Mark mark;
        mark.at = thresholds[k];
        mark.label = Words::tr("p%1 %2").arg(k + 1).arg(QString::number(thresholds[k], 'f', 2));
        mark.bits = session.state().choice.allowed[k + 1];
        mark.dashed = session.state().thresholds.empty();
        mark.handle = true;
        marks.push_back(mark);
    }
    spec.marks.insert(spec.marks.begin(), marks.begin(), marks.end());
    spec.name = Words::tr("what-if scores of run %1").arg(static_cast<qlonglong>(session.base().run.id.value));
    return spec;
}

std::vector<double> movedThresholds(std::vector<double> thresholds, std::size_t k, double value, int classes)
{
    const double at = std::clamp(std::round(value * kPerThreshold) / kPerThreshold, 0.0, static_cast<double>(classes) + 1 / kPerThreshold);
    thresholds[k] = at;
    for (std::size_t i = 0; i < thresholds.size(); ++i)
        thresholds[i] = i < k ? std::min(thresholds[i], at) : i > k ? std::max(thresholds[i], at) : at;
    return thresholds;
}

BitMapSpec editedBitMap(const EditSession& session, BitMapOrder order, bool painting)
{
    const RunResults& base = session.base();
    BitMapSpec spec;
    spec.name = Words::tr("what-if bits of run %1").arg(static_cast<qlonglong>(base.run.id.value));
    spec.order = order;
    if (painting)
        spec.listed = session.state().choice.allowed;
    for (std::size_t i = 0; i < session.sources().layers.size(); ++i) {
        BitMapRow row = bitMapRow(base, i, session.state().bits[i]);
        row.locked = session.state().locked[i];
        spec.rows.push_back(std::move(row));
    }
    return spec;
}

} // namespace bitscape::ui
