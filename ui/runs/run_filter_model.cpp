// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_filter_model.h"

namespace bitscape::ui {

RunFilterModel::RunFilterModel(RunTreeModel& runs, ProjectDocument& document, const PendingDeletions& deletions, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_runs(runs)
    , m_document(document)
    , m_deletions(deletions)
{
    setSourceModel(&runs);
    setRecursiveFilteringEnabled(true);
    setSortRole(RunTreeModel::SortRole);
    setDynamicSortFilter(true);
    const auto forget = [this] { m_texts.clear(); }; // names of models and data sets stand in all of them
    connect(&document, &ProjectDocument::modelsChanged, this, forget);
    connect(&document, &ProjectDocument::datasetsChanged, this, forget);
    connect(&deletions, &PendingDeletions::changed, this, [this] { invalidateFilter(); });
}

QString RunFilterModel::setQuery(const QString& text)
{
    m_query = RunQuery(text);
    invalidate(); // in one go: taking out thousands of rows one by one under a view takes long
    return m_query.complaint();
}

bool RunFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const auto record = m_runs.recordAt(m_runs.index(row, 0, parent));
    if (!record || m_deletions.contains(record->run.id))
        return false;
    return m_query.isEmpty() || m_query.matches(*record, m_document, searchText(record));
}

const QString& RunFilterModel::searchText(const std::shared_ptr<const RunRecord>& record) const
{
    auto& [known, text] = m_texts[record->run.id.value];
    if (known != record) {
        known = record;
        text = searchTextOf(*record, m_document);
    }
    return text;
}

/// Runs without a figure come last whichever way it is sorted.
bool RunFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(RunTreeModel::SortRole), b = right.data(RunTreeModel::SortRole);
    if (!a.isValid() || !b.isValid())
        return sortOrder() == Qt::AscendingOrder ? a.isValid() && !b.isValid() : !a.isValid() && b.isValid();
    if (a == b)
        return left.data(RunTreeModel::IdRole).toLongLong() < right.data(RunTreeModel::IdRole).toLongLong();
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace bitscape::ui
