// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/welcome_page.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

constexpr int kLogoSize = 64;
constexpr int kPathRole = Qt::UserRole;

QLabel* label(const QString& text, double scale, const char* name)
{
    auto* made = new QLabel(text);
    QFont font = made->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    made->setFont(font);
    made->setObjectName(QString::fromLatin1(name));
    made->setWordWrap(true);
    return made;
}

} // namespace

WelcomePage::WelcomePage(const Theme& theme, RecentProjects& recent, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_recent(recent)
    , m_noRecent(
          label(tr("No projects yet. A project is one file that keeps models, runs and results; it can be dropped onto this window."), 1,
              "muted"))
    , m_list(new QListWidget)
{
    auto* column = new QWidget;
    column->setMaximumWidth(760);
    auto* rows = new QVBoxLayout(column);
    rows->setSpacing(14);
    rows->addStretch(1);
    rows->addWidget(head());
    auto* choices = new QHBoxLayout;
    choices->setSpacing(12);
    choices->addWidget(
        choice("welcome-new", "new", tr("&New project"), tr("Start with an empty project file."), &WelcomePage::newRequested));
    choices->addWidget(choice("welcome-open", "open", tr("&Open project"), tr("Go on with a project file."), &WelcomePage::openRequested));
    choices->addWidget(choice("welcome-example", "play", tr("E&xplore an example"),
        tr("A small network on drawn characters: trained, scored, searched and refined in about a minute."),
        &WelcomePage::exampleRequested));
    rows->addLayout(choices);
    rows->addSpacing(10);
    rows->addWidget(label(tr("Recent projects"), 1.1, "heading"));
    m_list->setObjectName(QStringLiteral("recent"));
    m_list->setAccessibleName(tr("Recent projects"));
    m_list->setToolTip(tr("Enter opens, Delete takes out of the list"));
    m_list->installEventFilter(this);
    rows->addWidget(m_list, 3);
    rows->addWidget(m_noRecent);
    rows->addStretch(1);
    auto* outer = new QHBoxLayout(this);
    outer->addStretch(1);
    outer->addWidget(column, 6);
    outer->addStretch(1);
    connect(m_list, &QListWidget::itemActivated, this,
        [this](const QListWidgetItem* item) { emit recentRequested(item->data(kPathRole).toString()); });
    connect(&recent, &RecentProjects::changed, this, &WelcomePage::fillRecent);
    connect(&theme, &Theme::changed, this, &WelcomePage::retheme);
    fillRecent();
    retheme();
}

QWidget* WelcomePage::head()
{
    auto* head = new QWidget;
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 8);
    line->setSpacing(18);
    m_logo = new QLabel;
    line->addWidget(m_logo);
    auto* words = new QVBoxLayout;
    words->addWidget(label(QStringLiteral("Bitscape"), 2.2, "title"));
    words->addWidget(label(tr("How few bits, and how few multiply-accumulates, can a trained network do with?"), 1.1, "muted"));
    line->addLayout(words, 1);
    return head;
}

QWidget* WelcomePage::choice(
    const QString& name, const QString& icon, const QString& title, const QString& help, void (WelcomePage::*asked)())
{
    auto* box = new QWidget;
    auto* rows = new QVBoxLayout(box);
    rows->setContentsMargins(0, 0, 0, 0);
    auto* button = new QPushButton(title);
    button->setObjectName(name);
    button->setIconSize(QSize(22, 22));
    button->setMinimumHeight(44);
    button->setAccessibleDescription(help);
    m_buttons.emplace_back(button, icon);
    connect(button, &QPushButton::clicked, this, asked);
    rows->addWidget(button);
    rows->addWidget(label(help, 0.95, "muted"));
    rows->addStretch(1);
    return box;
}

void WelcomePage::fillRecent()
{
    m_list->clear();
    for (const RecentProject& project : m_recent.projects()) {
        const QFileInfo file(project.path);
        QString text = QStringLiteral("%1\n%2   ·   %3")
                           .arg(file.completeBaseName(), file.path(), QLocale().toString(project.used, QLocale::ShortFormat));
        if (project.missing)
            text += tr("   ·   not there any more");
        auto* item = new QListWidgetItem(m_theme.icon(project.missing ? "warning" : "bitmap"), text, m_list);
        item->setData(kPathRole, project.path);
        item->setToolTip(project.path);
        if (project.missing)
            item->setForeground(m_theme.colours().faint);
    }
    m_list->setVisible(m_list->count() > 0);
    m_noRecent->setVisible(m_list->count() == 0);
}

bool WelcomePage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete
        && m_list->currentItem()) {
        m_recent.remove(m_list->currentItem()->data(kPathRole).toString());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void WelcomePage::retheme()
{
    m_logo->setPixmap(m_theme.icon("bitscape").pixmap(QSize(kLogoSize, kLogoSize), devicePixelRatioF()));
    for (const auto& [button, icon] : m_buttons)
        button->setIcon(m_theme.icon(icon));
    fillRecent();
}

} // namespace bitscape::ui
