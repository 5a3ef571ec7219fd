// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job_queue.h"
#include "ui/runs/pending_deletions.h"
#include "ui/runs/run_filter_model.h"
#include "ui/views/run_view.h"

#include <QTimer>
#include <QUndoStack>
#include <QWidget>

#include <optional>
#include <set>
#include <vector>

class QLabel;
class QLineEdit;
class QMenu;
class QTreeView;

namespace bitscape::ui {

/// The runs of the project: filter line, tree, and what can be done with those that are selected. Shows and sets the selected run.
class RunPanel final : public QWidget {
    Q_OBJECT
public:
    RunPanel(const ViewContext& context, JobQueue& queue, QUndoStack& undo, PendingDeletions& deletions, QWidget* parent = nullptr);

    std::vector<RunId> selectedRuns() const;
    /// Columns, their widths and order, for QSettings.
    QByteArray saveState() const;
    void restoreState(const QByteArray& state);

public slots:
    void renameSelected();
    void editTags();
    void editNote();
    void deleteSelected();
    void focusFilter();

signals:
    /// Enter or a double click.
    void opened(bitscape::RunId id);
    void duplicateRequested(bitscape::RunId id);
    void exportRequested(bitscape::RunId id);
    void subnetsRequested(bitscape::RunId id);
    /// Of the runs that are selected.
    void compareRequested();
    /// A run of `kind` that starts from the selected one is wanted.
    void followUpRequested(bitscape::RunKind kind, bitscape::RunId parent);
    /// Something was refused.
    void refused(const QString& sentence);

private:
    void setUpTree();
    void setUpKeys();
    void takeSelection();
    void unfold();
    void noteFolded(const QModelIndex& index, bool folded);
    void showSelection();
    void applyFilter(const QString& text);
    void updateHint();
    void headerMenu(const QPoint& at);
    void contextMenu(const QPoint& at);
    void addFollowUps(QMenu& menu, const Run& run);
    void addStateActions(QMenu& menu, const Run& run);
    void askText(const QString& title, const QString& label, const QString& before, bool lines, const std::function<void(QString)>& then);
    std::shared_ptr<const RunRecord> currentRecord() const;

    ViewContext m_context;
    JobQueue& m_queue;
    QUndoStack& m_undo;
    PendingDeletions& m_deletions;
    RunTreeModel m_model;
    RunFilterModel m_filtered;
    QLineEdit* m_filter;
    QLabel* m_complaint;
    QLabel* m_hint;
    QTreeView* m_tree;
    std::set<std::optional<RunId>> m_folded; ///< by the person
    bool m_unfolding = false;
    bool m_filtering = false;
    QTimer m_fold; ///< what has been inserted is unfolded with the next turn of the event loop
};

} // namespace bitscape::ui
