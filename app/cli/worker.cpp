// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/worker.h"

#include "app/cli/progress_bar.h"
#include "app/cli/report_commands.h"
#include "app/cli/worker_control.h"

#include "core/base/error.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/run_inputs.h"
#include "core/engine/runs/run_job.h"
#include "core/jobs/events.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <unistd.h>

namespace bitscape {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kEventInterval = 0.1;
constexpr double kStoreInterval = 1.0;

/// Writes one event line at once, so that whoever reads sees it now.
void emit(const Event& event)
{
    std::cout << toLine(event) << std::endl;
}

/// Tells the world about a running job: JSON lines or a progress bar, and the project about once a second.
class WorkerContext final : public JobContext {
public:
    WorkerContext(Project& project, const WorkerOptions& options, std::string title)
        : m_project(project)
        , m_options(options)
        , m_bar(std::move(title))
        , m_control({ options.events, [this] { return isCancelWanted(); }, [this] { endOverdue(); } })
    {
    }

    /// From here on progress is the run's.
    void begin(const Run& run)
    {
        const std::lock_guard lock(m_mutex);
        m_run = run.id;
        m_secondsBefore = run.seconds;
        m_start = Clock::now();
        m_paused = {};
    }

    double seconds() const { return m_secondsBefore + std::chrono::duration<double>(Clock::now() - m_start - m_paused).count(); }

    void checkpoint() override
    {
        m_control.waitWhilePaused([this](bool paused) { notePause(paused); });
        m_secondsNow = seconds();
        if (m_control.isCancelled())
            throw Cancelled {};
    }

    void progress(const Progress& progress) override
    {
        const double now = std::chrono::duration<double>(Clock::now() - m_start).count();
        if (now - m_lastEvent < kEventInterval && progress.done < progress.total)
            return;
        m_lastEvent = now;
        m_left.note(seconds(), progress.done, progress.total);
        if (m_options.events)
            emit({ EventKind::Progress, progress, m_left.seconds(), {}, {} });
        else
            m_bar.draw(progress, m_left.seconds());
        if (m_run && now - m_lastStored >= kStoreInterval) {
            m_lastStored = now;
            setProgress(m_project, *m_run, progress.total > 0 ? progress.done / progress.total : 0, seconds());
        }
    }

    void log(const std::string& line) override
    {
        if (m_options.events)
            emit({ EventKind::Log, {}, {}, line, {} });
        else
            m_bar.say(line);
    }

    void resultsChanged() override
    {
        if (m_options.events)
            emit({ EventKind::Results, {}, {}, {}, {} });
    }

    void ended(RunState state, const std::string& failure)
    {
        m_bar.clear();
        if (m_options.events)
            emit({ EventKind::State, {}, {}, toString(state), failure });
    }

private:
    void notePause(bool paused)
    {
        if (paused)
            m_pauseBegan = Clock::now();
        else
            m_paused += Clock::now() - m_pauseBegan;
        if (m_run)
            setPaused(m_project, *m_run, paused);
        if (m_options.events)
            emit({ EventKind::State, {}, {}, toString(paused ? RunState::Paused : RunState::Running), {} });
    }

    /// In the listener's thread, with a connection of its own.
    bool isCancelWanted()
    {
        const std::lock_guard lock(m_mutex);
        if (!m_run)
            return false;
        if (!m_listenerProject)
            m_listenerProject = std::make_unique<Project>(Project::open(m_project.path()));
        return cancelWanted(*m_listenerProject, *m_run);
    }

    /// In the listener's thread: whatever is being computed is given up; the project keeps what was stored.
    [[noreturn]] void endOverdue()
    {
        try {
            const std::lock_guard lock(m_mutex);
            if (m_run) {
                Project own = Project::open(m_project.path(), 200);
                endRun(own, *m_run, RunState::Cancelled, m_secondsNow);
            }
        } catch (const std::exception&) {
            // Somebody else writes just now: the run will be told as interrupted instead.
        }
        if (m_options.events)
            std::puts(toLine(Event { EventKind::State, {}, {}, toString(RunState::Cancelled), {} }).c_str());
        std::fflush(stdout);
        _exit(kCancelled);
    }

    Project& m_project;
    WorkerOptions m_options;
    ProgressBar m_bar;
    TimeLeft m_left;
    std::optional<RunId> m_run;
    double m_secondsBefore = 0;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_pauseBegan;
    Clock::duration m_paused {};
    double m_lastEvent = -1, m_lastStored = 0;
    std::atomic<double> m_secondsNow = 0; ///< for the listener's thread
    std::mutex m_mutex; ///< guards m_run for the listener's thread
    std::unique_ptr<Project> m_listenerProject;
    WorkerControl m_control; ///< last: its thread uses all of the above
};

/// Computes a claimed run and writes how it ended.
ExitCode carryOut(Project& project, const RunInputs& inputs, WorkerContext& context, const WorkerOptions& options)
{
    const RunId id = inputs.run.id;
    try {
        computeRun({ project, inputs, context, [&] { return context.seconds(); } });
        endRun(project, id, RunState::Finished, context.seconds());
        context.ended(RunState::Finished, {});
        if (!options.events)
            printFigures(project, id);
        return kDone;
    } catch (const Cancelled&) {
        endRun(project, id, RunState::Cancelled, context.seconds());
        context.ended(RunState::Cancelled, {});
        std::cerr << "Run " << id.value << " was cancelled; go on with: bitscape-cli resume " << project.path().string() << " " << id.value << "\n";
        return kCancelled;
    } catch (const Error& error) {
        endRun(project, id, RunState::Failed, context.seconds(), error.what());
        context.ended(RunState::Failed, error.what());
        throw;
    }
}

void claim(Project& project, RunId id, const Run& run, int threads)
{
    claimRun(project, id, threads, run.device, versions());
}

} // namespace

ExitCode startRun(Project& project, Run run, const WorkerOptions& options)
{
    const int threads = useThreads(options.threads);
    run.device = deviceWord(run.device);
    WorkerContext context(project, options, toString(run.kind));
    try {
        RunInputs inputs = loadInputs(project, run, context);
        const RunId id = addRun(project, run);
        if (!options.events)
            std::cout << "run " << id.value << std::endl;
        claim(project, id, run, threads);
        inputs.run = bitscape::run(project, id);
        context.begin(inputs.run);
        return carryOut(project, inputs, context, options);
    } catch (const Cancelled&) {
        return kCancelled;
    }
}

ExitCode continueRun(Project& project, RunId id, const WorkerOptions& options)
{
    const Run before = bitscape::run(project, id);
    // The same threads as before: float sums depend on how work is shared out.
    const int threads = useThreads(options.threads > 0 ? options.threads : before.threads);
    const std::string device = deviceWord(before.device);
    claimRun(project, id, threads, device, versions());
    WorkerContext context(project, options, toString(before.kind) + " " + std::to_string(id.value));
    Run now = bitscape::run(project, id);
    context.begin(now);
    try {
        const RunInputs inputs = loadInputs(project, now, context);
        return carryOut(project, inputs, context, options);
    } catch (const Cancelled&) {
        endRun(project, id, RunState::Cancelled, context.seconds());
        context.ended(RunState::Cancelled, {});
        return kCancelled;
    } catch (const Error& error) {
        if (bitscape::run(project, id).state == RunState::Running) {
            endRun(project, id, RunState::Failed, context.seconds(), error.what());
            context.ended(RunState::Failed, error.what());
        }
        throw;
    }
}

} // namespace bitscape
