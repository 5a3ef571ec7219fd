// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

namespace bitscape {

/// A moment as the project file writes it: UTC, ISO 8601 with milliseconds, "2024-05-01T09:30:00.125Z". Sorts as text.
std::string isoTime(std::chrono::system_clock::time_point moment);

/// Now, as isoTime().
std::string isoNow();

} // namespace bitscape
