// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/workbench.h"

#include "ui/inspector/inspector.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/jobs/log_panel.h"
#include "ui/window/project_panel.h"
#include "ui/window/view_tabs.h"

namespace bitscape::ui {

Workbench::Workbench(Workspace& workspace, const Settings& settings, QObject* parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_deletions(workspace.document())
{
    workspace.queue().setLimit(settings.workers());
    const ViewContext& context = workspace.context();
    m_views = std::make_unique<ViewTabs>(context);
    m_project = std::make_unique<ProjectPanel>(context, workspace.queue(), workspace.undo(), m_deletions);
    m_jobs = std::make_unique<JobsPanel>(workspace.document(), workspace.queue(), context.theme);
    m_log = std::make_unique<LogPanel>(workspace.selection());
    m_inspector = std::make_unique<Inspector>(context);
    connect(m_jobs.get(), &JobsPanel::runClicked, this, &Workbench::openRun);
    connect(&m_project->runs(), &RunPanel::opened, this, &Workbench::openRun);
    connect(m_project.get(), &ProjectPanel::modelOpened, this, [this] { m_views->showKind(QStringLiteral("network")); });
    connect(m_project.get(), &ProjectPanel::datasetOpened, this, [this] { m_views->showKind(QStringLiteral("dataset")); });
    connect(&workspace.document(), &ProjectDocument::runsChanged, this, [this] {
        if (m_toOpen)
            openRun(*m_toOpen);
    });
    connect(&workspace.queue(), &JobQueue::logged, m_log.get(), [this](RunId id, const QString& line) { m_log->add(id, line); });
}

Workbench::~Workbench() = default;

QString Workbench::viewFor(RunKind kind)
{
    switch (kind) {
    case RunKind::Train:
    case RunKind::Refine:
        return QStringLiteral("training");
    case RunKind::Score:
        return QStringLiteral("importance");
    case RunKind::Search:
        return QStringLiteral("search");
    case RunKind::Evaluate:
        return QStringLiteral("confusion");
    case RunKind::Edit:
        return QStringLiteral("bitmap");
    case RunKind::Step:
        return QStringLiteral("stepping");
    case RunKind::Sweep:
        return QStringLiteral("sweep");
    default:
        return QStringLiteral("curves");
    }
}

void Workbench::openRun(RunId id)
{
    m_workspace.selection().selectRun(id);
    const auto record = m_workspace.document().run(id);
    m_toOpen = record ? std::nullopt : std::optional(id);
    if (record)
        m_views->showKind(viewFor(record->run.kind));
}

} // namespace bitscape::ui
