// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"
#include "core/network/graph.h"
#include "core/network/layers.h"

#include <cstddef>
#include <cstdint>
#include <functional>
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

/// Images of one class, made when they are needed.
struct ClassBatch {
    std::size_t classIndex = 0;
    std::function<at::Tensor()> images; ///< [n,C,H,W]; called once, from any thread
};

/// methods.md section 2. Every one of the `classes` has the same number of images in `batches`.
/// One forward and one backward pass per batch, to the activations only, through the folded network; LibTorch's threads share the batches
/// out. Memory does not grow with the number of images.
CriticalCounts countCritical(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors,
    const std::vector<ClassBatch>& batches, std::size_t classes, const CriticalOptions& options, JobContext& context);

} // namespace bitscape
