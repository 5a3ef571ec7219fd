// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_thread.h"
#include "ui/window/drop_target.h"
#include "ui/window/single_instance.h"
#include "ui/window/workspace.h"

#include <QMainWindow>

#include <array>
#include <memory>

class QDockWidget;
class QStackedWidget;

namespace bitscape::ui {

class CommandPalette;
class NoticeBar;
class Studio;
class WelcomePage;
class WindowActions;
class Workbench;
struct ResumeOffer;

/// A window: the welcome page, or one project with its docks. Puts parts together and nothing else.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Studio& studio);
    ~MainWindow() override;

    /// Null on the welcome page.
    Workspace* workspace() const { return m_workspace.get(); }
    Workbench* workbench() const { return m_workbench.get(); }
    NoticeBar& notices() const { return *m_notices; }
    CommandPalette& palette() const { return *m_palette; } // NOLINT: the widget's colours are Theme's

    /// In this window; `instance` holds the project for this process. Only on the welcome page.
    void openProject(const QString& path, ProjectThread::Mode mode, std::unique_ptr<SingleInstance> instance);
    /// Back to the welcome page. Runs under way go on by themselves.
    void closeProject();
    void comeToFront();

signals:
    void projectOpened();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildDocks();
    QDockWidget* dock(const QString& name, const QString& title, Qt::DockWidgetArea area);
    void connectActions();
    void connectRunActions();
    void connectWorkbench();
    void addViewActions();
    void fillPalette();
    void askForProject(ProjectThread::Mode mode, bool example);
    void exploreExample(const QString& path);
    void startExample();
    void newRun(std::optional<RunKind> kind, std::optional<RunId> parent);
    void newSweep(std::optional<RunId> parent, std::optional<RunId> like = {});
    void duplicate(RunId id);
    void exportRun(RunId id);
    void addSubnets(RunId id);
    void compareSelected();
    void addModel(const QString& file);
    void addDataset(const QString& path);
    void takeDrop(const Drop& drop);
    void offerToResume();
    void refused(const QString& sentence);
    void tell(const QString& sentence);
    void updateActions();
    void updateTitle();
    bool mayClose();
    void keepState();
    std::optional<RunId> selectedRun() const;

    Studio& m_studio;
    WindowActions* m_actions;
    QStackedWidget* m_pages;
    QWidget* m_projectPage;
    WelcomePage* m_welcome;
    NoticeBar* m_notices;
    CommandPalette* m_palette;
    DropTarget* m_drops;
    std::array<QDockWidget*, 4> m_docks {}; ///< project, inspector, jobs, log
    std::unique_ptr<SingleInstance> m_instance;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Workbench> m_workbench; ///< goes before the workspace
    bool m_exampleWanted = false;
};

} // namespace bitscape::ui
