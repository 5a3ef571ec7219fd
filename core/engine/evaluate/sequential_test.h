// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace bitscape {

/// The least number of right answers out of `images` whose share is at or above `floor`; images + 1 where none is.
std::int64_t leastRight(double floor, std::int64_t images);

/// Evidence that the sum of `count` numbers in -1..1, drawn at random without replacement, is above a bound: the wealth of a bet against
/// the sum being at or below it, which by Ville's inequality ever exceeds 1 / delta with a probability of at most delta if it is
/// (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", 2023, section 5; stakes by their approximate growth
/// rule).
class BetAgainstSum final {
public:
    BetAgainstSum(std::int64_t count, std::int64_t bound)
        : m_left(count)
        , m_room(bound)
    {
    }

    void draw(int value);
    /// ln of the wealth; infinite once the bound is impossible.
    double logWealth() const { return m_logWealth; }

private:
    std::int64_t m_left; ///< numbers not drawn yet
    std::int64_t m_room; ///< what they may add up to at most, if the bound holds
    double m_drawn = 0, m_sum = 0, m_squares = 0;
    double m_logWealth = 0;
};

/// Whether at least `needed` of `images` answers are right, told from the differences to answers of which `baseRight` are known to be
/// right: most images are answered alike, so that few draws tell how the two accuracies differ. However often it is asked, it is wrong with
/// a probability of at most `delta`.
class SequentialTest final {
public:
    SequentialTest(std::int64_t images, std::int64_t baseRight, std::int64_t needed, double delta);

    /// One image, drawn at random: right now (0 or 1) less right then.
    void draw(int difference);
    /// True, false, or open.
    std::optional<bool> verdict() const;

private:
    BetAgainstSum m_above; ///< against fewer than needed
    BetAgainstSum m_below; ///< against needed or more
    double m_wanted;
};

} // namespace bitscape
