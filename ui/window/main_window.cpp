// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/inspector/inspector.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/jobs/log_panel.h"
#include "ui/window/command_palette.h"
#include "ui/window/example_exploration.h"
#include "ui/window/notice_bar.h"
#include "ui/window/project_panel.h"
#include "ui/window/resume_offer.h"
#include "ui/window/studio.h"
#include "ui/window/view_tabs.h"
#include "ui/window/welcome_page.h"
#include "ui/window/window_actions.h"
#include "ui/window/workbench.h"

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

constexpr int kStateVersion = 1;
const QString kGeometry = QStringLiteral("window/geometry"), kState = QStringLiteral("window/state"),
              kColumns = QStringLiteral("window/run_columns");

} // namespace

MainWindow::MainWindow(Studio& studio)
    : m_studio(studio)
    , m_actions(new WindowActions(*this, studio.theme()))
    , m_pages(new QStackedWidget)
    , m_projectPage(new QWidget)
    , m_welcome(new WelcomePage(studio.theme(), studio.recent()))
    , m_notices(new NoticeBar(studio.theme()))
    , m_palette(new CommandPalette(studio.theme(), this))
    , m_drops(new DropTarget(*this))
{
    setObjectName(QStringLiteral("main"));
    resize(1280, 800);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    auto* middle = new QWidget;
    auto* rows = new QVBoxLayout(middle);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(m_notices);
    rows->addWidget(m_pages, 1);
    (new QVBoxLayout(m_projectPage))->setContentsMargins(0, 0, 0, 0);
    m_pages->addWidget(m_welcome);
    m_pages->addWidget(m_projectPage);
    setCentralWidget(middle);
    buildDocks();
    addViewActions();
    connectActions();
    fillPalette();
    connect(m_drops, &DropTarget::dropped, this, &MainWindow::takeDrop);
    restoreGeometry(studio.store().value(kGeometry).toByteArray());
    studio.recent().check();
    updateTitle();
}

MainWindow::~MainWindow()
{
    closeProject();
}

void MainWindow::buildDocks()
{
    m_docks = { dock(QStringLiteral("project"), tr("Project"), Qt::LeftDockWidgetArea),
        dock(QStringLiteral("inspector"), tr("Inspector"), Qt::RightDockWidgetArea),
        dock(QStringLiteral("jobs"), tr("Jobs"), Qt::BottomDockWidgetArea),
        dock(QStringLiteral("log"), tr("Log"), Qt::BottomDockWidgetArea) };
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    tabifyDockWidget(m_docks[2], m_docks[3]);
    for (QDockWidget* each : m_docks)
        each->hide();
}

QDockWidget* MainWindow::dock(const QString& name, const QString& title, Qt::DockWidgetArea area)
{
    auto* made = new QDockWidget(title);
    made->setObjectName(QStringLiteral("dock-") + name);
    addDockWidget(area, made);
    return made;
}

void MainWindow::openProject(const QString& path, ProjectThread::Mode mode, std::unique_ptr<SingleInstance> instance)
{
    m_instance = std::move(instance);
    if (m_instance)
        connect(m_instance.get(), &SingleInstance::activated, this, &MainWindow::comeToFront);
    m_workspace = std::make_unique<Workspace>(path, mode, m_studio.theme());
    ProjectDocument& document = m_workspace->document();
    connect(&document, &ProjectDocument::refused, this, [this, path](const QString& sentence) {
        m_studio.recent().check();
        // Not from inside the document's own signal.
        QMetaObject::invokeMethod(this, &MainWindow::closeProject, Qt::QueuedConnection);
        refused(sentence);
    });
    connect(&document, &ProjectDocument::failed, this, &MainWindow::refused);
    connect(&document, &ProjectDocument::opened, this, [this, path] {
        m_studio.recent().add(path, QDateTime::currentDateTime());
        offerToResume();
        if (!m_workspace->document().runs().empty()) // where it was left
            m_workbench->openRun(m_workspace->document().runs().rbegin()->first);
        if (std::exchange(m_exampleWanted, false))
            startExample();
        emit projectOpened();
    });
    m_workbench = std::make_unique<Workbench>(*m_workspace, m_studio.settings());
    connectWorkbench();
    m_projectPage->layout()->addWidget(&m_workbench->views());
    const std::array<QWidget*, 4> contents { &m_workbench->project(), &m_workbench->inspector(), &m_workbench->jobs(),
        &m_workbench->log() };
    for (std::size_t i = 0; i < m_docks.size(); ++i) {
        m_docks[i]->setWidget(contents[i]);
        m_docks[i]->show();
    }
    if (!restoreState(m_studio.store().value(kState).toByteArray(), kStateVersion)) {
        resizeDocks({ m_docks[0], m_docks[1] }, { 360, 270 }, Qt::Horizontal);
        resizeDocks({ m_docks[2] }, { 150 }, Qt::Vertical);
        m_docks[2]->raise();
    }
    m_workbench->project().runs().restoreState(m_studio.store().value(kColumns).toByteArray());
    m_pages->setCurrentWidget(m_projectPage);
    m_drops->takeAll(true);
    m_actions->setUndoStack(&m_workspace->undo());
    updateActions();
    updateTitle();
}

