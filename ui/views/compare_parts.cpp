// SPDX-License-Identifier: GPL-3.0-or-later
// How a comparison's pages are put together.
#include "ui/plots/bit_map_spec.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/plots/heat_map.h"
#include "ui/views/compare_model.h"
#include "ui/views/compare_view.h"
#include "ui/views/importance_charts.h"
#include "ui/views/linked_maps.h"
#include "ui/views/table_text.h"
#include "ui/views/view_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedLayout>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

Chart* newChart(const Theme& theme, const char* name, const QString& title)
{
    auto* chart = new Chart(theme);
    chart->setObjectName(QString::fromLatin1(name));
    chart->setAccessibleName(title);
    return chart;
}

QWidget* column(const std::vector<QWidget*>& widgets)
{
    auto* page = new QWidget;
    auto* rows = new QVBoxLayout(page);
    rows->setContentsMargins({});
    rows->setSpacing(0);
    for (QWidget* widget : widgets)
        rows->addWidget(widget, widget == widgets.back() ? 1 : 0);
    return page;
}

} // namespace

CompareView::CompareView(const ViewContext& context, std::vector<RunId> runs, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_stack(new QStackedLayout(this))
    , m_hint(new QLabel(tr("Comparing…")))
    , m_pages(new QTabWidget)
{
    setObjectName(QStringLiteral("view-compare"));
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_pages->setObjectName(QStringLiteral("comparePages"));
    m_pages->setDocumentMode(true);
    QWidget* head = makeHead();
    m_pages->addTab(makeFigures(), tr("Figures"));
    m_pages->addTab(makeBits(), tr("Bits"));
    m_pages->addTab(makeScores(), tr("Scores"));
    m_pages->addTab(makeCurves(), tr("Curves"));
    m_pages->addTab(makeClasses(), tr("Classes"));
    m_stack->addWidget(m_hint);
    m_stack->addWidget(column({ head, m_pages }));
    connectChoices();
    load(runs);
}

QWidget* CompareView::makeHead()
{
    m_choices.baseline = new QComboBox;
    m_choices.other = new QComboBox;
    setUpChoice(m_choices.baseline, QStringLiteral("baselineChoice"), tr("The run that all others are held against"));
    setUpChoice(m_choices.other, QStringLiteral("otherChoice"), tr("The run whose differences are drawn: bits, scores, confusion"));
    auto* head = new QWidget;
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(10, 6, 10, 2);
    for (const auto& [title, box] : { std::pair { tr("&Baseline"), m_choices.baseline }, { tr("&Run"), m_choices.other } }) {
        auto* label = new QLabel(title);
        label->setBuddy(box);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(12);
        line->addWidget(label);
        line->addWidget(box, 1);
    }
    return head;
}

/// Columns share the room; a click on a run's head, or Enter in its column, pins it.
void CompareView::setUpTable(QTableView& table, const QString& name, const QString& title)
{
    ui::setUpTable(table, m_context.theme, name, title);
    table.setSortingEnabled(false);
    table.setSelectionBehavior(QAbstractItemView::SelectItems);
    table.horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table.horizontalHeader()->setSectionsClickable(true);
    table.horizontalHeader()->setMinimumSectionSize(5 * table.fontMetrics().averageCharWidth());
    const auto pinColumn = [this](int column) {
        if (column > 0 && m_comparison)
            pin(static_cast<std::size_t>(column - 1));
    };
    connect(table.horizontalHeader(), &QHeaderView::sectionClicked, this, pinColumn);
    connect(&table, &QTableView::activated, this, [pinColumn](const QModelIndex& index) { pinColumn(index.column()); });
}

QWidget* CompareView::makeFigures()
{
    m_tables = { new CompareFigureModel(m_context.theme, this), new CompareParameterModel(m_context.theme, this), new QTableView,
        new QTableView };
    m_tables.figureTable->setModel(m_tables.figures);
    m_tables.parameterTable->setModel(m_tables.parameters);
    setUpTable(*m_tables.figureTable, QStringLiteral("compareFigures"), tr("Figures of the runs"));
    setUpTable(*m_tables.parameterTable, QStringLiteral("compareParameters"), tr("Parameters of the runs"));
    m_words.about = mutedLine();
    m_choices.allParameters = new QCheckBox(tr("All parameters, not only those that differ"));
    m_choices.allParameters->setObjectName(QStringLiteral("allParameters"));
    m_choices.allParameters->setContentsMargins(10, 4, 10, 4);
    auto* parameters = column({ m_choices.allParameters, m_tables.parameterTable });
    parameters->layout()->setContentsMargins(10, 6, 0, 0);
    return column({ m_words.about, splitterOf(Qt::Vertical, { { m_tables.figureTable, 3 }, { parameters, 2 } }) });
}

QWidget* CompareView::makeBits()
{
    m_choices.order = new QComboBox;
    setUpChoice(m_choices.order, QStringLiteral("orderChoice"), tr("Order of the filters within a layer"));
    m_choices.order->addItem(tr("By index"), static_cast<int>(BitMapOrder::Index));
    m_choices.order->addItem(tr("By the baseline's score"), static_cast<int>(BitMapOrder::Score));
    m_figures.maps = new LinkedMaps(m_context.theme);
    m_words.bits = mutedLine();
    m_words.colours = mutedLine();
    m_words.colours->setObjectName(QStringLiteral("mapColours"));
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(m_figures.maps);
    auto* line = new QWidget;
    auto* parts = new QHBoxLayout(line);
    parts->setContentsMargins(0, 0, 10, 0);
    parts->addWidget(m_words.bits, 1);
    parts->addWidget(m_choices.order);
    return column({ line, m_words.colours, area });
}

QWidget* CompareView::makeScores()
{
    m_words.scores = mutedLine();
    m_figures.scores = newChart(m_context.theme, "scoreScatter", tr("Score against score"));
    return column({ m_words.scores, new FigureFrame(tr("Score against score, a point per filter"), m_figures.scores, m_context.theme) });
}

QWidget* CompareView::makeCurves()
{
    m_choices.curve = new QComboBox;
    setUpChoice(m_choices.curve, QStringLiteral("curveChoice"), tr("What is drawn of every run that has it"));
    m_figures.curves = newChart(m_context.theme, "comparedCurves", tr("Curves of the runs"));
    auto* frame = new FigureFrame(tr("Curves"), m_figures.curves, m_context.theme);
    frame->addTool(m_choices.curve);
    return frame;
}

QWidget* CompareView::makeClasses()
{
    m_words.pairs = mutedLine();
    m_figures.classes = newChart(m_context.theme, "classChange", tr("Accuracy per class against the baseline"));
    m_figures.confusion = new HeatMap(m_context.theme);
    m_figures.confusion->setObjectName(QStringLiteral("confusionChange"));
    m_figures.confusion->setAccessibleName(tr("Confusion less the baseline's"));
    return column({ m_words.pairs,
        splitterOf(Qt::Horizontal,
            { { new FigureFrame(tr("Accuracy per class"), m_figures.classes, m_context.theme), 1 },
                { new FigureFrame(tr("Confusion, difference"), m_figures.confusion, m_context.theme), 1 } }) });
}

void CompareView::connectChoices()
{
    connect(m_choices.baseline, &QComboBox::activated, this, [this](int index) { pin(static_cast<std::size_t>(index)); });
    connect(m_choices.other, &QComboBox::activated, this, &CompareView::outdate);
    connect(m_choices.order, &QComboBox::activated, this, &CompareView::drawBits);
    connect(m_choices.curve, &QComboBox::activated, this, &CompareView::drawCurves);
    connect(m_choices.allParameters, &QCheckBox::toggled, this, &CompareView::showAllParameters);
    connect(m_pages, &QTabWidget::currentChanged, this, &CompareView::draw);
    connect(m_figures.maps, &LinkedMaps::filterClicked, this, &CompareView::pickFilter);
    connect(m_figures.scores, &Chart::pointClicked, this, [this](int, std::int64_t key) {
        if (key >= 0)
            pickFilter(filterOfKey(key));
    });
    connect(m_figures.classes, &Chart::pointClicked, this,
        [this](int, std::int64_t key) { m_context.selection.selectClass(static_cast<int>(key)); });
    connect(&m_context.selection, &Selection::filterChanged, this, &CompareView::showSelection);
    connect(&m_context.theme, &Theme::changed, this, &CompareView::outdate);
}

} // namespace bitscape::ui
