// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/comparison.h"
#include "core/jobs/run_tables.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>

namespace bitscape {

/// {"runs": [...], "baseline": run, "figures": {name: {"values", "differences", "best": run}}, "parameters": {name: [...]},
/// "classes": [{"name", "values", "differences", "best"}], "bits": [{"run", "more", "fewer", "layers": [{"name", "difference"}]}],
/// "confusion": [{"run", "difference"}], "mcnemar": [{"runs", "images", "only_right", "p"}]}: values stand in the order of "runs", null
/// where there is none, differences are to the baseline; what cannot be compared has a "reason" in place of figures. `baseline`: a place
/// among the runs. `allParameters`: those that are the same everywhere too.
nlohmann::ordered_json toJson(const Comparison& comparison, std::size_t baseline, bool allParameters);

/// The same in rows of "what, name, run, against, value, difference": what is figure, parameter, class, bits (name: layer[filter]),
/// confusion (name: true class as answered class; value: difference of shares) or mcnemar (name: only_right or p).
Table comparisonTable(const Comparison& comparison, std::size_t baseline, bool allParameters);

/// "Run 3 alone answers 41 of 2000 images right, run 5 alone 12: p = 7.9e-05 (exact McNemar test)."; or why there is no test.
std::string pairSentence(const Comparison& comparison, const ComparedPair& pair);

/// "Run 5 has more bits in 34 filters and fewer in 120 of 236."; or why that is not known.
std::string bitSentence(const Comparison& comparison, std::size_t run, std::size_t baseline);

/// "0.0386", "7.9e-05", "below 1e-300"
std::string probabilityText(double p);

} // namespace bitscape
