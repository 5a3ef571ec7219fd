// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"
#include "core/project/project.h"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace bitscape {

/// Rows of texts under a row of names.
struct Table {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;
    bool operator==(const Table&) const = default;
};

/// RFC 4180, with a line feed behind every row.
std::string csvText(const Table& table);

/// Reads it back. Throws Error(BadInput) for rows of unequal length or a quote that does not end.
Table tableFrom(const std::string& csv);

/// A row per child of a sweep; mean, sample standard deviation and number of each figure over seeds.
Table childTable(const SweepFigures& figures);
Table curveTable(const SweepFigures& figures);

/// What a run found, as tables by name, each only where there is something in it: "filters" (bits, score, cost and the share of each
/// class), "layers" (cost), "trajectory", "epochs"; of a run that makes subnets "subnets" and "anytime", and the group of each filter; of a
/// sweep "children" and "curve". A network that is not quantized costs 32 bits.
std::vector<std::pair<std::string, Table>> runTables(const RunResults& results);

/// runDetails() with the scores that the bits come from and, per layer, what it and each of its filters cost: `layers[].cost` and
/// `layers[].filter_costs`, each {macs, bitops, size_bits}.
nlohmann::ordered_json runExport(Project& project, RunId id);

} // namespace bitscape
