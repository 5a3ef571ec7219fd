// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bitscape {

/// One image file of a folder data set.
struct ListedImage {
    std::string name; ///< relative to the data set's folder: "train/CLASS/FILE"
    std::uint16_t label = 0;
    bool operator==(const ListedImage&) const = default;
};

/// All image files of a folder data set, in their order as images.
struct FolderListing {
    std::vector<std::string> classNames; ///< the folders in train/, in byte order
    std::vector<ListedImage> train;
    std::vector<ListedImage> test;
};

/// The seeds of the order: train uses the first, test the second.
inline constexpr std::uint64_t kFolderTrainOrderSeed = 0x6269747363617065; // "bitscape"
inline constexpr std::uint64_t kFolderTestOrderSeed = 0x6269747363617066;

/// Lists `folder`/train/CLASS/IMAGE and `folder`/test/CLASS/IMAGE, images by their endings png, jpg, jpeg in either case.
/// Order: sorted by (class, file name) in byte order, then shuffle() of core/base/random.h with Random(seed above): so a slice such as
/// train[90%:] has all classes, and the same folder has the same order everywhere. Hidden files and folders are skipped in silence,
/// other files with a line in the log. Throws Error(BadInput) that names the folder, and Cancelled.
FolderListing listFolder(const std::filesystem::path& folder, JobContext& context);

} // namespace bitscape
