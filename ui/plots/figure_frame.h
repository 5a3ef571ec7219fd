// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"
#include "ui/style/theme.h"

#include <QWidget>

#include <utility>
#include <vector>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace bitscape::ui {

/// A figure with its title and its tools: whatever the view adds, then legend, reset, copy and save as PNG, SVG, PDF or CSV.
class FigureFrame final : public QWidget {
    Q_OBJECT
public:
    /// Takes the figure as its child.
    FigureFrame(const QString& title, Figure* figure, const Theme& theme, QWidget* parent = nullptr);

    Figure& figure() const { return *m_figure; }
    void setTitle(const QString& title);
    /// A control of the view's, in front of the frame's own tools; taken as a child.
    void addTool(QWidget* tool);

    /// Saves by the path's extension, as the Save button does once a file is chosen: takes down the figure's strokes at once, draws and
    /// writes on another thread and then emits `saved` or shows the failure in words.
    void saveTo(const QString& path);
    /// Puts the figure as it is now on the clipboard, drawn on another thread, and then emits `copied`.
    void copyPicture();

signals:
    void saved(const QString& path);
    void copied();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fitTitle();
    void showLegendState();
    QToolButton* tool(const QString& icon, const QString& name, const QString& help);
    void addCopyMenu();
    void askWhere();
    void retheme();

    const Theme& m_theme;
    Figure* m_figure;
    QLabel* m_title;
    QString m_fullTitle;
    QHBoxLayout* m_tools;
    QToolButton* m_legend = nullptr;
    std::vector<std::pair<QToolButton*, QString>> m_buttons; ///< with their icons' names
};

} // namespace bitscape::ui
