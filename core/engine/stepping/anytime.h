// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/answers.h"
#include "core/engine/evaluate/prepared_images.h"
#include "core/jobs/stepping_result.h"

#include <cstdint>
#include <vector>

namespace bitscape {

/// Accuracy against mean MACs when each image stops at the first subnet whose confidence reaches a threshold, for thresholds 0 to 1 in
/// hundredths (methods.md section 7). `answers`: per subnet, of the same images; `macs`: of each subnet.
std::vector<AnytimePoint> anytimeCurve(
    const std::vector<std::vector<Answer>>& answers, const std::vector<std::int64_t>& macs, const PreparedImages& images);

} // namespace bitscape
