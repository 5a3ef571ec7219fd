// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/child_process.h"

#include "core/base/error.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bitscape {
namespace {

constexpr std::size_t kMostKept = kMaxEventLineBytes + 4096; ///< of what it has told: a longer line is no event

struct Pipe {
    std::array<int, 2> ends { -1, -1 };

    Pipe()
    {
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            throw Error(ErrorCode::Internal, std::string("A worker cannot be started: ") + std::strerror(errno) + ".");
    }
    ~Pipe()
    {
        for (const int end : ends) {
            if (end >= 0)
                close(end);
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int take(std::size_t end) { return std::exchange(ends.at(end), -1); }
};

void neverWait(int file)
{
    fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK);
}

/// Between fork and exec, where only the system may be called.
[[noreturn]] void become(char* const* arguments, const std::array<int, 3>& streams, pid_t parent)
{
    for (int i = 0; i < 3; ++i)
        dup2(streams.at(static_cast<std::size_t>(i)), i);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent) // else it has ended already
        execv("/proc/self/exe", arguments);
    _exit(127);
}

/// Appends whatever there is to read.
void readInto(std::string& text, int file)
{
    std::array<char, 4096> piece {};
    for (ssize_t size = read(file, piece.data(), piece.size()); size > 0; size = read(file, piece.data(), piece.size())) {
        text.append(piece.data(), static_cast<std::size_t>(size));
        if (text.size() > kMostKept)
            text.erase(0, text.size() - kMostKept);
    }
}

} // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments)
{
    Pipe in, out, error;
    std::vector<std::string> words { "bitscape-cli" };
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t self = getpid();
    m_process = fork();
    if (m_process == 0)
        become(pointers.data(), { in.ends[0], out.ends[1], error.ends[1] }, self);
    if (m_process < 0)
        throw Error(ErrorCode::Internal, std::string("A worker cannot be started: ") + std::strerror(errno) + ".");
    m_in = in.take(1);
    m_out = out.take(0);
    m_error = error.take(0);
    neverWait(m_out);
    neverWait(m_error);
}

ChildProcess::~ChildProcess()
{
    if (!m_exitCode) {
        kill();
        waitpid(m_process, nullptr, 0);
    }
    for (const int file : { m_in, m_out, m_error })
        close(file);
}

std::vector<Event> ChildProcess::takeEvents()
{
    readInto(m_told, m_out);
    readInto(m_complaint, m_error);
    std::vector<Event> events;
    std::size_t first = 0;
    for (std::size_t end = m_told.find('\n'); end != std::string::npos; end = m_told.find('\n', first)) {
        if (const auto event = eventFrom(m_told.substr(first, end - first)))
            events.push_back(*event);
        first = end + 1;
    }
    m_told.erase(0, first);
    return events;
}

void ChildProcess::send(Command command)
{
    const std::string line = toLine(command) + "\n";
    if (write(m_in, line.data(), line.size()) < 0)
        return; // it is just ending
}

void ChildProcess::kill()
{
    ::kill(m_process, SIGKILL);
}

bool ChildProcess::hasEnded()
{
    int status = 0;
    if (!m_exitCode && waitpid(m_process, &status, WNOHANG) == m_process)
        m_exitCode = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    return m_exitCode.has_value();
}

std::string ChildProcess::lastError()
{
    readInto(m_complaint, m_error);
    while (!m_complaint.empty() && m_complaint.back() == '\n')
        m_complaint.pop_back();
    const std::size_t before = m_complaint.rfind('\n');
    std::string line = before == std::string::npos ? m_complaint : m_complaint.substr(before + 1);
    constexpr std::string_view prefix = "bitscape-cli: ";
    return line.starts_with(prefix) ? line.substr(prefix.size()) : line;
}

} // namespace bitscape
