// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/run_evaluator.h"

#include "core/base/layer_bits.h"

#include <string>

namespace bitscape {

/// The network that a run's ancestors have arrived at: of the nearest refinement, search or training, else the model's own. An
/// edit gives other bits to the weights that were there before it; one of scores, to the full-precision ones.
struct DeployedNetwork {
    TensorMap tensors; ///< the weights that are quantized
    std::string weightsBlob;
    LayerBits bits; ///< empty where nothing has been quantized
    Statistics statistics = Statistics::AsStored;
    bool isQuantized() const { return !bits.empty(); }
};

/// Of an edit run itself: what it starts from, its own bits not being known yet.
DeployedNetwork deployedNetwork(Project& project, const RunInputs& inputs);

} // namespace bitscape
