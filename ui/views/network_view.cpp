// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_view.h"

#include "ui/plots/file_writing.h"
#include "ui/style/figures.h"
#include "ui/views/table_text.h"
#include "ui/views/view_parts.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

namespace bitscape::ui {
namespace {

QString normalisationText(const Model& model)
{
    if (model.mean.empty())
        return NetworkView::tr("normalised as the data set says");
    QStringList means, deviations;
    for (const double value : model.mean)
        means << numberText(value, 4);
    for (const double value : model.stddev)
        deviations << numberText(value, 4);
    return NetworkView::tr("normalised with mean %1, deviation %2")
        .arg(means.join(QStringLiteral(", ")), deviations.join(QStringLiteral(", ")));
}

} // namespace

QString networkFacts(const ModelEntry& entry)
{
    const QString input = QString::fromStdString(toString(entry.graph.inputShape())).replace(QLatin1Char('x'), QStringLiteral("×"));
    return QStringList { QString::fromStdString(entry.model.source), NetworkView::tr("input %1").arg(input),
        NetworkView::tr("%1 classes").arg(countText(entry.graph.classes())),
        NetworkView::tr("%1 parameters").arg(countText(entry.parameters)), NetworkView::tr("%1 MACs").arg(countText(entry.macs)),
        normalisationText(entry.model), entry.model.weights.empty() ? NetworkView::tr("untrained") : NetworkView::tr("with weights") }
        .join(QStringLiteral("  ·  "));
}

NetworkView::NetworkView(const ViewContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_filtered(m_model)
    , m_stack(new QStackedLayout(this))
    , m_hint(new QLabel(tr("No model is selected. Pick one on the left, or add one with File > Add model.")))
    , m_name(new QLabel)
    , m_facts(mutedLine())
    , m_totals(mutedLine())
    , m_text(new QLineEdit)
    , m_weighted(new QCheckBox(tr("Only weighted layers")))
    , m_save(new QToolButton)
    , m_table(new QTableView)
{
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    auto* page = new QWidget;
    auto* rows = new QVBoxLayout(page);
    rows->setContentsMargins({});
    rows->setSpacing(0);
    rows->addWidget(makeHead());
    rows->addWidget(makeTools());
    rows->addWidget(m_table, 1);
    rows->addWidget(m_totals);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(page);
    setUpTable();
    follow();
    takeSelection();
}

QWidget* NetworkView::makeHead()
{
    auto* head = new QWidget;
    auto* lines = new QVBoxLayout(head);
    lines->setContentsMargins(0, 6, 0, 0);
    lines->setSpacing(0);
    m_name->setObjectName(QStringLiteral("heading"));
    m_name->setContentsMargins(10, 0, 10, 0);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    lines->addWidget(m_name);
    lines->addWidget(m_facts);
    return head;
}

QWidget* NetworkView::makeTools()
{
    m_text->setObjectName(QStringLiteral("networkFilter"));
    m_text->setPlaceholderText(tr("Filter nodes"));
    m_text->setToolTip(tr("Show nodes whose name, operation or inputs contain this"));
    m_text->setAccessibleName(m_text->toolTip());
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(320);
    m_weighted->setObjectName(QStringLiteral("weightedOnly"));
    m_weighted->setToolTip(tr("Leave out nodes without filters"));
    m_save->setObjectName(QStringLiteral("networkSave"));
    m_save->setIcon(m_context.theme.icon(QStringLiteral("save")));
    m_save->setToolTip(tr("Save the table as CSV"));
    m_save->setAccessibleName(m_save->toolTip());
    connect(m_text, &QLineEdit::textChanged, this, &NetworkView::showFilter);
    connect(m_weighted, &QCheckBox::toggled, this, &NetworkView::showFilter);
    connect(m_save, &QToolButton::clicked, this, &NetworkView::askWhere);
    connect(&m_context.theme, &Theme::changed, m_save, [this] { m_save->setIcon(m_context.theme.icon(QStringLiteral("save"))); });
    auto* tools = new QWidget;
    auto* line = new QHBoxLayout(tools);
    line->setContentsMargins(10, 2, 8, 6);
    line->addWidget(m_text, 1);
    line->addWidget(m_weighted);
    line->addStretch(1);
    line->addWidget(m_save);
    return tools;
}

void NetworkView::setUpTable()
{
    m_table->setModel(&m_filtered);
    ui::setUpTable(*m_table, m_context.theme, QStringLiteral("networkTable"), tr("Nodes of the network"));
    m_table->sortByColumn(-1, Qt::AscendingOrder); // the graph's own order until a head is clicked
    m_table->horizontalHeader()->setSortIndicatorClearable(true);
    const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
    const std::array<int, NetworkModel::ColumnCount> widths { 11, 13, 12, 9, 15, 6, 8, 9, 8, 9 };
    for (int column = 0; column < NetworkModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[static_cast<std::size_t>(column)] * em);
    m_table->horizontalHeader()->setStretchLastSection(true);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &NetworkView::pickLayer);
}

void NetworkView::follow()
{
    connect(&m_context.selection, &Selection::modelChanged, this, &NetworkView::takeSelection);
    connect(&m_context.selection, &Selection::runChanged, this, &NetworkView::takeRun);
    connect(&m_context.selection, &Selection::filterChanged, this, &NetworkView::showFilter);
    connect(&m_context.document, &ProjectDocument::modelsChanged, this, &NetworkView::showModel);
    connect(&m_context.document, &ProjectDocument::runsChanged, this, [this] {
        if (!m_id)
            takeRun();
    });
}

void NetworkView::takeSelection()
{
    if (!m_context.selection.model())
        return takeRun();
    m_id = m_context.selection.model();
    showModel();
}

void NetworkView::takeRun()
{
    const auto& id = m_context.selection.run();
    const auto record = id ? m_context.document.run(*id) : nullptr;
    if (record && record->run.model)
        m_id = record->run.model;
    showModel();
}

void NetworkView::showModel()
{
    const ModelEntry* entry = m_id ? m_context.document.model(*m_id) : nullptr;
    m_stack->setCurrentIndex(entry ? 1 : 0);
    std::vector<NetworkRow> rows = entry ? networkRows(*entry) : std::vector<NetworkRow> {};
    if (entry) {
        m_name->setText(QString::fromStdString(entry->model.name));
        m_facts->setText(networkFacts(*entry));
    }
    if (rows != m_model.rows()) {
        const QScopedValueRollback showing(m_showing, true);
        m_model.setRows(std::move(rows));
    }
    showFilter();
}

/// What is typed, ticked and selected elsewhere.
void NetworkView::showFilter()
{
    const QScopedValueRollback showing(m_showing, true);
    m_filtered.setText(m_text->text());
    m_filtered.setWeightedOnly(m_weighted->isChecked());
    showTotals();
    const int layer = m_context.selection.filterIn(m_id).layer;
    const QModelIndex current = m_filtered.mapToSource(m_table->currentIndex());
    if (layer >= 0 && current.isValid() && m_model.rows()[static_cast<std::size_t>(current.row())].layer == layer)
        return; // picked here: the other selected rows stay
    const int row = m_model.rowOfLayer(layer);
    const QModelIndex index = row < 0 ? QModelIndex() : m_filtered.mapFromSource(m_model.index(row, 0));
    if (index.isValid()) {
        m_table->selectRow(index.row());
        m_table->scrollTo(index);
    } else if (m_context.selection.filter().layer >= 0) { // out of sight, or another network's
        m_table->clearSelection();
        m_table->setCurrentIndex({});
    }
}

void NetworkView::showTotals()
{
    std::int64_t weighted = 0, filters = 0, parameters = 0, macs = 0;
    for (int i = 0; i < m_filtered.rowCount(); ++i) {
        const NetworkRow& row = m_model.rows()[static_cast<std::size_t>(m_filtered.mapToSource(m_filtered.index(i, 0)).row())];
        weighted += row.layer >= 0;
        filters += row.filters;
        parameters += row.parameters;
        macs += row.macs;
    }
    const auto all = static_cast<std::int64_t>(m_model.rows().size());
    const QString nodes = m_filtered.rowCount() == all ? tr("%1 nodes").arg(countText(all))
                                                       : tr("%1 of %2 nodes").arg(countText(m_filtered.rowCount()), countText(all));
    m_totals->setText(QStringList { nodes, tr("%1 weighted layers").arg(countText(weighted)), tr("%1 filters").arg(countText(filters)),
        tr("%1 parameters").arg(countText(parameters)), tr("%1 MACs").arg(countText(macs)) }
                          .join(QStringLiteral("  ·  ")));
}

void NetworkView::pickLayer()
{
    const QModelIndex index = m_filtered.mapToSource(m_table->currentIndex());
    if (m_showing || !index.isValid())
        return;
    const int layer = m_model.rows()[static_cast<std::size_t>(index.row())].layer;
    if (layer >= 0 && layer != m_context.selection.filterIn(m_id).layer)
        m_context.selection.selectFilter({ layer, -1 }, m_id);
}

void NetworkView::askWhere()
{
    auto* dialog = new QFileDialog(this, tr("Save table"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("CSV numbers (*.csv)"));
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(m_name->text() + QStringLiteral(".csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &NetworkView::saveTo);
    dialog->open();
}

void NetworkView::saveTo(const QString& path)
{
    inBackground(
        *this, [path, text = csvOf(m_filtered)] { writeWhole(path, text.toUtf8()); }, [this, path] { emit saved(path); });
}

} // namespace bitscape::ui
