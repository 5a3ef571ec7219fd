// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/events.h"

#include <algorithm>
#include <cmath>

namespace bitscape {

void TimeLeft::note(double seconds, double done, double total)
{
    if (!std::isfinite(seconds) || !std::isfinite(done) || !std::isfinite(total) || total <= 0)
        return;
    const double interval = seconds - m_lastSeconds;
    const double work = done - m_lastDone;
    if (m_started && interval > 0 && work >= 0)
        weigh(interval, work);
    m_started = done > 0;
    m_lastSeconds = seconds;
    m_lastDone = done;

    constexpr double leastWatchedSeconds = 0.5;
    m_left.reset();
    if (m_work <= 0 || m_watched < leastWatchedSeconds)
        return;
    const double left = std::max(0.0, total - done) / (m_work / m_time);
    if (std::isfinite(left))
        m_left = left;
}

std::optional<double> TimeLeft::seconds() const
{
    return m_left;
}

/// Adds work done evenly over an interval. What is within it ages too, so that the mean does not depend on how often note() is called.
void TimeLeft::weigh(double interval, double work)
{
    m_watched += interval;
    const double tau = std::max(10.0, m_watched / 4);
    const double share = -tau / interval * std::expm1(-interval / tau);
    const double kept = std::exp(-interval / tau);
    m_time = m_time * kept + interval * share;
    m_work = m_work * kept + work * share;
}

} // namespace bitscape
