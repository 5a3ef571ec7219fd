// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"
#include "ui/plots/chart_spec.h"
#include "ui/plots/heat_map.h"
#include "ui/project/selection.h"

#include <cstdint>
#include <vector>

namespace bitscape::ui {

/// Whether any filter has a score.
bool hasScores(const RunResults& results);

/// The width of a histogram's bars for scores 0..`classes`: 1, 2, 2.5 or 5 times a power of ten, at most 40 bars.
double scoreBinWidth(int classes);

/// Filters per range of scores, of one layer or of all (-1): bins of scoreBinWidth() from 0 on; a bin holds its lower end, the last one
/// the highest score too. What is not finite is in none. Thresholds of the search that the bits follow stand in it where they are on
/// these scores (thresholdsAreOnScores()), equal ones as one mark. With `selected`, its score stands in it too.
ChartSpec scoreHistogram(const RunResults& results, int layer, const FilterRef& selected = {});

/// Scores from the highest to the lowest against the share of the layer's filters, a curve per layer: at x % stands the score of the
/// filter that x % of its layer's filters come before. Quantizable layers first, others dashed. With `layer` >= 0, the others are grey.
/// A point's key is keyOf() of its filter.
ChartSpec scoreCurves(const RunResults& results, int layer = -1);

/// A filter as a chart's key and back.
std::int64_t keyOf(const FilterRef& filter);
FilterRef filterOfKey(std::int64_t key);

enum class FilterOrder { Index, Score };

/// Filters x classes: beta in % of the class's images, a row per filter, grouped by layer; within a layer by index or from the highest
/// score down (ties by index).
struct ScoreMap {
    HeatMapSpec spec;
    std::vector<FilterRef> rows;
    std::vector<int> layers; ///< of the groups
    /// -1 where it is not among them.
    int rowOf(const FilterRef& filter) const;
    int groupOf(const FilterRef& filter) const;
};
ScoreMap scoreMap(const RunResults& results, FilterOrder order);

/// Whether the run's thresholds are thresholds on these scores: not where its search went by another score (magnitude) or by none.
bool thresholdsAreOnScores(const RunResults& results);

/// What a reader has to know about where the scores and thresholds are from: "Scores of run 2 (score neuron)." Empty where all is the
/// run's own.
QString scoreSource(const RunResults& results);

} // namespace bitscape::ui
