// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"
#include "ui/style/theme.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;

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

private:
    Figure* m_figure;
    QLabel* m_title;
    QHBoxLayout* m_tools;
};

} // namespace bitscape::ui
