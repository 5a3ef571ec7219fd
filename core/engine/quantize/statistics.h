// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"

#include <vector>

namespace bitscape {

/// Takes mean and variance of every batch normalisation again, in order, from forward passes in training mode: the cumulative average over
/// the batches (methods.md section 4). Answers the tensors with the new statistics; `tensors` stays as it is. Channels of 0-bit
/// filters stay exactly dead. `hook`: activation quantizers, if any.
TensorMap recalibrated(
    const Graph& graph, const TensorMap& tensors, const std::vector<Batch>& images, const NodeHook& hook, JobContext& context);

/// Throws Error(BadArgument) where batches of `images` images leave a batch normalisation with a single value per channel, which has no
/// variance.
void requireStatistics(const Graph& graph, std::int64_t images);

} // namespace bitscape
