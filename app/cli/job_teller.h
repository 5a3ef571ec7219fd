// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/progress_bar.h"

#include "core/jobs/events.h"
#include "core/jobs/job_context.h"
#include "core/project/runs.h"

#include <chrono>
#include <optional>
#include <string>

namespace bitscape {

/// Tells whoever waits for a job how it goes: events on standard output (core/jobs/events.h), or a bar and lines on standard error. Used
/// from the job's thread, but for cutOff().
class JobTeller final {
public:
    /// `title` stands before the bar.
    JobTeller(bool events, std::string title);

    /// Ten times a second at most, and never backwards; answers whether it was told. `seconds`: of computing so far.
    bool progress(const Progress& progress, double seconds);
    /// The next progress is told at once.
    void restart() { m_told.reset(); }
    /// The most that any progress told, 0..1.
    double furthest() const { return m_furthest; }

    void log(const std::string& line);
    /// The one line on standard output that a command answers with, if it is not empty: an event's log line, or the line itself.
    void answer(const std::string& line);
    void resultsChanged();
    /// `failure`: the sentence, of a failed job.
    void state(RunState state, const std::string& failure = {});
    /// Takes the bar away.
    void clear() { m_bar.clear(); }

    /// In any thread, just before the process ends: tells that the job was cancelled, unless the job's thread holds standard output or
    /// nobody reads it, and `sentence` to the person.
    void cutOff(const std::string& sentence);

private:
    bool m_events;
    ProgressBar m_bar;
    TimeLeft m_left;
    std::optional<std::chrono::steady_clock::time_point> m_told;
    double m_furthest = 0;
};

} // namespace bitscape
