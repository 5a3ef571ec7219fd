// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curves_view.h"

#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/views/curves_charts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QVBoxLayout>

namespace bitscape::ui {

CurvesView::CurvesView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_chart(new Chart(context.theme))
    , m_cost(new QComboBox)
    , m_logarithmic(new QCheckBox(tr("Log")))
{
    setObjectName(QStringLiteral("curves"));
    m_chart->setObjectName(QStringLiteral("curves.chart"));
    m_cost->setObjectName(QStringLiteral("curves.cost"));
    m_cost->setAccessibleName(tr("Cost"));
    m_cost->setToolTip(tr("What accuracy is drawn against"));
    for (const CurveCost cost : { CurveCost::Macs, CurveCost::BitOps, CurveCost::Size, CurveCost::AverageBits })
        m_cost->addItem(titleOf(cost), static_cast<int>(cost));
    m_logarithmic->setObjectName(QStringLiteral("curves.log"));
    m_logarithmic->setToolTip(tr("Cost on a logarithmic axis"));

    auto* frame = new FigureFrame(tr("Accuracy against cost"), m_chart, context.theme);
    frame->addTool(m_cost);
    frame->addTool(m_logarithmic);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(frame);
    connectAll();
    showHint(missingPoints());
}

void CurvesView::connectAll()
{
    connect(m_cost, &QComboBox::currentIndexChanged, this, &CurvesView::invalidate);
    connect(m_logarithmic, &QCheckBox::toggled, this, &CurvesView::invalidate);
    connect(m_chart, &Chart::pointClicked, this, [this](int, std::int64_t key) { context().selection.selectRun(RunId { key }); });
    connect(&context().selection, &Selection::runChanged, this, &CurvesView::invalidate);
    connect(&context().selection, &Selection::modelChanged, this, &CurvesView::invalidate);
    connect(&context().selection, &Selection::datasetChanged, this, &CurvesView::invalidate);
    connect(&context().document, &ProjectDocument::runsChanged, this, &CurvesView::follow);
    connect(&context().document, &ProjectDocument::runsRemoved, this, &CurvesView::invalidate);
    connect(&context().document, &ProjectDocument::modelsChanged, this, &CurvesView::invalidate);
}

void CurvesView::setResults(const ResultsPtr& results)
{
    RunView::setResults(results);
    showHint(missingPoints());
}

QString CurvesView::missing(const RunResults&) const
{
    return missingPoints();
}

void CurvesView::render(const RunResults&) { }

QString CurvesView::missingRun() const
{
    return missingPoints();
}

void CurvesView::showEvent(QShowEvent* event)
{
    RunView::showEvent(event);
    if (m_stale)
        refresh();
}

/// Live runs change all the time; only finished ones are drawn, and those stay finished.
void CurvesView::follow(const std::vector<RunId>& changed)
{
    bool draw = false;
    for (const RunId id : changed) {
        const auto record = context().document.run(id);
        if (!record)
            continue;
        m_numbers.numberOf(record); // most of the work, done before the view is seen
        draw = draw || record->run.state == RunState::Finished;
    }
    if (draw)
        invalidate();
}

void CurvesView::invalidate()
{
    m_stale = true;
    if (isVisible())
        refresh();
}

/// Of the selected run, or where none is selected, of the selected model and data set.
std::optional<CurveRequest> CurvesView::request() const
{
    const Selection& selection = context().selection;
    const auto record = selection.run() ? context().document.run(*selection.run()) : nullptr;
    const auto model = record ? record->run.model : selection.model();
    if (!model)
        return std::nullopt;
    CurveRequest request { .model = *model,
        .dataset = record ? record->run.dataset : selection.dataset(),
        .cost = static_cast<CurveCost>(m_cost->currentData().toInt()),
        .selected = record ? std::optional(record->run.id) : std::nullopt,
        .fullFigures = {} };
    if (const ModelEntry* entry = context().document.model(*model))
        request.fullFigures = fullFiguresOf(*entry);
    return request;
}

void CurvesView::refresh()
{
    m_stale = false;
    const auto wanted = request();
    m_curves = wanted ? curvesOf(context().document.runs(), *wanted, m_numbers) : Curves {};
    const ChartSpec spec = curvesSpec(m_curves, static_cast<CurveCost>(m_cost->currentData().toInt()), m_logarithmic->isChecked());
    if (spec != m_chart->spec())
        m_chart->setSpec(spec);
    highlight();
    showHint(missingPoints());
}

void CurvesView::highlight()
{
    const auto selected = context().selection.run();
    const CurvePoint* point = selected ? m_curves.pointOf(*selected) : nullptr;
    m_chart->highlight(point ? point->key().value : -1);
}

QString CurvesView::missingPoints() const
{
    if (!m_curves.points.empty())
        return {};
    if (!context().selection.run() && !context().selection.model())
        return tr("No model is selected. Pick a model or one of its runs on the left to see what accuracy its runs reach at what cost.");
    return tr(
        "No run of this model has finished with an accuracy and a cost yet. Train it, or start a search, and its point appears here.");
}

} // namespace bitscape::ui
