// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"
#include "core/network/bit_edits.h"
#include "core/project/ids.h"
#include "core/project/project.h"

#include <vector>

namespace bitscape {

/// What edits of a run's bits start from: a finished score, search, refine or edit run. A score run starts with every quantizable filter at
/// the highest bits that a search allows by default; the others with their own bits. Scores come from the nearest score run before it; the
/// sensitivity table from the run itself, else the nearest search before it that keeps one, else the oldest one on the same training with
/// the same grid, range rule and edge layers. Bits of other runs are not among it: see addOtherBits().
/// Throws Error(BadArgument) that says why a run cannot be edited.
EditSources editSources(Project& project, RunId base);

/// The same for a run whose results are at hand.
EditSources editSources(Project& project, const RunResults& base);

/// Adds the bits of the runs that the history takes bits from, as far as there are any: what is missing, apply() refuses.
void addOtherBits(Project& project, EditSources& sources, const std::vector<BitEdit>& edits);

} // namespace bitscape
