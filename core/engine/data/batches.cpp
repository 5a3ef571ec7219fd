// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/batches.h"

#include "core/base/random.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitscape {
namespace {

constexpr int kCropPadding = 4;

} // namespace

Normalisation normalisationOf(const ImagePart& part, const ImageShape& shape)
{
    Normalisation result;
    const std::int64_t area = std::int64_t { shape.height } * shape.width;
    for (int channel = 0; channel < shape.channels; ++channel) {
        std::uint64_t sum = 0;
        std::uint64_t squares = 0;
        for (std::int64_t i = 0; i < part.count(); ++i) {
            const std::uint8_t* pixels = part.pixels.data() + i * shape.size() + channel * area;
            for (std::int64_t p = 0; p < area; ++p) {
                sum += pixels[p];
                squares += std::uint64_t { pixels[p] } * pixels[p];
            }
        }
        const double count = static_cast<double>(area * part.count());
        const double mean = static_cast<double>(sum) / count;
        const double variance = static_cast<double>(squares) / count - mean * mean;
        result.mean.push_back(mean / 255);
        result.stddev.push_back(variance > 1e-9 ? std::sqrt(variance) / 255 : 1.0);
    }
    return result;
}

BatchMaker::BatchMaker(const ImagePart& part, const ImageShape& shape, const Normalisation& normalisation)
    : m_part(part)
    , m_shape(shape)
{
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(shape.channels); ++channel) {
        for (int pixel = 0; pixel < 256; ++pixel)
            m_table.push_back(static_cast<float>((pixel / 255.0 - normalisation.mean[channel]) / normalisation.stddev[channel]));
    }
}

/// Writes one image as [H,W,C], moved by (shiftY, shiftX) with zeros coming in, mirrored where `flip`.
void BatchMaker::write(std::int64_t image, int shiftY, int shiftX, bool flip, float* out) const
{
    const int height = m_shape.height;
    const int width = m_shape.width;
    const int channels = m_shape.channels;
    const std::uint8_t* pixels = m_part.pixels.data() + image * m_shape.size();
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int fromY = y + shiftY;
            const int fromX = (flip ? width - 1 - x : x) + shiftX;
            const bool inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
            for (int c = 0; c < channels; ++c)
                *out++ = inside ? m_table[static_cast<std::size_t>(c * 256 + pixels[(c * height + fromY) * width + fromX])] : 0.0F;
        }
    }
}

at::Tensor BatchMaker::images(std::span<const std::int64_t> indices) const
{
    return augmented(indices, {}, 0);
}

at::Tensor BatchMaker::augmented(std::span<const std::int64_t> indices, const Augmentation& augmentation, std::uint64_t seed) const
{
    const auto count = static_cast<std::int64_t>(indices.size());
    at::Tensor batch = at::empty({ count, m_shape.height, m_shape.width, m_shape.channels }, at::kFloat);
    float* out = batch.data_ptr<float>();
    at::parallel_for(0, count, 8, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const std::int64_t image = indices[static_cast<std::size_t>(i)];
            Random random(deriveSeed(seed, static_cast<std::uint64_t>(image)));
            const int shiftY = augmentation.crop ? static_cast<int>(random.below(2 * kCropPadding + 1)) - kCropPadding : 0;
            const int shiftX = augmentation.crop ? static_cast<int>(random.below(2 * kCropPadding + 1)) - kCropPadding : 0;
            const bool flip = augmentation.flip && random.below(2) == 1;
            write(image, shiftY, shiftX, flip, out + i * m_shape.size());
        }
    });
    return batch.permute({ 0, 3, 1, 2 });
}

at::Tensor BatchMaker::labels(std::span<const std::int64_t> indices) const
{
    at::Tensor labels = at::empty({ static_cast<std::int64_t>(indices.size()) }, at::kLong);
    std::ranges::transform(
        indices, labels.data_ptr<std::int64_t>(), [&](std::int64_t i) { return m_part.labels[static_cast<std::size_t>(i)]; });
    return labels;
}

std::vector<Batch> batchesOf(
    const ImageSet& set, const Split& split, const Normalisation& normalisation, int batchSize, const at::Device& device)
{
    std::vector<std::int64_t> indices(static_cast<std::size_t>(split.count()));
    std::iota(indices.begin(), indices.end(), split.first);
    return batchesOf(set, partOf(set, split), indices, normalisation, batchSize, false, device);
}

std::vector<Batch> batchesOf(const ImageSet& set, const ImagePart& part, std::span<const std::int64_t> indices,
    const Normalisation& normalisation, int batchSize, bool mergeLast, const at::Device& device)
{
    const BatchMaker maker(part, set.shape, normalisation);
    std::vector<Batch> batches;
    std::size_t begin = 0;
    while (begin < indices.size()) {
        std::size_t count = std::min(indices.size() - begin, static_cast<std::size_t>(batchSize));
        const std::size_t left = indices.size() - begin - count;
        if (mergeLast && left < static_cast<std::size_t>(batchSize))
            count += left;
        const auto chosen = indices.subspan(begin, count);
        batches.push_back({ maker.images(chosen).to(device), maker.labels(chosen).to(device) });
        begin += count;
    }
    return batches;
}

} // namespace bitscape
