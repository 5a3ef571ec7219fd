// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_panel.h"

#include "ui/runs/run_commands.h"

#include "core/jobs/comparison.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {

RunPanel::RunPanel(const ViewContext& context, JobQueue& queue, QUndoStack& undo, PendingDeletions& deletions, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_queue(queue)
    , m_undo(undo)
    , m_deletions(deletions)
    , m_model(context.document, context.theme)
    , m_filtered(m_model, context.document, deletions)
    , m_filter(new QLineEdit)
    , m_complaint(new QLabel)
    , m_hint(new QLabel(tr("No runs yet. Add a model and a data set, then start a training with Run › New run.")))
    , m_tree(new QTreeView)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 4, 0, 0);
    rows->setSpacing(4);
    m_filter->setPlaceholderText(tr("Filter: words, kind:search, tag:x, accuracy>0.9, bits<2.5"));
    m_filter->setToolTip(
        tr("Words stand anywhere; kind: state: model: data: tag: name: and any parameter: compare a field; accuracy bits macs "
           "bitops size seed seconds take < <= > >= ="));
    m_filter->setAccessibleName(tr("Filter runs"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setObjectName(QStringLiteral("run-filter"));
    m_complaint->setObjectName(QStringLiteral("bad"));
    m_complaint->setWordWrap(true);
    m_complaint->hide();
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setWordWrap(true);
    m_hint->setAlignment(Qt::AlignCenter);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(6, 0, 6, 0);
    line->addWidget(m_filter);
    rows->addLayout(line);
    rows->addWidget(m_complaint);
    rows->addWidget(m_hint, 1);
    rows->addWidget(m_tree, 1);
    setUpTree();
    setUpKeys();
    connect(m_filter, &QLineEdit::textChanged, this, &RunPanel::applyFilter);
    connect(&context.selection, &Selection::runChanged, this, &RunPanel::showSelection);
    updateHint();
}

void RunPanel::setUpTree()
{
    m_tree->setObjectName(QStringLiteral("runs"));
    m_tree->setAccessibleName(tr("Runs"));
    m_tree->setModel(&m_filtered);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setSortingEnabled(true);
    m_tree->sortByColumn(0, Qt::AscendingOrder);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setIndentation(14);
    QHeaderView& header = *m_tree->header();
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    header.setSectionsMovable(true);
    header.setStretchLastSection(false);
    for (int i = 0; i < kRunColumns; ++i)
        m_tree->setColumnHidden(i, !isShownAtFirst(static_cast<RunColumn>(i)));
    const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
    m_tree->setColumnWidth(static_cast<int>(RunColumn::Run), 14 * em);
    m_tree->setColumnWidth(static_cast<int>(RunColumn::State), 5 * em);
    for (const RunColumn column : { RunColumn::Accuracy, RunColumn::AverageBits })
        m_tree->setColumnWidth(static_cast<int>(column), column == RunColumn::Accuracy ? 6 * em : 5 * em);
    unfold();
    connect(&header, &QWidget::customContextMenuRequested, this, &RunPanel::headerMenu);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &RunPanel::contextMenu);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &RunPanel::takeSelection);
    connect(m_tree, &QTreeView::collapsed, this, [this](const QModelIndex& index) { noteFolded(index, true); });
    connect(m_tree, &QTreeView::expanded, this, [this](const QModelIndex& index) { noteFolded(index, false); });
    connect(&m_filtered, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& parent) {
        m_fold.start();
        if (parent.isValid() && !m_folded.contains(m_model.runAt(m_filtered.mapToSource(parent))))
            m_tree->expand(parent);
        updateHint();
    });
    m_fold.setSingleShot(true);
    m_fold.setInterval(0);
    connect(&m_fold, &QTimer::timeout, this, &RunPanel::unfold);
    connect(&m_filtered, &QAbstractItemModel::rowsRemoved, this, &RunPanel::updateHint);
    connect(&m_filtered, &QAbstractItemModel::modelReset, this, [this] {
        unfold();
        updateHint();
        showSelection();
    });
    connect(m_tree, &QTreeView::activated, this, [this] {
        if (const auto record = currentRecord())
            emit opened(record->run.id);
    });
}

void RunPanel::setUpKeys()
{
    const auto add = [this](const QKeySequence& key, auto&& then) {
        auto* action = new QAction(this);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, then);
        m_tree->addAction(action);
    };
    add(QKeySequence::Delete, [this] { deleteSelected(); });
    add(Qt::Key_F2, [this] { renameSelected(); });
    add(Qt::CTRL | Qt::Key_D, [this] {
        if (const auto record = currentRecord())
            emit duplicateRequested(record->run.id);
    });
}

std::shared_ptr<const RunRecord> RunPanel::currentRecord() const
{
    return m_model.recordAt(m_filtered.mapToSource(m_tree->currentIndex()));
}

