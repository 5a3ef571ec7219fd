// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network_test_support.h"

#include "core/network/allocation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace bitscape::test {

/// D[f, b] over the given bits: the class-weighted sum of methods.md section 3a.
inline std::vector<double> slowDamage(const SensitivityTable& table, std::size_t layer, std::size_t filter, const std::vector<int>& bits,
    const std::vector<double>& classWeights)
{
    std::vector<double> damage;
    for (const int b : bits) {
        const auto column = std::ranges::find(table.bits, b) - table.bits.begin();
        double sum = 0;
        for (std::size_t m = 0; m < classWeights.size(); ++m)
            sum += classWeights[m]
                * static_cast<double>(
                    table.damage[layer][(filter * table.bits.size() + static_cast<std::size_t>(column)) * classWeights.size() + m]);
        damage.push_back(sum);
    }
    return damage;
}

/// A corner of the lower convex hull is a point that lies below every line between a point before and a point behind it.
inline bool isCorner(const std::vector<int>& bits, const std::vector<double>& damage, std::size_t at)
{
    for (std::size_t i = 0; i < at; ++i) {
        for (std::size_t k = at + 1; k < bits.size(); ++k) {
            const double line = damage[i] * (bits[k] - bits[at]) + damage[k] * (bits[at] - bits[i]);
            if (damage[at] * (bits[k] - bits[i]) >= line)
                return false;
        }
    }
    return true;
}

/// Where a filter can go from the first allowed bits, in order: the corners down to the least damage.
inline std::vector<std::size_t> fallingCorners(const std::vector<int>& bits, const std::vector<double>& damage)
{
    const auto least = static_cast<std::size_t>(std::ranges::min_element(damage) - damage.begin());
    std::vector<std::size_t> corners;
    for (std::size_t at = 1; at <= least; ++at) {
        if (at == least || isCorner(bits, damage, at))
            corners.push_back(at);
    }
    return corners;
}

/// A filter on its way up.
struct Climber {
    std::size_t layer = 0, filter = 0;
    double weights = 0;
    std::vector<double> damage;
    std::vector<std::size_t> corners; ///< still to come
    std::size_t at = 0;
    /// Decrease of D per weight bit of the next step.
    double gain(const std::vector<int>& bits) const
    {
        return (damage[at] - damage[corners.front()]) / (bits[corners.front()] - bits[at]) / weights;
    }
};

/// methods.md section 3a word for word: looks at every filter again before every single step.
inline LayerBits slowAllocation(const std::vector<Layer>& layers, const SensitivityTable& table, const AllocationRequest& request)
{
    const auto& allowed = request.choice.allowed;
    const std::vector<double> classWeights = request.classWeights.empty()
        ? std::vector<double>(static_cast<std::size_t>(table.classes), 1.0 / table.classes)
        : request.classWeights;
    LayerBits bits;
    std::vector<Climber> climbers;
    std::int64_t used = 0, total = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        bits.emplace_back(static_cast<std::size_t>(layers[i].filters), static_cast<std::uint8_t>(request.choice.edgeBits));
        for (std::size_t f = 0; layers[i].quantizable && f < bits[i].size(); ++f) {
            const bool isLocked = !request.locked.empty() && !request.locked[i].empty() && request.locked[i][f] != 255;
            bits[i][f] = isLocked ? request.locked[i][f] : static_cast<std::uint8_t>(allowed.front());
            used += layers[i].weightsPerFilter() * bits[i][f];
            total += layers[i].weightsPerFilter();
            if (isLocked)
                continue;
            const auto damage = slowDamage(table, i, f, allowed, classWeights);
            climbers.push_back({ i, f, static_cast<double>(layers[i].weightsPerFilter()), damage, fallingCorners(allowed, damage), 0 });
        }
    }
    while (true) {
        Climber* best = nullptr; // the first of equals
        for (Climber& climber : climbers) {
            if (!climber.corners.empty() && (!best || climber.gain(allowed) > best->gain(allowed)))
                best = &climber;
        }
        if (!best)
            return bits;
        const std::int64_t more = (allowed[best->corners.front()] - allowed[best->at]) * layers[best->layer].weightsPerFilter();
        if (static_cast<double>(used + more) > (request.targetBits + 1e-9) * static_cast<double>(total)) {
            best->corners.clear(); // skipped, and what would come after it with it
            continue;
        }
        used += more;
        best->at = best->corners.front();
        best->corners.erase(best->corners.begin());
        bits[best->layer][best->filter] = static_cast<std::uint8_t>(allowed[best->at]);
    }
}

/// Sorts each filter's damages in every class, so that more bits never hurt.
inline void fall(SensitivityTable& table)
{
    const std::size_t classes = static_cast<std::size_t>(table.classes), columns = table.bits.size();
    for (auto& damage : table.damage) {
        for (std::size_t row = 0; row < damage.size() / (columns * classes); ++row) {
            for (std::size_t m = 0; m < classes; ++m) {
                std::multiset<float, std::greater<>> sorted;
                for (std::size_t b = 0; b < columns; ++b)
                    sorted.insert(damage[(row * columns + b) * classes + m]);
                auto next = sorted.begin();
                for (std::size_t b = 0; b < columns; ++b)
                    damage[(row * columns + b) * classes + m] = *next++;
            }
        }
    }
}

/// At least one of the bit-widths.
inline std::vector<int> randomSubset(const std::vector<int>& bits, Random& random)
{
    std::vector<int> subset;
    for (const int b : bits) {
        if (random.below(3) != 0)
            subset.push_back(b);
    }
    return subset.empty() ? bits : subset;
}

/// Every filter free or at 0..8 bits, some layers free as a whole.
inline LayerBits randomLocks(const std::vector<Layer>& layers, Random& random)
{
    LayerBits locked;
    for (const Layer& layer : layers) {
        locked.emplace_back();
        const bool free = random.below(3) == 0;
        for (std::int64_t f = 0; !free && f < layer.filters; ++f)
            locked.back().push_back(static_cast<std::uint8_t>(random.below(2) == 0 ? 255 : random.below(9)));
    }
    return locked;
}

} // namespace bitscape::test
