// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"
#include "core/network/graph.h"
#include "core/network/layers.h"

#include <map>
#include <vector>

namespace bitscape {

/// Per layer, the 99.9th percentile (nearest rank) of |a| over its activation tap, zeros included; 0 for the logits (methods.md section 4).
using ActivationRanges = std::vector<float>;

/// Exact, and streaming: two passes over the images, memory independent of their number.
ActivationRanges calibrateActivations(
    const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors, const std::vector<Batch>& images, JobContext& context);

/// How one tap is quantized: level = clamp(round half to even(a / scale), lowest, highest), value = level * scale.
struct ActivationGrid {
    float scale = 0;
    float lowest = 0;
    float highest = 0;
};

/// Unsigned behind a ReLU: 0 .. 2^b - 1. Signed: +-(2^(b-1) - 1), at least +-1. The range lies on the highest level.
ActivationGrid activationGrid(float range, int bits, bool isUnsigned);

/// A hook that quantizes the outputs of these nodes.
NodeHook activationQuantizer(const std::map<int, ActivationGrid>& grids, bool straightThrough = false);

/// A hook that quantizes every layer's tap but the logits. With `straightThrough`, gradients pass within the range.
NodeHook activationQuantizer(const std::vector<Layer>& layers, const ActivationRanges& ranges, int bits, bool straightThrough);

} // namespace bitscape