std::vector<RunId> RunPanel::selectedRuns() const
{
    std::vector<RunId> ids;
    for (const QModelIndex& index : m_tree->selectionModel()->selectedRows()) {
        if (const auto id = m_model.runAt(m_filtered.mapToSource(index)))
            ids.push_back(*id);
    }
    std::ranges::sort(ids);
    return ids;
}

void RunPanel::takeSelection()
{
    const auto record = m_filtering ? nullptr : currentRecord();
    if (record)
        m_context.selection.selectRun(record->run.id);
}

/// Everything is unfolded but what the person has folded; a filter shows all that it finds.
void RunPanel::unfold()
{
    m_fold.stop();
    const bool all = !m_filter->text().isEmpty();
    m_unfolding = true;
    m_tree->expandAll();
    for (const auto& id : m_folded) {
        if (!all && id)
            m_tree->collapse(m_filtered.mapFromSource(m_model.indexOf(*id)));
    }
    m_unfolding = false;
}

void RunPanel::noteFolded(const QModelIndex& index, bool folded)
{
    const auto id = m_model.runAt(m_filtered.mapToSource(index));
    if (m_unfolding || !id || !m_filter->text().isEmpty())
        return;
    if (folded)
        m_folded.insert(id);
    else
        m_folded.erase(id);
}

void RunPanel::showSelection()
{
    const auto id = m_context.selection.run();
    const QModelIndex index = id ? m_filtered.mapFromSource(m_model.indexOf(*id)) : QModelIndex();
    if (!index.isValid() || index == m_tree->currentIndex().siblingAtColumn(0))
        return;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

void RunPanel::applyFilter(const QString& text)
{
    m_filtering = true; // that the selected run is out of sight for a while does not select another one
    const QString complaint = m_filtered.setQuery(text);
    m_complaint->setText(complaint);
    m_complaint->setVisible(!complaint.isEmpty());
    unfold();
    updateHint();
    m_tree->setCurrentIndex({});
    m_filtering = false;
    showSelection();
}

void RunPanel::updateHint()
{
    const bool none = m_filtered.rowCount() == 0;
    if (none)
        m_hint->setText(m_model.rowCount() == 0 ? tr("No runs yet. Add a model and a data set, then start a training with Run › New run.")
                                                : tr("No run matches the filter."));
    m_hint->setVisible(none);
    m_tree->setVisible(!none);
}

void RunPanel::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

QByteArray RunPanel::saveState() const
{
    return m_tree->header()->saveState();
}

void RunPanel::restoreState(const QByteArray& state)
{
    m_tree->header()->restoreState(state);
}

void RunPanel::headerMenu(const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int i = 1; i < kRunColumns; ++i) {
        QAction* action = menu->addAction(titleOf(static_cast<RunColumn>(i)));
        action->setToolTip(helpOf(static_cast<RunColumn>(i)));
        action->setCheckable(true);
        action->setChecked(!m_tree->isColumnHidden(i));
        connect(action, &QAction::toggled, this, [this, i](bool shown) { m_tree->setColumnHidden(i, !shown); });
    }
    menu->popup(m_tree->header()->mapToGlobal(at));
}

void RunPanel::contextMenu(const QPoint& at)
{
    const auto record = currentRecord();
    if (!record)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("run-menu"));
    addFollowUps(*menu, record->run);
    menu->addAction(m_context.theme.icon("duplicate"), tr("&Duplicate with changes…"), this,
        [this, id = record->run.id] { emit duplicateRequested(id); });
    menu->addAction(m_context.theme.icon("save"), tr("E&xport…"), this, [this, id = record->run.id] { emit exportRequested(id); });
    QAction* compared = menu->addAction(m_context.theme.icon("compare"), tr("Co&mpare selected runs"), this, &RunPanel::compareRequested);
    compared->setEnabled(selectedRuns().size() >= kFewestCompared && selectedRuns().size() <= kMostCompared);
    menu->addSeparator();
    addStateActions(*menu, record->run);
    menu->addAction(m_context.theme.icon("edit"), tr("Re&name…"), this, &RunPanel::renameSelected);
    menu->addAction(m_context.theme.icon("tag"), tr("&Tags…"), this, &RunPanel::editTags);
    menu->addAction(m_context.theme.icon("note"), tr("N&ote…"), this, &RunPanel::editNote);
    menu->addSeparator();
    menu->addAction(m_context.theme.icon("remove"), tr("De&lete"), this, &RunPanel::deleteSelected);
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

