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
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

enum class Drawn { Macs, Accuracy };

} // namespace

SteppingView::SteppingView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_headline(new QLabel)
    , m_summary(mutedLine())
    , m_curves(new Chart(context.theme))
    , m_bars(new Chart(context.theme))
    , m_construction(new Chart(context.theme))
    , m_map(new BitMap(context.theme))
    , m_order(new QComboBox)
    , m_figure(new QComboBox)
    , m_logarithmic(new QCheckBox(tr("Log")))
{
    m_headline->setObjectName(QStringLiteral("heading"));
    m_headline->setWordWrap(true);
    m_headline->setContentsMargins(10, 6, 10, 0);
    m_headline->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* above = splitterOf(Qt::Horizontal, { { makeCurves(), 3 }, { makeBars(), 2 } });
    auto* below = splitterOf(Qt::Horizontal, { { makeMap(), 3 }, { makeConstruction(), 2 } });
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_headline);
    layout->addWidget(m_summary);
    layout->addWidget(splitterOf(Qt::Vertical, { { above, 1 }, { below, 1 } }), 1);
    connect(&context.selection, &Selection::filterChanged, this, &SteppingView::showSelection);
}

QWidget* SteppingView::makeCurves()
{
    m_curves->setObjectName(QStringLiteral("subnetCurves"));
    connect(m_curves, &Chart::pointClicked, this, [this](int, std::int64_t subnet) {
        if (subnet > 0)
            showSubnet(static_cast<int>(subnet));
    });
    return new FigureFrame(tr("Accuracy against MACs"), m_curves, context().theme);
}

QWidget* SteppingView::makeBars()
{
    m_bars->setObjectName(QStringLiteral("stepBars"));
    connect(m_bars, &Chart::pointClicked, this, [this](int, std::int64_t subnet) { showSubnet(static_cast<int>(subnet)); });
    return new FigureFrame(tr("MACs per step"), m_bars, context().theme);
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
    m_construction->setObjectName(QStringLiteral("construction"));
    setUpChoice(m_figure, QStringLiteral("constructionChoice"), tr("What is drawn of every iteration"));
    m_figure->addItem(tr("MACs"), static_cast<int>(Drawn::Macs));
    m_figure->addItem(tr("Accuracy"), static_cast<int>(Drawn::Accuracy));
    m_logarithmic->setObjectName(QStringLiteral("constructionLog"));
    m_logarithmic->setToolTip(tr("MACs on a logarithmic axis"));
    m_logarithmic->setChecked(true);
    connect(m_figure, &QComboBox::activated, this, &SteppingView::showConstruction);
    connect(m_logarithmic, &QCheckBox::toggled, this, &SteppingView::showConstruction);
    connect(m_construction, &Chart::pointClicked, this, [this](int series, std::int64_t) { showSubnet(series + 1); });
    m_constructionFrame = new FigureFrame(tr("Construction"), m_construction, context().theme);
    m_constructionFrame->addTool(m_figure);
    m_constructionFrame->addTool(m_logarithmic);
    return m_constructionFrame;
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
    m_curves->setSpec(subnetCurves(results));
    m_bars->setSpec(stepBars(results));
    m_constructionFrame->setVisible(!results.stepping->iterations.empty());
    showConstruction();
    showMap();
    if (m_subnet > subnetMap(results, BitMapOrder::Index).subnets)
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
    if (!results() || !hasSubnets(*results()))
        return;
    const bool macs = static_cast<Drawn>(m_figure->currentData().toInt()) == Drawn::Macs;
    m_logarithmic->setEnabled(macs);
    m_construction->setSpec(macs ? constructionMacs(*results(), m_logarithmic->isChecked()) : constructionAccuracy(*results()));
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
    m_curves->highlight(m_subnet > 0 ? m_subnet : -1);
    m_bars->highlight(m_subnet > 0 ? m_subnet : -1);
}

} // namespace bitscape::ui
