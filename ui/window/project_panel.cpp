// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/project_panel.h"

#include "ui/style/figures.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace bitscape::ui {
namespace {

constexpr int kIdRole = Qt::UserRole, kTextRole = Qt::UserRole + 1; // the text without the number of runs
constexpr int kMostRows = 5;

/// A row of a list, whose text tellRuns() ends.
QListWidgetItem* addRow(QListWidget& list, const QIcon& icon, const QString& text, const QString& help, std::int64_t id)
{
    auto* item = new QListWidgetItem(icon, text, &list);
    item->setData(kIdRole, static_cast<qlonglong>(id));
    item->setData(kTextRole, text);
    item->setToolTip(help);
    return item;
}

} // namespace

ProjectPanel::ProjectPanel(const ViewContext& context, JobQueue& queue, QUndoStack& undo, PendingDeletions& deletions, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_models(entries(QStringLiteral("models"), tr("Models")))
    , m_datasets(entries(QStringLiteral("datasets"), tr("Data sets")))
    , m_runs(new RunPanel(context, queue, undo, deletions))
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(
        section(tr("Models"), tr("Add a model"), QStringLiteral("add-model-button"), m_models, &ProjectPanel::addModelRequested));
    rows->addWidget(section(
        tr("Data sets"), tr("Add a data set"), QStringLiteral("add-dataset-button"), m_datasets, &ProjectPanel::addDatasetRequested));
    rows->addWidget(section(tr("Runs"), tr("New run"), QStringLiteral("new-run-button"), m_runs, &ProjectPanel::newRunRequested), 1);
    connect(m_runs, &RunPanel::refused, this, &ProjectPanel::refused);
    connect(m_models, &QListWidget::itemSelectionChanged, this, [this] {
        if (const auto* item = m_models->currentItem())
            m_context.selection.selectModel(ModelId { item->data(kIdRole).toLongLong() });
    });
    connect(m_datasets, &QListWidget::itemSelectionChanged, this, [this] {
        if (const auto* item = m_datasets->currentItem())
            m_context.selection.selectDataset(DatasetId { item->data(kIdRole).toLongLong() });
    });
    connect(m_models, &QListWidget::itemActivated, this, &ProjectPanel::modelOpened);
    connect(m_models, &QListWidget::itemClicked, this, &ProjectPanel::modelOpened);
    connect(m_datasets, &QListWidget::itemActivated, this, &ProjectPanel::datasetOpened);
    connect(m_datasets, &QListWidget::itemClicked, this, &ProjectPanel::datasetOpened);
    connect(&context.document, &ProjectDocument::modelsChanged, this, &ProjectPanel::fillModels);
    connect(&context.document, &ProjectDocument::datasetsChanged, this, &ProjectPanel::fillDatasets);
    connect(&context.document, &ProjectDocument::runsChanged, this, &ProjectPanel::tellRuns);
    connect(&context.document, &ProjectDocument::runsRemoved, this, &ProjectPanel::tellRuns);
    connect(&context.theme, &Theme::changed, this, &ProjectPanel::retheme);
    fillModels();
    fillDatasets();
}

QListWidget* ProjectPanel::entries(const QString& name, const QString& accessible)
{
    auto* list = new QListWidget;
    list->setObjectName(name);
    list->setAccessibleName(accessible);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* remove = new QAction(m_context.theme.icon("remove"), tr("Remove"), list);
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    list->addAction(remove);
    list->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(remove, &QAction::triggered, this, [this, list] { removeCurrent(*list); });
    return list;
}

QWidget* ProjectPanel::section(
    const QString& title, const QString& help, const QString& name, QWidget* content, void (ProjectPanel::*add)())
{
    auto* box = new QWidget;
    auto* rows = new QVBoxLayout(box);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(10, 4, 6, 2);
    auto* label = new QLabel(title);
    label->setObjectName(QStringLiteral("heading"));
    head->addWidget(label, 1);
    auto* button = new QToolButton;
    button->setIcon(m_context.theme.icon("add"));
    button->setToolTip(help);
    button->setAccessibleName(help);
    button->setObjectName(name);
    connect(button, &QToolButton::clicked, this, add);
    m_buttons.emplace_back(button, QStringLiteral("add"));
    head->addWidget(button);
    rows->addLayout(head);
    rows->addWidget(content, 1);
    return box;
}

