// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kMostNotices = 4;

QString iconOf(Notice::Kind kind)
{
    switch (kind) {
    case Notice::Kind::Info:
        return QStringLiteral("info");
    case Notice::Kind::Warning:
        return QStringLiteral("warning");
    case Notice::Kind::Error:
        break;
    }
    return QStringLiteral("error");
}

QColor colourOf(Notice::Kind kind, const Colours& colours)
{
    return kind == Notice::Kind::Info ? colours.accent : kind == Notice::Kind::Warning ? colours.warning : colours.bad;
}

} // namespace

NoticeBar::NoticeBar(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_rows(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("notices"));
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    setVisible(false);
    connect(&theme, &Theme::changed, this, &NoticeBar::rebuild);
}

void NoticeBar::show(const Notice& notice)
{
    dismiss(notice.id);
    m_notices.insert(m_notices.begin(), notice);
    m_rows->insertWidget(0, rowFor(notice));
    while (count() > kMostNotices)
        dismiss(QString(m_notices.back().id));
    setVisible(true);
}

void NoticeBar::dismiss(const QString& id)
{
    const auto found = std::ranges::find(m_notices, id, &Notice::id);
    if (found == m_notices.end())
        return;
    QWidget* row = m_rows->itemAt(static_cast<int>(found - m_notices.begin()))->widget();
    m_notices.erase(found);
    m_rows->removeWidget(row);
    row->hide();
    row->deleteLater();
    setVisible(!m_notices.empty());
}

int NoticeBar::count() const
{
    return static_cast<int>(m_notices.size());
}

/// In the theme of the moment.
void NoticeBar::rebuild()
{
    const std::vector<Notice> notices = m_notices;
    for (auto notice = notices.rbegin(); notice != notices.rend(); ++notice)
        show(*notice);
}

QFrame* NoticeBar::rowFor(const Notice& notice)
{
    auto* row = new QFrame;
    row->setObjectName(notice.id);
    const QColor colour = colourOf(notice.kind, m_theme.colours());
    row->setStyleSheet(QStringLiteral("QFrame { background: %1; border: none; border-left: 4px solid %2; } QLabel { border: none; }")
                           .arg(m_theme.colours().raised.name(), colour.name()));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(10, 6, 8, 6);
    auto* sign = new QLabel;
    sign->setPixmap(m_theme.icon(iconOf(notice.kind)).pixmap(QSize(18, 18), devicePixelRatioF()));
    line->addWidget(sign);
    auto* text = new QLabel(notice.text);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    line->addWidget(text, 1);
    for (std::size_t i = 0; i < notice.choices.size(); ++i) {
        auto* button = new QPushButton(notice.choices[i].text);
        button->setObjectName(QStringLiteral("%1-%2").arg(notice.id).arg(i));
        connect(button, &QPushButton::clicked, this, [this, id = notice.id, chosen = notice.choices[i].chosen] {
            dismiss(id);
            if (chosen)
                chosen();
        });
        line->addWidget(button);
    }
    auto* close = new QToolButton;
    close->setIcon(m_theme.icon(QStringLiteral("close")));
    close->setToolTip(tr("Dismiss"));
    close->setAccessibleName(tr("Dismiss"));
    connect(close, &QToolButton::clicked, this, [this, id = notice.id] { dismiss(id); });
    line->addWidget(close);
    return row;
}

} // namespace bitscape::ui
