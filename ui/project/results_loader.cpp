// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/project/results_loader.h"

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostKept = 12;

} // namespace

ResultsLoader::ResultsLoader(ProjectDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &ProjectDocument::runsChanged, this, [this](const std::vector<RunId>& changed) {
        for (const RunId id : changed) {
            if (m_watched.contains(id))
                load(id);
            else if (m_loading.contains(id))
                m_stale.insert(id);
            if (!m_watched.contains(id) && m_known.erase(id) > 0)
                m_recent.remove(id);
        }
    });
    connect(&document, &ProjectDocument::runsRemoved, this, [this](const std::vector<RunId>& removed) {
        for (const RunId id : removed) {
            m_known.erase(id);
            m_recent.remove(id);
        }
    });
}

ResultsPtr ResultsLoader::watch(RunId id)
{
    ++m_watched[id];
    const auto found = m_known.find(id);
    if (found != m_known.end())
        return found->second;
    if (!m_loading.contains(id))
        load(id);
    return nullptr;
}

void ResultsLoader::unwatch(RunId id)
{
    const auto found = m_watched.find(id);
    if (found != m_watched.end() && --found->second == 0)
        m_watched.erase(found);
}

/// While an answer is awaited, any number of changes ask for one more.
void ResultsLoader::load(RunId id)
{
    if (!m_loading.insert(id).second) {
        m_stale.insert(id);
        return;
    }
    m_document.library().ask(
        this, [id](Project& project) { return ResultsPtr(std::make_shared<const RunResults>(runResults(project, id))); },
        [this, id](const ResultsPtr& results) { take(id, results); }, [this, id](const QString&) { // removed meanwhile
            m_loading.erase(id);
            m_stale.erase(id);
        });
}

void ResultsLoader::take(RunId id, ResultsPtr results)
{
    m_loading.erase(id);
    if (!m_watched.contains(id) && m_stale.erase(id) > 0)
        return; // out of date, and nobody waits for it
    m_known[id] = results;
    m_recent.remove(id);
    m_recent.push_front(id);
    while (m_recent.size() > kMostKept) {
        m_known.erase(m_recent.back());
        m_recent.pop_back();
    }
    emit loaded(id, results);
    if (m_stale.erase(id) > 0)
        load(id);
}

} // namespace bitscape::ui
