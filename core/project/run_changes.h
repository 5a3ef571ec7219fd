// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"
#include "core/project/runs.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bitscape {

/// A run as a list shows it: the row and its figures, without results.
struct RunRecord {
    Run run;
    std::map<std::string, double> metrics;
    std::int64_t revision = 0; ///< another one whenever anything about the run was written, results included
    bool operator==(const RunRecord&) const = default;
};

/// What became of the runs of a project since a revision.
struct RunChanges {
    std::vector<RunRecord> changed;   ///< new, or with anything new about them (row, figures, epochs, points, scores, bits), by id
    std::int64_t revision = 0;        ///< to ask from the next time
    std::int64_t runCount = 0;        ///< of all runs: fewer than known means that some were removed
    std::int64_t modelRevision = 0;   ///< changes whenever a model comes or goes
    std::int64_t datasetRevision = 0; ///< the same for data sets
    bool operator==(const RunChanges&) const = default;
};

/// Everything that changed after `revision` (0: all runs), whichever process wrote it. A run whose worker has died is told as Interrupted
/// whenever it is told at all; live ones (running or paused) are always told, as nobody writes down that a worker died.
RunChanges runChangesSince(Project& project, std::int64_t revision);

/// The ids of all runs, rising: to find out which were removed.
std::vector<RunId> runIds(Project& project);

} // namespace bitscape
