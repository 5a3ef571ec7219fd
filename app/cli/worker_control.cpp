// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/worker_control.h"

#include "core/jobs/events.h"

#include <chrono>
#include <poll.h>
#include <unistd.h>

namespace bitscape {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(50);
constexpr auto kFlagInterval = std::chrono::seconds(1);
/// A batch of a large network can take longer than a person should wait: then the process ends where it is, which loses nothing.
constexpr auto kPatience = std::chrono::milliseconds(700);
constexpr std::size_t kLongestLine = 4096;

sigset_t interrupts()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

} // namespace

void blockInterrupts()
{
    const sigset_t signals = interrupts();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

WorkerControl::WorkerControl(Options options)
    : m_options(std::move(options))
    , m_listener([this](const std::stop_token& stop) { listen(stop); })
{
}

WorkerControl::~WorkerControl() = default;

void WorkerControl::waitWhilePaused(const std::function<void(bool)>& changed)
{
    if (!m_paused || m_cancelled)
        return;
    changed(true);
    {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] { return !m_paused || m_cancelled; });
    }
    changed(false);
}

void WorkerControl::listen(const std::stop_token& stop)
{
    auto nextFlag = Clock::now() + kFlagInterval;
    std::optional<Clock::time_point> deadline;
    while (!stop.stop_requested()) {
        takeSignals();
        if (m_options.readInput)
            takeInput();
        if (m_options.cancelWanted && Clock::now() >= nextFlag) {
            nextFlag = Clock::now() + kFlagInterval;
            if (m_options.cancelWanted())
                cancel();
        }
        if (m_cancelled && !deadline)
            deadline = Clock::now() + kPatience;
        if (deadline && Clock::now() >= *deadline)
            m_options.overdue();
    }
}

/// Waits a tick for a signal.
void WorkerControl::takeSignals()
{
    const sigset_t signals = interrupts();
    const timespec tick { 0, std::chrono::nanoseconds(kTick).count() };
    if (sigtimedwait(&signals, nullptr, &tick) > 0)
        cancel();
}

void WorkerControl::takeInput()
{
    pollfd input { STDIN_FILENO, POLLIN, 0 };
    while (poll(&input, 1, 0) > 0 && (input.revents & (POLLIN | POLLHUP)) != 0) {
        char byte = 0;
        if (read(STDIN_FILENO, &byte, 1) != 1) {
            m_options.readInput = false; // whoever started the job has gone; the job goes on
            return;
        }
        if (byte != '\n') {
            if (m_line.size() < kLongestLine)
                m_line += byte;
            continue;
        }
        const auto command = commandFrom(m_line);
        m_line.clear();
        if (command == Command::Cancel)
            cancel();
        else if (command)
            setPaused(command == Command::Pause);
    }
}

void WorkerControl::cancel()
{
    const std::lock_guard lock(m_mutex);
    m_cancelled = true;
    m_wake.notify_all();
}

void WorkerControl::setPaused(bool paused)
{
    const std::lock_guard lock(m_mutex);
    m_paused = paused;
    m_wake.notify_all();
}

} // namespace bitscape
