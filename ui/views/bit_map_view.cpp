// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/bit_map_view.h"

#include "ui/plots/bit_map.h"
#include "ui/plots/figure_frame.h"
#include "ui/style/figures.h"
#include "ui/views/importance_charts.h"
#include "ui/views/run_words.h"
#include "ui/views/view_parts.h"

#include <QComboBox>
#include <QLabel>
#include <QStandardItemModel>
#include <QStringList>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {

BitMapRow bitMapRow(const RunResults& results, std::size_t layer, const std::vector<std::uint8_t>& bits)
{
    const Layer& of = results.layers[layer];
    BitMapRow row;
    row.layer = layerText(results, layer);
    row.quantizable = of.quantizable;
    row.bits = bits;
    if (layer < results.filterScores.size())
        row.scores = results.filterScores[layer];
    row.weightsPerFilter = of.weightsPerFilter();
    row.macsPerFilter = of.macsPerFilter();
    return row;
}

BitMapSpec bitMapOf(const RunResults& results, BitMapOrder order)
{
    BitMapSpec spec;
    spec.name = BitMapView::tr("bit map of run %1").arg(static_cast<qlonglong>(results.run.id.value));
    spec.order = order;
    for (std::size_t i = 0; i < results.layers.size() && i < results.bits.size(); ++i)
        spec.rows.push_back(bitMapRow(results, i, results.bits[i]));
    return spec;
}

QString costLine(const RunResults& results)
{
    if (!results.cost)
        return {};
    const Cost& cost = *results.cost;
    std::int64_t macs = 0;
    for (const Layer& layer : results.layers)
        macs += layer.macs();
    const double share = macs > 0 ? static_cast<double>(cost.macs) / static_cast<double>(macs) : 1;
    QStringList parts { BitMapView::tr("%1 bits on average").arg(fixedText(cost.averageBits, 2)),
        BitMapView::tr("%1 MACs").arg(scaledText(static_cast<double>(cost.macs))) };
    if (cost.macs < macs)
        parts.back() += BitMapView::tr(" (%1 of all)").arg(percentText(share, 1));
    parts << BitMapView::tr("%1 BitOps").arg(scaledText(static_cast<double>(cost.bitops)));
    parts << sizeText(static_cast<double>(cost.sizeBits));
    if (results.activationBits < kFullPrecisionBits)
        parts << BitMapView::tr("activations at %1").arg(bitsText(results.activationBits));
    return parts.join(QStringLiteral("  ·  "));
}

BitMapView::BitMapView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_cost(mutedLine())
    , m_order(new QComboBox)
    , m_map(new BitMap(context.theme))
    , m_frame(new FigureFrame(tr("Bits per filter"), m_map, context.theme))
{
    m_map->setObjectName(QStringLiteral("bitMap"));
    m_map->setAccessibleName(tr("Bit map"));
    setUpOrder();
    m_frame->addTool(m_order);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_cost);
    layout->addWidget(m_frame, 1);
    connect(m_map, &BitMap::filterClicked, this, &BitMapView::pickFilter);
    connect(&context.selection, &Selection::filterChanged, this, &BitMapView::showSelection);
}

void BitMapView::setUpOrder()
{
    setUpChoice(m_order, QStringLiteral("orderChoice"), tr("Order of the filters within a layer"));
    m_order->addItem(tr("By index"), static_cast<int>(BitMapOrder::Index));
    m_order->addItem(tr("By score"), static_cast<int>(BitMapOrder::Score));
    connect(m_order, &QComboBox::activated, this, &BitMapView::showMap);
}

QString BitMapView::missing(const RunResults& results) const
{
    if (!results.bits.empty())
        return {};
    QString who = runText(results.run);
    who[0] = who[0].toUpper();
    switch (results.run.kind) {
    case RunKind::Train:
        return tr(
            "%1 trains at full precision: it gives no bits. Score its filters with Run > New run > Score, then search their bits with "
            "Run > New run > Search.")
            .arg(who);
    case RunKind::Score:
        return tr("%1 says how much each filter matters, not its bits. Search them with Run > New run > Search from this run.").arg(who);
    case RunKind::Search:
    case RunKind::Edit:
    case RunKind::Refine:
        return nothingYet(results.run);
    case RunKind::Step:
        return tr("%1 gives its filters no bits but subnets: see them under Stepping.").arg(who);
    default:
        return tr("%1 gives its filters no bits. Pick a search or a refinement.").arg(who);
    }
}

void BitMapView::render(const RunResults& results)
{
    const QString cost = costLine(results);
    m_cost->setText(cost);
    m_cost->setVisible(!cost.isEmpty());
    const bool scored = hasScores(results);
    if (auto* items = qobject_cast<QStandardItemModel*>(m_order->model()))
        items->item(1)->setEnabled(scored);
    m_order->setItemData(1, scored ? QString() : tr("No scores are known for this run's filters"), Qt::ToolTipRole);
    if (!scored)
        m_order->setCurrentIndex(0);
    showMap();
}

void BitMapView::showMap()
{
    if (!results() || results()->bits.empty())
        return;
    m_map->setSpec(bitMapOf(*results(), static_cast<BitMapOrder>(m_order->currentData().toInt())));
    showSelection();
}

void BitMapView::showSelection()
{
    if (results() && !results()->bits.empty())
        m_map->select(selectedFilter());
}

} // namespace bitscape::ui
