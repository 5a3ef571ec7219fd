// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"
#include "core/project/datasets.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// A data set as a person names it.
struct DatasetSource {
    std::string name, kind, path;
    std::vector<double> mean, stddev; ///< empty: measured on the training images
};

/// A normalisation as a person gives it: nothing, or a mean and a deviation above 0 for each channel. Throws Error(BadArgument).
void checkNormalisation(const std::vector<double>& mean, const std::vector<double>& stddev, std::int64_t channels);

/// A data set as the project is to keep it.
struct DescribedDataset {
    Dataset dataset;                   ///< without `samples`
    std::vector<std::uint8_t> samples; ///< the first images of each class, [classes,n,C,H,W]; may be empty
};

/// Reads and checks a data set and describes it: fingerprint, shape, classes, counts, normalisation and the first images of each class.
/// Writes nothing. Throws Error(BadInput) with the reader's sentence, BadArgument for a normalisation that does not fit.
DescribedDataset describeDataset(const DatasetSource& source, JobContext& context);

/// Stores it with its samples. Throws as addDataset() of an entry alone.
DatasetId addDataset(Project& project, const DescribedDataset& described);

} // namespace bitscape
