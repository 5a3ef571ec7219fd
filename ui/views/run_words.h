// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"

#include <QString>

#include <optional>

namespace bitscape::ui {

/// "run 7 (search cq 2)"; without the brackets where the run has no name.
QString runText(const Run& run);
/// The run itself, or its nearest ancestor, of that kind; null where there is none.
const Run* nearestOf(const RunResults& results, RunKind kind);
/// "cq", "fisher", ... of the run or of the search that it comes from; empty without one.
QString strategyOf(const RunResults& results);
/// Whether the run is waiting, at work or paused: more results may come.
bool isUnderWay(const Run& run);
/// "training", "scoring", "search", ...: what a run of this kind is called in a sentence.
QString kindText(RunKind kind);
/// Why a run has nothing to show yet, or will not have: "Run 3 (search cq 2) is waiting.", with the failure where it failed.
QString nothingYet(const Run& run);
/// A metric where it is known and finite.
std::optional<double> metricOf(const RunResults& results, const char* name);

/// A share 0..1 for tooltips: "95.875 %", at most four decimals.
QString exactPercentText(double share);
/// A whole number that is kept as a double: "268 566"; a dash for what is not finite.
QString wholeText(double count);

/// The class's name; its number where it has none.
QString classText(const RunResults& results, std::size_t number);
/// The layer's name; "layer 3" (counted from 1) where it has none.
QString layerText(const RunResults& results, std::size_t layer);

} // namespace bitscape::ui
