// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"
#include "core/jobs/job_context.h"

#include <filesystem>

namespace bitscape {

/// Reads a network from a file, by the file's own first bytes. A pickled state_dict or module is refused with the two lines of Python that
/// would save it as TorchScript. Throws Error(BadInput) for a file that is damaged or lies, Error(Unsupported) for an operator that
/// Bitscape does not have, naming operator and node.
ImportedNetwork importModel(const std::filesystem::path& file, const ImportOptions& options, JobContext& context);

} // namespace bitscape
