// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/network/executor.h"
#include "core/engine/network/fold.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Images per batch of the reference computation, which decides where two logits are too close for any other way to.
constexpr int kReferenceBatch = 16;
/// Images per batch on CUDA.
constexpr int kCudaBatch = 256;

/// A network as it is evaluated: folded, with the quantizers of its activations if there are any, and what a subnet needs to be run.
struct InferenceNetwork {
    FoldedNetwork folded;
    NodeHook hook;
    NodeReader reader {}; ///< may be empty
};

/// [N, classes].
at::Tensor logitsOf(const InferenceNetwork& network, const at::Tensor& images);

/// What a network answers to one image.
struct Answer {
    std::uint16_t label = 0; ///< the first of the largest logits
    float lead = 0;          ///< logit of the true class less the largest other one: below 0 where the answer is wrong
    float confidence = 0;    ///< softmax of the answered class, 0..1
};

/// The answers to `images` (row n is labels[n]; further rows are filling). Logits that another batch size, kept activations or updated sums
/// have led to differ from the reference's by rounding: where the two largest are closer than that (a bound far above any rounding seen),
/// the reference computation decides, so that every way gives the same answers. `isReference`: these logits are the reference's own.
std::vector<Answer> answersFrom(const InferenceNetwork& network, const at::Tensor& images, const at::Tensor& logits,
    const std::vector<std::uint16_t>& labels, bool isReference);

} // namespace bitscape
