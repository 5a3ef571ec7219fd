// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"
#include "core/jobs/job_context.h"

#include <filesystem>

namespace bitscape {

/// Reads a file of torch.jit.save() (PyTorch 1.8 and later) on the CPU. Modules and functions are inlined, shape checks, loops over
/// lists and what else only steers the script are resolved for the input shape, the network being in evaluation; nothing of the
/// script runs. Convolutions and batch normalisations stay apart, tensors keep their paths as names.
/// Throws Error(BadInput) for a file that is damaged, lies about sizes or is too large; Error(Unsupported) that names operator and
/// place for what has no node, for a pickled module or state_dict, and where the input shape is neither in the file nor in the options.
ImportedNetwork importTorchScript(const std::filesystem::path& file, const ImportOptions& options, JobContext& context);

} // namespace bitscape
