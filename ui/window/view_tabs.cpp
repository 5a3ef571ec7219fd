// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/view_tabs.h"

#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {

ViewTabs::ViewTabs(const ViewContext& context, QWidget* parent)
    : QTabWidget(parent)
    , m_context(context)
{
    setDocumentMode(true);
    setTabsClosable(true);
    setMovable(true);
    setObjectName(QStringLiteral("views"));
    for (const ViewKind& kind : viewKinds())
        addKind(kind, {});
    connect(this, &QTabWidget::currentChanged, this, &ViewTabs::bringUpToDate);
    connect(this, &QTabWidget::tabCloseRequested, this, &ViewTabs::closeTab);
    connect(&m_context.selection, &Selection::runChanged, this, &ViewTabs::follow);
    connect(&m_context.loader, &ResultsLoader::loaded, this, &ViewTabs::take);
    connect(&m_context.theme, &Theme::changed, this, &ViewTabs::retheme);
    follow();
}

ViewTabs::~ViewTabs()
{
    for (const Tab& tab : m_tabs) {
        if (tab.pinned)
            m_context.loader.unwatch(*tab.pinned);
    }
    watchOnly({});
}

void ViewTabs::showKind(const QString& id)
{
    const auto found = std::ranges::find_if(m_tabs, [&](const Tab& tab) { return tab.kind.id == id && !tab.pinned && !tab.isDocument; });
    if (found == m_tabs.end())
        return;
    setTabVisible(indexOf(found->page), true); // asked for by name: it says what is missing
    setCurrentWidget(found->page);
}

QString ViewTabs::currentKind() const
{
    const auto found = std::ranges::find(m_tabs, currentWidget(), &Tab::page);
    return found == m_tabs.end() ? QString() : found->kind.id;
}

void ViewTabs::pinCurrent()
{
    const Tab* tab = tabOf(currentIndex());
    const auto run = m_context.selection.run();
    if (!tab || tab->isDocument || !run)
        return;
    m_context.loader.watch(*run);
    addKind(ViewKind(tab->kind), run);
    setCurrentIndex(count() - 1);
}

QWidget* ViewTabs::currentView() const
{
    const auto found = std::ranges::find(m_tabs, currentWidget(), &Tab::page);
    return found == m_tabs.end() ? nullptr : found->view;
}

void ViewTabs::addKind(const ViewKind& kind, std::optional<RunId> pinned)
{
    addTab({ .kind = kind, .pinned = pinned, .shown = {} },
        pinned ? QStringLiteral("%1 #%2").arg(kind.title).arg(pinned->value) : kind.title,
        pinned ? tr("%1, kept on run %2").arg(kind.help).arg(pinned->value) : kind.help);
}

void ViewTabs::openDocument(
    const QString& id, const QString& title, const QString& icon, const std::function<QWidget*(const ViewContext&)>& make)
{
    const auto found = std::ranges::find_if(m_tabs, [&](const Tab& tab) { return tab.isDocument && tab.kind.id == id; });
    if (found != m_tabs.end())
        return setCurrentWidget(found->page);
    addTab({ .kind = { id, title, icon, title, make, {} }, .pinned = {}, .shown = {}, .isDocument = true }, title, title);
    setCurrentIndex(count() - 1);
}

void ViewTabs::addTab(Tab tab, const QString& title, const QString& help)
{
    tab.page = new QWidget;
    tab.page->setObjectName(QStringLiteral("page-") + tab.kind.id);
    (new QVBoxLayout(tab.page))->setContentsMargins(0, 0, 0, 0);
    const bool stays = !tab.pinned && !tab.isDocument; // only what was opened on purpose is closed
    const QString icon = tab.isDocument ? tab.kind.icon : tab.pinned ? QStringLiteral("pin") : QString();
    m_tabs.push_back(tab);
    const int index
        = QTabWidget::addTab(tab.page, icon.isEmpty() ? QIcon() : m_context.theme.icon(icon), title); // titles fit beside both docks
    setTabToolTip(index, help);
    if (stays) {
        tabBar()->setTabButton(index, QTabBar::RightSide, nullptr);
        tabBar()->setTabButton(index, QTabBar::LeftSide, nullptr);
    }
}

ViewTabs::Tab* ViewTabs::tabOf(int index)
{
    const auto found = std::ranges::find(m_tabs, widget(index), &Tab::page);
    return index < 0 || found == m_tabs.end() ? nullptr : &*found;
}

/// Makes the view if it was never looked at, and gives it the results that it has missed.
void ViewTabs::bringUpToDate(int index)
{
    Tab* tab = tabOf(index);
    if (!tab)
        return;
    if (!tab->view) {
        tab->view = tab->kind.make(m_context);
        tab->view->setObjectName(QStringLiteral("view-") + tab->kind.id);
        tab->page->layout()->addWidget(tab->view);
    }
    auto* view = qobject_cast<RunView*>(tab->view);
    if (!view || !std::exchange(tab->stale, false))
        return;
    const auto wanted = tab->pinned ? tab->pinned : m_context.selection.run();
    ResultsPtr results;
    if (wanted) {
        results = m_context.loader.watch(*wanted);
        m_context.loader.unwatch(*wanted);
    }
    if (results || !wanted) {
        tab->shown = wanted;
        view->setResults(results);
    }
}

/// Another run is selected.
void ViewTabs::follow()
{
    watchOnly(m_context.selection.run());
    for (Tab& tab : m_tabs) {
        if (!tab.pinned)
            tab.stale = true;
    }
    showFitting();
    bringUpToDate(currentIndex());
}

/// Tabs of kinds that are there for some runs alone.
void ViewTabs::showFitting()
{
    const auto id = m_context.selection.run();
    const auto record = id ? m_context.document.run(*id) : nullptr;
    std::vector<std::pair<QWidget*, bool>> pages; // showing one may change the list
    for (const Tab& tab : m_tabs) {
        if (!tab.pinned && tab.kind.shownFor)
            pages.emplace_back(tab.page, record && tab.kind.shownFor(record->run));
    }
    for (const auto& [page, isShown] : pages)
        setTabVisible(indexOf(page), isShown);
}

void ViewTabs::watchOnly(std::optional<RunId> id)
{
    if (id)
        m_context.loader.watch(*id);
    if (m_watched)
        m_context.loader.unwatch(*m_watched);
    m_watched = id;
}

void ViewTabs::take(RunId id, const ResultsPtr&)
{
    for (Tab& tab : m_tabs) {
        if ((tab.pinned ? tab.pinned : m_context.selection.run()) == id)
            tab.stale = true;
    }
    bringUpToDate(currentIndex());
}

void ViewTabs::closeTab(int index)
{
    Tab* tab = tabOf(index);
    if (!tab || (!tab->pinned && !tab->isDocument))
        return;
    if (tab->pinned)
        m_context.loader.unwatch(*tab->pinned);
    QWidget* page = tab->page;
    std::erase_if(m_tabs, [page](const Tab& each) { return each.page == page; });
    removeTab(index);
    page->deleteLater();
}

void ViewTabs::retheme()
{
    for (int i = 0; i < count(); ++i) {
        const Tab* tab = tabOf(i);
        if (tab && (tab->pinned || tab->isDocument))
            setTabIcon(i, m_context.theme.icon(tab->isDocument ? tab->kind.icon : QStringLiteral("pin")));
    }
}

} // namespace bitscape::ui
