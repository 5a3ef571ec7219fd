// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/add_dataset.h"

#include "core/engine/data/batches.h"
#include "core/engine/data/dataset_reader.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace bitscape {
namespace {

constexpr std::size_t kSamplesPerClass = 8;
constexpr std::size_t kSampleBytes = std::size_t { 1 } << 20; ///< of all samples together, at most

std::vector<std::int64_t> countsOf(const ImagePart& part, int classes)
{
    std::vector<std::int64_t> counts(static_cast<std::size_t>(classes));
    for (const std::uint16_t label : part.labels)
        ++counts[label];
    return counts;
}

/// The first images of each class, as many of each as there are of the rarest: [classes, n, C, H, W]; empty where that is none.
std::vector<std::uint8_t> samplesOf(const ImageSet& set)
{
    const auto counts = countsOf(set.train, set.classes());
    const auto size = static_cast<std::size_t>(set.shape.size());
    const std::size_t affordable = kSampleBytes / (size * counts.size());
    const std::size_t perClass = std::min({ static_cast<std::size_t>(*std::ranges::min_element(counts)), kSamplesPerClass, affordable });
    std::vector<std::uint8_t> samples(counts.size() * perClass * size);
    std::vector<std::size_t> taken(counts.size());
    for (std::size_t i = 0; i < set.train.labels.size(); ++i) {
        const std::size_t label = set.train.labels[i];
        if (taken[label] < perClass)
            std::copy_n(set.train.pixels.data() + i * size, size, samples.data() + (label * perClass + taken[label]++) * size);
    }
    return samples;
}

Normalisation normalisationFor(const DatasetSource& source, const ImageSet& set)
{
    if (source.mean.empty() && source.stddev.empty())
        return normalisationOf(set.train, set.shape);
    checkNormalisation(source.mean, source.stddev, set.shape.channels);
    return { source.mean, source.stddev };
}

} // namespace

void checkNormalisation(const std::vector<double>& mean, const std::vector<double>& stddev, std::int64_t channels)
{
    const bool positive = std::ranges::all_of(stddev, [](double deviation) { return deviation > 0; });
    const bool complete = mean.empty() || static_cast<std::int64_t>(mean.size()) == channels;
    if (mean.size() != stddev.size() || !complete || !positive)
        throw Error(ErrorCode::BadArgument,
            "--mean and --std want one number per channel each, " + std::to_string(channels) + " here, --std above 0.");
}

DescribedDataset describeDataset(const DatasetSource& source, JobContext& context)
{
    const ImageSet set = readDataset(source.kind, source.path, context);
    const Normalisation normalisation = normalisationFor(source, set);
    Dataset dataset;
    dataset.name = source.name;
    dataset.kind = source.kind;
    dataset.path = source.path;
    dataset.fingerprint = set.fingerprint;
    dataset.channels = set.shape.channels;
    dataset.height = set.shape.height;
    dataset.width = set.shape.width;
    dataset.classNames = set.classNames;
    dataset.trainCounts = countsOf(set.train, set.classes());
    dataset.testCounts = countsOf(set.test, set.classes());
    dataset.mean = normalisation.mean;
    dataset.stddev = normalisation.stddev;
    return { dataset, samplesOf(set) };
}

DatasetId addDataset(Project& project, const DescribedDataset& described)
{
    Dataset dataset = described.dataset;
    if (!described.samples.empty())
        dataset.samples = project.putBlob(std::as_bytes(std::span(described.samples)));
    return addDataset(project, dataset);
}

} // namespace bitscape
