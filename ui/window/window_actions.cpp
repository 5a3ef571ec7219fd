// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_actions.h"

#include <QAction>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QUndoStack>

#include <array>

namespace bitscape::ui {

struct WindowActions::Entry {
    enum class Needs { Nothing, Project, Run };
    const char* menu;
    const char* name; ///< null: a separator
    const char* text;
    const char* icon;
    QKeySequence keys;
    Needs needs = Needs::Nothing;
};

namespace {

constexpr std::array kMenus { QT_TRANSLATE_NOOP("WindowActions", "&File"), QT_TRANSLATE_NOOP("WindowActions", "&Edit"),
    QT_TRANSLATE_NOOP("WindowActions", "&View"), QT_TRANSLATE_NOOP("WindowActions", "&Run"), QT_TRANSLATE_NOOP("WindowActions", "&Window"),
    QT_TRANSLATE_NOOP("WindowActions", "&Help") };

QString plain(QString title)
{
    return title.remove(QLatin1Char('&'));
}

} // namespace

WindowActions::WindowActions(QMainWindow& window, const Theme& theme)
    : QObject(&window)
    , m_window(window)
    , m_theme(theme)
{
    for (const char* title : kMenus)
        m_menus[plain(QString::fromLatin1(title))] = window.menuBar()->addMenu(tr(title));
    using Needs = Entry::Needs;
    const std::vector<Entry> entries {
        { "File", "file-new", QT_TR_NOOP("&New project…"), "new", QKeySequence::New },
        { "File", "file-open", QT_TR_NOOP("&Open project…"), "open", QKeySequence::Open },
        { "File", "file-example", QT_TR_NOOP("&Explore an example"), "play", {} },
        { "File", nullptr, nullptr, nullptr, {} },
        { "File", "add-model", QT_TR_NOOP("Add &model…"), "model", Qt::CTRL | Qt::Key_M, Needs::Project },
        { "File", "add-data", QT_TR_NOOP("Add &data set…"), "dataset", Qt::CTRL | Qt::SHIFT | Qt::Key_D, Needs::Project },
        { "File", nullptr, nullptr, nullptr, {} },
        { "File", "file-settings", QT_TR_NOOP("&Settings…"), "settings", QKeySequence::Preferences },
        { "File", "file-close", QT_TR_NOOP("&Close project"), "close", QKeySequence::Close, Needs::Project },
        { "File", "file-quit", QT_TR_NOOP("&Quit"), nullptr, QKeySequence::Quit },
        { "Edit", "edit-rename", QT_TR_NOOP("Re&name run…"), "edit", {}, Needs::Run },
        { "Edit", "edit-tags", QT_TR_NOOP("&Tags…"), "tag", Qt::CTRL | Qt::Key_T, Needs::Run },
        { "Edit", "edit-note", QT_TR_NOOP("N&ote…"), "note", Qt::CTRL | Qt::SHIFT | Qt::Key_T, Needs::Run },
        { "Edit", "edit-delete", QT_TR_NOOP("&Delete runs"), "remove", {}, Needs::Run },
        { "Edit", nullptr, nullptr, nullptr, {} },
        { "Edit", "edit-filter", QT_TR_NOOP("&Filter runs"), "filter", QKeySequence::Find, Needs::Project },
        { "Edit", "edit-palette", QT_TR_NOOP("&Search commands…"), "command", Qt::CTRL | Qt::Key_K },
        { "View", "view-pin", QT_TR_NOOP("&Keep this view on its run"), "pin", Qt::CTRL | Qt::Key_P, Needs::Run },
        { "View", "view-reload", QT_TR_NOOP("&Reload"), "retry", QKeySequence::Refresh, Needs::Project },
        { "View", nullptr, nullptr, nullptr, {} },
        { "Run", "run-new", QT_TR_NOOP("&New run…"), "play", Qt::CTRL | Qt::Key_R, Needs::Project },
        { "Run", "run-train", QT_TR_NOOP("&Train…"), "run-train", {}, Needs::Project },
        { "Run", "run-score", QT_TR_NOOP("&Score…"), "run-score", {}, Needs::Project },
        { "Run", "run-search", QT_TR_NOOP("Searc&h…"), "run-search", {}, Needs::Project },
        { "Run", "run-refine", QT_TR_NOOP("&Refine…"), "run-refine", {}, Needs::Project },
        { "Run", "run-step", QT_TR_NOOP("Make s&ubnets…"), "run-step", {}, Needs::Project },
        { "Run", "run-evaluate", QT_TR_NOOP("&Evaluate…"), "run-evaluate", {}, Needs::Project },
        { "Run", "run-sweep", QT_TR_NOOP("Ne&w sweep…"), "run-sweep", Qt::CTRL | Qt::SHIFT | Qt::Key_R, Needs::Project },
        { "Run", nullptr, nullptr, nullptr, {} },
        { "Run", "run-duplicate", QT_TR_NOOP("&Duplicate with changes…"), "duplicate", {}, Needs::Run },
        { "Run", "run-compare", QT_TR_NOOP("C&ompare selected runs"), "compare", Qt::CTRL | Qt::SHIFT | Qt::Key_C, Needs::Run },
        { "Run", "run-export", QT_TR_NOOP("E&xport…"), "save", {}, Needs::Run },
        { "Run", "run-pause", QT_TR_NOOP("&Pause or go on"), "pause", Qt::CTRL | Qt::Key_Period, Needs::Run },
        { "Run", "run-resume", QT_TR_NOOP("&Go on where it was left"), "resume", {}, Needs::Run },
        { "Run", "run-cancel", QT_TR_NOOP("&Cancel"), "cancel", Qt::CTRL | Qt::SHIFT | Qt::Key_Period, Needs::Run },
        { "Help", "help-guide", QT_TR_NOOP("&Guide"), "help", QKeySequence::HelpContents },
        { "Help", "help-about", QT_TR_NOOP("&About Bitscape"), "info", {} },
    };
    for (const Entry& entry : entries)
        add(*m_menus.at(QString::fromLatin1(entry.menu)), entry);
    connect(&theme, &Theme::changed, this, &WindowActions::retheme);
    enable(false, false);
}

void WindowActions::add(QMenu& menu, const Entry& entry)
{
    if (!entry.name) {
        menu.addSeparator();
        return;
    }
    QAction* action = menu.addAction(tr(entry.text));
    action->setObjectName(QString::fromLatin1(entry.name));
    action->setShortcut(entry.keys);
    if (entry.icon) {
        action->setIcon(m_theme.icon(QString::fromLatin1(entry.icon)));
        m_icons.emplace_back(action, QString::fromLatin1(entry.icon));
    }
    if (entry.needs != Entry::Needs::Nothing)
        m_forProject.push_back(action);
    if (entry.needs == Entry::Needs::Run)
        m_forRun.push_back(action);
    m_actions[action->objectName()] = action;
}

QAction& WindowActions::action(const QString& name) const
{
    return *m_actions.at(name);
}

QMenu& WindowActions::menu(const QString& title) const
{
    return *m_menus.at(title);
}

void WindowActions::enable(bool hasProject, bool hasRun)
{
    for (QAction* action : m_forProject)
        action->setEnabled(hasProject);
    for (QAction* action : m_forRun)
        action->setEnabled(hasProject && hasRun);
}

/// Undo and redo stand first in the Edit menu; they are the stack's own.
void WindowActions::setUndoStack(QUndoStack* stack)
{
    delete m_undo;
    delete m_redo;
    m_undo = m_redo = nullptr;
    if (!stack)
        return;
    QMenu& edit = menu(QStringLiteral("Edit"));
    QAction* first = edit.actions().front();
    m_undo = stack->createUndoAction(this, tr("&Undo"));
    m_redo = stack->createRedoAction(this, tr("&Redo"));
    m_undo->setShortcut(QKeySequence::Undo);
    m_redo->setShortcut(QKeySequence::Redo);
    m_undo->setIcon(m_theme.icon("undo"));
    m_redo->setIcon(m_theme.icon("redo"));
    m_undo->setObjectName(QStringLiteral("edit-undo"));
    m_redo->setObjectName(QStringLiteral("edit-redo"));
    edit.insertActions(first, { m_undo, m_redo });
}

void WindowActions::retheme()
{
    for (const auto& [action, icon] : m_icons)
        action->setIcon(m_theme.icon(icon));
}

} // namespace bitscape::ui
