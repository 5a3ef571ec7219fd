// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/settings.h"
#include "ui/runs/pending_deletions.h"
#include "ui/window/workspace.h"

#include <QWidget>

#include <memory>

namespace bitscape::ui {

class Inspector;
class JobsPanel;
class LogPanel;
class ProjectPanel;
class ViewTabs;

/// The widgets of one open project: what the window puts into its middle and its docks. Made when a project opens, gone when it closes.
class Workbench final : public QObject {
    Q_OBJECT
public:
    Workbench(Workspace& workspace, const Settings& settings, QObject* parent = nullptr);
    ~Workbench() override;

    ViewTabs& views() const { return *m_views; }
    ProjectPanel& project() const { return *m_project; }
    JobsPanel& jobs() const { return *m_jobs; }
    LogPanel& log() const { return *m_log; }
    Inspector& inspector() const { return *m_inspector; }
    PendingDeletions& deletions() { return m_deletions; }

    /// The view that tells most about a run of this kind.
    static QString viewFor(RunKind kind);

public slots:
    /// Selects the run and brings the view that tells most about it to the front.
    void openRun(bitscape::RunId id);

private:
    Workspace& m_workspace;
    PendingDeletions m_deletions;
    std::optional<RunId> m_toOpen; ///< a run that was just queued and is not known yet
    std::unique_ptr<ViewTabs> m_views;
    std::unique_ptr<ProjectPanel> m_project;
    std::unique_ptr<JobsPanel> m_jobs;
    std::unique_ptr<LogPanel> m_log;
    std::unique_ptr<Inspector> m_inspector;
};

} // namespace bitscape::ui
