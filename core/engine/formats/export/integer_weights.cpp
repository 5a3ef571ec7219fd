// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/integer_weights.h"

#include "core/engine/quantize/bit_network.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace bitscape {

IntegerWeights integerWeights(const at::Tensor& weight, const std::vector<std::uint8_t>& bits, const QuantizerOptions& options)
{
    const QuantizedWeight quantized = quantizeWeight(weight, bits, options);
    const float* values = quantized.values.data_ptr<float>();
    IntegerWeights result;
    result.bits = bits;
    result.levels.resize(static_cast<std::size_t>(quantized.values.numel()));
    const std::size_t perFilter = result.perFilter();
    for (std::size_t f = 0; f < bits.size(); ++f) {
        const float scale = quantized.scales.data_ptr<float>()[f];
        result.scales.push_back(scale);
        for (std::size_t i = f * perFilter; i < (f + 1) * perFilter; ++i) {
            const auto level = static_cast<std::int16_t>(scale > 0 ? std::lround(values[i] / scale) : 0);
            if (static_cast<float>(level) * scale != values[i])
                throw Error(ErrorCode::Internal, "A quantized weight is no multiple of its scale.");
            result.levels[i] = level;
            result.largest = std::max(result.largest, std::abs(int { level }));
        }
    }
    return result;
}

} // namespace bitscape
