// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/answers.h"
#include "core/engine/evaluate/prepared_images.h"
#include "core/jobs/job_context.h"
#include "core/project/evaluations.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Classifies every image once: top-1, the first of equal logits (design.md section 4). Answers stand in the images' order.
std::vector<Answer> classify(const InferenceNetwork& network, const PreparedImages& images, JobContext& context);

/// The same, counted. Batch normalisation is folded, no gradients are kept. `hook`: activation quantizers, if any.
Evaluation evaluate(const Graph& graph, const TensorMap& tensors, const PreparedImages& images, const NodeHook& hook, JobContext& context);

/// How many of the answers are right.
std::int64_t countRight(const std::vector<Answer>& answers, const PreparedImages& images);

/// The batch size that classifies `images` fastest here, measured on the first of them; the reference's where they are too few to be worth
/// the measurement. On CUDA 256.
int measuredBatchSize(const InferenceNetwork& network, const PreparedImages& images, JobContext& context);

} // namespace bitscape
