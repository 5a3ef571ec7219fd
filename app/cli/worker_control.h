// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <mutex>
#include <thread>

namespace bitscape {

/// Blocks SIGINT and SIGTERM in this thread and all that it will start. Call before anything starts threads.
void blockInterrupts();

/// Listens for whoever wants a running job to pause or end: signals, words on standard input, the project's cancel flag.
class WorkerControl final {
public:
    struct Options {
        bool readInput = false;                 ///< obey pause, resume, cancel on standard input
        std::function<bool()> cancelWanted;     ///< asked about once a second, in the listener's thread
        std::function<void()> overdue;          ///< called in the listener's thread where a cancelled job has not ended in time; must not return
    };
    explicit WorkerControl(Options options);
    ~WorkerControl();

    bool isCancelled() const { return m_cancelled; }

    /// Waits while paused; `changed` is told on entering and leaving. Answers at once when cancelled.
    void waitWhilePaused(const std::function<void(bool paused)>& changed);

private:
    void listen(const std::stop_token& stop);
    void takeSignals();
    void takeInput();
    void cancel();
    void setPaused(bool paused);

    Options m_options;
    std::atomic<bool> m_cancelled = false;
    std::atomic<bool> m_paused = false;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::string m_line;
    std::jthread m_listener; ///< last: it uses all of the above
};

} // namespace bitscape
