// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QWidget>

class QLineEdit;
class QListWidget;
class QSettings;
class QStackedWidget;
class QToolButton;
class QTreeWidget;

namespace bitscape::ui {

class GuideBrowser;

/// The guide in a window of its own: contents or what a search found on the left, the page on the right.
class HelpWindow final : public QWidget {
    Q_OBJECT
public:
    /// `store` keeps the window's place and outlives it.
    HelpWindow(const Theme& theme, QSettings& store);
    ~HelpWindow() override;

    /// Shows a topic, "parameters#step", and comes to the front.
    void open(const QString& topic);
    GuideBrowser& browser() const { return *m_browser; }

private:
    QWidget* head();
    QToolButton* button(const char* name, const char* icon, const QString& help, const QKeySequence& keys);
    void fillContents();
    void search();
    void showPlace();
    void retheme();

    const Theme& m_theme;
    QSettings& m_store;
    GuideBrowser* m_browser;
    QLineEdit* m_line;
    QStackedWidget* m_left;
    QTreeWidget* m_contents;
    QListWidget* m_hits;
    std::vector<std::pair<QToolButton*, QString>> m_buttons;
};

} // namespace bitscape::ui
