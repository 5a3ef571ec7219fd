// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_view.h"

#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/views/run_words.h"
#include "ui/views/training_charts.h"
#include "ui/views/view_parts.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace bitscape::ui {

TrainingView::TrainingView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_summary(mutedLine())
    , m_curves(new Chart(context.theme))
    , m_rates(new Chart(context.theme))
{
    m_curves->setObjectName(QStringLiteral("trainingCurves"));
    m_curves->setAccessibleName(tr("Loss and accuracy per epoch"));
    m_rates->setObjectName(QStringLiteral("learningRates"));
    m_rates->setAccessibleName(tr("Learning rate per epoch"));
    auto* curves = new FigureFrame(tr("Loss and accuracy"), m_curves, context.theme);
    auto* rates = new FigureFrame(tr("Learning rate"), m_rates, context.theme);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_summary);
    layout->addWidget(splitterOf(Qt::Vertical, { { curves, 2 }, { rates, 1 } }), 1);
    for (Chart* chart : { m_curves, m_rates }) {
        connect(chart, &Chart::pointClicked, this, [this](int, std::int64_t epoch) {
            m_curves->highlight(epoch);
            m_rates->highlight(epoch);
        });
    }
}

QString TrainingView::missing(const RunResults& results) const
{
    if (!results.epochs.empty())
        return {};
    if (results.run.kind == RunKind::Train || results.run.kind == RunKind::Refine || results.run.kind == RunKind::Step)
        return nothingYet(results.run);
    if (const Run* training = nearestOf(results, RunKind::Train))
        return tr("This is a %1: it trains nothing. Its network was trained by %2: pick that one on the left.")
            .arg(kindText(results.run.kind), runText(*training));
    return tr("This is a %1: it trains nothing. Pick a training or a refinement on the left, or start one with Run > New run.")
        .arg(kindText(results.run.kind));
}

void TrainingView::render(const RunResults& results)
{
    m_summary->setText(trainingSummary(results));
    m_curves->setSpec(trainingCurves(results));
    m_rates->setSpec(learningRates(results));
}

} // namespace bitscape::ui
