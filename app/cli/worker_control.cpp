// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/worker_control.h"

#include "core/jobs/events.h"

#include <array>
#include <csignal>
#include <exception>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace bitscape {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTickMs = 50;
constexpr auto kFlagInterval = std::chrono::seconds(1);
constexpr std::size_t kLongestLine = 4096;

/// The only thing that a signal handler may touch. (Blocking the signals instead fails: libraries start threads before main() that do not
/// block them.)
std::atomic<bool> s_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void catchInterrupts()
{
    struct sigaction action { };
    action.sa_handler = [](int) { s_interrupted = true; };
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr); // whoever read the events has gone; the job goes on
}

} // namespace

WorkerControl::WorkerControl(Options options)
    : m_options(std::move(options))
{
    catchInterrupts();
    m_listener = std::jthread([this](const std::stop_token& stop) { listen(stop); });
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
        poll(nullptr, 0, kTickMs); // also keeps a flood on standard input from taking a processor
        if (s_interrupted)
            cancel();
        if (m_options.readInput)
            takeInput();
        if (Clock::now() >= nextFlag) {
            nextFlag = Clock::now() + kFlagInterval;
            if (isCancelWanted())
                cancel();
        }
        if (m_cancelled && !deadline)
            deadline = Clock::now() + m_options.patience;
        if (deadline && Clock::now() >= *deadline)
            m_options.overdue();
    }
}

bool WorkerControl::isCancelWanted() const
{
    try {
        return m_options.cancelWanted && m_options.cancelWanted();
    } catch (const std::exception&) { // the project is locked just now, or gone: the computation will meet that itself
        return false;
    }
}

/// At most one piece, so that whatever floods standard input does not keep the listener from all else.
void WorkerControl::takeInput()
{
    pollfd input { STDIN_FILENO, POLLIN, 0 };
    if (poll(&input, 1, 0) <= 0)
        return;
    std::array<char, kLongestLine> piece {};
    const ssize_t size = read(STDIN_FILENO, piece.data(), piece.size());
    if (size <= 0)
        return endInput();
    for (ssize_t i = 0; i < size; ++i) {
        const char c = piece[static_cast<std::size_t>(i)];
        if (c == '\n')
            obey(std::exchange(m_line, {}));
        else if (m_line.size() < kLongestLine)
            m_line += c;
    }
}

/// Whoever started the job has gone; the job goes on, paused or not: nobody is left to resume it.
void WorkerControl::endInput()
{
    m_options.readInput = false;
    obey(m_line);
    setPaused(false);
}

void WorkerControl::obey(const std::string& line)
{
    const auto command = commandFrom(line);
    if (command == Command::Cancel)
        cancel();
    else if (command)
        setPaused(command == Command::Pause);
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
