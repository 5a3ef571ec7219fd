// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/compare_view.h"

#include "ui/plots/bit_map.h"
#include "ui/plots/chart.h"
#include "ui/plots/heat_map.h"
#include "ui/views/bit_map_view.h"
#include "ui/views/compare_charts.h"
#include "ui/views/compare_model.h"
#include "ui/views/importance_charts.h"
#include "ui/views/linked_maps.h"
#include "ui/views/run_words.h"

#include "core/jobs/comparison_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QStackedLayout>
#include <QTabWidget>
#include <QTableView>

#include <algorithm>
#include <iterator>
#include <utility>

namespace bitscape::ui {
namespace {

constexpr int kRowRoom = 8;   ///< above and below a figure and its difference
constexpr int kNameRoom = 20; ///< beside a name

/// The first column is as wide as its names; runs share the rest.
void fitNames(QTableView& table)
{
    int width = 0;
    for (int row = 0; row < table.model()->rowCount(); ++row) {
        const QModelIndex name = table.model()->index(row, 0);
        QFont font = table.font();
        font.setBold(name.data(Qt::FontRole).value<QFont>().bold());
        width = std::max(width, QFontMetrics(font).horizontalAdvance(name.data().toString()));
    }
    table.horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
    table.setColumnWidth(0, width + kNameRoom);
}

} // namespace

QString CompareView::idOf(const std::vector<RunId>& runs)
{
    QString id = QStringLiteral("compare");
    for (const RunId run : runs)
        id += QLatin1Char('-') + QString::number(run.value);
    return id;
}

QString CompareView::titleOf(const std::vector<RunId>& runs)
{
    QString title = tr("Compare");
    for (const RunId run : runs)
        title += QStringLiteral(" #") + QString::number(run.value);
    return title;
}

/// Loads and compares in the other thread: nothing of it is done here.
void CompareView::load(const std::vector<RunId>& runs)
{
    m_context.document.library().ask(
        this, [runs](Project& project) { return compare(project, runs); }, [this](Comparison comparison) { take(std::move(comparison)); },
        [this](const QString& sentence) { m_hint->setText(sentence); });
}

void CompareView::take(Comparison comparison)
{
    m_comparison = std::make_shared<const Comparison>(std::move(comparison));
    const Comparison& all = *m_comparison;
    m_tables.figures->setComparison(m_comparison);
    m_tables.parameters->setComparison(m_comparison);
    for (QTableView* table : { m_tables.figureTable, m_tables.parameterTable })
        fitNames(*table);
    for (std::size_t i = 0; i < all.runs.size(); ++i)
        m_choices.baseline->addItem(runText(all.runs[i]->run), static_cast<int>(i));
    for (const ComparedCurve curve : curveChoices(all))
        m_choices.curve->addItem(ui::titleOf(curve), static_cast<int>(curve));
    m_pages->setTabEnabled(Curves, m_choices.curve->count() > 0);
    m_pages->setTabEnabled(Classes, !all.classes.empty());
    pin(0);
    m_stack->setCurrentIndex(1);
}

void CompareView::pin(std::size_t run)
{
    m_baseline = run;
    m_choices.baseline->setCurrentIndex(static_cast<int>(run));
    m_tables.figures->setBaseline(run);
    m_tables.parameters->setBaseline(run);
    const auto chosen = m_choices.other->currentData();
    m_choices.other->clear();
    for (std::size_t i = 0; i < m_comparison->runs.size(); ++i) {
        if (i != run)
            m_choices.other->addItem(runText(m_comparison->runs[i]->run), static_cast<int>(i));
    }
    m_choices.other->setCurrentIndex(std::max(0, m_choices.other->findData(chosen)));
    outdate();
}

void CompareView::showAllParameters(bool all)
{
    m_tables.parameters->showAll(all);
    if (m_comparison)
        fitNames(*m_tables.parameterTable);
}

std::size_t CompareView::other() const
{
    return static_cast<std::size_t>(m_choices.other->currentData().toInt());
}

void CompareView::outdate()
{
    m_stale.fill(true);
    draw(m_pages->currentIndex());
}

void CompareView::draw(int page)
{
    if (!m_comparison || page < 0 || !std::exchange(m_stale[static_cast<std::size_t>(page)], false))
        return;
    switch (page) {
    case Figures:
        drawFigures();
        break;
    case Bits:
        drawBits();
        break;
    case Scores:
        drawScores();
        break;
    case Curves:
        drawCurves();
        break;
    default:
        drawClasses();
    }
}

void CompareView::drawFigures()
{
    QTableView& table = *m_tables.figureTable;
    table.resizeRowsToContents();
    for (int row = 0; row < table.model()->rowCount(); ++row)
        table.setRowHeight(row, table.rowHeight(row) + kRowRoom);
    m_words.about->setText(
        tr("★ the best of its row; below each figure how it differs from %1. A click on a column's head makes it the baseline.")
            .arg(runName(*m_comparison, m_baseline)));
}

/// The baseline, the chosen run, their difference, then every other run with the same layers.
void CompareView::drawBits()
{
    const Comparison& all = *m_comparison;
    const auto order = static_cast<BitMapOrder>(m_choices.order->currentData().toInt());
    std::vector<LinkedMaps::Entry> entries;
    for (const std::size_t i : { m_baseline, other() })
        entries.push_back({ runText(all.runs[i]->run), bitMapOf(*all.runs[i], order) });
    BitMapSpec change = bitChange(all, other(), m_baseline, order);
    const bool alike = !change.rows.empty();
    if (alike)
        entries.push_back({ tr("%1 minus %2").arg(runName(all, other()), runName(all, m_baseline)), std::move(change) });
    for (std::size_t i = 0; alike && i < all.runs.size(); ++i) {
        if (i != m_baseline && i != other() && bitDifference(*all.runs[i], *all.runs[m_baseline]).reason.empty())
            entries.push_back({ runText(all.runs[i]->run), bitMapOf(*all.runs[i], order) });
    }
    for (std::size_t i = 1; alike && order == BitMapOrder::Score && i < entries.size(); ++i) { // a filter lies at one place in all
        for (std::size_t row = 0; row < entries[i].spec.rows.size(); ++row)
            entries[i].spec.rows[row].scores = entries[0].spec.rows[row].scores;
    }
    std::erase_if(entries, [](const LinkedMaps::Entry& entry) { return entry.spec.rows.empty(); });
    m_figures.maps->show(entries, alike);
    std::vector<BitMapSpec> specs;
    std::ranges::transform(entries, std::back_inserter(specs), &LinkedMaps::Entry::spec);
    m_words.colours->setText(colourWords(specs, m_context.theme.colours()));
    m_words.bits->setText(QString::fromStdString(bitSentence(all, other(), m_baseline)));
    showSelection();
}

void CompareView::drawScores()
{
    const QString remark = scoreRemark(*m_comparison, other(), m_baseline);
    m_words.scores->setText(remark);
    m_words.scores->setVisible(!remark.isEmpty());
    // In the other thread: 20000 filters are 20000 notes.
    m_context.document.library().ask(
        this,
        [comparison = m_comparison, run = other(), baseline = m_baseline](Project&) { return scoreScatter(*comparison, run, baseline); },
        [this](const ChartSpec& spec) {
            m_figures.scores->setSpec(spec);
            showSelection();
        });
}

void CompareView::drawCurves()
{
    m_figures.curves->setSpec(comparedCurves(*m_comparison, static_cast<ComparedCurve>(m_choices.curve->currentData().toInt())));
}

void CompareView::drawClasses()
{
    m_words.pairs->setText(pairLines(*m_comparison, m_baseline));
    m_figures.classes->setSpec(classChange(*m_comparison, m_baseline));
    m_figures.confusion->setSpec(confusionChange(*m_comparison, other(), m_baseline));
}

void CompareView::showSelection()
{
    if (!m_comparison)
        return;
    const FilterRef filter = m_context.selection.filterIn(m_comparison->runs[m_baseline]->run.model);
    if (m_pages->currentIndex() == Bits)
        m_figures.maps->select(filter);
    m_figures.scores->highlight(filter.filter >= 0 ? keyOf(filter) : -1);
}

void CompareView::pickFilter(const FilterRef& filter)
{
    m_context.selection.selectFilter(filter, m_comparison->runs[m_baseline]->run.model);
}

} // namespace bitscape::ui
