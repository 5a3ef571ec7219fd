// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"
#include "core/network/graph.h"
#include "core/network/layers.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// What is silenced to see whether it matters: single neurons, or whole filters (methods.md section 2).
enum class Effect { Neuron, Filter };

struct CriticalOptions {
    Effect effect = Effect::Neuron;
    double epsilon = 1e-50;
    bool operator==(const CriticalOptions&) const = default;
};

/// Per layer, [filters, classes] row-major: for how many of the class's images the filter's best position (Effect::Filter: the filter) is
/// critical. The best position has the largest sum over the classes, the first in row-major order on a tie.
using CriticalCounts = std::vector<std::vector<std::uint32_t>>;

/// methods.md section 2. `classImages[m]`: the images of class m, in batches; every class has the same number of them.
/// One forward and one backward pass per batch, to the activations only; memory does not grow with the number of images.
CriticalCounts countCritical(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors,
    const std::vector<std::vector<Batch>>& classImages, const CriticalOptions& options, JobContext& context);

} // namespace bitscape
