// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/runs/pending_deletions.h"
#include "ui/runs/run_query.h"
#include "ui/runs/run_tree_model.h"

#include <QSortFilterProxyModel>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>

namespace bitscape::ui {

/// The run list as it is shown: what matches the query, with what it starts from, without what waits for its deletion.
class RunFilterModel final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    RunFilterModel(RunTreeModel& runs, ProjectDocument& document, const PendingDeletions& deletions, QObject* parent = nullptr);

    /// Answers what of the text was not understood.
    QString setQuery(const QString& text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    const QString& searchText(const std::shared_ptr<const RunRecord>& record) const;

    RunTreeModel& m_runs;
    ProjectDocument& m_document;
    const PendingDeletions& m_deletions;
    RunQuery m_query;
    /// What has been made of records that have not changed since, by the run's number.
    mutable std::unordered_map<std::int64_t, std::pair<std::shared_ptr<const RunRecord>, QString>> m_texts;
};

} // namespace bitscape::ui
