// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's actions do.
#include "ui/forms/add_dataset_dialog.h"
#include "ui/forms/add_model_dialog.h"
#include "ui/forms/add_subnets_dialog.h"
#include "ui/forms/export_dialog.h"
#include "ui/forms/new_run_dialog.h"
#include "ui/forms/settings_dialog.h"
#include "ui/forms/sweep_dialog.h"
#include "ui/help/help_topics.h"
#include "ui/views/compare_view.h"
#include "ui/window/command_palette.h"
#include "ui/window/dialog_sizes.h"
#include "ui/window/example_exploration.h"
#include "ui/window/main_window.h"
#include "ui/window/notice_bar.h"
#include "ui/window/project_panel.h"
#include "ui/window/studio.h"
#include "ui/window/view_tabs.h"
#include "ui/window/welcome_page.h"
#include "ui/window/window_actions.h"
#include "ui/window/workbench.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>

namespace bitscape::ui {

void MainWindow::connectActions()
{
    const auto on = [this](const char* name, auto&& then) {
        connect(&m_actions->action(QString::fromLatin1(name)), &QAction::triggered, this, then);
    };
    const auto create = [this] { askForProject(ProjectThread::Mode::Create, false); };
    const auto open = [this] { askForProject(ProjectThread::Mode::Open, false); };
    const auto example = [this] { askForProject(ProjectThread::Mode::Create, true); };
    on("file-new", create);
    on("file-open", open);
    on("file-example", example);
    on("add-model", [this] { addModel({}); });
    on("add-data", [this] { addDataset({}); });
    on("file-settings", [this] { openDialog(*new SettingsDialog(m_studio.settings(), this), m_studio.store()); });
    on("file-close", [this] { closeProject(); });
    on("file-quit", [this] { m_studio.quit(); });
    on("edit-palette", [this] { m_palette->open(); });
    on("view-reload", [this] { m_workspace->document().refresh(); });
    on("view-pin", [this] { m_workbench->views().pinCurrent(); });
    on("help-guide", [this] {
        const QWidget* focused = QApplication::focusWidget();
        m_studio.openHelp(helpTopic(!focused && m_workbench ? m_workbench->views().currentView() : focused));
    });
    on("help-about", [this] {
        auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About Bitscape"),
            tr("<b>Bitscape</b> %1<br>How few bits, and how few multiply-accumulates, can a trained network do with?<br><br>"
               "CQ: arXiv:2211.14928. SteppingNet: arXiv:2211.14926.<br>GPL-3.0-or-later.")
                .arg(QCoreApplication::applicationVersion()),
            QMessageBox::Ok, this);
        box->setIconPixmap(m_studio.theme().icon("bitscape").pixmap(QSize(64, 64), devicePixelRatioF()));
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
    connect(m_welcome, &WelcomePage::newRequested, this, create);
    connect(m_welcome, &WelcomePage::openRequested, this, open);
    connect(m_welcome, &WelcomePage::exampleRequested, this, example);
    connect(m_welcome, &WelcomePage::recentRequested, this,
        [this](const QString& path) { m_studio.openProject(path, ProjectThread::Mode::Open, this); });
    connectRunActions();
}

void MainWindow::connectRunActions()
{
    const auto on = [this](const char* name, auto&& then) {
        connect(&m_actions->action(QString::fromLatin1(name)), &QAction::triggered, this, then);
    };
    on("run-new", [this] { newRun({}, selectedRun()); });
    for (const RunKind kind : { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate })
        connect(&m_actions->action(QStringLiteral("run-") + QString::fromStdString(toString(kind))), &QAction::triggered, this,
            [this, kind] { newRun(kind, selectedRun()); });
    on("run-sweep", [this] { newSweep(selectedRun()); });
    on("run-duplicate", [this] { duplicate(*selectedRun()); });
    on("run-compare", [this] { compareSelected(); });
    on("run-export", [this] { exportRun(*selectedRun()); });
    on("run-pause", [this] {
        JobQueue& queue = m_workspace->queue();
        const Job* job = queue.job(*selectedRun());
        if (job && job->state == JobState::Paused)
            queue.resume(job->run);
        else if (job)
            queue.pause(job->run);
    });
    on("run-resume", [this] {
        const auto record = m_workspace->document().run(*selectedRun());
        if (record && record->run.state == RunState::Finished)
            tell(tr("Run %1 is finished: duplicate it to compute it again.").arg(record->run.id.value));
        else
            m_workspace->queue().enqueue(*selectedRun());
    });
    on("run-cancel", [this] { m_workspace->queue().cancel(*selectedRun()); });
    on("edit-rename", [this] { m_workbench->project().runs().renameSelected(); });
    on("edit-tags", [this] { m_workbench->project().runs().editTags(); });
    on("edit-note", [this] { m_workbench->project().runs().editNote(); });
    on("edit-delete", [this] { m_workbench->project().runs().deleteSelected(); });
    on("edit-filter", [this] {
        m_docks[0]->show();
        m_workbench->project().runs().focusFilter();
    });
}

/// A view per number key, and the docks.
void MainWindow::addViewActions()
{
    QMenu& menu = m_actions->menu(QStringLiteral("View"));
    int number = 0;
    for (const ViewKind& kind : viewKinds()) {
        QAction* action = menu.addAction(m_studio.theme().icon(kind.icon), kind.title);
        action->setObjectName(QStringLiteral("view-") + kind.id);
        action->setToolTip(kind.help);
        if (++number <= 9)
            action->setShortcut(QKeySequence(QStringLiteral("Alt+%1").arg(number)));
        connect(action, &QAction::triggered, this, [this, id = kind.id] {
            if (m_workbench)
                m_workbench->views().showKind(id);
        });
    }
    QMenu& windows = m_actions->menu(QStringLiteral("Window"));
    for (QDockWidget* each : m_docks)
        windows.addAction(each->toggleViewAction());
}

/// Commands first, then what the project has.
void MainWindow::fillPalette()
{
    m_palette->addProvider([this] { return CommandPalette::entriesOf(*menuBar()); });
    m_palette->addProvider([this] {
        std::vector<PaletteEntry> entries;
        if (!m_workspace)
            return entries;
        const Theme& theme = m_studio.theme();
        for (auto entry = m_workspace->document().runs().rbegin(); entry != m_workspace->document().runs().rend(); ++entry) {
            const Run& run = entry->second->run;
            entries.push_back(
                { tr("Run #%1  %2").arg(run.id.value).arg(QString::fromStdString(run.name)), QString::fromStdString(toString(run.state)),
                    theme.icon(QStringLiteral("run-") + QString::fromStdString(toString(run.kind))), true,
                    [this, id = run.id] { m_workbench->openRun(id); } });
        }
        for (const ModelEntry& model : m_workspace->document().models()) {
            entries.push_back(
                { tr("Model %1").arg(QString::fromStdString(model.model.name)), {}, theme.icon("model"), true, [this, id = model.model.id] {
                     m_workspace->selection().selectModel(id);
                     m_workbench->views().showKind(QStringLiteral("network"));
                 } });
            for (std::size_t i = 0; i < model.layers.size(); ++i)
                entries.push_back(
                    { tr("Layer %1 of %2").arg(QString::fromStdString(model.layers[i].name), QString::fromStdString(model.model.name)), {},
                        theme.icon("network"), true, [this, i, id = model.model.id] {
                            m_workspace->selection().selectModel(id);
                            m_workspace->selection().selectFilter({ static_cast<int>(i), -1 }, id);
                        } });
        }
        return entries;
    });
}

void MainWindow::askForProject(ProjectThread::Mode mode, bool example)
{
    auto* dialog = new QFileDialog(this,
        example                                   ? tr("Where is the example to be kept?")
            : mode == ProjectThread::Mode::Create ? tr("New project")
                                                  : tr("Open project"),
        m_studio.settings().dataFolder(), tr("Bitscape projects (*.bitscape)"));
    dialog->setObjectName(QStringLiteral("project-file"));
    dialog->setDefaultSuffix(QStringLiteral("bitscape"));
    dialog->setAcceptMode(mode == ProjectThread::Mode::Create ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // nothing is ever overwritten: a project that is there is refused
    if (mode == ProjectThread::Mode::Open)
        dialog->setFileMode(QFileDialog::ExistingFile);
    if (example)
        dialog->selectFile(QStringLiteral("example.bitscape"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, mode, example](const QString& path) {
        if (example)
            exploreExample(path);
        else
            m_studio.openProject(path, mode, this);
    });
    openDialog(*dialog, m_studio.store());
}

void MainWindow::exploreExample(const QString& path)
{
    MainWindow* window = m_studio.openProject(path, ProjectThread::Mode::Create, this);
    if (window)
        window->m_exampleWanted = true;
}

void MainWindow::startExample()
{
    auto* example = new ExampleExploration(m_workspace->document(), m_workspace->queue(), m_workspace.get());
    connect(example, &ExampleExploration::stage, this, [this](const QString& what) {
        m_notices->show({ QStringLiteral("example"), Notice::Kind::Info, tr("Preparing the example: %1…").arg(what), {} });
    });
    connect(example, &ExampleExploration::failed, this, [this](const QString& sentence) {
        m_notices->dismiss(QStringLiteral("example"));
        refused(sentence);
    });
    connect(example, &ExampleExploration::queued, this, [this](RunId first) {
        m_notices->show({ QStringLiteral("example"), Notice::Kind::Info,
            tr("The example is being computed: watch it below. Training comes first, then scores, three searches at 2 bits, and their "
               "refinement."),
            {} });
        m_workbench->openRun(first);
    });
    example->start();
}

void MainWindow::newRun(std::optional<RunKind> kind, std::optional<RunId> parent)
{
    const ProjectDocument& document = m_workspace->document();
    if (document.models().empty() || document.datasets().empty())
        return refused(tr("A run needs a model and a data set: add them first, with the + in the project panel."));
    auto* dialog = new NewRunDialog(m_workspace->document(), m_workspace->queue(), this);
    const auto record = parent ? document.run(*parent) : nullptr;
    if (kind)
        dialog->setKind(*kind);
    else if (record) // what usually follows
        dialog->setKind(record->run.kind == RunKind::Train ? RunKind::Score
                : record->run.kind == RunKind::Score       ? RunKind::Search
                                                           : RunKind::Refine);
    if (parent)
        dialog->setParent(*parent);
    connect(dialog, &NewRunDialog::started, m_workbench.get(), &Workbench::openRun);
    openDialog(*dialog, m_studio.store());
}

/// Of runs that start from `parent`, or by the recipe of the sweep `like`.
void MainWindow::newSweep(std::optional<RunId> parent, std::optional<RunId> like)
{
    const ProjectDocument& document = m_workspace->document();
    auto* dialog = new SweepDialog(m_workspace->document(), m_workspace->queue(), this);
    const auto record = parent ? document.run(*parent) : nullptr;
    if (record && record->run.kind != RunKind::Sweep)
        dialog->setParent(record->run);
    if (like)
        dialog->setLike(*like);
    connect(dialog, &SweepDialog::started, m_workbench.get(), &Workbench::openRun);
    openDialog(*dialog, m_studio.store());
}

void MainWindow::duplicate(RunId id)
{
    const auto record = m_workspace->document().run(id);
    if (!record)
        return;
    if (record->run.kind == RunKind::Sweep)
        return newSweep({}, id);
    auto* dialog = new NewRunDialog(m_workspace->document(), m_workspace->queue(), this);
    dialog->setFrom(record->run);
    connect(dialog, &NewRunDialog::started, m_workbench.get(), &Workbench::openRun);
    openDialog(*dialog, m_studio.store());
}

void MainWindow::exportRun(RunId id)
{
    openDialog(*new ExportDialog(m_workspace->document(), id, this), m_studio.store());
}

void MainWindow::addSubnets(RunId id)
{
    auto* dialog = new AddSubnetsDialog(m_workspace->document(), id, this);
    connect(dialog, &AddSubnetsDialog::done, this, [this] { tell(tr("The subnets were added as a network.")); });
    openDialog(*dialog, m_studio.store());
}

void MainWindow::compareSelected()
{
    const std::vector<RunId> runs = m_workbench->project().runs().selectedRuns();
    if (runs.size() < kFewestCompared || runs.size() > kMostCompared)
        return refused(tr("Two to six runs are compared: select them in the list of runs, with Ctrl and Shift."));
    m_workbench->views().openDocument(CompareView::idOf(runs), CompareView::titleOf(runs), QStringLiteral("compare"),
        [runs](const ViewContext& context) { return new CompareView(context, runs); });
}

void MainWindow::addModel(const QString& file)
{
    auto* dialog = new AddModelDialog(m_workspace->document(), file, m_studio.settings().dataFolder(), this);
    connect(dialog, &AddModelDialog::done, this, [this] { tell(tr("The model was added.")); });
    openDialog(*dialog, m_studio.store());
}

void MainWindow::addDataset(const QString& path)
{
    auto* dialog = new AddDatasetDialog(m_workspace->document(), path, m_studio.settings().dataFolder(), this);
    connect(dialog, &AddDatasetDialog::done, this, [this] { tell(tr("The data set was added.")); });
    openDialog(*dialog, m_studio.store());
}

void MainWindow::takeDrop(const Drop& drop)
{
    switch (drop.kind) {
    case Drop::Kind::Project:
        m_studio.openProject(drop.path, ProjectThread::Mode::Open, this);
        break;
    case Drop::Kind::Model:
        addModel(drop.path);
        break;
    case Drop::Kind::Dataset:
        addDataset(drop.path);
        break;
    case Drop::Kind::Nothing:
        break;
    }
}

} // namespace bitscape::ui
