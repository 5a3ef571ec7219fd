// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sweep_children.h"

#include "app/cli/text_table.h"

#include "core/project/results.h"
#include "core/project/sweeps.h"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace bitscape {
namespace {

constexpr int kTickMs = 50;
constexpr auto kReload = std::chrono::seconds(1);
/// For a cancelled child to end by itself; then it is killed, which loses nothing but its word.
constexpr std::chrono::milliseconds kChildPatience { 850 };

bool isAtWork(const Run& run)
{
    return run.state == RunState::Running || run.state == RunState::Paused;
}

} // namespace

SweepChildren::SweepChildren(Project& project, RunId sweep, const SweepLimits& limits, WorkerContext& context)
    : m_project(project)
    , m_sweep(sweep)
    , m_limits(limits)
    , m_context(context)
{
    context.onPause([this](bool paused) {
        for (auto& [id, active] : m_active)
            active.process->send(paused ? Command::Pause : Command::Resume);
    });
    reload();
}

SweepChildren::~SweepChildren()
{
    m_context.onPause({});
}

SweepEnd SweepChildren::carryOut()
{
    try {
        tellProgress();
        while (true) {
            m_context.checkpoint();
            if (isSpent()) {
                stopAll();
                return SweepEnd::Spent;
            }
            failOrphans();
            while (m_active.size() < static_cast<std::size_t>(m_limits.workers) && nextToStart())
                start(*nextToStart());
            const bool awaited = std::ranges::any_of(m_children, [this](const Run& child) { return isElsewhere(child); });
            if (m_active.empty() && !awaited)
                return SweepEnd::Done;
            wait();
            listen();
        }
    } catch (const Cancelled&) {
        stopAll();
        throw;
    }
}

void SweepChildren::reload()
{
    m_children = sweepChildren(m_project, m_sweep);
    m_reloaded = WorkerContext::Clock::now();
}

bool SweepChildren::isSpent() const
{
    const bool over = m_limits.seconds && m_context.sessionSeconds() >= *m_limits.seconds;
    return over && (!m_active.empty() || nextToStart());
}

const Run* SweepChildren::childOf(RunId id) const
{
    const auto found = std::ranges::find(m_children, id, &Run::id);
    return found == m_children.end() ? nullptr : &*found;
}

bool SweepChildren::isElsewhere(const Run& child) const
{
    return isAtWork(child) && !m_active.contains(child.id);
}

const Run* SweepChildren::nextToStart() const
{
    const auto found = std::ranges::find_if(m_children, [this](const Run& child) {
        if (child.state == RunState::Finished || isAtWork(child) || m_tried.contains(child.id))
            return false;
        const Run* parent = child.parent ? childOf(*child.parent) : nullptr; // one outside had finished before
        return !parent || parent->state == RunState::Finished;
    });
    return found == m_children.end() ? nullptr : &*found;
}

/// Those that can never begin, as what they start from has failed in this session.
void SweepChildren::failOrphans()
{
    for (Run& child : m_children) {
        const Run* parent = child.parent ? childOf(*child.parent) : nullptr;
        if (!parent || parent->state != RunState::Failed || !m_tried.contains(parent->id))
            continue;
        if (child.state == RunState::Finished || isAtWork(child) || !m_tried.insert(child.id).second)
            continue;
        failWith(child, "Run " + std::to_string(parent->id.value) + ", which this one starts from, failed.");
        child = run(m_project, child.id);
        tell(child);
    }
}

void SweepChildren::start(const Run& child)
{
    std::vector<std::string> arguments { "run", m_project.path().string(), std::to_string(child.id.value), "--events" };
    if (child.started.empty()) // one that goes on keeps its threads
        arguments.insert(arguments.end(), { "--threads", std::to_string(m_limits.threadsEach) });
    m_tried.insert(child.id);
    m_active[child.id] = { std::make_unique<ChildProcess>(arguments), child.progress };
}

