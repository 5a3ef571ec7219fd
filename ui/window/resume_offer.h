// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <QString>

#include <vector>

namespace bitscape::ui {

/// Runs that an earlier session left unfinished: interrupted by a crash or a power cut, or still waiting in the queue. In the order in
/// which they can be carried out, oldest first. The children of a sweep that has not finished are its own to carry out.
struct ResumeOffer {
    std::vector<RunId> interrupted;
    std::vector<RunId> queued;

    bool isEmpty() const { return interrupted.empty() && queued.empty(); }
    /// "2 runs were interrupted (train #3, search #5) and 1 is waiting: go on?"
    QString sentence(const ProjectDocument& document) const;
};

ResumeOffer resumeOffer(const RunMap& runs);

} // namespace bitscape::ui
