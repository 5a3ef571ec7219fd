// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/view_kinds.h"

#include <QTabWidget>

#include <functional>
#include <optional>
#include <vector>

namespace bitscape::ui {

/// The documents of the window: a tab per kind of view that shows the selected run, and tabs that were kept on one run. A view is made when
/// it is first looked at, and only the one in front is drawn anew.
class ViewTabs final : public QTabWidget {
    Q_OBJECT
public:
    explicit ViewTabs(const ViewContext& context, QWidget* parent = nullptr);
    ~ViewTabs() override;

    /// Brings a kind's tab that follows the selection to the front.
    void showKind(const QString& id);
    QString currentKind() const;
    /// Opens the view in front once more, on the run that is selected now: it stays there whatever is selected later.
    void pinCurrent();
    /// Brings the document of this name to the front, made where there is none yet; it stays until the person closes it.
    void openDocument(
        const QString& id, const QString& title, const QString& icon, const std::function<QWidget*(const ViewContext&)>& make);
    /// The view in front; null before there is one.
    QWidget* currentView() const;

private:
    struct Tab {
        ViewKind kind;
        std::optional<RunId> pinned;
        QWidget* page = nullptr; ///< holds the view once it is made
        QWidget* view = nullptr;
        std::optional<RunId> shown; ///< whose results it has
        bool stale = true;
        bool isDocument = false; ///< of no kind of view
    };

    void addTab(Tab tab, const QString& title, const QString& help);
    void addKind(const ViewKind& kind, std::optional<RunId> pinned);
    Tab* tabOf(int index);
    void bringUpToDate(int index);
    void follow();
    void showFitting();
    void take(RunId id, const ResultsPtr& results);
    void closeTab(int index);
    void retheme();
    void watchOnly(std::optional<RunId> id);

    ViewContext m_context;
    std::vector<Tab> m_tabs; ///< in no order; found by page
    std::optional<RunId> m_watched;
};

} // namespace bitscape::ui
