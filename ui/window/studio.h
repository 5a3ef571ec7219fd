// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/settings.h"
#include "ui/help/help_topics.h"
#include "ui/project/project_thread.h"
#include "ui/style/theme.h"
#include "ui/window/recent_projects.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <memory>
#include <vector>

class QSettings;

namespace bitscape::ui {

class HelpWindow;
class MainWindow;

/// The program as a whole: its look, its settings and its windows, one per project.
class Studio final : public QObject {
    Q_OBJECT
public:
    /// `store` keeps settings, recent projects and the windows' state; it outlives the studio.
    explicit Studio(QSettings& store, QObject* parent = nullptr);
    ~Studio() override;

    Theme& theme() { return m_theme; }
    Settings& settings() { return m_settings; }
    RecentProjects& recent() { return m_recent; }
    QSettings& store() { return m_store; }

    /// A window with the welcome page.
    MainWindow* newWindow();
    /// Brings the project's window to the front, here or in another process, or opens the project in `from` (where that shows the welcome
    /// page) or in a new window. Null where another process has it.
    MainWindow* openProject(const QString& path, ProjectThread::Mode mode, MainWindow* from = nullptr);
    /// Shows a topic of the guide, "parameters#step"; the first page for an empty one.
    void openHelp(const QString& topic);
    /// Null until the guide was asked for.
    HelpWindow* help() const { return m_help.get(); }
    /// Asks every window to close; those with unanswered questions stay.
    void quit();

private:
    void applyTheme();

    QSettings& m_store;
    Settings m_settings;
    RecentProjects m_recent;
    Theme m_theme;
    HelpKey m_helpKey;
    std::unique_ptr<HelpWindow> m_help;
    std::vector<QPointer<MainWindow>> m_windows;
};

} // namespace bitscape::ui
