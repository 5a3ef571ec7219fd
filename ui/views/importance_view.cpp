// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/importance_view.h"

#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/plots/heat_map.h"
#include "ui/views/run_words.h"
#include "ui/views/view_parts.h"

#include <QComboBox>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace bitscape::ui {

ImportanceView::ImportanceView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_source(mutedLine())
    , m_layer(new QComboBox)
    , m_order(new QComboBox)
    , m_histogram(new Chart(context.theme))
    , m_curves(new Chart(context.theme))
    , m_heatMap(new HeatMap(context.theme))
{
    auto* charts = splitterOf(Qt::Horizontal, { { makeHistogram(), 1 }, { makeCurves(), 1 } });
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_source);
    layout->addWidget(splitterOf(Qt::Vertical, { { charts, 6 }, { makeMap(), 5 } }), 1);
    connect(&context.selection, &Selection::filterChanged, this, &ImportanceView::showSelection);
    connect(&context.selection, &Selection::classChanged, this, &ImportanceView::showSelection);
}

QWidget* ImportanceView::makeHistogram()
{
    auto* frame = new FigureFrame(tr("Scores"), m_histogram, context().theme);
    m_histogram->setObjectName(QStringLiteral("scoreHistogram"));
    m_histogram->setAccessibleName(tr("Histogram of filter scores"));
    setUpChoice(m_layer, QStringLiteral("layerChoice"), tr("Layer whose scores are shown"));
    m_layer->addItem(tr("All layers"), -1);
    connect(m_layer, &QComboBox::activated, this, &ImportanceView::showCharts);
    frame->addTool(m_layer);
    return frame;
}

QWidget* ImportanceView::makeCurves()
{
    auto* frame = new FigureFrame(tr("Sorted scores per layer"), m_curves, context().theme);
    m_curves->setObjectName(QStringLiteral("scoreCurves"));
    m_curves->setAccessibleName(tr("Sorted scores of every layer"));
    connect(m_curves, &Chart::pointClicked, this, [this](int, std::int64_t key) { pickFilter(filterOfKey(key)); });
    return frame;
}

QWidget* ImportanceView::makeMap()
{
    auto* frame = new FigureFrame(tr("Filters by class"), m_heatMap, context().theme);
    m_heatMap->setObjectName(QStringLiteral("scoreMap"));
    m_heatMap->setAccessibleName(tr("Map of filters and classes"));
    setUpChoice(m_order, QStringLiteral("orderChoice"), tr("Order of the filters within a layer"));
    m_order->addItem(tr("By index"), static_cast<int>(FilterOrder::Index));
    m_order->addItem(tr("By score"), static_cast<int>(FilterOrder::Score));
    connect(m_order, &QComboBox::activated, this, &ImportanceView::showMap);
    frame->addTool(m_order);
    connect(m_heatMap, &HeatMap::groupClicked, this, [this](int group) {
        pickFilter({ m_map.layers[static_cast<std::size_t>(group)], -1 });
    });
    connect(m_heatMap, &HeatMap::cellClicked, this, [this](int row, int column) {
        if (row >= 0 && row < static_cast<int>(m_map.rows.size()))
            pickFilter(m_map.rows[static_cast<std::size_t>(row)]);
        if (column >= 0)
            context().selection.selectClass(column);
    });
    return frame;
}

QString ImportanceView::missing(const RunResults& results) const
{
    if (results.run.kind == RunKind::Step)
        return tr("Subnets are made of a widened network, whose filters have no scores: see those of %1 under Stepping.")
            .arg(runText(results.run));
    if (hasScores(results))
        return {};
    if (results.run.kind == RunKind::Score)
        return nothingYet(results.run);
    return tr("The filters of %1 have no scores yet. Start a scoring from it with Run > New run > Score.").arg(runText(results.run));
}

void ImportanceView::render(const RunResults& results)
{
    const QString source = scoreSource(results);
    m_source->setText(source);
    m_source->setVisible(!source.isEmpty());
    offerLayers(results);
    showCharts();
    showMap();
}

/// The chosen layer stays where there is one at its place.
void ImportanceView::offerLayers(const RunResults& results)
{
    const int chosen = m_layer->currentIndex();
    m_layer->clear();
    m_layer->addItem(tr("All layers"), -1);
    for (std::size_t i = 0; i < results.filterScores.size(); ++i)
        m_layer->addItem(layerText(results, i), static_cast<int>(i));
    m_layer->setCurrentIndex(chosen < m_layer->count() ? chosen : 0);
}

int ImportanceView::layer() const
{
    return m_layer->currentData().toInt();
}

void ImportanceView::showCharts()
{
    if (!results())
        return;
    m_histogram->setSpec(scoreHistogram(*results(), layer(), selectedFilter()));
    m_curves->setSpec(scoreCurves(*results(), layer()));
    m_curves->highlight(keyOf(selectedFilter()));
}

void ImportanceView::showMap()
{
    if (!results())
        return;
    m_map = scoreMap(*results(), static_cast<FilterOrder>(m_order->currentData().toInt()));
    if (m_map.spec != m_heatMap->spec())
        m_heatMap->setSpec(m_map.spec);
    selectInMap();
}

void ImportanceView::selectInMap()
{
    const FilterRef filter = selectedFilter();
    m_heatMap->select(m_map.rowOf(filter), context().selection.classNumber(), m_map.groupOf(filter));
}

void ImportanceView::showSelection()
{
    if (!results() || !missing(*results()).isEmpty())
        return;
    const FilterRef filter = selectedFilter();
    m_histogram->setSpec(scoreHistogram(*results(), layer(), filter));
    m_curves->highlight(keyOf(filter));
    selectInMap();
}

} // namespace bitscape::ui
