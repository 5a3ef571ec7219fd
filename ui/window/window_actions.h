// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QObject>
#include <QString>

#include <map>
#include <vector>

class QAction;
class QMainWindow;
class QMenu;
class QUndoStack;

namespace bitscape::ui {

/// The actions of a window with their menus, shortcuts and icons. What they do is the window's to connect.
class WindowActions final : public QObject {
    Q_OBJECT
public:
    /// Builds the menu bar of `window`.
    WindowActions(QMainWindow& window, const Theme& theme);

    /// By name, e.g. "file-new". Names are in window_actions.cpp, in the order of the menus.
    QAction& action(const QString& name) const;
    /// By its title without mnemonic: "View", ...
    QMenu& menu(const QString& title) const;
    /// Those that need a project, and those that need a selected run.
    void enable(bool hasProject, bool hasRun);
    void setUndoStack(QUndoStack* stack);

private:
    struct Entry;
    void add(QMenu& menu, const Entry& entry);
    void retheme();

    QMainWindow& m_window;
    const Theme& m_theme;
    std::map<QString, QAction*> m_actions;
    std::map<QString, QMenu*> m_menus;
    std::vector<std::pair<QAction*, QString>> m_icons;
    std::vector<QAction*> m_forProject, m_forRun;
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
};

} // namespace bitscape::ui
