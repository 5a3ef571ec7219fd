// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepping/anytime.h"

namespace bitscape {

std::vector<AnytimePoint> anytimeCurve(
    const std::vector<std::vector<Answer>>& answers, const std::vector<std::int64_t>& macs, const PreparedImages& images)
{
    constexpr int kSteps = 100;
    std::vector<AnytimePoint> curve;
    const auto count = static_cast<std::size_t>(images.count());
    for (int i = 0; i <= kSteps; ++i) {
        AnytimePoint point { static_cast<double>(i) / kSteps, 0, 0 };
        for (std::size_t image = 0; image < count; ++image) {
            std::size_t k = 0;
            while (k + 1 < answers.size() && static_cast<double>(answers[k][image].confidence) < point.threshold)
                ++k;
            point.macs += static_cast<double>(macs[k]);
            point.accuracy += answers[k][image].label == images.label(image) ? 1 : 0;
        }
        point.macs /= static_cast<double>(count);
        point.accuracy /= static_cast<double>(count);
        curve.push_back(point);
    }
    return curve;
}

} // namespace bitscape
