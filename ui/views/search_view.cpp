// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/search_view.h"

#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/views/run_words.h"
#include "ui/views/search_charts.h"
#include "ui/views/view_parts.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace bitscape::ui {

SearchView::SearchView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_summary(mutedLine())
    , m_progress(new Chart(context.theme))
    , m_moves(new Chart(context.theme))
    , m_movesFrame(new FigureFrame(tr("Thresholds"), m_moves, context.theme))
{
    m_progress->setObjectName(QStringLiteral("searchProgress"));
    m_progress->setAccessibleName(tr("Accuracy and average bits against evaluations"));
    m_moves->setObjectName(QStringLiteral("thresholdMoves"));
    m_moves->setAccessibleName(tr("Thresholds against evaluations"));
    auto* frame = new FigureFrame(tr("Accuracy and average bits"), m_progress, context.theme);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_summary);
    layout->addWidget(splitterOf(Qt::Vertical, { { frame, 3 }, { m_movesFrame, 2 } }), 1);
    for (Chart* chart : { m_progress, m_moves })
        connect(chart, &Chart::pointClicked, this, [this](int, std::int64_t step) { markStep(step); });
}

QString SearchView::missing(const RunResults& results) const
{
    if (!results.trajectory.empty())
        return {};
    if (results.run.kind == RunKind::Search)
        return nothingYet(results.run);
    if (const Run* search = nearestOf(results, RunKind::Search))
        return tr("This is a %1. The search that it comes from is %2: pick that one on the left.")
            .arg(kindText(results.run.kind), runText(*search));
    return tr("This is a %1, no search. Pick a search on the left, or start one with Run > New run > Search.")
        .arg(kindText(results.run.kind));
}

void SearchView::render(const RunResults& results)
{
    m_summary->setText(searchSummary(results));
    m_progress->setSpec(searchProgress(results));
    const bool moves = hasThresholdMoves(results);
    m_movesFrame->setVisible(moves);
    if (moves)
        m_moves->setSpec(thresholdMoves(results));
}

void SearchView::markStep(std::int64_t step)
{
    m_progress->highlight(step);
    m_moves->highlight(step);
}

} // namespace bitscape::ui
