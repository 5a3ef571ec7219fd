// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/data/image_set.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace bitscape {

/// Images of one part, in a chosen order, in batches of one size, as a network reads them: decoded and normalised once and kept, as long as
/// they fit into `cacheBytes`, else made anew for every use. The last batch is filled up with its first image, so that all batches run
/// through the same kernels and an image's result does not depend on where it stands.
class PreparedImages final {
public:
    /// `positions` within `part`, which outlives this.
    PreparedImages(const ImagePart& part, const ImageShape& shape, const Normalisation& normalisation, std::vector<std::int64_t> positions,
        int batchSize, const at::Device& device, std::int64_t cacheBytes);

    std::size_t batches() const;
    int batchSize() const { return m_batchSize; }
    std::int64_t count() const { return static_cast<std::int64_t>(m_positions.size()); }
    const at::Device& device() const { return m_device; }

    /// [batchSize,C,H,W], channels-last. May be called from several threads.
    at::Tensor images(std::size_t batch) const;
    /// Which images these are (fewer than batchSize in the last batch), as places in the order.
    std::size_t first(std::size_t batch) const { return batch * static_cast<std::size_t>(m_batchSize); }
    std::size_t size(std::size_t batch) const;
    /// True class of an image by its place in the order.
    std::uint16_t label(std::size_t place) const { return m_part.labels[static_cast<std::size_t>(m_positions[place])]; }
    std::int64_t position(std::size_t place) const { return m_positions[place]; }

    /// Puts the image at places[i] into place i.
    void reorder(const std::vector<std::size_t>& places);

private:
    void prepare();
    at::Tensor made(std::size_t batch) const;

    const ImagePart& m_part;
    BatchMaker m_maker;
    std::vector<std::int64_t> m_positions;
    int m_batchSize;
    at::Device m_device;
    bool m_keeps;                   ///< whether all fit into the bound
    std::vector<at::Tensor> m_kept; ///< empty where they do not fit
};

} // namespace bitscape
