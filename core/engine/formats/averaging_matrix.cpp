// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/averaging_matrix.h"

namespace bitscape {

std::vector<float> averagingMatrix(std::int64_t in, std::int64_t out)
{
    std::vector<float> matrix(static_cast<std::size_t>(in * out));
    for (std::int64_t to = 0; to < out; ++to) {
        const std::int64_t begin = to * in / out, end = ((to + 1) * in + out - 1) / out;
        for (std::int64_t from = begin; from < end; ++from)
            matrix[static_cast<std::size_t>(from * out + to)] = 1.0F / static_cast<float>(end - begin);
    }
    return matrix;
}

} // namespace bitscape
