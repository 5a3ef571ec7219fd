// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/prepared_images.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitscape {

PreparedImages::PreparedImages(const ImagePart& part, const ImageShape& shape, const Normalisation& normalisation,
    std::vector<std::int64_t> positions, int batchSize, const at::Device& device, std::int64_t cacheBytes)
    : m_part(part)
    , m_maker(part, shape, normalisation)
    , m_positions(std::move(positions))
    , m_batchSize(batchSize)
    , m_device(device)
    , m_keeps(count() * shape.size() * static_cast<std::int64_t>(sizeof(float)) <= cacheBytes)
{
    prepare();
}

void PreparedImages::prepare()
{
    m_kept.clear();
    for (std::size_t batch = 0; m_keeps && batch < batches(); ++batch)
        m_kept.push_back(made(batch));
}

void PreparedImages::reorder(const std::vector<std::size_t>& places)
{
    std::vector<std::int64_t> positions;
    std::ranges::transform(places, std::back_inserter(positions), [&](std::size_t place) { return m_positions[place]; });
    m_positions = std::move(positions);
    prepare();
}

std::size_t PreparedImages::batches() const
{
    const auto size = static_cast<std::size_t>(m_batchSize);
    return (m_positions.size() + size - 1) / size;
}

std::size_t PreparedImages::size(std::size_t batch) const
{
    return std::min(static_cast<std::size_t>(m_batchSize), m_positions.size() - first(batch));
}

at::Tensor PreparedImages::images(std::size_t batch) const
{
    return m_kept.empty() ? made(batch) : m_kept[batch];
}

at::Tensor PreparedImages::made(std::size_t batch) const
{
    const auto begin = m_positions.begin() + static_cast<std::ptrdiff_t>(first(batch));
    std::vector<std::int64_t> chosen(begin, begin + static_cast<std::ptrdiff_t>(size(batch)));
    chosen.resize(static_cast<std::size_t>(m_batchSize), chosen.front());
    return m_maker.images(chosen).to(m_device);
}

} // namespace bitscape
