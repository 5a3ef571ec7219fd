// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"
#include "core/jobs/job_context.h"

#include <filesystem>

namespace bitscape {

/// Reads a folder per class of PNG and JPEG files, in the order of listFolder(). All images must have one size. The set is coloured if any
/// image of it is; grey ones then have three equal channels. The result does not depend on the number of threads.
/// Throws Error(BadInput) that names the file, and Cancelled.
ImageSet readFolder(const std::filesystem::path& folder, JobContext& context);

} // namespace bitscape
