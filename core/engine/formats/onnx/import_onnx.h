// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"
#include "core/jobs/job_context.h"

#include <filesystem>

namespace bitscape {

/// Reads an ONNX model, opset 7 to 21. External data is read from the model's own folder only. Throws Error(BadInput) for a file that is
/// damaged or lies, Error(Unsupported) for an operator that Bitscape does not have, naming operator and node. Cancellable.
ImportedNetwork importOnnx(const std::filesystem::path& file, const ImportOptions& options, JobContext& context);

} // namespace bitscape
