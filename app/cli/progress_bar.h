// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"

#include <atomic>
#include <optional>
#include <string>

namespace bitscape {

/// One line at the bottom of a terminal, drawn over itself; nothing where standard error is no terminal.
class ProgressBar final {
public:
    explicit ProgressBar(std::string title);
    ~ProgressBar();

    void draw(const Progress& progress, std::optional<double> secondsLeft);
    /// Puts a line above the bar.
    void say(const std::string& line);
    void clear();

private:
    std::string m_title;
    bool m_terminal = false;
    std::atomic<bool> m_drawn = false; ///< atomic: a worker that is cut off is told of from another thread
};

} // namespace bitscape
