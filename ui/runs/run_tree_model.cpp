// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_tree_model.h"

#include <algorithm>
#include <functional>
#include <set>

namespace bitscape::ui {
namespace {

/// The run below which this one stands.
std::optional<RunId> runAbove(const Run& run, const ProjectDocument& document)
{
    const auto parent = run.parent ? document.run(*run.parent) : nullptr;
    const bool isWithin = !run.sweep || (parent && parent->run.sweep == run.sweep);
    return isWithin ? run.parent : run.sweep;
}

bool isNumber(RunColumn column)
{
    return column >= RunColumn::Accuracy && column <= RunColumn::Duration;
}

} // namespace

RunTreeModel::RunTreeModel(ProjectDocument& document, const Theme& theme, QObject* parent)
    : QAbstractItemModel(parent)
    , m_document(document)
    , m_theme(theme)
{
    connect(&document, &ProjectDocument::runsChanged, this, &RunTreeModel::change);
    connect(&document, &ProjectDocument::runsRemoved, this, &RunTreeModel::remove);
    connect(&document, &ProjectDocument::modelsChanged, this, [this] { allChanged(m_root); });
    connect(&document, &ProjectDocument::datasetsChanged, this, [this] { allChanged(m_root); });
    connect(&theme, &Theme::changed, this, [this] {
        m_icons.clear();
        allChanged(m_root);
    });
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
    const auto above = runAbove(record.run, m_document);
    Node* parent = above ? nodeOf(*above) : nullptr;
    return parent ? parent : &m_root;
}

/// Names of models and data sets, and icons, stand in every row.
void RunTreeModel::allChanged(const Node& above)
{
    if (above.children.empty())
        return;
    emit dataChanged(indexOf(*above.children.front(), 0), indexOf(*above.children.back(), kRunColumns - 1));
    for (const Node* node : above.children)
        allChanged(*node);
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
    adoptOrphans();
}

void RunTreeModel::change(const std::vector<RunId>& changed)
{
    if (m_nodes.empty())
        return rebuild(); // nothing is selected or unfolded yet
    std::vector<RunId> fresh;
    for (const RunId id : changed) {
        Node* node = nodeOf(id);
        auto record = m_document.run(id);
        if (!record)
            continue;
        if (!node) {
            fresh.push_back(id);
            continue;
        }
        node->record = std::move(record);
        if (Node* parent = parentFor(*node->record); parent != node->parent && !isWithin(*parent, *node))
            move(*node, *parent);
        emit dataChanged(indexOf(*node, 0), indexOf(*node, kRunColumns - 1));
    }
    if (!fresh.empty())
        insert(std::move(fresh));
}

/// New runs arrive with what is below them, neighbours in one go.
void RunTreeModel::insert(std::vector<RunId> ids)
{
    std::ranges::sort(ids);
    NodeMap fresh;
    std::map<Node*, std::vector<Node*>> tops; ///< by the parent that is there already
    for (const RunId id : ids) {
        auto node = std::make_unique<Node>();
        node->id = id;
        node->record = m_document.run(id);
        const auto wanted = runAbove(node->record->run, m_document);
        const auto beside = wanted ? fresh.find(wanted->value) : fresh.end();
        node->parent = beside != fresh.end() ? beside->second.get() : parentFor(*node->record);
        if (beside != fresh.end()) {
            node->row = static_cast<int>(node->parent->children.size());
            node->parent->children.push_back(node.get());
        } else {
            tops[node->parent].push_back(node.get());
        }
        fresh.emplace(id.value, std::move(node));
    }
    for (const auto& [parent, nodes] : tops)
        insertBelow(*parent, nodes, fresh);
    adoptOrphans();
}

void RunTreeModel::insertBelow(Node& parent, const std::vector<Node*>& nodes, NodeMap& fresh)
{
    std::vector<Node*>& children = parent.children;
    for (auto next = nodes.begin(); next != nodes.end();) {
        const auto place = std::ranges::lower_bound(children, (*next)->id, {}, &Node::id);
        auto last = next + 1;
        while (last != nodes.end() && (place == children.end() || (*last)->id < (*place)->id))
            ++last;
        const int row = static_cast<int>(place - children.begin());
        beginInsertRows(indexOrRoot(parent), row, row + static_cast<int>(last - next) - 1);
        children.insert(place, next, last);
        renumber(parent, row);
        for (; next != last; ++next)
            take(**next, fresh);
        endInsertRows();
    }
}

/// The node and all below it become known.
void RunTreeModel::take(const Node& node, NodeMap& fresh)
{
    for (const Node* child : node.children)
        take(*child, fresh);
    m_nodes.insert(fresh.extract(node.id.value));
}

/// Runs at the root whose parent has come after them.
void RunTreeModel::adoptOrphans()
{
    std::vector<Node*> adopted;
    for (Node* node : m_root.children) {
        Node* parent = parentFor(*node->record);
        if (parent != &m_root && !isWithin(*parent, *node))
            adopted.push_back(node);
    }
    for (Node* node : adopted)
        move(*node, *parentFor(*node->record));
}

void RunTreeModel::move(Node& node, Node& parent)
{
    Node& before = *node.parent;
    const int row = node.row;
    const auto place = std::ranges::lower_bound(parent.children, node.id, {}, &Node::id);
    const int to = static_cast<int>(place - parent.children.begin());
    beginMoveRows(indexOrRoot(before), row, row, indexOrRoot(parent), to);
    before.children.erase(before.children.begin() + row);
    parent.children.insert(parent.children.begin() + to, &node);
    node.parent = &parent;
    renumber(before, row);
    renumber(parent, to);
    endMoveRows();
}

/// What is below a run that goes, and stays itself, becomes a root.
void RunTreeModel::remove(const std::vector<RunId>& removed)
{
    std::set<Node*> going;
    for (const RunId id : removed) {
        if (Node* node = nodeOf(id))
            going.insert(node);
    }
    std::map<Node*, std::vector<int>> rows; ///< of those whose parent stays
    for (Node* node : going) {
        const std::vector<Node*> children = node->children;
        for (Node* child : children) {
            if (!going.contains(child))
                move(*child, m_root);
        }
    }
    for (const Node* node : going) {
        if (!going.contains(node->parent))
            rows[node->parent].push_back(node->row);
    }
    for (auto& [parent, gone] : rows) {
        std::ranges::sort(gone, std::greater<>());
        for (auto first = gone.begin(); first != gone.end();) {
            auto last = first + 1;
            while (last != gone.end() && *last == *(last - 1) - 1)
                ++last;
            removeRange(*parent, *(last - 1), *first);
            first = last;
        }
    }
}

void RunTreeModel::removeRange(Node& parent, int first, int last)
{
    beginRemoveRows(indexOrRoot(parent), first, last);
    const auto begin = parent.children.begin() + first, end = parent.children.begin() + last + 1;
    const std::vector<Node*> gone(begin, end);
    parent.children.erase(begin, end);
    renumber(parent, first);
    for (const Node* node : gone)
        drop(*node);
    endRemoveRows();
}

/// The node and all below it are forgotten.
void RunTreeModel::drop(const Node& node)
{
    for (const Node* child : node.children)
        drop(*child);
    m_nodes.erase(node.id.value);
}

void RunTreeModel::renumber(Node& parent, int from)
{
    for (std::size_t i = static_cast<std::size_t>(from); i < parent.children.size(); ++i)
        parent.children[i]->row = static_cast<int>(i);
}

/// Whether `node` is `above` or below it: no run starts from itself, but a damaged file may say so.
bool RunTreeModel::isWithin(const Node& node, const Node& above)
{
    for (const Node* each = &node; each; each = each->parent) {
        if (each == &above)
            return true;
    }
    return false;
}

QModelIndex RunTreeModel::indexOrRoot(const Node& node) const
{
    return &node == &m_root ? QModelIndex() : indexOf(node, 0);
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

QIcon RunTreeModel::icon(const QString& name) const
{
    const auto known = m_icons.constFind(name);
    return known != m_icons.constEnd() ? *known : *m_icons.insert(name, m_theme.icon(name));
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
            return icon(iconOf(node.record->run.state));
        if (column == RunColumn::Run)
            return icon(QStringLiteral("run-") + wordOf(node.record->run.kind));
        return {};
    case Qt::ToolTipRole:
        return tooltip(node);
    case Qt::AccessibleTextRole: // the sign alone cannot be read out
        return column == RunColumn::State ? QVariant(wordOf(node.record->run.state)) : QVariant();
    case Qt::TextAlignmentRole:
        return isNumber(column) ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
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
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return role == Qt::ToolTipRole ? QVariant(helpOf(column)) : QVariant();
}

} // namespace bitscape::ui
