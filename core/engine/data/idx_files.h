// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace bitscape {

/// The images and the labels of one part of an IDX data set.
struct IdxPair {
    std::filesystem::path images;
    std::filesystem::path labels;
};

/// The four files of an IDX data set.
struct IdxFiles {
    IdxPair train;
    IdxPair test;
};

/// Finds the files in a folder by the usual names: `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, `t10k-...`, or EMNIST's
/// `emnist-SPLIT-train-...` and `emnist-SPLIT-test-...`; with `.idx` for `-idx`, too, and with or without `.gz` (the plain file is
/// preferred). Throws Error(BadInput) that names a missing file, or two EMNIST splits in one folder.
IdxFiles findIdxFiles(const std::filesystem::path& folder);

} // namespace bitscape
