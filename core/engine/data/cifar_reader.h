// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"
#include "core/jobs/job_context.h"

#include <filesystem>

namespace bitscape {

/// Reads CIFAR-10 in its binary form: data_batch_1.bin to data_batch_5.bin and test_batch.bin, of records of 3073 bytes (label, 3x32x32),
/// and the names in batches.meta.txt if it is there. `folder` holds the files or the folder cifar-10-batches-bin.
/// Throws Error(BadInput) that names the file and record, and Cancelled.
ImageSet readCifar10(const std::filesystem::path& folder, JobContext& context);

/// Reads CIFAR-100 in its binary form: train.bin and test.bin, of records of 3074 bytes (coarse label, fine label, 3x32x32), and the
/// names in fine_label_names.txt if it is there. The classes are the fine ones. `folder` holds the files or the folder cifar-100-binary.
ImageSet readCifar100(const std::filesystem::path& folder, JobContext& context);

} // namespace bitscape
