// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"
#include "ui/window/recent_projects.h"

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;

namespace bitscape::ui {

/// What a window shows before it has a project.
class WelcomePage final : public QWidget {
    Q_OBJECT
public:
    WelcomePage(const Theme& theme, RecentProjects& recent, QWidget* parent = nullptr);

signals:
    void newRequested();
    void openRequested();
    void exampleRequested();
    void recentRequested(const QString& path);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* head();
    QWidget* choice(const QString& name, const QString& icon, const QString& title, const QString& help, void (WelcomePage::*asked)());
    void fillRecent();
    void retheme();

    const Theme& m_theme;
    RecentProjects& m_recent;
    QLabel* m_logo = nullptr;
    QLabel* m_noRecent = nullptr;
    QListWidget* m_list = nullptr;
    std::vector<std::pair<QPushButton*, QString>> m_buttons; ///< with their icons' names
};

} // namespace bitscape::ui
