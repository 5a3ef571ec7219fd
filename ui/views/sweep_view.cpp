// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sweep_view.h"

#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/plots/file_writing.h"
#include "ui/runs/run_columns.h"
#include "ui/style/figures.h"
#include "ui/views/run_words.h"
#include "ui/views/table_text.h"
#include "ui/views/view_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace bitscape::ui {
namespace {

/// Lists texts without a signal; what was chosen stays where it is still there.
void list(QComboBox& box, const QStringList& texts)
{
    const QSignalBlocker quiet(&box);
    const QString chosen = box.currentText();
    box.clear();
    box.addItems(texts);
    box.setCurrentIndex(std::max(0, box.findText(chosen)));
    box.setEnabled(box.count() > 1);
}

QString summaryText(const RunResults& results)
{
    const Run& run = results.run;
    QStringList words { wordOf(run.state), QString::fromStdString(summaryOf(*results.sweep)) };
    if (run.seconds > 0)
        words << SweepView::tr("%1 of computing").arg(durationText(run.seconds));
    return words.join(QStringLiteral("  ·  "));
}

} // namespace

SweepView::SweepView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_headline(new QLabel)
    , m_summary(mutedLine())
    , m_chart(new Chart(context.theme))
    , m_stage(new QComboBox)
    , m_axis(new QComboBox)
    , m_logarithmic(new QCheckBox(tr("Log")))
    , m_model(context.theme)
    , m_filtered(m_model)
    , m_text(new QLineEdit)
    , m_save(new QToolButton)
    , m_table(new QTableView)
{
    m_headline->setObjectName(QStringLiteral("heading"));
    m_headline->setContentsMargins(10, 6, 10, 0);
    m_headline->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* rows = new QVBoxLayout(content());
    rows->setContentsMargins({});
    rows->setSpacing(0);
    rows->addWidget(m_headline);
    rows->addWidget(m_summary);
    rows->addWidget(splitterOf(Qt::Vertical, { { makeChart(), 5 }, { makeTable(), 4 } }), 1);
    connect(&context.loader, &ResultsLoader::loaded, this, &SweepView::take);
    connect(&context.selection, &Selection::runChanged, this, &SweepView::markSelected);
    connect(&context.theme, &Theme::changed, this, [this] {
        m_save->setIcon(this->context().theme.icon(QStringLiteral("save")));
        m_table->viewport()->update();
    });
}

SweepView::~SweepView()
{
    watch({});
}

QWidget* SweepView::makeChart()
{
    m_chart->setObjectName(QStringLiteral("sweepChart"));
    setUpChoice(m_stage, QStringLiteral("sweepStage"), tr("The stage that is drawn"));
    setUpChoice(m_axis, QStringLiteral("sweepAxis"), tr("What accuracy is drawn against"));
    m_logarithmic->setObjectName(QStringLiteral("sweepLog"));
    m_logarithmic->setToolTip(tr("That on a logarithmic axis"));
    connect(m_stage, &QComboBox::currentIndexChanged, this, &SweepView::draw);
    connect(m_axis, &QComboBox::currentIndexChanged, this, &SweepView::draw);
    connect(m_logarithmic, &QCheckBox::toggled, this, &SweepView::draw);
    connect(m_chart, &Chart::pointClicked, this, [this](int, std::int64_t key) { context().selection.selectRun(RunId { key }); });
    auto* frame = new FigureFrame(tr("Accuracy, mean and deviation over seeds"), m_chart, context().theme);
    frame->addTool(m_stage);
    frame->addTool(m_axis);
    frame->addTool(m_logarithmic);
    return frame;
}

QWidget* SweepView::makeTable()
{
    m_table->setModel(&m_filtered);
    setUpTable(*m_table, context().theme, QStringLiteral("sweepTable"), tr("Children of the sweep"));
    m_table->sortByColumn(-1, Qt::AscendingOrder); // their own order until a head is clicked
    m_table->horizontalHeader()->setSortIndicatorClearable(true);
    m_table->horizontalHeader()->setStretchLastSection(true);
    connect(m_table, &QTableView::clicked, this, &SweepView::pick);
    connect(m_table, &QTableView::activated, this, &SweepView::pick);
    auto* part = new QWidget;
    auto* rows = new QVBoxLayout(part);
    rows->setContentsMargins({});
    rows->setSpacing(0);
    rows->addWidget(makeTools());
    rows->addWidget(m_table, 1);
    return part;
}

QWidget* SweepView::makeTools()
{
    m_text->setObjectName(QStringLiteral("sweepFilter"));
    m_text->setPlaceholderText(tr("Filter children"));
    m_text->setToolTip(tr("Show children that contain all of these words"));
    m_text->setAccessibleName(m_text->toolTip());
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(320);
    m_save->setObjectName(QStringLiteral("sweepSave"));
    m_save->setIcon(context().theme.icon(QStringLiteral("save")));
    m_save->setToolTip(tr("Save the table as CSV"));
    m_save->setAccessibleName(m_save->toolTip());
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filtered.setText(text);
        markSelected();
    });
    connect(m_save, &QToolButton::clicked, this, &SweepView::askWhere);
    auto* tools = new QWidget;
    auto* line = new QHBoxLayout(tools);
    line->setContentsMargins(10, 4, 8, 6);
    line->addWidget(m_text, 1);
    line->addStretch(1);
    line->addWidget(m_save);
    return tools;
}