void SweepChildren::wait()
{
    std::vector<pollfd> outputs;
    for (const auto& [child, active] : m_active)
        outputs.push_back({ active.process->output(), POLLIN, 0 });
    poll(outputs.data(), outputs.size(), kTickMs);
}

void SweepChildren::listen()
{
    std::vector<RunId> gone;
    for (auto& [id, active] : m_active) {
        const bool ended = active.process->hasEnded(); // before its last words are read
        for (const Event& event : active.process->takeEvents()) {
            if (event.kind == EventKind::Progress)
                active.share = event.progress.done / event.progress.total;
        }
        if (ended)
            gone.push_back(id);
    }
    for (const RunId id : gone) {
        const auto process = std::move(m_active.at(id).process);
        m_active.erase(id);
        noteEnd(id, *process);
    }
    if (gone.empty() && m_active.empty())
        poll(nullptr, 0, kTickMs); // waits for another process
    if (WorkerContext::Clock::now() - m_reloaded >= kReload)
        reload();
    tellProgress();
}

void SweepChildren::noteEnd(RunId id, ChildProcess& process)
{
    Run child = run(m_project, id);
    if (child.state == RunState::Queued || child.state == RunState::Interrupted) {
        const std::string last = process.lastError();
        if (process.exitCode() < 0)
            failWith(child, "Its worker was killed by signal " + std::to_string(-process.exitCode()) + ", as for want of memory.");
        else
            failWith(child, last.empty() ? "Its worker ended without a word." : last);
        child = run(m_project, id);
    }
    tell(child);
    reload();
    m_context.resultsChanged();
}

void SweepChildren::failWith(const Run& child, const std::string& reason)
{
    if (child.state == RunState::Failed || child.state == RunState::Cancelled)
        return; // it has ended before
    endRun(m_project, child.id, RunState::Failed, child.seconds, reason);
}

/// "3 of 12: run 7 search cq 2, finished, accuracy 0.9340, 2.000 bits, 3.1 s"
void SweepChildren::tell(const Run& child)
{
    std::string line = std::to_string(child.place) + " of " + std::to_string(m_children.size()) + ": run " + std::to_string(child.id.value)
        + " " + child.name + ", " + toString(child.state);
    const auto figures = metrics(m_project, child.id);
    if (child.state == RunState::Finished && figures.contains("accuracy"))
        line += ", accuracy " + fixed(figures.at("accuracy"), 4);
    if (child.state == RunState::Finished && figures.contains("average_bits"))
        line += ", " + fixed(figures.at("average_bits"), 3) + " bits";
    m_context.log(line + ", " + fixed(child.seconds, 1) + " s" + (child.failure.empty() ? "" : ": " + child.failure));
}

void SweepChildren::tellProgress()
{
    double done = 0;
    std::size_t ended = 0;
    for (const Run& child : m_children) {
        const bool over = child.state == RunState::Finished || (child.state == RunState::Failed && m_tried.contains(child.id));
        ended += over;
        done += over ? 1 : 0;
    }
    for (const auto& [child, active] : m_active)
        done += active.share;
    const auto all = static_cast<double>(m_children.size());
    m_context.progress({ std::min(done, all), all,
        std::to_string(ended) + " of " + std::to_string(m_children.size()) + " children, " + std::to_string(m_active.size()) + " at work",
        {} });
}

/// Cancels those at work and waits for them.
void SweepChildren::stopAll()
{
    for (auto& [child, active] : m_active)
        active.process->send(Command::Cancel);
    const auto deadline = WorkerContext::Clock::now() + kChildPatience;
    while (!m_active.empty()) {
        std::erase_if(m_active, [](auto& each) {
            each.second.process->takeEvents(); // so that a full pipe keeps nobody from ending
            return each.second.process->hasEnded();
        });
        if (m_active.empty())
            break;
        if (WorkerContext::Clock::now() >= deadline)
            m_active.clear(); // which kills them
        else
            poll(nullptr, 0, kTickMs / 5);
    }
    reload();
}

} // namespace bitscape
