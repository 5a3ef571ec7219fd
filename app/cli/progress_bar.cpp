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

constexpr int kBarWidth = 12; ///< leaves room for what a training tells on 80 columns

std::size_t terminalWidth()
{
    winsize size {};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/// A figure that does not fit is left out: cut in its middle it would look like another one.
void addFigure(std::string& line, const std::string& name, double value)
{
    const std::string figure = "  " + (name == "average_bits" ? "bits" : name) + " " + fixed(value, 3);
    if (line.size() + figure.size() < terminalWidth())
        line += figure;
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
    const std::string shownShare = fixed(std::floor(share * 100), 0);
    std::string line = m_title + "  [" + std::string(full, '#') + std::string(kBarWidth - full, '-') + "] "
        + std::string(3 - shownShare.size(), ' ') + shownShare + " %";
    if (secondsLeft)
        line += "  " + clockTime(*secondsLeft) + " left";
    line += "  " + progress.stage;
    for (const auto& [name, value] : progress.figures)
        addFigure(line, name, value);
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