/// A child brings its sweep along.
void SweepView::setResults(const ResultsPtr& results)
{
    RunView::setResults(results);
    if (!results || !results->run.sweep)
        return watch({});
    if (m_watched != results->run.sweep) {
        watch(results->run.sweep);
        showSweep(context().loader.watch(*results->run.sweep));
        context().loader.unwatch(*results->run.sweep); // watch() above holds it
    }
    if (m_sweep && m_sweep->run.id == *results->run.sweep)
        showSweep(m_sweep);
}

void SweepView::watch(std::optional<RunId> sweep)
{
    if (sweep)
        context().loader.watch(*sweep);
    if (m_watched)
        context().loader.unwatch(*m_watched);
    m_watched = sweep;
}

void SweepView::take(RunId id, const ResultsPtr& sweep)
{
    if (m_watched == id)
        showSweep(sweep);
}

QString SweepView::missing(const RunResults& results) const
{
    if (results.sweep)
        return {};
    if (results.run.sweep)
        return tr("The sweep of %1 is being read.").arg(runText(results.run));
    return tr("This is a %1 of its own. Pick a sweep or one of its runs on the left, or start one with Run > New sweep.")
        .arg(kindText(results.run.kind));
}

void SweepView::render(const RunResults&)
{
    showSweep(results());
}

void SweepView::showSweep(const ResultsPtr& sweep)
{
    if (!sweep || !sweep->sweep)
        return;
    showHint({});
    const bool other = !m_sweep || m_sweep->run.id != sweep->run.id || m_sweep->sweep->varied != sweep->sweep->varied;
    m_sweep = sweep;
    m_headline->setText(QString::fromStdString(sweep->run.name));
    m_summary->setText(summaryText(*sweep));
    {
        const QScopedValueRollback marking(m_marking, true);
        m_model.setFigures(*sweep->sweep);
    }
    if (other)
        fitColumns();
    QStringList stages;
    for (const std::string& stage : drawnStages(*sweep->sweep))
        stages << QString::fromStdString(stage);
    const bool began = m_stage->count() == 0 || other;
    list(*m_stage, stages);
    if (began && !stages.isEmpty()) { // the last is what the sweep is for
        const QSignalBlocker quiet(m_stage);
        m_stage->setCurrentIndex(m_stage->count() - 1);
    }
    draw();
    markSelected();
}

void SweepView::fitColumns()
{
    m_table->resizeColumnsToContents();
    for (int column = 0; column < m_model.columnCount(); ++column) {
        if (m_model.index(0, column).data(Qt::DecorationRole).isValid()) // the sign, and room for a longer word to come
            m_table->setColumnWidth(column, m_table->columnWidth(column) + 2 * m_table->fontMetrics().height());
    }
}

void SweepView::offerAxes()
{
    m_axes = sweepAxes(*m_sweep->sweep, m_stage->currentText().toStdString());
    QStringList titles;
    for (const SweepAxis& axis : m_axes)
        titles << axis.title;
    list(*m_axis, titles);
}

void SweepView::draw()
{
    if (!m_sweep)
        return;
    offerAxes();
    const auto at = static_cast<std::size_t>(std::max(0, m_axis->currentIndex()));
    const ChartSpec spec = at < m_axes.size()
        ? sweepSpec(*m_sweep->sweep, m_stage->currentText().toStdString(), m_axes[at], m_logarithmic->isChecked())
        : ChartSpec {};
    if (spec != m_chart->spec())
        m_chart->setSpec(spec);
    markSelected();
}

/// The selected run's row, and the point that it is in.
void SweepView::markSelected()
{
    const auto run = context().selection.run();
    const int row = run ? m_model.rowOf(*run) : -1;
    const QScopedValueRollback marking(m_marking, true);
    std::int64_t key = -1;
    if (m_sweep && run) {
        for (const SweepPoint& point : m_sweep->sweep->curve) {
            if (std::ranges::find(point.runs, *run) != point.runs.end())
                key = point.runs.front().value;
        }
    }
    m_chart->highlight(key);
    if (row < 0)
        return m_table->clearSelection();
    const QModelIndex index = m_filtered.mapFromSource(m_model.index(row, 0));
    const QModelIndexList now = m_table->selectionModel()->selectedRows();
    if (index.isValid() && !now.contains(index)) {
        m_table->selectRow(index.row());
        m_table->scrollTo(index);
    }
}

void SweepView::pick(const QModelIndex& index)
{
    const auto run = m_marking ? std::nullopt : m_model.runAt(m_filtered.mapToSource(index).row());
    if (run)
        context().selection.selectRun(run);
}

void SweepView::askWhere()
{
    auto* dialog = new QFileDialog(this, tr("Save table"));
    dialog->setObjectName(QStringLiteral("sweep-file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("CSV numbers (*.csv)"));
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(m_headline->text() + QStringLiteral(".csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &SweepView::saveTo);
    dialog->open();
}

void SweepView::saveTo(const QString& path)
{
    inBackground(
        *this, [path, text = csvOf(m_filtered)] { writeWhole(path, text.toUtf8()); }, [this, path] { emit saved(path); });
}

} // namespace bitscape::ui
