// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/stepping_view.h"

#include "ui/plots/bit_map.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/views/run_words.h"
#include "ui/views/stepping_charts.h"
#include "ui/views/view_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

constexpr int kConstructionPage = 1;

Chart* newChart(const Theme& theme, const char* name)
{
    auto* chart = new Chart(theme);
    chart->setObjectName(QString::fromLatin1(name));
    return chart;
}

} // namespace

SteppingView::SteppingView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_headline(new QLabel)
    , m_summary(mutedLine())
    , m_charts { newChart(context.theme, "subnetCurves"), newChart(context.theme, "stepBars"), newChart(context.theme, "constructionMacs"),
        newChart(context.theme, "constructionAccuracy") }
    , m_map(new BitMap(context.theme))
    , m_order(new QComboBox)
    , m_logarithmic(new QCheckBox(tr("Log")))
    , m_pages(new QTabWidget)
{
    m_headline->setObjectName(QStringLiteral("heading"));
    m_headline->setWordWrap(true);
    m_headline->setContentsMargins(10, 6, 10, 0);
    m_headline->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_pages->setObjectName(QStringLiteral("steppingPages"));
    m_pages->setDocumentMode(true);
    m_pages->addTab(makeSubnets(), tr("Subnets"));
    m_pages->addTab(makeConstruction(), tr("Construction"));
    m_pages->setTabToolTip(0, tr("What the subnets reach at what cost, and which filters they have"));
    m_pages->setTabToolTip(kConstructionPage, tr("MACs and accuracy of the subnets while they were constructed"));
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_headline);
    layout->addWidget(m_summary);
    layout->addWidget(m_pages, 1);
    connectCharts();
    connect(&context.selection, &Selection::filterChanged, this, &SteppingView::showSelection);
}

QWidget* SteppingView::makeSubnets()
{
    auto* curves = new FigureFrame(tr("Accuracy against MACs"), m_charts.curves, context().theme);
    auto* bars = new FigureFrame(tr("MACs per step"), m_charts.bars, context().theme);
    return splitterOf(Qt::Vertical, { { splitterOf(Qt::Horizontal, { { curves, 3 }, { bars, 2 } }), 5 }, { makeMap(), 4 } });
}

QWidget* SteppingView::makeMap()
{
    m_map->setObjectName(QStringLiteral("subnetMap"));
    m_map->setAccessibleName(tr("Subnet of every filter"));
    setUpChoice(m_order, QStringLiteral("orderChoice"), tr("Order of the filters within a layer"));
    m_order->addItem(tr("By index"), static_cast<int>(BitMapOrder::Index));
    m_order->addItem(tr("By subnet"), static_cast<int>(BitMapOrder::Value));
    connect(m_order, &QComboBox::activated, this, &SteppingView::showMap);
    connect(m_map, &BitMap::filterClicked, this, &SteppingView::pickFilter);
    auto* frame = new FigureFrame(tr("Subnet per filter"), m_map, context().theme);
    frame->addTool(m_order);
    return frame;
}

QWidget* SteppingView::makeConstruction()
{
    m_logarithmic->setObjectName(QStringLiteral("constructionLog"));
    m_logarithmic->setToolTip(tr("MACs on a logarithmic axis"));
    m_logarithmic->setChecked(true);
    connect(m_logarithmic, &QCheckBox::toggled, this, &SteppingView::showConstruction);
    auto* macs = new FigureFrame(tr("MACs"), m_charts.macs, context().theme);
    macs->addTool(m_logarithmic);
    auto* accuracy = new FigureFrame(tr("Batch accuracy"), m_charts.accuracy, context().theme);
    return splitterOf(Qt::Vertical, { { macs, 1 }, { accuracy, 1 } });
}

void SteppingView::connectCharts()
{
    for (const Chart* chart : { m_charts.curves, m_charts.bars }) {
        connect(chart, &Chart::pointClicked, this, [this](int, std::int64_t subnet) {
            if (subnet > 0)
                showSubnet(static_cast<int>(subnet));
        });
    }
    for (const Chart* chart : { m_charts.macs, m_charts.accuracy }) {
        connect(chart, &Chart::pointClicked, this, [this](int, std::int64_t iteration) {
            m_charts.macs->highlight(iteration);
            m_charts.accuracy->highlight(iteration);
        });
    }
}

QString SteppingView::missing(const RunResults& results) const
{
    if (hasSubnets(results))
        return {};
    if (results.run.kind == RunKind::Step)
        return nothingYet(results.run);
    return tr("This is a %1: it makes no subnets. Pick a stepping on the left, or start one from a training with Run > New run > Step.")
        .arg(kindText(results.run.kind));
}

void SteppingView::render(const RunResults& results)
{
    m_headline->setText(steppingHeadline(results));
    m_summary->setText(steppingSummary(results));
    m_charts.curves->setSpec(subnetCurves(results));
    m_charts.bars->setSpec(stepBars(results));
    m_charts.accuracy->setSpec(constructionAccuracy(results));
    m_pages->setTabVisible(kConstructionPage, !results.stepping->iterations.empty());
    showConstruction();
    showMap();
    if (m_subnet > m_map->spec().subnets)
        showSubnet(0);
}

void SteppingView::showMap()
{
    if (!results() || !hasSubnets(*results()))
        return;
    m_map->setSpec(subnetMap(*results(), static_cast<BitMapOrder>(m_order->currentData().toInt())));
    showSelection();
}

void SteppingView::showConstruction()
{
    if (results() && hasSubnets(*results()))
        m_charts.macs->setSpec(constructionMacs(*results(), m_logarithmic->isChecked()));
}

void SteppingView::showSelection()
{
    if (results() && hasSubnets(*results()))
        m_map->select(selectedFilter());
}

void SteppingView::showSubnet(int subnet)
{
    m_subnet = subnet == m_subnet ? 0 : subnet;
    m_map->emphasise(m_subnet > 0 ? std::optional(m_subnet) : std::nullopt);
    m_charts.curves->highlight(m_subnet > 0 ? m_subnet : -1);
    m_charts.bars->highlight(m_subnet > 0 ? m_subnet : -1);
}

} // namespace bitscape::ui
