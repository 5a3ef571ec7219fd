// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/job_teller.h"
#include "app/cli/worker.h"
#include "app/cli/worker_control.h"

#include "core/jobs/job_context.h"
#include "core/project/project.h"
#include "core/project/runs.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace bitscape {

/// For the person who cancelled it: how to go on. `run`: nothing where it had not begun.
std::string cancelledText(const Project& project, std::optional<RunId> run);

/// Tells the world about a running job: JSON lines or a progress bar, and the project about once a second.
class WorkerContext final : public JobContext {
public:
    using Clock = std::chrono::steady_clock;

    /// A cancelled job that has not ended after `patience` is cut off where it is, which loses nothing.
    WorkerContext(Project& project, const WorkerOptions& options, std::string title, std::chrono::milliseconds patience = kPatience);

    /// From here on progress is the run's. Tells its number first.
    void begin(const Run& run);
    /// From here on the run's end is being written: a cancel comes too late.
    void ending();
    /// After the project knows it.
    void ended(RunState state, const std::string& failure = {}) { m_teller.state(state, failure); }
    /// Told in the job's thread before checkpoint() waits in a pause, and after.
    void onPause(std::function<void(bool paused)> told) { m_onPause = std::move(told); }

    /// Of computing, over all the run's sessions; of this session.
    double seconds() const { return m_secondsBefore + sessionSeconds(); }
    double sessionSeconds() const { return std::chrono::duration<double>(Clock::now() - m_start - m_paused).count(); }

    void checkpoint() override;
    void progress(const Progress& progress) override;
    void log(const std::string& line) override { m_teller.log(line); }
    void resultsChanged() override { m_teller.resultsChanged(); }

private:
    void storeProgress();
    void notePause(bool paused);
    bool isCancelWanted();
    void endOverdue();

    Project& m_project;
    JobTeller m_teller;
    std::function<void(bool)> m_onPause;
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

/// Writes how a run ended, and then tells it.
void finish(Project& project, RunId id, RunState state, WorkerContext& context, const std::string& failure = {});

} // namespace bitscape
