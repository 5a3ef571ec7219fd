// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace bitscape {

/// The protocol between a worker and whoever started it: one JSON object per line on standard output.
///   {"event":"progress","done":3.5,"total":10,"stage":"epoch 2/3","seconds_left":12.5,"figures":{"accuracy":0.87}}
///   {"event":"log","line":"..."}   {"event":"results"}   {"event":"state","state":"finished","failure":""}
/// and one word per line on standard input: pause, resume, cancel.

/// A longer line is no event.
inline constexpr std::size_t kMaxEventLineBytes = 1024 * 1024;

/// What a line from a worker tells.
enum class EventKind { Progress, Log, Results, State };

/// One line from a worker.
struct Event {
    EventKind kind = EventKind::Log;
    Progress progress;
    std::optional<double> secondsLeft; ///< Progress: an estimate, not negative
    std::string text;                  ///< Log: the line; State: the state's word
    std::string failure;               ///< State "failed": the sentence
    bool operator==(const Event&) const = default;
};

/// One line, without the newline, always valid UTF-8. Numbers that are not finite are left out; texts are cut after 64 KiB.
std::string toLine(const Event& event);

/// Nothing where the line is not an event (a worker may print garbage): no JSON object, no known event or state, a value of another type
/// or a total that is not positive. `done` is brought into 0..total; what is absent has its default; unknown members are ignored.
std::optional<Event> eventFrom(const std::string& line);

/// What a worker is told on standard input.
enum class Command { Pause, Resume, Cancel };
/// The command that a line is, white space around it aside; nothing where it is none.
std::optional<Command> commandFrom(const std::string& line);
/// The command's word, without the newline.
std::string toLine(Command command);

/// Estimates what is left of a job from the rate of the last part of it: a mean rate in which work counts exp(-age / tau), with tau the
/// latest quarter of the time watched, at least 10 s. What was done before the first note with work done (by an earlier session, say),
/// and steps in no time or backwards, are no speed.
class TimeLeft final {
public:
    /// `seconds`: computing time so far; `done`, `total`: units of work over the whole job. The total may change; values that are not
    /// finite and totals that are not positive are ignored.
    void note(double seconds, double done, double total);
    /// Seconds, as of the last note; nothing until there is a rate to go by (half a second of work).
    std::optional<double> seconds() const;

private:
    void weigh(double interval, double work);

    bool m_started = false;
    double m_lastSeconds = 0, m_lastDone = 0;
    double m_watched = 0;          ///< seconds
    double m_work = 0, m_time = 0; ///< weighted sums over what was watched; their ratio is the rate
    std::optional<double> m_left;
};

} // namespace bitscape
