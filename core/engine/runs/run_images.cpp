// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_images.h"

#include <algorithm>
#include <memory>
#include <numeric>

namespace bitscape {
namespace {

constexpr int kCalibrationBatch = 100;
constexpr std::int64_t kDefaultCacheMebibytes = 1024; ///< of run kinds without the parameter

} // namespace

std::string textOf(const Split& split)
{
    return split.part + "[" + std::to_string(split.first) + ":" + std::to_string(split.last) + "]";
}

std::vector<std::int64_t> positionsOf(const Split& split)
{
    std::vector<std::int64_t> positions(static_cast<std::size_t>(split.count()));
    std::iota(positions.begin(), positions.end(), split.first);
    return positions;
}

PreparedImages preparedImages(const RunInputs& inputs, const Split& split, std::vector<std::int64_t> positions, int batchSize)
{
    const bool usedOnce = inputs.run.kind == RunKind::Score || inputs.run.kind == RunKind::Evaluate;
    const std::int64_t bytes = usedOnce ? 0 : inputs.run.parameters.value("cache_mib", kDefaultCacheMebibytes) << 20;
    return { partOf(inputs.images, split), inputs.images.shape, inputs.normalisation, std::move(positions), batchSize, inputs.device,
        bytes };
}

std::string calibrationText(const RunInputs& inputs)
{
    const nlohmann::json own = inputs.parameter("calibration_split");
    if (!own.is_null())
        return textOf(resolveSplit(own.get<std::string>(), inputs.images));
    const std::string split = inputs.parameter("score_split").get<std::string>();
    return textOf(resolveSplit(split, inputs.images)) + " x" + std::to_string(inputs.parameter("samples_per_class").get<int>());
}

std::vector<Batch> calibrationBatches(const RunInputs& inputs)
{
    const nlohmann::json own = inputs.parameter("calibration_split");
    const Split split = resolveSplit((own.is_null() ? inputs.parameter("score_split") : own).get<std::string>(), inputs.images);
    std::vector<std::int64_t> indices;
    if (own.is_null()) {
        indices = firstPerClass(inputs.images, split, inputs.parameter("samples_per_class").get<int>());
        // In file order, so that every batch has its share of all classes.
        std::ranges::sort(indices);
    } else {
        for (std::int64_t i = split.first; i < split.last; ++i)
            indices.push_back(i);
    }
    return batchesOf(inputs.images, partOf(inputs.images, split), indices, inputs.normalisation, kCalibrationBatch, true, inputs.device);
}

std::vector<std::vector<Batch>> classBatches(const RunInputs& inputs, int batchSize)
{
    const Split split = resolveSplit(inputs.parameter("score_split").get<std::string>(), inputs.images);
    const int perClass = inputs.parameter("samples_per_class").get<int>();
    const auto indices = firstPerClass(inputs.images, split, perClass);
    std::vector<std::vector<Batch>> result;
    for (std::size_t m = 0; m < inputs.images.classNames.size(); ++m) {
        const std::span<const std::int64_t> own(
            indices.data() + m * static_cast<std::size_t>(perClass), static_cast<std::size_t>(perClass));
        result.push_back(
            batchesOf(inputs.images, partOf(inputs.images, split), own, inputs.normalisation, batchSize, false, inputs.device));
    }
    return result;
}

std::vector<ClassBatch> classBatchesOnDemand(const RunInputs& inputs, int batchSize)
{
    const Split split = resolveSplit(inputs.parameter("score_split").get<std::string>(), inputs.images);
    const auto perClass = static_cast<std::size_t>(inputs.parameter("samples_per_class").get<int>());
    const auto indices = firstPerClass(inputs.images, split, static_cast<int>(perClass));
    const auto maker = std::make_shared<const BatchMaker>(partOf(inputs.images, split), inputs.images.shape, inputs.normalisation);
    std::vector<ClassBatch> result;
    for (std::size_t m = 0; m < inputs.images.classNames.size(); ++m) {
        for (std::size_t begin = 0; begin < perClass; begin += static_cast<std::size_t>(batchSize)) {
            const std::size_t count = std::min(perClass - begin, static_cast<std::size_t>(batchSize));
            const auto first = indices.begin() + static_cast<std::ptrdiff_t>(m * perClass + begin);
            const std::vector<std::int64_t> chosen(first, first + static_cast<std::ptrdiff_t>(count));
            result.push_back({ m, [maker, chosen, device = inputs.device] { return maker->images(chosen).to(device); } });
        }
    }
    return result;
}

} // namespace bitscape
