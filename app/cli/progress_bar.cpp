// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_bar.h"

#include "app/cli/text_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace bitscape {
namespace {

constexpr int kBarWidth = 20;

std::size_t terminalWidth()
{
    winsize size {};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

} // namespace

ProgressBar::ProgressBar(std::string title)
    : m_title(std::move(title))
    , m_terminal(isatty(STDERR_FILENO) == 1)
{
}

ProgressBar::~ProgressBar()
{
    clear();
}

void ProgressBar::draw(const Progress& progress, std::optional<double> secondsLeft)
{
    if (!m_terminal)
        return;
    const double share = progress.total > 0 ? std::clamp(progress.done / progress.total, 0.0, 1.0) : 0;
    const auto full = static_cast<std::size_t>(share * kBarWidth);
    std::string line = m_title + "  [" + std::string(full, '#') + std::string(kBarWidth - full, '-') + "] "
        + fixed(std::floor(share * 100), 0) + " %";
    if (secondsLeft)
        line += "  " + clockTime(*secondsLeft) + " left";
    line += "  " + progress.stage;
    for (const auto& [name, value] : progress.figures)
        line += "  " + name + " " + fixed(value, 3);
    std::fprintf(stderr, "\r\x1b[K%s", line.substr(0, terminalWidth() - 1).c_str());
    std::fflush(stderr);
    m_drawn = true;
}

void ProgressBar::say(const std::string& line)
{
    clear();
    std::fprintf(stderr, "%s\n", line.c_str());
}

void ProgressBar::clear()
{
    if (!m_drawn)
        return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    m_drawn = false;
}

} // namespace bitscape
