// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"
#include "core/project/evaluations.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Images per batch of an evaluation: what ran fastest on two cores (design.md section 4).
constexpr int kEvaluationBatch = 32;

/// Classifies every image once: top-1, the first of equal logits. Batch normalisation is folded, no gradients are kept.
/// `hook`: activation quantizers, if any.
Evaluation evaluate(
    const Graph& graph, const TensorMap& tensors, const std::vector<Batch>& images, const NodeHook& hook, JobContext& context);

/// [true class][answered class] counts.
std::vector<std::vector<std::int64_t>> confusionOf(
    std::span<const std::uint16_t> labels, std::span<const std::uint16_t> predictions, int classes);

} // namespace bitscape
