// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/child_process.h"
#include "app/cli/worker_context.h"

#include "core/project/project.h"
#include "core/project/runs.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bitscape {

struct SweepLimits {
    int workers = 1;               ///< children at once
    int threadsEach = 1;           ///< of a child that begins
    std::optional<double> seconds; ///< of this session, pauses aside
};

/// Whether every child that could be carried out was, or the time was used up before.
enum class SweepEnd { Done, Spent };

/// Carries out the children of a sweep as worker processes: each once that it starts from has finished, finished ones never. One that
/// fails, and with it those that start from it, keeps none of the others. A child that another process computes is waited for.
class SweepChildren final {
public:
    SweepChildren(Project& project, RunId sweep, const SweepLimits& limits, WorkerContext& context);
    ~SweepChildren();
    SweepChildren(const SweepChildren&) = delete;
    SweepChildren& operator=(const SweepChildren&) = delete;

    /// Throws Cancelled once no child is at work any more. When the time is used up, those at work are cancelled too: they can be
    /// resumed.
    SweepEnd carryOut();

private:
    /// A child at work.
    struct Active {
        std::unique_ptr<ChildProcess> process;
        double share = 0; ///< 0..1
    };

    void reload();
    bool isSpent() const;
    const Run* nextToStart() const;
    void failOrphans();
    void start(const Run& child);
    void wait();
    void listen();
    void noteEnd(RunId id, ChildProcess& process);
    void failWith(const Run& child, const std::string& reason);
    void tell(const Run& child);
    void tellProgress();
    void stopAll();
    bool isElsewhere(const Run& child) const;
    const Run* childOf(RunId id) const;

    Project& m_project;
    RunId m_sweep;
    SweepLimits m_limits;
    WorkerContext& m_context;
    std::vector<Run> m_children; ///< by place
    std::map<RunId, Active> m_active;
    std::set<RunId> m_tried; ///< in this session
    WorkerContext::Clock::time_point m_reloaded;
};

} // namespace bitscape
