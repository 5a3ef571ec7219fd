// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/sweep_figures.h"
#include "ui/plots/chart_spec.h"

#include <QString>

#include <string>
#include <vector>

namespace bitscape::ui {

/// What the accuracy of a sweep can be drawn against.
struct SweepAxis {
    QString title;      ///< "Average bits", or the name of what is varied
    std::string figure; ///< of sweepFigureNames(); empty: a setting
    int setting = -1;   ///< place in SweepFigures::varied
    bool operator==(const SweepAxis&) const = default;
};

/// For one stage: the costs that its children have, then the varied settings that are numbers.
std::vector<SweepAxis> sweepAxes(const SweepFigures& figures, const std::string& stage);

/// The stages that have finished children with an accuracy, in their order.
std::vector<std::string> drawnStages(const SweepFigures& figures);

/// The setting along which the points of one curve are joined: the varied number with the most values; -1 for none.
int settingAlong(const SweepFigures& figures, const std::string& stage);

/// Mean accuracy over seeds (%) with bars of one sample standard deviation, a curve for each combination of the settings that do not vary
/// along it. Keys are numbers of runs, the first of a point's.
ChartSpec sweepSpec(const SweepFigures& figures, const std::string& stage, const SweepAxis& axis, bool logarithmic);

} // namespace bitscape::ui
