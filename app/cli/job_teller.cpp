// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/job_teller.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace bitscape {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);

/// Writes one event line at once, so that whoever reads sees it now.
void emit(const Event& event)
{
    std::cout << toLine(event) + "\n" << std::flush;
}

/// Whether standard output takes a line at once: whoever should read it may have stopped, with the job's thread waiting for them.
bool canWrite()
{
    pollfd output { STDOUT_FILENO, POLLOUT, 0 };
    if (ftrylockfile(stdout) != 0)
        return false;
    funlockfile(stdout);
    return poll(&output, 1, 0) == 1 && (output.revents & POLLOUT) != 0;
}

} // namespace

JobTeller::JobTeller(bool events, std::string title)
    : m_events(events)
    , m_bar(std::move(title))
{
}

bool JobTeller::progress(const Progress& progress, double seconds)
{
    const auto now = std::chrono::steady_clock::now();
    if (m_told && now - *m_told < kInterval && progress.done < progress.total)
        return false;
    m_told = now;
    // A move that a search takes back is no step backwards of the job.
    m_furthest = std::max(m_furthest, progress.total > 0 ? progress.done / progress.total : 0);
    m_left.note(seconds, m_furthest, 1);
    const Progress shown { m_furthest, 1, progress.stage, progress.figures };
    if (m_events)
        emit({ EventKind::Progress, shown, m_left.seconds(), {}, {} });
    else
        m_bar.draw(shown, m_left.seconds());
    return true;
}

void JobTeller::log(const std::string& line)
{
    if (m_events)
        emit({ EventKind::Log, {}, {}, line, {} });
    else
        m_bar.say(line);
}

void JobTeller::answer(const std::string& line)
{
    m_bar.clear();
    if (line.empty())
        return;
    if (m_events)
        emit({ EventKind::Log, {}, {}, line, {} });
    else
        std::cout << line << std::endl;
}

void JobTeller::resultsChanged()
{
    if (m_events)
        emit({ EventKind::Results, {}, {}, {}, {} });
}

void JobTeller::state(RunState state, const std::string& failure)
{
    m_bar.clear();
    if (m_events)
        emit({ EventKind::State, {}, {}, toString(state), failure });
}

void JobTeller::cutOff(const std::string& sentence)
{
    if (m_events && canWrite())
        std::puts(toLine(Event { EventKind::State, {}, {}, toString(RunState::Cancelled), {} }).c_str());
    if (canWrite())
        std::fflush(stdout);
    m_bar.say(sentence);
}

} // namespace bitscape
