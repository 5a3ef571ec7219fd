// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/comparison.h"
#include "ui/plots/bit_map_spec.h"
#include "ui/plots/chart_spec.h"
#include "ui/plots/heat_map.h"

#include <QString>

#include <cstddef>
#include <vector>

namespace bitscape::ui {

// What a comparison looks like. `run` and `baseline` are places in Comparison::runs.

/// "run 5"
QString runName(const Comparison& comparison, std::size_t run);

/// What curves of runs can be laid over each other.
enum class ComparedCurve { Search, Accuracy, Loss };
/// Those of which any run has some, in the order of a choice.
std::vector<ComparedCurve> curveChoices(const Comparison& comparison);
/// "Accuracy against average bits", "Accuracy per epoch", "Loss per epoch"
QString titleOf(ComparedCurve curve);
/// A line per run in its colour: the kept points of a search, or the epochs of a training.
ChartSpec comparedCurves(const Comparison& comparison, ComparedCurve curve);

/// Why there is no scatter of scores, or what a reader has to know of it; empty where there is nothing to say.
QString scoreRemark(const Comparison& comparison, std::size_t run, std::size_t baseline);
/// The score of every filter in a run against its score in the baseline, a series per layer, equal scores as a line. A point's key is
/// keyOf() of its filter; of the line -1. Empty where the layers are not the same or one of both has no scores.
ChartSpec scoreScatter(const Comparison& comparison, std::size_t run, std::size_t baseline);

/// Bits of a run less the baseline's; no rows where bitDifference() says why not.
BitMapSpec bitChange(const Comparison& comparison, std::size_t run, std::size_t baseline, BitMapOrder order);

/// What the colours of these maps mean, as rich text in one line.
QString colourWords(const std::vector<BitMapSpec>& maps, const Colours& colours);

/// Shares of a class's images, a run's less the baseline's, in percentage points; no rows where unknown.
HeatMapSpec confusionChange(const Comparison& comparison, std::size_t run, std::size_t baseline);

/// Accuracy per class less the baseline's, in percentage points: bars of every other run. Keys are classes.
ChartSpec classChange(const Comparison& comparison, std::size_t baseline);

/// What is said of every other run and the baseline, a line each: images that only one of both answers right, and McNemar's p.
QString pairLines(const Comparison& comparison, std::size_t baseline);

} // namespace bitscape::ui
