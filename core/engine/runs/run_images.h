// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/prepared_images.h"
#include "core/engine/importance/critical_counts.h"
#include "core/engine/runs/run_inputs.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// "train[0:45000]".
std::string textOf(const Split& split);

/// Positions of a split's images within its part, in file order.
std::vector<std::int64_t> positionsOf(const Split& split);

/// Images of a split's part for a network to be evaluated on, kept within the run's `cache_mib` where the run comes back to them.
PreparedImages preparedImages(const RunInputs& inputs, const Split& split, std::vector<std::int64_t> positions, int batchSize);

/// Says which images calibrationBatches() takes.
std::string calibrationText(const RunInputs& inputs);

/// The images that statistics and ranges are taken from: `calibration_split`, else the scoring split's first images per class. In batches
/// of at least 100 images.
std::vector<Batch> calibrationBatches(const RunInputs& inputs);

/// The first `samples_per_class` images of each class of the scoring split, class by class, in batches.
std::vector<std::vector<Batch>> classBatches(const RunInputs& inputs, int batchSize);

/// The same images, each batch made when it is needed.
std::vector<ClassBatch> classBatchesOnDemand(const RunInputs& inputs, int batchSize);

} // namespace bitscape