void RunPanel::addFollowUps(QMenu& menu, const Run& run)
{
    const auto add = [&](RunKind kind, const QString& text) {
        menu.addAction(m_context.theme.icon(QStringLiteral("run-") + wordOf(kind)), text, this,
            [this, kind, id = run.id] { emit followUpRequested(kind, id); });
    };
    if (run.kind == RunKind::Train)
        add(RunKind::Score, tr("&Score it…"));
    if (run.kind == RunKind::Train || run.kind == RunKind::Score)
        add(RunKind::Search, tr("Search &bits…"));
    if (run.kind == RunKind::Search || run.kind == RunKind::Edit || run.kind == RunKind::Refine)
        add(RunKind::Refine, tr("&Refine it…"));
    if (run.kind == RunKind::Train)
        add(RunKind::Step, tr("Make s&ubnets…"));
    if (run.kind == RunKind::Step && run.state == RunState::Finished)
        menu.addAction(m_context.theme.icon(QStringLiteral("stepping")), tr("Use its s&ubnets as a network…"), this,
            [this, id = run.id] { emit subnetsRequested(id); });
    if (run.kind != RunKind::Step && run.kind != RunKind::Sweep)
        add(RunKind::Evaluate, tr("&Evaluate it…"));
}

void RunPanel::addStateActions(QMenu& menu, const Run& run)
{
    const Job* job = m_queue.job(run.id);
    const bool ours = job && job->state != JobState::Ended;
    const Theme& theme = m_context.theme;
    switch (run.state) {
    case RunState::Running:
        if (ours)
            menu.addAction(theme.icon("pause"), tr("&Pause"), this, [this, id = run.id] { m_queue.pause(id); });
        menu.addAction(theme.icon("cancel"), tr("&Cancel"), this, [this, id = run.id] { m_queue.cancel(id); });
        break;
    case RunState::Paused:
        if (ours)
            menu.addAction(theme.icon("resume"), tr("&Go on"), this, [this, id = run.id] { m_queue.resume(id); });
        menu.addAction(theme.icon("cancel"), tr("&Cancel"), this, [this, id = run.id] { m_queue.cancel(id); });
        break;
    case RunState::Queued:
        if (!ours)
            menu.addAction(theme.icon("play"), tr("St&art"), this, [this, id = run.id] { m_queue.enqueue(id); });
        menu.addAction(theme.icon("cancel"), tr("&Cancel"), this, [this, id = run.id] { m_queue.cancel(id); });
        break;
    case RunState::Failed:
    case RunState::Cancelled:
    case RunState::Interrupted:
        menu.addAction(theme.icon("resume"), tr("&Go on where it was left"), this, [this, id = run.id] { m_queue.enqueue(id); });
        break;
    case RunState::Finished:
        break;
    }
}

/// One line or several, asked without stopping anything else.
void RunPanel::askText(
    const QString& title, const QString& label, const QString& before, bool lines, const std::function<void(QString)>& then)
{
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("ask-text"));
    dialog->setWindowTitle(title);
    dialog->setLabelText(label);
    dialog->setOption(QInputDialog::UsePlainTextEditForTextInput, lines);
    dialog->setTextValue(before);
    connect(dialog, &QInputDialog::textValueSelected, this, [before, then](const QString& text) {
        if (text != before)
            then(text);
    });
    dialog->open();
}

void RunPanel::renameSelected()
{
    if (const auto record = currentRecord())
        askText(tr("Rename run %1").arg(record->run.id.value), tr("Name:"), QString::fromStdString(record->run.name), false,
            [this, id = record->run.id](const QString& name) { m_undo.push(renameCommand(m_context.document, id, name).release()); });
}

void RunPanel::editTags()
{
    if (const auto record = currentRecord())
        askText(tr("Tags of run %1").arg(record->run.id.value), tr("Tags, separated by commas:"),
            textOf(RunColumn::Tags, *record, m_context.document), false,
            [this, id = record->run.id](const QString& tags) { m_undo.push(tagsCommand(m_context.document, id, tags).release()); });
}

void RunPanel::editNote()
{
    if (const auto record = currentRecord())
        askText(tr("Note on run %1").arg(record->run.id.value), tr("Note:"), QString::fromStdString(record->run.note), true,
            [this, id = record->run.id](const QString& note) { m_undo.push(noteCommand(m_context.document, id, note).release()); });
}

void RunPanel::deleteSelected()
{
    const auto ids = selectedRuns();
    if (ids.empty())
        return;
    for (const RunId id : PendingDeletions::withDescendants(m_context.document.runs(), ids)) {
        const auto record = m_context.document.run(id);
        const Job* job = m_queue.job(id);
        const bool active = record && (record->run.state == RunState::Running || record->run.state == RunState::Paused);
        if (active || (job && job->state != JobState::Ended))
            return emit refused(
                tr("Run %1 is being computed or waits to be: cancel it before deleting it or what it starts from.").arg(id.value));
    }
    m_undo.push(deleteCommand(m_context.document, m_deletions, ids).release());
}

} // namespace bitscape::ui
