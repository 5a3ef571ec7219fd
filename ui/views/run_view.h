// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"
#include "ui/project/results_loader.h"
#include "ui/project/selection.h"
#include "ui/style/theme.h"

#include <QString>
#include <QWidget>

class QLabel;
class QStackedLayout;

namespace bitscape::ui {

class JobQueue;

/// What every view works with. All of it outlives the views.
struct ViewContext {
    ProjectDocument& document;
    Selection& selection;
    ResultsLoader& loader;
    const Theme& theme;
    JobQueue* queue = nullptr; ///< where a view starts runs; null: it starts none
};

/// One way to look at a run: a document of the main window. Shows what render() makes of the results, or a sentence that says what is
/// missing and how to get it.
class RunView : public QWidget {
    Q_OBJECT
public:
    explicit RunView(const ViewContext& context, QWidget* parent = nullptr);

    /// Null: no run is selected.
    virtual void setResults(const ResultsPtr& results);
    const ResultsPtr& results() const { return m_results; }

protected:
    /// Where everything is put that render() fills.
    QWidget* content() const { return m_content; }
    const ViewContext& context() const { return m_context; }
    /// What is selected of the results' network.
    FilterRef selectedFilter() const;
    void pickFilter(const FilterRef& filter);
    /// Empty where the view has something to show for these results; else what is missing and what to do.
    virtual QString missing(const RunResults& results) const = 0;
    /// Called with results for which missing() is empty, again whenever they change. The results live as long as results().
    virtual void render(const RunResults& results) = 0;
    /// The sentence for no run at all.
    virtual QString missingRun() const;
    /// The sentence in place of the content, or the content where it is empty.
    void showHint(const QString& hint);

private:
    ViewContext m_context;
    ResultsPtr m_results;
    QStackedLayout* m_stack;
    QWidget* m_content;
    QLabel* m_hint;
};

} // namespace bitscape::ui
