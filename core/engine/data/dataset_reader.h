// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"
#include "core/jobs/job_context.h"

#include <filesystem>
#include <string>
#include <vector>

namespace bitscape {

/// The kinds that readDataset() knows: idx, cifar10, cifar100, folder, glyphs.
std::vector<std::string> datasetKinds();

/// Reads and checks a whole data set (design.md section 5).
/// `path`: for `idx` a folder with the four MNIST-style files (plain or .gz; `train-images-idx3-ubyte`, `t10k-...` or EMNIST's
/// `emnist-*-train-images-idx3-ubyte` names), for `cifar10` / `cifar100` a folder with the binary batches, for `folder` a folder with
/// `train/CLASS/IMAGE` and `test/CLASS/IMAGE` (PNG, JPEG), for `glyphs` a recipe such as `train=8000,test=2000,seed=1` or empty.
/// Errors: BadInput, one sentence that names the file and what is wrong with it; Cancelled from the context.
ImageSet readDataset(const std::string& kind, const std::filesystem::path& path, JobContext& context);

} // namespace bitscape
