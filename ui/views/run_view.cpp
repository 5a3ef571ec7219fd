// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/run_view.h"

#include <QLabel>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace bitscape::ui {

RunView::RunView(const ViewContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_stack(new QStackedLayout(this))
    , m_content(new QWidget)
    , m_hint(new QLabel)
{
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(m_content);
    m_hint->setText(RunView::missingRun());
}

void RunView::setResults(const ResultsPtr& results)
{
    m_results = results;
    const QString hint = results ? missing(*results) : missingRun();
    showHint(hint);
    if (results && hint.isEmpty())
        render(*results);
}

FilterRef RunView::selectedFilter() const
{
    return m_results ? m_context.selection.filterIn(m_results->run.model) : FilterRef {};
}

void RunView::pickFilter(const FilterRef& filter)
{
    if (m_results)
        m_context.selection.selectFilter(filter, m_results->run.model);
}

void RunView::showHint(const QString& hint)
{
    m_hint->setText(hint);
    m_stack->setCurrentWidget(hint.isEmpty() ? m_content : static_cast<QWidget*>(m_hint));
}

QString RunView::missingRun() const
{
    return tr("No run is selected. Pick one on the left, or start one with Run > New run.");
}

} // namespace bitscape::ui
