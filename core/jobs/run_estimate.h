// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"
#include "core/project/runs.h"

#include <optional>
#include <string>

namespace bitscape {

/// How long a run may take.
struct RunEstimate {
    double seconds = 0; ///< of computing
    int runs = 0;       ///< how many earlier runs it is from
    std::string basis;  ///< "from 3 earlier runs of lenet5 on glyphs", for a sentence
    bool operator==(const RunEstimate&) const = default;
};

/// From the latest 20 finished runs of the same kind, model and data set; of those on the wanted device, and then of those with the wanted
/// number of threads, alone where there are any. Medians: of an epoch's seconds per training image (train,
/// refine), of seconds per scored image (score), of a whole run's seconds (evaluate; search, of the same strategy). Nothing where there is
/// nothing to go by. `wanted` need not be in the project; what its parameters leave out has its default. Throws Error(BadArgument) for
/// parameters that the kind does not take.
std::optional<RunEstimate> estimate(Project& project, const Run& wanted);

} // namespace bitscape
