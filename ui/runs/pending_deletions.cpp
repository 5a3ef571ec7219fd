// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/pending_deletions.h"

#include "core/base/error.h"

#include <string>

namespace bitscape::ui {
namespace {

/// One that cannot be removed keeps none of the others.
void removeAll(Project& project, const std::vector<RunId>& ids)
{
    std::string refusals;
    for (const RunId id : ids) {
        try {
            removeRun(project, id);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::BadArgument)
                throw;
            refusals += (refusals.empty() ? "" : "\n") + std::string(error.what());
        }
    }
    project.sweepBlobs();
    if (!refusals.empty())
        throw Error(ErrorCode::BadArgument, refusals);
}

} // namespace

PendingDeletions::PendingDeletions(ProjectDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
}

void PendingDeletions::add(const std::vector<RunId>& ids)
{
    m_ids.insert(ids.begin(), ids.end());
    emit changed();
}

void PendingDeletions::take(const std::vector<RunId>& ids)
{
    for (const RunId id : ids)
        m_ids.erase(id);
    emit changed();
}

void PendingDeletions::commit()
{
    if (m_ids.empty())
        return;
    const std::vector<RunId> ids(m_ids.rbegin(), m_ids.rend()); // children have the higher numbers
    m_ids.clear();
    m_document.store().tell([ids](Project& project) { removeAll(project, ids); });
    m_document.refresh();
    emit changed();
}

std::vector<RunId> PendingDeletions::withDescendants(const RunMap& runs, const std::vector<RunId>& ids)
{
    std::set<RunId> all(ids.begin(), ids.end());
    for (const auto& [id, record] : runs) { // parents come first
        const auto goes = [&](const std::optional<RunId>& above) { return above && all.contains(*above); };
        if (goes(record->run.parent) || goes(record->run.sweep))
            all.insert(id);
    }
    return { all.begin(), all.end() };
}

} // namespace bitscape::ui
