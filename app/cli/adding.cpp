// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/adding.h"

#include "app/cli/job_teller.h"
#include "app/cli/worker_control.h"

#include <chrono>
#include <exception>
#include <iostream>
#include <mutex>
#include <unistd.h>
#include <utility>

namespace bitscape {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kCancelledText = "Cancelled: the project is as it was.";

class AddingContext final : public JobContext {
public:
    AddingContext(bool events, const std::string& title)
        : m_teller(events, title)
        , m_control({ events, {}, [this] { endOverdue(); } })
    {
    }

    JobTeller& teller() { return m_teller; }

    void checkpoint() override
    {
        m_control.waitWhilePaused([this](bool paused) { notePause(paused); });
        if (m_control.isCancelled())
            throw Cancelled {};
    }

    void progress(const Progress& progress) override
    {
        m_teller.progress(progress, std::chrono::duration<double>(Clock::now() - m_start - m_paused).count());
    }

    void log(const std::string& line) override { m_teller.log(line); }
    void resultsChanged() override { m_teller.resultsChanged(); }

    /// From here on the project is being written: a cancel comes too late.
    void ending()
    {
        const std::lock_guard lock(m_mutex);
        if (m_control.isCancelled())
            throw Cancelled {};
        m_ending = true;
    }

private:
    void notePause(bool paused)
    {
        if (paused)
            m_pauseBegan = Clock::now();
        else
            m_paused += Clock::now() - m_pauseBegan;
        m_teller.state(paused ? RunState::Paused : RunState::Running);
    }

    /// In the listener's thread: whatever is being read is given up.
    void endOverdue()
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending)
            return;
        m_teller.cutOff(kCancelledText);
        _exit(kCancelled);
    }

    JobTeller m_teller;
    Clock::time_point m_start = Clock::now(), m_pauseBegan;
    Clock::duration m_paused {};
    std::mutex m_mutex; ///< guards m_ending
    bool m_ending = false;
    WorkerControl m_control; ///< last: its thread uses all of the above
};

} // namespace

ExitCode addToProject(bool events, const std::string& title, const std::function<Storing(JobContext&)>& read)
{
    AddingContext context(events, title);
    try {
        const Storing store = read(context);
        context.ending();
        context.teller().answer(store());
    } catch (const Cancelled&) {
        context.teller().state(RunState::Cancelled);
        std::cerr << kCancelledText << "\n";
        return kCancelled;
    } catch (const std::exception& error) {
        context.teller().state(RunState::Failed, error.what());
        throw;
    }
    context.teller().state(RunState::Finished);
    return kDone;
}

} // namespace bitscape
