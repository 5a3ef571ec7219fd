// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_tree_model.h"

#include <algorithm>

namespace bitscape::ui {

RunTreeModel::RunTreeModel(ProjectDocument& document, const Theme& theme, QObject* parent)
    : QAbstractItemModel(parent)
    , m_document(document)
    , m_theme(theme)
{
    connect(&document, &ProjectDocument::runsChanged, this, &RunTreeModel::change);
    connect(&document, &ProjectDocument::runsRemoved, this, &RunTreeModel::remove);
    const auto allChanged = [this] { // names of models and data sets stand in every row
        if (!m_root.children.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, kRunColumns - 1));
    };
    connect(&document, &ProjectDocument::modelsChanged, this, allChanged);
    connect(&document, &ProjectDocument::datasetsChanged, this, allChanged);
    connect(&theme, &Theme::changed, this, allChanged);
    rebuild();
}

RunTreeModel::~RunTreeModel() = default;

RunTreeModel::Node* RunTreeModel::nodeOf(RunId id) const
{
    const auto found = m_nodes.find(id.value);
    return found == m_nodes.end() ? nullptr : found->second.get();
}

RunTreeModel::Node* RunTreeModel::parentFor(const RunRecord& record)
{
    Node* parent = record.run.parent ? nodeOf(*record.run.parent) : nullptr;
    return parent ? parent : &m_root;
}

/// A parent's number is lower than its children's, so that it is there when they come.
void RunTreeModel::rebuild()
{
    beginResetModel();
    m_nodes.clear();
    m_root.children.clear();
    for (const auto& [id, record] : m_document.runs()) {
        auto node = std::make_unique<Node>();
        node->id = id;
        node->record = record;
        node->parent = parentFor(*record);
        node->row = static_cast<int>(node->parent->children.size());
        node->parent->children.push_back(node.get());
        m_nodes.emplace(id.value, std::move(node));
    }
    endResetModel();
}

void RunTreeModel::change(const std::vector<RunId>& changed)
{
    constexpr std::size_t kManyNew = 500;
    std::size_t fresh = 0;
    for (const RunId id : changed)
        fresh += nodeOf(id) ? 0 : 1;
    if (fresh > kManyNew)
        return rebuild();
    for (const RunId id : changed) {
        Node* node = nodeOf(id);
        if (!node) {
            insert(id);
            continue;
        }
        if (auto record = m_document.run(id))
            node->record = std::move(record);
        emit dataChanged(indexOf(*node, 0), indexOf(*node, kRunColumns - 1));
    }
}

void RunTreeModel::insert(RunId id)
{
    auto record = m_document.run(id);
    if (!record)
        return;
    Node* parent = parentFor(*record);
    const auto place = std::ranges::lower_bound(parent->children, id, {}, [](const Node* node) { return node->id; });
    const int row = static_cast<int>(place - parent->children.begin());
    beginInsertRows(parent == &m_root ? QModelIndex() : indexOf(*parent, 0), row, row);
    auto node = std::make_unique<Node>();
    node->id = id;
    node->parent = parent;
    node->record = std::move(record);
    parent->children.insert(place, node.get());
    for (std::size_t i = static_cast<std::size_t>(row); i < parent->children.size(); ++i)
        parent->children[i]->row = static_cast<int>(i);
    m_nodes.emplace(id.value, std::move(node));
    endInsertRows();
}

/// Children go before their parents.
void RunTreeModel::remove(const std::vector<RunId>& removed)
{
    std::vector<RunId> ids = removed;
    std::ranges::sort(ids, std::greater<>());
    for (const RunId id : ids)
        removeOne(id);
}

void RunTreeModel::removeOne(RunId id)
{
    Node* node = nodeOf(id);
    if (!node)
        return;
    if (!node->children.empty()) // its children stay, at the root: rare enough to begin anew
        return rebuild();
    Node* parent = node->parent;
    const int row = node->row;
    beginRemoveRows(parent == &m_root ? QModelIndex() : indexOf(*parent, 0), row, row);
    parent->children.erase(parent->children.begin() + row);
    for (std::size_t i = static_cast<std::size_t>(row); i < parent->children.size(); ++i)
        parent->children[i]->row = static_cast<int>(i);
    m_nodes.erase(id.value);
    endRemoveRows();
}

QModelIndex RunTreeModel::indexOf(const Node& node, int column) const
{
    return createIndex(node.row, column, const_cast<Node*>(&node)); // NOLINT: the index's pointer is not const
}

QModelIndex RunTreeModel::indexOf(RunId id, int column) const
{
    const Node* node = nodeOf(id);
    return node ? indexOf(*node, column) : QModelIndex();
}

std::optional<RunId> RunTreeModel::runAt(const QModelIndex& index) const
{
    return index.isValid() ? std::optional(static_cast<Node*>(index.internalPointer())->id) : std::nullopt;
}

std::shared_ptr<const RunRecord> RunTreeModel::recordAt(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer())->record : nullptr;
}

QModelIndex RunTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (parent.isValid() && parent.column() != 0)
        return {};
    const Node& above = parent.isValid() ? *static_cast<Node*>(parent.internalPointer()) : m_root;
    if (row < 0 || row >= static_cast<int>(above.children.size()) || column < 0 || column >= kRunColumns)
        return {};
    return indexOf(*above.children[static_cast<std::size_t>(row)], column);
}

QModelIndex RunTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    const Node* parent = static_cast<Node*>(child.internalPointer())->parent;
    return parent == &m_root ? QModelIndex() : indexOf(*parent, 0);
}

int RunTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_root.children.size());
    return parent.column() == 0 ? static_cast<int>(static_cast<Node*>(parent.internalPointer())->children.size()) : 0;
}

int RunTreeModel::columnCount(const QModelIndex&) const
{
    return kRunColumns;
}

QString RunTreeModel::tooltip(const Node& node) const
{
    const Run& run = node.record->run;
    QString text = QStringLiteral("%1 #%2: %3").arg(wordOf(run.kind)).arg(run.id.value).arg(wordOf(run.state));
    if (!run.failure.empty())
        text += QLatin1Char('\n') + QString::fromStdString(run.failure);
    if (!run.note.empty())
        text += QLatin1Char('\n') + QString::fromStdString(run.note);
    return text;
}

QVariant RunTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Node& node = *static_cast<Node*>(index.internalPointer());
    const auto column = static_cast<RunColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(column, *node.record, m_document);
    case SortRole:
        return valueOf(column, *node.record, m_document);
    case IdRole:
        return static_cast<qlonglong>(node.id.value);
    case Qt::DecorationRole:
        if (column == RunColumn::State)
            return m_theme.icon(iconOf(node.record->run.state));
        if (column == RunColumn::Run)
            return m_theme.icon(QStringLiteral("run-") + wordOf(node.record->run.kind));
        return {};
    case Qt::ToolTipRole:
        return tooltip(node);
    case Qt::TextAlignmentRole:
        return column >= RunColumn::Accuracy && column <= RunColumn::Duration ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                                                                              : QVariant();
    case Qt::ForegroundRole:
        if (column == RunColumn::State && node.record->run.state == RunState::Failed)
            return m_theme.colours().bad;
        if (column == RunColumn::State && node.record->run.state == RunState::Interrupted)
            return m_theme.colours().warning;
        return {};
    default:
        return {};
    }
}

QVariant RunTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kRunColumns)
        return {};
    const auto column = static_cast<RunColumn>(section);
    if (role == Qt::DisplayRole)
        return titleOf(column);
    return role == Qt::ToolTipRole ? QVariant(helpOf(column)) : QVariant();
}

} // namespace bitscape::ui
