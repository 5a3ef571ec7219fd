// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/jobs/job_context.h"
#include "core/network/allocation.h"
#include "core/network/layers.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace bitscape {

/// methods.md section 6, model-wise: every quantizable filter at the smallest allowed bits not below the target, then layers down to the
/// next lower ones, one by one from the last, until the average meets the target. The layer that would overshoot is mixed: its last filters
/// go down, as few as meet the target. `steps` sees the assignment after every whole layer, and
/// whether it was kept.
LayerBits modelWiseBits(const std::vector<Layer>& layers, const BitChoice& choice, double targetBits,
    const std::function<void(const LayerBits&, bool kept)>& steps);

/// Accuracy of the network with one layer alone at some bits, all others in full precision (the edge layers at edge bits), 0..1.
/// [layer][allowed bits]; entries of 0 bits and of layers that are not quantizable do not count.
using LayerSensitivity = std::vector<std::vector<double>>;

LayerSensitivity measureLayers(const std::vector<Layer>& layers, const BitChoice& choice,
    const std::function<double(const LayerBits&)>& accuracy, JobContext& context);

/// methods.md section 6, layer-wise: from the top, the step down with the least accuracy lost per weight bit saved (a gain counts as no
/// loss; ties to the larger layer, then the earlier), never below 1 bit, until the average is at or below the target or nothing can go
/// down.
LayerBits layerWiseBits(const std::vector<Layer>& layers, const BitChoice& choice, const LayerSensitivity& accuracy, double targetBits);

/// methods.md section 6, random: each layer's own bits, dealt to its filters at random.
LayerBits shuffledBits(const std::vector<Layer>& layers, const LayerBits& bits, std::uint64_t seed);

/// methods.md section 6, magnitude: L1 norms of the filters' stored weights, divided by the largest of the layer, times the number of
/// classes. `norms` [layer][filter].
FilterScores magnitudeScores(const std::vector<std::vector<double>>& norms, int classes);

} // namespace bitscape
