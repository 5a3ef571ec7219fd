// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/sequential_test.h"

#include <algorithm>
#include <cmath>

namespace bitscape {
namespace {

/// What the first stakes assume: as if this many draws of this square had been seen.
constexpr double kPriorDraws = 10;
constexpr double kPriorSquare = 0.05;
/// Share of the wealth that the worst draw may take.
constexpr double kBoldness = 0.9;

} // namespace

std::int64_t leastRight(double floor, std::int64_t images)
{
    const auto reaches = [&](std::int64_t right) { return static_cast<double>(right) / static_cast<double>(images) >= floor; };
    auto least = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(floor * static_cast<double>(images))), 0, images + 1);
    while (least > 0 && reaches(least - 1))
        --least;
    while (least <= images && !reaches(least))
        ++least;
    return least;
}

void BetAgainstSum::draw(int value)
{
    const double highest = static_cast<double>(m_room) / static_cast<double>(m_left); // mean of what is left, if the bound holds
    if (highest > -1) {
        const double draws = m_drawn + kPriorDraws;
        const double lead = m_sum / draws - highest;
        const double variance = (m_squares + kPriorDraws * kPriorSquare) / draws - (m_sum / draws) * (m_sum / draws);
        const double stake = std::clamp(lead / (variance + lead * lead), 0.0, kBoldness / (1 + highest));
        m_logWealth += std::log1p(stake * (value - highest));
    }
    --m_left;
    m_room -= value;
    m_drawn += 1;
    m_sum += value;
    m_squares += value * value;
    if (m_room < -m_left)
        m_logWealth = INFINITY;
}

SequentialTest::SequentialTest(std::int64_t images, std::int64_t baseRight, std::int64_t needed, double delta)
    : m_above(images, needed - 1 - baseRight)
    , m_below(images, baseRight - needed)
    , m_wanted(-std::log(delta))
{
}

void SequentialTest::draw(int difference)
{
    m_above.draw(difference);
    m_below.draw(-difference);
}

std::optional<bool> SequentialTest::verdict() const
{
    if (m_above.logWealth() >= m_wanted)
        return true;
    if (m_below.logWealth() >= m_wanted)
        return false;
    return std::nullopt;
}

} // namespace bitscape
