// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job_queue.h"
#include "ui/style/theme.h"

#include <QTimer>
#include <QWidget>

#include <map>
#include <set>
#include <utility>

class QLabel;
class QSpinBox;
class QToolButton;
class QVBoxLayout;

namespace bitscape::ui {

class JobRow;

/// What is being computed: a row per job with progress, time left, figures and what can be done about it. Runs that other processes compute
/// are shown too.
class JobsPanel final : public QWidget {
    Q_OBJECT
public:
    JobsPanel(ProjectDocument& document, JobQueue& queue, const Theme& theme, QWidget* parent = nullptr);

signals:
    void runClicked(bitscape::RunId id);
    void limitChanged(int limit);

private:
    QWidget* head();
    void noteChanged(RunId id);
    void bringUpToDate();
    void update(RunId id);
    void removeRow(RunId id);
    void place(JobRow& row, const Job& job);
    /// A job as the project tells it, of a run that another process computes.
    std::optional<Job> foreignJob(RunId id) const;

    ProjectDocument& m_document;
    JobQueue& m_queue;
    const Theme& m_theme;
    QVBoxLayout* m_rows;
    QLabel* m_none;
    QLabel* m_threads;
    QSpinBox* m_limit;
    std::map<RunId, JobRow*> m_known;
    std::map<const QWidget*, std::pair<int, std::int64_t>> m_order; ///< what the rows are sorted by
    std::set<RunId> m_changed;
    QTimer m_soon; ///< so that a flood of events draws ten times a second
};

} // namespace bitscape::ui
