// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/run_inputs.h"
#include "core/network/cost.h"
#include "core/project/evaluations.h"

#include <map>
#include <string>

namespace bitscape {

/// Top-1, 0..1.
inline double accuracyOf(const Evaluation& evaluation)
{
    return evaluation.images == 0 ? 0.0 : static_cast<double>(evaluation.correct) / static_cast<double>(evaluation.images);
}

/// The cost figures under the names of design.md section 6.
inline std::map<std::string, double> costMetrics(const Cost& cost)
{
    return { { "average_bits", cost.averageBits }, { "macs", static_cast<double>(cost.macs) },
        { "bitops", static_cast<double>(cost.bitops) }, { "size_bits", static_cast<double>(cost.sizeBits) } };
}

/// Keeps what was answered to each image of `test_split`, and by the full-precision network beside where there is one (KeptAnswers): a
/// run's confusion, its accuracy per class and what it is compared by come from there. Both evaluations have their predictions.
void keepAnswers(Project& project, const RunInputs& inputs, const Evaluation& reported, const Evaluation* full = nullptr);

} // namespace bitscape
