// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace bitscape {

/// [in, out], row-major: what adaptive average pooling of `in` positions to `out` does along one axis, as a matrix. Exporters write it
/// where a format has windows of one size only, importers know it again.
std::vector<float> averagingMatrix(std::int64_t in, std::int64_t out);

} // namespace bitscape
