// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace bitscape {

/// How long a cancelled job may take to end by itself: a batch of a large network can take longer than a person should wait.
inline constexpr std::chrono::milliseconds kPatience { 700 };

/// Listens for whoever wants a running job to pause or end: SIGINT and SIGTERM, words on standard input, the project's cancel flag.
/// From its construction on those signals, and SIGPIPE, no longer end the process.
class WorkerControl final {
public:
    struct Options {
        bool readInput = false;             ///< obey pause, resume, cancel on standard input
        std::function<bool()> cancelWanted; ///< asked about once a second, in the listener's thread; one that throws is asked again
        std::function<void()>
            overdue; ///< called in the listener's thread where a cancelled job has not ended in time; returns only if it is just ending
        std::chrono::milliseconds patience = kPatience; ///< that time
    };
    explicit WorkerControl(Options options);
    ~WorkerControl();

    bool isCancelled() const { return m_cancelled; }

    /// Waits while paused; `changed` is told on entering and leaving. Answers at once when cancelled.
    void waitWhilePaused(const std::function<void(bool paused)>& changed);

private:
    void listen(const std::stop_token& stop);
    bool isCancelWanted() const;
    void takeInput();
    void endInput();
    void obey(const std::string& line);
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
