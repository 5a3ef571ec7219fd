// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QWidget>

class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace bitscape::ui {

/// A part of the inspector under a head that opens and closes it.
class Section final : public QWidget {
    Q_OBJECT
public:
    /// `name` is the head's object name.
    Section(const QString& title, const QString& name, const Theme& theme, QWidget* parent = nullptr);

    /// Beneath the head; taken as a child.
    void addContent(QWidget* content);
    /// Right in the head; taken as a child.
    void addTool(QWidget* tool);
    bool isOpen() const;
    void setOpen(bool open);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QToolButton* m_head;
    QHBoxLayout* m_bar;
    QWidget* m_body;
    QVBoxLayout* m_layout; ///< of the body
};

} // namespace bitscape::ui
