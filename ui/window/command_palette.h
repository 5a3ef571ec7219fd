// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QFrame>
#include <QIcon>
#include <QString>

#include <functional>
#include <vector>

class QAction;
class QLineEdit;
class QListWidget;
class QMenuBar;

namespace bitscape::ui {

/// Something that can be found and done.
struct PaletteEntry {
    QString title;  ///< "Run > New search..."
    QString detail; ///< shown right: a shortcut, a state
    QIcon icon;
    bool enabled = true;
    std::function<void()> chosen;
};

/// The command search (Ctrl+K): one line to type in, below it what fits best. Escape or a click elsewhere closes it.
class CommandPalette final : public QFrame {
    Q_OBJECT
public:
    using Provider = std::function<std::vector<PaletteEntry>()>;

    CommandPalette(const Theme& theme, QWidget* window);

    /// Asked whenever the palette opens; entries of earlier providers win where they fit equally well.
    void addProvider(Provider provider);
    /// Opens it over the upper part of its window.
    void open();

    /// The entries that fit, best first, at most 50.
    static std::vector<PaletteEntry> ranked(const std::vector<PaletteEntry>& entries, const QString& typed);
    /// Every action below the menus, by its path.
    static std::vector<PaletteEntry> entriesOf(const QMenuBar& menus);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void choose();
    void move(int rows);

    const Theme& m_theme;
    QLineEdit* m_line;
    QListWidget* m_list;
    std::vector<Provider> m_providers;
    std::vector<PaletteEntry> m_all, m_shown;
};

} // namespace bitscape::ui
