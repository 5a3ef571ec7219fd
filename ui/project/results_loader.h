// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/run_results.h"
#include "ui/project/project_document.h"

#include <QObject>

#include <list>
#include <map>
#include <memory>
#include <set>

namespace bitscape::ui {

using ResultsPtr = std::shared_ptr<const RunResults>;

/// Loads results of runs in the background, keeps the last few, and loads those that are being watched again as they grow.
class ResultsLoader final : public QObject {
    Q_OBJECT
public:
    explicit ResultsLoader(ProjectDocument& document, QObject* parent = nullptr);

    /// The run's results as far as they are known now, null where they have yet to come; loaded() follows whenever they change.
    ResultsPtr watch(RunId id);
    /// One watch() less.
    void unwatch(RunId id);

signals:
    void loaded(bitscape::RunId id, const bitscape::ui::ResultsPtr& results);

private:
    void load(RunId id);
    void take(RunId id, ResultsPtr results);

    ProjectDocument& m_document;
    std::map<RunId, int> m_watched;
    std::map<RunId, ResultsPtr> m_known;
    std::list<RunId> m_recent; ///< of m_known, the latest first
    std::set<RunId> m_loading, m_stale;
};

} // namespace bitscape::ui
