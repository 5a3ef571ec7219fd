// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/section.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace bitscape::ui {

Section::Section(const QString& title, const QString& name, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_head(new QToolButton)
    , m_bar(new QHBoxLayout)
    , m_body(new QWidget)
    , m_layout(new QVBoxLayout(m_body))
{
    m_head->setObjectName(name);
    m_head->setText(title);
    m_head->setCheckable(true);
    m_head->setAutoRaise(true);
    m_head->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_head->setFocusPolicy(Qt::TabFocus);
    m_head->setToolTip(tr("Open or close this part"));
    m_head->setIconSize({ 14, 14 });
    // A head is a title, not a button that is pressed in.
    m_head->setStyleSheet(QStringLiteral("QToolButton, QToolButton:checked { border: 1px solid transparent; background: transparent; "
                                         "font-weight: 600; padding: 3px 2px; } QToolButton:focus { border-color: palette(highlight); }"));
    connect(m_head, &QToolButton::toggled, this, &Section::setOpen);
    connect(&theme, &Theme::changed, this, QOverload<>::of(&Section::update));

    m_bar->setContentsMargins(6, 3, 6, 3);
    m_bar->setSpacing(0);
    m_bar->addWidget(m_head);
    m_bar->addStretch();
    m_layout->setContentsMargins(12, 2, 10, 10);
    m_layout->setSpacing(8);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 1, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(m_bar);
    whole->addWidget(m_body);
    setOpen(true);
}

void Section::addContent(QWidget* content)
{
    m_layout->addWidget(content);
}

void Section::addTool(QWidget* tool)
{
    m_bar->addWidget(tool);
}

bool Section::isOpen() const
{
    return m_head->isChecked();
}

void Section::setOpen(bool open)
{
    m_head->setChecked(open);
    m_head->setIcon(m_theme.icon(open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
    m_body->setVisible(open);
}

void Section::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), m_theme.colours().border);
}

} // namespace bitscape::ui
