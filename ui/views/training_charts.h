// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"
#include "ui/plots/chart_spec.h"

#include <QString>

#include <cstddef>
#include <optional>

namespace bitscape::ui {

/// Place in RunResults::epochs of the epoch with the highest validation accuracy, the first of several; empty where none is finite.
std::optional<std::size_t> bestEpoch(const std::vector<Epoch>& epochs);

/// Loss (left) and validation accuracy (right, %) per epoch, the best epoch marked, the final test accuracy and, of a refinement, the one
/// before it as lines. A point's key is its epoch; lines have -1.
ChartSpec trainingCurves(const RunResults& results);

/// The learning rate per epoch; a logarithmic axis where all are positive and the largest is 100 times the smallest or more.
ChartSpec learningRates(const RunResults& results);

/// "6 epochs - best: epoch 6, 95.6 % (validation) - last kept - test 97.1 % - 3.3 s".
QString trainingSummary(const RunResults& results);

} // namespace bitscape::ui
