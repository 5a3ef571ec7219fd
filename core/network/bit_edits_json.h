// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/bit_edits.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace bitscape {

/// A history as data: a list of objects, `op` saying which edit, the rest its arguments; `selection` absent: every quantizable filter.
///     {"op": "thresholds", "values": [1, 2.5, 4, 6]}
///     {"op": "target", "bits": 2, "class_weights": [1, 1, 3]}       class_weights: absent: as before; []: equal ones
///     {"op": "set", "selection": [{"layer": 2}, {"layer": 3, "filters": [0, 5]}], "bits": 3}
///     {"op": "at_most", "selection": [...], "bits": 3}
///     {"op": "change", "selection": [...], "by": -1}
///     {"op": "like", "selection": [...], "run": 12}
///     {"op": "lock", "selection": [...]}   {"op": "unlock", "selection": [...]}
///     {"op": "allow", "bits": [0, 2, 4]}
nlohmann::json toJson(const std::vector<BitEdit>& edits);

/// Takes what toJson() gives. Throws Error(BadArgument) that names the edit, counted from 1, for anything else: an unknown op or argument,
/// another type, a number out of range, more than 100000 edits.
std::vector<BitEdit> editsFromJson(const nlohmann::json& json);

} // namespace bitscape
