// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/events.h"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace bitscape {

/// Another bitscape-cli that tells events. It is killed when this process ends, however that comes about, and with the object.
class ChildProcess final {
public:
    /// Starts it; call in the main thread, whose end is what kills it. Throws Error(Internal) where the system refuses.
    explicit ChildProcess(const std::vector<std::string>& arguments);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Of its standard output, to wait on.
    int output() const { return m_out; }
    /// The events that it has told since; never waits.
    std::vector<Event> takeEvents();
    void send(Command command);
    void kill();

    /// Whether it has ended; never waits.
    bool hasEnded();
    /// Once it has ended: its exit code; less than 0: the signal that killed it, negative.
    int exitCode() const { return m_exitCode.value_or(0); }
    /// The last line that it wrote to standard error.
    std::string lastError();

private:
    pid_t m_process = -1;
    int m_in = -1, m_out = -1, m_error = -1;
    std::string m_told, m_complaint; ///< read and not yet used
    std::optional<int> m_exitCode;
};

} // namespace bitscape
