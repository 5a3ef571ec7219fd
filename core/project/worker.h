// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace bitscape {

/// Which process computes a run, told so that no later process can be taken for it.
struct Worker {
    std::int64_t process = 0;    ///< process id
    std::int64_t startTicks = 0; ///< clock ticks after boot at which it started (/proc/PID/stat, field 22)
    std::string boot;            ///< /proc/sys/kernel/random/boot_id
    std::string host;
    bool operator==(const Worker&) const = default;
};

/// The calling process.
Worker currentWorker();

/// Whether that process still runs. One on another host is believed to.
bool isAlive(const Worker& worker);

} // namespace bitscape
