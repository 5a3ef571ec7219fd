// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/image_set.h"
#include "core/engine/data/split.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bitscape {

/// Mean and standard deviation per channel, of pixels scaled to 0..1.
struct Normalisation {
    std::vector<double> mean, stddev;
    bool operator==(const Normalisation&) const = default;
};

/// Over all images of a part, in double. Channels that never vary get a deviation of 1.
Normalisation normalisationOf(const ImagePart& part, const ImageShape& shape);

/// What happens to an image between the file and the network when a network is trained.
struct Augmentation {
    bool crop = false; ///< a random crop after 4 pixels of zero padding (zero after normalisation)
    bool flip = false; ///< a random horizontal flip
};

/// Turns bytes into what a network reads: (pixel / 255 - mean) / stddev as float32 [n,C,H,W], in channels-last order.
class BatchMaker final {
public:
    BatchMaker(const ImagePart& part, const ImageShape& shape, const Normalisation& normalisation);

    /// `indices`: positions within the part.
    at::Tensor images(std::span<const std::int64_t> indices) const;

    /// The same, augmented: image i of the batch by a stream of its own that depends on `seed` and its position in the part alone.
    at::Tensor augmented(std::span<const std::int64_t> indices, const Augmentation& augmentation, std::uint64_t seed) const;

    /// [n], int64.
    at::Tensor labels(std::span<const std::int64_t> indices) const;

private:
    void write(std::int64_t image, int shiftY, int shiftX, bool flip, float* out) const;

    const ImagePart& m_part;
    ImageShape m_shape;
    std::vector<float> m_table; ///< [channels, 256]
};

/// A batch ready to be run.
struct Batch {
    at::Tensor images; ///< [n,C,H,W]
    at::Tensor labels; ///< [n], int64
};

/// Batches of a split's images on a device, in order; the last may be smaller.
std::vector<Batch> batchesOf(
    const ImageSet& set, const Split& split, const Normalisation& normalisation, int batchSize, const at::Device& device);

/// Batches of images given by position within a part; a remainder of less than `batchSize` joins the last one where `mergeLast`.
std::vector<Batch> batchesOf(const ImageSet& set, const ImagePart& part, std::span<const std::int64_t> indices,
    const Normalisation& normalisation, int batchSize, bool mergeLast, const at::Device& device);

} // namespace bitscape