void MainWindow::connectWorkbench()
{
    ProjectPanel& project = m_workbench->project();
    connect(&project, &ProjectPanel::addModelRequested, this, [this] { addModel({}); });
    connect(&project, &ProjectPanel::addDatasetRequested, this, [this] { addDataset({}); });
    connect(&project, &ProjectPanel::newRunRequested, this, [this] { newRun({}, selectedRun()); });
    connect(&project, &ProjectPanel::refused, this, &MainWindow::refused);
    connect(&project.runs(), &RunPanel::duplicateRequested, this, &MainWindow::duplicate);
    connect(&project.runs(), &RunPanel::exportRequested, this, &MainWindow::exportRun);
    connect(&project.runs(), &RunPanel::subnetsRequested, this, &MainWindow::addSubnets);
    connect(&project.runs(), &RunPanel::compareRequested, this, &MainWindow::compareSelected);
    connect(&project.runs(), &RunPanel::followUpRequested, this, [this](RunKind kind, RunId parent) { newRun(kind, parent); });
    connect(&m_workspace->selection(), &Selection::runChanged, this, &MainWindow::updateActions);
    connect(&m_workspace->queue(), &JobQueue::jobEnded, this, [this](RunId id, const QString& failure) {
        if (!failure.isEmpty())
            m_notices->show({ QStringLiteral("run-%1").arg(id.value), Notice::Kind::Error, tr("Run %1: %2").arg(id.value).arg(failure),
                { { tr("Show"), [this, id] { m_workbench->openRun(id); } } } });
    });
    connect(&m_workbench->log(), &LogPanel::refused, this, &MainWindow::refused);
    connect(&m_workbench->jobs(), &JobsPanel::limitChanged, this, [this](int limit) { m_studio.settings().setWorkers(limit); });
    connect(&m_studio.settings(), &Settings::changed, m_workbench.get(),
        [this] { m_workspace->queue().setLimit(m_studio.settings().workers()); });
}

void MainWindow::closeProject()
{
    if (!m_workspace)
        return;
    keepState();
    m_workbench->deletions().commit();
    m_actions->setUndoStack(nullptr);
    for (QDockWidget* each : m_docks) {
        each->setWidget(nullptr);
        each->hide();
    }
    m_workbench.reset();
    m_workspace.reset(); // workers still at work go on by themselves
    m_instance.reset();
    m_drops->takeAll(false);
    m_pages->setCurrentWidget(m_welcome);
    updateActions();
    updateTitle();
}

void MainWindow::comeToFront()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::keepState()
{
    QSettings& store = m_studio.store();
    store.setValue(kGeometry, saveGeometry());
    if (!m_workbench)
        return;
    store.setValue(kState, saveState(kStateVersion));
    store.setValue(kColumns, m_workbench->project().runs().saveState());
}

void MainWindow::offerToResume()
{
    const ResumeOffer offer = resumeOffer(m_workspace->document().runs());
    if (offer.isEmpty())
        return;
    std::vector<RunId> all = offer.interrupted;
    all.insert(all.end(), offer.queued.begin(), offer.queued.end());
    std::sort(all.begin(), all.end());
    m_notices->show({ QStringLiteral("resume"), Notice::Kind::Warning, offer.sentence(m_workspace->document()),
        { { tr("Go on with them"),
              [this, all] {
                  for (const RunId id : all)
                      m_workspace->queue().enqueue(id);
              } },
            { tr("Not now"), {} } } });
}

void MainWindow::refused(const QString& sentence)
{
    m_notices->show({ QStringLiteral("refused"), Notice::Kind::Error, sentence, {} });
}

void MainWindow::tell(const QString& sentence)
{
    statusBar()->showMessage(sentence, 8000);
}

std::optional<RunId> MainWindow::selectedRun() const
{
    return m_workspace ? m_workspace->selection().run() : std::nullopt;
}

void MainWindow::updateActions()
{
    m_actions->enable(m_workspace != nullptr, selectedRun().has_value());
}

void MainWindow::updateTitle()
{
    setWindowTitle(m_workspace ? tr("%1 – Bitscape").arg(m_workspace->document().name()) : tr("Bitscape"));
    setWindowFilePath(m_workspace ? m_workspace->document().path() : QString());
    setWindowIcon(m_studio.theme().icon("bitscape"));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayClose())
        return event->ignore();
    closeProject();
    m_studio.store().setValue(kGeometry, saveGeometry());
    event->accept();
}

/// Whether runs under way may be left. Where the person has to say, the window closes once that is answered.
bool MainWindow::mayClose()
{
    if (!m_workspace || !m_workspace->queue().isBusy())
        return true;
    const auto cancelAll = [this] {
        for (const Job& job : std::vector<Job>(m_workspace->queue().jobs())) {
            if (job.state == JobState::Running || job.state == JobState::Paused)
                m_workspace->queue().cancel(job.run);
        }
    };
    switch (m_studio.settings().onClose()) {
    case Settings::OnClose::GoOn:
        return true;
    case Settings::OnClose::Cancel:
        cancelAll();
        return true;
    case Settings::OnClose::Ask:
        break;
    }
    auto* box = new QMessageBox(QMessageBox::Question, tr("Runs are under way"),
        tr("%n run(s) are being computed or waiting. Whatever you choose, nothing is lost: they can be resumed.", nullptr,
            static_cast<int>(m_workspace->queue().jobs().size())),
        QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("close-question"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* goOn = box->addButton(tr("Go on in the background"), QMessageBox::AcceptRole);
    QPushButton* cancel = box->addButton(tr("Cancel them"), QMessageBox::DestructiveRole);
    const auto closeNow = [this] {
        closeProject();
        close();
    };
    connect(goOn, &QPushButton::clicked, this, closeNow, Qt::QueuedConnection);
    connect(
        cancel, &QPushButton::clicked, this,
        [cancelAll, closeNow] {
            cancelAll();
            closeNow();
        },
        Qt::QueuedConnection);
    box->open();
    return false;
}

} // namespace bitscape::ui
