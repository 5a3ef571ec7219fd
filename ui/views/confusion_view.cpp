// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/confusion_view.h"

#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/plots/heat_map.h"
#include "ui/views/run_words.h"
#include "ui/views/view_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {

ConfusionView::ConfusionView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_summary(mutedLine())
    , m_shown(new QComboBox)
    , m_counts(new QCheckBox(tr("Counts")))
    , m_map(new HeatMap(context.theme))
    , m_bars(new Chart(context.theme))
{
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_summary);
    layout->addWidget(splitterOf(Qt::Horizontal, { { makeMap(), 1 }, { makeBars(), 1 } }), 1);
    connect(&context.selection, &Selection::classChanged, this, &ConfusionView::showSelection);
}

QWidget* ConfusionView::makeMap()
{
    auto* frame = new FigureFrame(tr("Classes"), m_map, context().theme);
    m_map->setObjectName(QStringLiteral("confusionMap"));
    m_map->setAccessibleName(tr("Confusion matrix"));
    setUpChoice(m_shown, QStringLiteral("shownChoice"),
        tr("What the map shows: this run's answers, full precision's, or the difference between them"));
    connect(m_shown, &QComboBox::activated, this, &ConfusionView::showMap);
    m_counts->setObjectName(QStringLiteral("countsSwitch"));
    m_counts->setToolTip(tr("Show numbers of images in place of shares of the class's images"));
    connect(m_counts, &QCheckBox::toggled, this, &ConfusionView::showMap);
    frame->addTool(m_shown);
    frame->addTool(m_counts);
    connect(m_map, &HeatMap::cellClicked, this, [this](int row, int column) { // the row is the true class; at the head of a column
        context().selection.selectClass(row >= 0 ? row : column);             // there is no row
    });
    return frame;
}

QWidget* ConfusionView::makeBars()
{
    auto* frame = new FigureFrame(tr("Accuracy per class"), m_bars, context().theme);
    m_bars->setObjectName(QStringLiteral("classBars"));
    m_bars->setAccessibleName(tr("Accuracy per class"));
    connect(m_bars, &Chart::pointClicked, this, [this](int, std::int64_t key) { context().selection.selectClass(static_cast<int>(key)); });
    return frame;
}

QString ConfusionView::missing(const RunResults& results) const
{
    if (!confusionChoices(results).empty())
        return {};
    if (results.run.kind == RunKind::Step)
        return tr("What the subnets of %1 answer for which class is not kept: see their accuracy under Stepping.")
            .arg(runText(results.run));
    if (isUnderWay(results.run))
        return nothingYet(results.run);
    return tr("What the network of %1 answers for which class is not known. Start an evaluation from it with Run > New run > Evaluate.")
        .arg(runText(results.run));
}

void ConfusionView::render(const RunResults& results)
{
    m_summary->setText(confusionSummary(results));
    offerChoices(results);
    showMap();
    m_bars->setSpec(classBars(results));
    showSelection();
}

/// What was chosen stays chosen where it is known.
void ConfusionView::offerChoices(const RunResults& results)
{
    const auto chosen = m_shown->currentData();
    m_shown->clear();
    for (const ConfusionShown choice : confusionChoices(results)) {
        const QString name = choice == ConfusionShown::Run ? tr("This run")
            : choice == ConfusionShown::Full               ? tr("Full precision")
                                                           : tr("Difference");
        m_shown->addItem(name, static_cast<int>(choice));
    }
    m_shown->setCurrentIndex(std::max(0, m_shown->findData(chosen)));
}

ConfusionShown ConfusionView::shown() const
{
    return static_cast<ConfusionShown>(m_shown->currentData().toInt());
}

void ConfusionView::showMap()
{
    if (!results() || m_shown->count() == 0)
        return;
    m_counts->setEnabled(shown() != ConfusionShown::Difference);
    m_map->setSpec(confusionMap(*results(), shown(), m_counts->isChecked()));
    showSelection();
}

void ConfusionView::showSelection()
{
    if (!results() || confusionChoices(*results()).empty())
        return;
    const int number = context().selection.classNumber();
    m_map->select(number < static_cast<int>(m_map->spec().rows.size()) ? number : -1, -1);
    m_bars->highlight(number);
}

} // namespace bitscape::ui
