// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bitscape {

/// Thrown by JobContext::checkpoint() when the job is to end early. Not an Error: nothing went wrong.
struct Cancelled final { };

/// How far a job is: `done` of `total` units of work over the whole job, not over one stage of it.
struct Progress {
    double done = 0;
    double total = 1;
    std::string stage;                                   ///< e.g. "epoch 2/3"
    std::vector<std::pair<std::string, double>> figures; ///< e.g. {"accuracy", 0.871}
    bool operator==(const Progress&) const = default;
};

/// What a long computation knows of whoever waits for it. Used from one thread, the computation's.
class JobContext {
public:
    virtual ~JobContext() = default;

    /// Call once per batch, layer or candidate. Blocks while paused. Throws Cancelled.
    virtual void checkpoint() = 0;

    /// Cheap: thinned at the receiver.
    virtual void progress(const Progress& progress) = 0;

    /// One line for the person.
    virtual void log(const std::string& line) = 0;

    /// New results are in the project file.
    virtual void resultsChanged() = 0;
};

/// For callers that neither cancel nor watch.
class SilentContext final : public JobContext {
public:
    void checkpoint() override { }
    void progress(const Progress&) override { }
    void log(const std::string&) override { }
    void resultsChanged() override { }
};

} // namespace bitscape
