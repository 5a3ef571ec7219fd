// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"

namespace bitscape {

/// One stage of a job: its progress 0..1 becomes a part of the whole job's.
class StageContext final : public JobContext {
public:
    /// The stage spans `from`..`to` of the whole job's 0..1.
    StageContext(JobContext& whole, double from, double to)
        : m_whole(whole)
        , m_from(from)
        , m_to(to)
    {
    }

    void checkpoint() override { m_whole.checkpoint(); }
    void log(const std::string& line) override { m_whole.log(line); }
    void resultsChanged() override { m_whole.resultsChanged(); }

    void progress(const Progress& progress) override
    {
        Progress scaled = progress;
        const double share = progress.total > 0 ? progress.done / progress.total : 0;
        scaled.done = m_from + (m_to - m_from) * share;
        scaled.total = 1;
        m_whole.progress(scaled);
    }

private:
    JobContext& m_whole;
    double m_from, m_to;
};

} // namespace bitscape
