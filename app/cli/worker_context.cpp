// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/worker_context.h"

#include "core/base/error.h"

#include <unistd.h>
#include <utility>

namespace bitscape {
namespace {

constexpr auto kStoreInterval = std::chrono::seconds(1);

} // namespace

std::string cancelledText(const Project& project, std::optional<RunId> run)
{
    if (!run)
        return "Cancelled before the run began: the project is as it was.";
    const std::string number = std::to_string(run->value);
    return "Run " + number + " was cancelled; go on with: bitscape-cli resume '" + project.path().string() + "' " + number;
}

WorkerContext::WorkerContext(Project& project, const WorkerOptions& options, std::string title, std::chrono::milliseconds patience)
    : m_project(project)
    , m_teller(options.events, std::move(title))
    , m_control({ options.events, [this] { return isCancelWanted(); }, [this] { endOverdue(); }, patience })
{
}

void WorkerContext::begin(const Run& run)
{
    {
        const std::lock_guard lock(m_mutex);
        m_run = run.id;
        m_secondsBefore = run.seconds;
        m_start = Clock::now();
        m_paused = {};
        m_stored = m_start;
    }
    m_teller.restart();
    m_teller.answer("run " + std::to_string(run.id.value));
}

void WorkerContext::ending()
{
    const std::lock_guard lock(m_mutex);
    m_ending = true;
}

void WorkerContext::checkpoint()
{
    m_control.waitWhilePaused([this](bool paused) { notePause(paused); });
    m_secondsNow = seconds();
    if (m_control.isCancelled())
        throw Cancelled {};
}

void WorkerContext::progress(const Progress& progress)
{
    if (!m_teller.progress(progress, seconds()) || !m_run || Clock::now() - m_stored < kStoreInterval)
        return;
    m_stored = Clock::now();
    storeProgress();
}

/// A figure for those who look at the file: a project that is busy just now is no reason to fail.
void WorkerContext::storeProgress()
{
    try {
        setProgress(m_project, *m_run, m_teller.furthest(), seconds());
    } catch (const Error& error) {
        if (error.code() != ErrorCode::Store)
            throw;
    }
}

void WorkerContext::notePause(bool paused)
{
    if (m_onPause)
        m_onPause(paused);
    if (paused)
        m_pauseBegan = Clock::now();
    else
        m_paused += Clock::now() - m_pauseBegan;
    if (m_run)
        setPaused(m_project, *m_run, paused);
    m_teller.state(paused ? RunState::Paused : RunState::Running);
}

/// In the listener's thread, with a connection of its own.
bool WorkerContext::isCancelWanted()
{
    const std::lock_guard lock(m_mutex);
    if (!m_run)
        return false;
    if (!m_listenerProject)
        m_listenerProject = std::make_unique<Project>(Project::open(m_project.path()));
    return cancelWanted(*m_listenerProject, *m_run);
}

/// In the listener's thread: whatever is being computed is given up; the project keeps what was stored.
void WorkerContext::endOverdue()
{
    const std::lock_guard lock(m_mutex);
    if (m_ending)
        return;
    try {
        if (m_run) {
            Project own = Project::open(m_project.path(), 200);
            endRun(own, *m_run, RunState::Cancelled, m_secondsNow);
        }
    } catch (const std::exception&) {
        // Somebody else writes just now: the run will be told as interrupted instead.
    }
    m_teller.cutOff(cancelledText(m_project, m_run));
    _exit(kCancelled);
}

void finish(Project& project, RunId id, RunState state, WorkerContext& context, const std::string& failure)
{
    context.ending();
    endRun(project, id, state, context.seconds(), failure);
    context.ended(state, failure);
}

} // namespace bitscape
