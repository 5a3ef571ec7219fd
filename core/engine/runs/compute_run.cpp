// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/base/error.h"

#include <c10/util/Exception.h>

#include <new>

namespace bitscape {
namespace {

void dispatch(const RunJob& job)
{
    switch (job.inputs.run.kind) {
    case RunKind::Train:
        return trainRun(job);
    case RunKind::Score:
        return scoreRun(job);
    case RunKind::Search:
        return searchRun(job);
    case RunKind::Edit:
        return editRun(job);
    case RunKind::Refine:
        return refineRun(job);
    case RunKind::Evaluate:
        return evaluateRun(job);
    case RunKind::Step:
        return stepRun(job);
    case RunKind::Import:
    case RunKind::Export:
    case RunKind::Sweep:
        break;
    }
    throw Error(ErrorCode::Unsupported, "Runs of kind '" + toString(job.inputs.run.kind) + "' are not available in this version.");
}

} // namespace

void computeRun(const RunJob& job)
{
    wrapped([&job] { dispatch(job); });
}

void wrapped(const std::function<void()>& work)
{
    static constexpr auto kNoMemory = "There is not enough memory for this run: lower batch or the size of the splits.";
    try {
        work();
    } catch (const c10::Error& error) {
        const std::string what = error.what_without_backtrace();
        if (what.find("allocate memory") != std::string::npos) // LibTorch's own word for it
            throw Error(ErrorCode::Device, kNoMemory);
        throw Error(ErrorCode::Device, "LibTorch could not compute this: " + what);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::Device, kNoMemory);
    }
}

} // namespace bitscape
