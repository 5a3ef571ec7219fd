// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <functional>
#include <vector>

namespace bitscape {

/// Calls `work` once for each of `batches`. On the processor one thread computes a whole batch and LibTorch's threads share the batches
/// out: no barrier behind every layer, and no result that depends on the number of threads. Elsewhere one after the other. In inference
/// mode. `context` is asked several times a second, from the calling thread; what `work` throws comes out. Modes (inference, gradients) are
/// the thread's own.
void eachBatch(const std::vector<std::size_t>& batches, const at::Device& device, JobContext& context,
    const std::function<void(std::size_t batch)>& work);

} // namespace bitscape
