// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/deployed_network.h"
#include "core/engine/runs/run_job.h"

namespace bitscape {

/// Evaluates a network on the run's `test_split`, in full precision beside it, and keeps bits, answers, accuracy and cost with the run.
void reportNetwork(const RunJob& job, const DeployedNetwork& network);

} // namespace bitscape
