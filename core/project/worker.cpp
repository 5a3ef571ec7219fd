// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/worker.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace bitscape {

namespace {

struct ProcessStat {
    char state = 0;
    std::int64_t startTicks = 0;
};

std::optional<ProcessStat> processStat(std::int64_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string text { std::istreambuf_iterator<char>(file), {} };
    // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
    const std::size_t nameEnd = text.rfind(')');
    if (nameEnd == std::string::npos)
        return {};
    std::istringstream fields(text.substr(nameEnd + 1));
    ProcessStat stat;
    fields >> stat.state;
    std::string skipped;
    for (int field = 4; field < 22; ++field)
        fields >> skipped;
    fields >> stat.startTicks;
    return fields ? std::optional(stat) : std::nullopt;
}

std::string bootId()
{
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string text;
    std::getline(file, text);
    return text;
}

std::string hostName()
{
    std::array<char, 256> name {};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

} // namespace

Worker currentWorker()
{
    const std::int64_t process = getpid();
    const std::optional<ProcessStat> stat = processStat(process);
    return { process, stat ? stat->startTicks : 0, bootId(), hostName() };
}

bool isAlive(const Worker& worker)
{
    if (worker.host != hostName())
        return true;
    if (worker.boot != bootId())
        return false;
    const std::optional<ProcessStat> stat = processStat(worker.process);
    // A zombie has ended; only its parent has not looked yet.
    return stat && stat->startTicks == worker.startTicks && stat->state != 'Z' && stat->state != 'X';
}

} // namespace bitscape
