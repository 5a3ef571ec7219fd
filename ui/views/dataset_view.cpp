// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/dataset_view.h"

#include "ui/style/figures.h"
#include "ui/views/sample_grid.h"
#include "ui/views/share_delegate.h"
#include "ui/views/table_text.h"
#include "ui/views/view_parts.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

#include <numeric>

namespace bitscape::ui {
namespace {

QString totalText(const std::vector<std::int64_t>& counts)
{
    return countText(std::accumulate(counts.begin(), counts.end(), std::int64_t { 0 }));
}

QString normalisationText(const Dataset& dataset)
{
    QStringList parts;
    for (std::size_t c = 0; c < dataset.mean.size() && c < dataset.stddev.size(); ++c)
        parts << DatasetView::tr("%1 ± %2").arg(numberText(dataset.mean[c], 4), numberText(dataset.stddev[c], 4));
    return parts.isEmpty() ? DatasetView::tr("no normalisation")
                           : DatasetView::tr("mean ± deviation per channel: %1").arg(parts.join(QStringLiteral(", ")));
}

/// Whether there are files that may be gone: glyphs are drawn.
bool hasFiles(const Dataset& dataset)
{
    return dataset.kind != "glyphs";
}

} // namespace

QString datasetFacts(const Dataset& dataset)
{
    const auto text = [](const std::string& word) { return QString::fromStdString(word); };
    const QString dot = QStringLiteral("  ·  ");
    const QString shape = QStringLiteral("%1×%2×%3").arg(dataset.channels).arg(dataset.height).arg(dataset.width);
    return QStringList { dataset.path.empty() ? text(dataset.kind) : text(dataset.kind) + dot + text(dataset.path),
        QStringList { DatasetView::tr("images of %1").arg(shape),
            DatasetView::tr("%1 classes").arg(countText(static_cast<std::int64_t>(dataset.classNames.size()))),
            DatasetView::tr("%1 to train, %2 to test").arg(totalText(dataset.trainCounts), totalText(dataset.testCounts)),
            normalisationText(dataset) }
            .join(dot),
        DatasetView::tr("fingerprint %1").arg(text(dataset.fingerprint)) }
        .join(QLatin1Char('\n'));
}

DatasetView::DatasetView(const ViewContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_stack(new QStackedLayout(this))
    , m_hint(new QLabel(tr("No data set is selected. Pick one on the left, or add one with File > Add data set.")))
    , m_name(new QLabel)
    , m_facts(mutedLine())
    , m_gone(new QLabel)
    , m_noSamples(new QLabel)
    , m_table(new QTableView)
    , m_scroll(new QScrollArea)
    , m_grid(new SampleGrid(context.theme))
{
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_name->setObjectName(QStringLiteral("heading"));
    m_name->setContentsMargins(10, 6, 10, 0);
    m_gone->setObjectName(QStringLiteral("bad"));
    m_gone->setWordWrap(true);
    m_gone->setContentsMargins(10, 0, 10, 4);
    auto* page = new QWidget;
    auto* rows = new QVBoxLayout(page);
    rows->setContentsMargins({});
    rows->setSpacing(0);
    rows->addWidget(m_name);
    rows->addWidget(m_facts);
    rows->addWidget(m_gone);
    rows->addWidget(splitterOf(Qt::Horizontal, { { makeTable(), 2 }, { makeSamples(), 3 } }), 1);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(page);
    follow();
    takeSelection();
}

QWidget* DatasetView::makeTable()
{
    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(kSortRole);
    m_table->setModel(&m_sorted);
    setUpTable(*m_table, m_context.theme, QStringLiteral("classTable"), tr("Images per class"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->sortByColumn(ClassModel::Number, Qt::AscendingOrder);
    const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
    m_table->setColumnWidth(ClassModel::Number, 6 * em);
    for (const auto column : { ClassModel::Name, ClassModel::Train, ClassModel::Test })
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    m_table->setMinimumWidth(18 * em);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DatasetView::pickClass);
    return m_table;
}

QWidget* DatasetView::makeSamples()
{
    auto* part = new QWidget;
    auto* rows = new QVBoxLayout(part);
    rows->setContentsMargins({});
    m_noSamples->setWordWrap(true);
    m_noSamples->setAlignment(Qt::AlignCenter);
    m_noSamples->setObjectName(QStringLiteral("hint"));
    m_scroll->setWidget(m_grid);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus); // the grid has it
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    rows->addWidget(m_noSamples, 1);
    rows->addWidget(m_scroll, 1);
    part->setMinimumWidth(200);
    connect(m_grid, &SampleGrid::classClicked, &m_context.selection, &Selection::selectClass);
    return part;
}

void DatasetView::follow()
{
    connect(&m_context.selection, &Selection::datasetChanged, this, &DatasetView::takeSelection);
    connect(&m_context.selection, &Selection::runChanged, this, &DatasetView::takeRun);
    connect(&m_context.selection, &Selection::classChanged, this, &DatasetView::showClass);
    connect(&m_context.document, &ProjectDocument::datasetsChanged, this, &DatasetView::showDataset);
    connect(&m_context.document, &ProjectDocument::runsChanged, this, [this] {
        if (!m_id)
            takeRun();
    });
}

void DatasetView::takeSelection()
{
    if (!m_context.selection.dataset())
        return takeRun();
    m_id = m_context.selection.dataset();
    showDataset();
}

void DatasetView::takeRun()
{
    const auto& id = m_context.selection.run();
    const auto record = id ? m_context.document.run(*id) : nullptr;
    if (record && record->run.dataset)
        m_id = record->run.dataset;
    showDataset();
}

void DatasetView::showDataset()
{
    const Dataset* dataset = m_id ? m_context.document.dataset(*m_id) : nullptr;
    m_stack->setCurrentIndex(dataset ? 1 : 0);
    if (!dataset) {
        m_shown.reset();
        return;
    }
    if (m_shown == *dataset)
        return;
    m_shown = *dataset;
    m_name->setText(QString::fromStdString(dataset->name));
    m_facts->setText(datasetFacts(*dataset));
    m_gone->hide();
    {
        const QScopedValueRollback showing(m_showing, true);
        m_model.setDataset(*dataset);
    }
    m_grid->setImages({}, {});
    askForSamples(*dataset);
}

/// The answer may be for a data set that is no longer shown.
void DatasetView::askForSamples(const Dataset& dataset)
{
    say(tr("Loading the sample images …"));
    m_context.document.library().ask(
        this,
        [dataset](Project& project) {
            Samples samples;
            samples.isThere = !hasFiles(dataset) || QFileInfo::exists(QString::fromStdString(dataset.path));
            if (!dataset.samples.empty())
                samples.images = sampleImages(dataset, project.blob(dataset.samples));
            return samples;
        },
        [this, dataset](Samples samples) {
            if (m_shown == dataset)
                showSamples(dataset, std::move(samples));
        },
        [this, dataset](const QString& sentence) {
            if (m_shown == dataset)
                say(tr("The sample images cannot be shown. %1").arg(sentence));
        });
}

void DatasetView::showSamples(const Dataset& dataset, Samples samples)
{
    m_gone->setText(
        tr("Nothing is at %1 any more. Runs that need the images will fail until it is put back there; what is shown here is kept "
           "in the project.")
            .arg(QString::fromStdString(dataset.path)));
    m_gone->setVisible(!samples.isThere);
    QStringList names;
    for (const std::string& name : dataset.classNames)
        names << QString::fromStdString(name);
    const bool any = !samples.images.classes.empty() && !samples.images.classes.front().empty();
    m_grid->setImages(std::move(samples.images), names);
    say(any ? QString() : tr("No sample images were kept when this data set was added: a class has no images, or they are too large."));
    showClass();
}

/// In place of the images; empty: the images.
void DatasetView::say(const QString& sentence)
{
    m_noSamples->setText(sentence);
    m_noSamples->setVisible(!sentence.isEmpty());
    m_scroll->setVisible(sentence.isEmpty());
}

void DatasetView::pickClass()
{
    const QModelIndex index = m_sorted.mapToSource(m_table->currentIndex());
    if (!m_showing && index.isValid())
        m_context.selection.selectClass(index.row());
}

void DatasetView::showClass()
{
    const QScopedValueRollback showing(m_showing, true);
    const int number = m_context.selection.classNumber();
    m_grid->selectClass(number);
    const QModelIndex index = number < 0 || number >= m_model.rowCount() ? QModelIndex() : m_sorted.mapFromSource(m_model.index(number, 0));
    if (!index.isValid())
        return m_table->clearSelection();
    m_table->selectRow(index.row());
    m_table->scrollTo(index);
    const QRect room = m_grid->classRect(number);
    m_scroll->ensureVisible(0, room.center().y(), 0, room.height() / 2);
}

} // namespace bitscape::ui
