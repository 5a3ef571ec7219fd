// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace bitscape {

std::string isoTime(std::chrono::system_clock::time_point moment)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(moment - seconds).count();
    const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
    std::tm parts {};
    gmtime_r(&whole, &parts);
    std::array<char, 40> text {};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text.data() + length, text.size() - length, ".%03dZ", static_cast<int>(millis));
    return text.data();
}

std::string isoNow()
{
    return isoTime(std::chrono::system_clock::now());
}

} // namespace bitscape
