// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/worker.h"

#include "app/cli/job_teller.h"
#include "app/cli/report_commands.h"
#include "app/cli/worker_control.h"

#include "core/base/error.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/run_inputs.h"
#include "core/engine/runs/run_job.h"
#include "core/engine/runs/stage_context.h"
#include "core/project/results.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <unistd.h>

namespace bitscape {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kStoreInterval = std::chrono::seconds(1);

/// For the person who cancelled it.
std::string cancelledText(const Project& project, std::optional<RunId> run)
{
    if (!run)
        return "Cancelled before the run began: the project is as it was.";
    const std::string number = std::to_string(run->value);
    return "Run " + number + " was cancelled; go on with: bitscape-cli resume '" + project.path().string() + "' " + number;
}

/// Tells the world about a running job: JSON lines or a progress bar, and the project about once a second.
class WorkerContext final : public JobContext {
public:
    WorkerContext(Project& project, const WorkerOptions& options, std::string title)
        : m_project(project)
        , m_teller(options.events, std::move(title))
        , m_control({ options.events, [this] { return isCancelWanted(); }, [this] { endOverdue(); } })
    {
    }

    /// From here on progress is the run's. Tells its number first.
    void begin(const Run& run)
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

    /// From here on the run's end is being written: a cancel comes too late.
    void ending()
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
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
        if (!m_teller.progress(progress, seconds()) || !m_run || Clock::now() - m_stored < kStoreInterval)
            return;
        m_stored = Clock::now();
        storeProgress();
    }

    void log(const std::string& line) override { m_teller.log(line); }
    void resultsChanged() override { m_teller.resultsChanged(); }

    /// After the project knows it.
    void ended(RunState state, const std::string& failure = {}) { m_teller.state(state, failure); }

private:
    /// A figure for those who look at the file: a project that is busy just now is no reason to fail.
    void storeProgress()
    {
        try {
            setProgress(m_project, *m_run, m_teller.furthest(), seconds());
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Store)
                throw;
        }
    }

    void notePause(bool paused)
    {
        if (paused)
            m_pauseBegan = Clock::now();
        else
            m_paused += Clock::now() - m_pauseBegan;
        if (m_run)
            setPaused(m_project, *m_run, paused);
        m_teller.state(paused ? RunState::Paused : RunState::Running);
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
    void endOverdue()
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

    Project& m_project;
    JobTeller m_teller;
    std::optional<RunId> m_run;
    double m_secondsBefore = 0;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_pauseBegan;
    Clock::duration m_paused {};
    Clock::time_point m_stored = m_start;
    std::atomic<double> m_secondsNow = 0; ///< for the listener's thread
    std::mutex m_mutex;                   ///< guards m_run and m_ending for the listener's thread
    bool m_ending = false;
    std::unique_ptr<Project> m_listenerProject;
    WorkerControl m_control; ///< last: its thread uses all of the above
};

/// The whole job's progress stands at 0 while what it reads is being loaded.
RunInputs loaded(Project& project, const Run& run, WorkerContext& context)
{
    StageContext loading(context, 0, 0);
    return loadInputs(project, run, loading);
}

void finish(Project& project, RunId id, RunState state, WorkerContext& context, const std::string& failure = {})
{
    context.ending();
    endRun(project, id, state, context.seconds(), failure);
    context.ended(state, failure);
}

/// Loads a claimed run's inputs, has it computed and writes how it ended.
ExitCode carryOut(Project& project, RunId id, const std::function<RunInputs()>& load, WorkerContext& context, const WorkerOptions& options)
{
    bool began = false;
    try {
        const RunInputs inputs = load();
        began = true;
        computeRun({ project, inputs, context, [&context] { return context.seconds(); } });
    } catch (const Cancelled&) {
        finish(project, id, RunState::Cancelled, context);
        std::cerr << cancelledText(project, id) << "\n";
        return kCancelled;
    } catch (const Error& error) {
        finish(project, id, RunState::Failed, context, error.what());
        if (!began || error.code() != ErrorCode::BadArgument)
            throw;
        std::cerr << "bitscape-cli: " << error.what() << "\n"; // wrong use is refused before a run begins: this was not foreseeable
        return kFailed;
    } catch (const std::exception& error) {
        finish(project, id, RunState::Failed, context, error.what());
        throw;
    }
    finish(project, id, RunState::Finished, context);
    dropAttachment(project, id, "checkpoint"); // only now: until here a kill must find it
    if (!options.events)
        printFigures(project, id);
    return kDone;
}

} // namespace

ExitCode startRun(Project& project, Run run, const WorkerOptions& options)
{
    const int threads = useThreads(options.threads);
    run.device = deviceWord(run.device);
    WorkerContext context(project, options, toString(run.kind));
    try {
        RunInputs inputs = loaded(project, run, context);
        const RunId id = addRun(project, run);
        claimRun(project, id, threads, run.device, versions());
        inputs.run = bitscape::run(project, id);
        context.begin(inputs.run);
        return carryOut(
            project, id, [&] { return std::move(inputs); }, context, options);
    } catch (const Cancelled&) {
        context.ended(RunState::Cancelled);
        std::cerr << cancelledText(project, {}) << "\n";
        return kCancelled;
    }
}

ExitCode continueRun(Project& project, RunId id, const WorkerOptions& options)
{
    const Run before = bitscape::run(project, id);
    // The same threads as before: float sums depend on how work is shared out.
    const int threads = useThreads(options.threads > 0 ? options.threads : before.threads);
    if (before.threads > 0 && threads != before.threads)
        std::cerr << "Run " << id.value << " began with " << before.threads << " threads and goes on with " << threads
                  << ": its last bits may differ from those of an undisturbed run.\n";
    const std::string device = deviceWord(before.device);
    claimRun(project, id, threads, device, versions());
    WorkerContext context(project, options, toString(before.kind) + " " + std::to_string(id.value));
    const Run now = bitscape::run(project, id);
    context.begin(now);
    return carryOut(
        project, id, [&] { return loaded(project, now, context); }, context, options);
}

} // namespace bitscape
