// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/ids.h"
#include "core/project/project.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// A data set's entry: where it is and what it looked like when it was added. The images stay where they are.
struct Dataset {
    DatasetId id;
    std::string name;        ///< unique in the project
    std::string kind;        ///< see datasetKinds()
    std::string path;        ///< absolute, or a recipe for glyphs
    std::string fingerprint; ///< SHA-256 of what was read
    int channels = 0, height = 0, width = 0;
    std::vector<std::string> classNames;
    std::vector<std::int64_t> trainCounts, testCounts; ///< images per class
    std::vector<double> mean, stddev;                  ///< per channel, of pixels scaled to 0..1
    std::string samples; ///< SHA-256 of a blob with the first images of each class, [classes,n,C,H,W] bytes; may be empty
    std::string created;
    bool operator==(const Dataset&) const = default;
};

/// Throws Error(BadArgument) if the name is empty, only blanks or taken: to be known before a large data set is read.
void requireFreeDatasetName(Project& project, const std::string& name);

/// Stores a data set's entry (id and created are ignored). Throws Error(BadArgument) if the name is empty, only blanks or taken, if a class
/// name is not UTF-8, or if `samples` is no stored blob.
DatasetId addDataset(Project& project, const Dataset& dataset);

/// All data sets, oldest first.
std::vector<Dataset> datasets(Project& project);

/// Throws Error(BadArgument) that names the number if there is none.
Dataset dataset(Project& project, DatasetId id);

/// By name, else by number, else nothing.
std::optional<Dataset> findDataset(Project& project, const std::string& nameOrNumber);

/// Throws Error(BadArgument) that names the runs while any run refers to it.
void removeDataset(Project& project, DatasetId id);

} // namespace bitscape
