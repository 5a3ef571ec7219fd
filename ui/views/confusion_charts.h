// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"
#include "ui/plots/chart_spec.h"
#include "ui/plots/heat_map.h"

#include <QString>

#include <vector>

namespace bitscape::ui {

/// Which network's answers a map shows.
enum class ConfusionShown {
    Run,
    Full,      ///< of the full-precision network
    Difference ///< the run's shares minus full precision's, in percentage points
};

/// What there is to show, in the order of a choice; empty where neither network's answers are known.
std::vector<ConfusionShown> confusionChoices(const RunResults& results);

/// Row: true class; column: what was answered. Shares of the row in % (rows without images: NaN), or with `counts` images; a difference
/// diverges around 0. `shown` is one of confusionChoices().
HeatMapSpec confusionMap(const RunResults& results, ConfusionShown shown, bool counts);

/// The share of each class's images answered right, 0..1; NaN for a class without images.
std::vector<double> classAccuracies(const Confusion& confusion);

/// Accuracy per class in % as bars, the run's beside full precision's, or whichever is known. A bar's key is its class.
ChartSpec classBars(const RunResults& results);

/// Which class lost most against full precision, and by how much; with only one of both, which is answered right least often.
QString confusionSummary(const RunResults& results);

} // namespace bitscape::ui
