// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"
#include "core/jobs/job_context.h"

#include <filesystem>

namespace bitscape {

/// Reads an IDX data set of unsigned bytes, [N,H,W] or [N,C,H,W], from the files that findIdxFiles() finds. Classes are 0 to the largest
/// training label. EMNIST's images are stored transposed; they are handed on as they are stored.
/// Throws Error(BadInput) that names the file, and Cancelled.
ImageSet readIdx(const std::filesystem::path& folder, JobContext& context);

} // namespace bitscape
