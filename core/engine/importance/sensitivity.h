// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"
#include "core/network/allocation.h"
#include "core/network/quantizer.h"

#include <vector>

namespace bitscape {

/// methods.md section 3a: D[f, b, m], the mean over the images of class m of the squared first-order change of the loss when filter f goes
/// to b bits. `classImages[m]`: the images of class m, in batches. `bits`: the columns of the table. `recalibrate`: where a batch
/// normalisation stands directly behind a layer, the change is taken at its output, with mean and variance of the quantized filter's own
/// output over these images. Layers that are not quantizable get no rows. No gradient of any weight is computed.
SensitivityTable measureSensitivity(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors,
    const std::vector<std::vector<Batch>>& classImages, const std::vector<int>& bits, const QuantizerOptions& options, bool recalibrate,
    JobContext& context);

} // namespace bitscape