/// As high as its entries, up to a few.
void ProjectPanel::fitHeight(QListWidget& list)
{
    const int rows = std::clamp(list.count(), 1, kMostRows);
    list.setFixedHeight(rows * std::max(list.sizeHintForRow(0), fontMetrics().height() + 8) + 4);
}

void ProjectPanel::fillModels()
{
    const QSignalBlocker quiet(m_models);
    const auto selected = m_context.selection.model();
    m_models->clear();
    for (const ModelEntry& entry : m_context.document.models()) {
        QListWidgetItem* item = addRow(*m_models, m_context.theme.icon("model"),
            tr("%1   %2 MACs").arg(QString::fromStdString(entry.model.name), scaledText(static_cast<double>(entry.macs))),
            QString::fromStdString(entry.model.source), entry.model.id.value);
        if (selected == entry.model.id)
            m_models->setCurrentItem(item);
    }
    if (m_models->count() == 0)
        (new QListWidgetItem(tr("none yet: add one with +"), m_models))->setFlags(Qt::NoItemFlags);
    fitHeight(*m_models);
    tellRuns();
}

void ProjectPanel::fillDatasets()
{
    const QSignalBlocker quiet(m_datasets);
    const auto selected = m_context.selection.dataset();
    m_datasets->clear();
    for (const Dataset& each : m_context.document.datasets()) {
        QListWidgetItem* item = addRow(*m_datasets, m_context.theme.icon("dataset"),
            tr("%1   %2 classes").arg(QString::fromStdString(each.name)).arg(each.classNames.size()),
            QString::fromStdString(each.path.empty() ? each.kind : each.path), each.id.value);
        if (selected == each.id)
            m_datasets->setCurrentItem(item);
    }
    if (m_datasets->count() == 0)
        (new QListWidgetItem(tr("none yet: add one with +"), m_datasets))->setFlags(Qt::NoItemFlags);
    fitHeight(*m_datasets);
    tellRuns();
}

/// How many runs each model and data set has, behind its text.
void ProjectPanel::tellRuns()
{
    std::map<std::int64_t, int> ofModel, ofDataset;
    for (const auto& [id, record] : m_context.document.runs()) {
        if (record->run.model)
            ++ofModel[record->run.model->value];
        if (record->run.dataset)
            ++ofDataset[record->run.dataset->value];
    }
    const auto tell = [](const QListWidget& list, std::map<std::int64_t, int>& counts) {
        for (int i = 0; i < list.count(); ++i) {
            QListWidgetItem& item = *list.item(i);
            if (!item.data(kIdRole).isValid())
                continue;
            const int count = counts[item.data(kIdRole).toLongLong()];
            const QString runs = count == 1 ? tr("1 run") : tr("%1 runs").arg(count);
            item.setText(item.data(kTextRole).toString() + (count == 0 ? QString() : QStringLiteral("   ") + runs));
        }
    };
    tell(*m_models, ofModel);
    tell(*m_datasets, ofDataset);
}

/// Refused by the project, with a sentence, while runs refer to it.
void ProjectPanel::removeCurrent(QListWidget& list)
{
    const QListWidgetItem* item = list.currentItem();
    if (!item || !item->data(kIdRole).isValid())
        return;
    const bool isModel = &list == m_models;
    const qlonglong id = item->data(kIdRole).toLongLong();
    m_context.document.store().ask(
        this,
        [isModel, id](Project& project) {
            if (isModel)
                removeModel(project, ModelId { id });
            else
                removeDataset(project, DatasetId { id });
        },
        [this] { m_context.document.refresh(); }, [this](const QString& sentence) { emit refused(sentence); });
}

void ProjectPanel::retheme()
{
    for (const auto& [button, icon] : m_buttons)
        button->setIcon(m_context.theme.icon(icon));
    fillModels();
    fillDatasets();
}

} // namespace bitscape::ui
