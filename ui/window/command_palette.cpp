// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_palette.h"

#include "ui/window/fuzzy_match.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostShown = 50;

QString plain(QString text)
{
    text.remove(QLatin1Char('&'));
    return text;
}

void collect(const QMenu& menu, const QString& path, std::vector<PaletteEntry>& entries)
{
    for (QAction* action : menu.actions()) {
        if (action->isSeparator() || action->text().isEmpty())
            continue;
        const QString title = path + QStringLiteral(" › ") + plain(action->text());
        if (action->menu())
            collect(*action->menu(), title, entries);
        else
            entries.push_back({ title, action->shortcut().toString(QKeySequence::NativeText), action->icon(), action->isEnabled(),
                [action] { action->trigger(); } });
    }
}

} // namespace

CommandPalette::CommandPalette(const Theme& theme, QWidget* window)
    : QFrame(window)
    , m_theme(theme)
    , m_line(new QLineEdit)
    , m_list(new QListWidget)
{
    setObjectName(QStringLiteral("palette"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_line->setPlaceholderText(tr("Search commands, runs, models and layers"));
    m_line->setAccessibleName(tr("Command search"));
    m_line->setObjectName(QStringLiteral("palette-line"));
    m_list->setObjectName(QStringLiteral("palette-list"));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_line);
    layout->addWidget(m_list);
    m_line->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
    hide();
}

void CommandPalette::addProvider(Provider provider)
{
    m_providers.push_back(std::move(provider));
}

void CommandPalette::open()
{
    m_all.clear();
    for (const Provider& provider : m_providers) {
        auto entries = provider();
        std::ranges::move(entries, std::back_inserter(m_all));
    }
    const QRect area = parentWidget()->rect();
    const int width = std::min(640, area.width() - 40);
    setGeometry((area.width() - width) / 2, 60, width, std::min(420, area.height() - 100));
    m_line->clear();
    fill();
    show();
    raise();
    m_line->setFocus();
}

std::vector<PaletteEntry> CommandPalette::ranked(const std::vector<PaletteEntry>& entries, const QString& typed)
{
    std::vector<std::pair<int, std::size_t>> fitting;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (const auto match = fuzzyMatch(typed, entries[i].title))
            fitting.emplace_back(match->score, i);
    }
    const auto better = [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; };
    const std::size_t kept = std::min(kMostShown, fitting.size());
    std::ranges::partial_sort(fitting, fitting.begin() + static_cast<std::ptrdiff_t>(kept), better);
    std::vector<PaletteEntry> best;
    for (std::size_t i = 0; i < kept; ++i)
        best.push_back(entries[fitting[i].second]);
    return best;
}

std::vector<PaletteEntry> CommandPalette::entriesOf(const QMenuBar& menus)
{
    std::vector<PaletteEntry> entries;
    for (const QAction* action : menus.actions()) {
        if (action->menu())
            collect(*action->menu(), plain(action->text()), entries);
    }
    return entries;
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_line)
        return false;
    if (event->type() == QEvent::FocusOut) {
        hide();
        return false;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Escape:
        hide();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose();
        return true;
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_PageDown:
        move(10);
        return true;
    case Qt::Key_PageUp:
        move(-10);
        return true;
    default:
        return false;
    }
}

void CommandPalette::fill()
{
    m_shown = ranked(m_all, m_line->text());
    m_list->clear();
    for (const PaletteEntry& entry : m_shown) {
        auto* item
            = new QListWidgetItem(entry.icon, entry.detail.isEmpty() ? entry.title : entry.title + QStringLiteral("    ") + entry.detail);
        item->setFlags(entry.enabled ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsSelectable);
        if (!entry.enabled)
            item->setForeground(m_theme.colours().faint);
        m_list->addItem(item);
    }
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
}

void CommandPalette::choose()
{
    const int row = m_list->currentRow();
    if (row < 0 || !m_shown[static_cast<std::size_t>(row)].enabled)
        return;
    const auto chosen = m_shown[static_cast<std::size_t>(row)].chosen;
    hide();
    if (chosen)
        chosen();
}

void CommandPalette::move(int rows)
{
    if (m_list->count() > 0)
        m_list->setCurrentRow(std::clamp(m_list->currentRow() + rows, 0, m_list->count() - 1));
}

} // namespace bitscape::ui
