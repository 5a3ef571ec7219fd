// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"
#include "ui/runs/run_columns.h"
#include "ui/style/theme.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QIcon>

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace bitscape::ui {

/// The runs of a project as a tree: every run below the one that it starts from, or below the sweep
/// that made it where it starts from none of that sweep's. Columns are RunColumn. Only what changes is touched.
class RunTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Role { SortRole = Qt::UserRole, IdRole }; ///< IdRole: the run's number, qlonglong

    RunTreeModel(ProjectDocument& document, const Theme& theme, QObject* parent = nullptr);
    ~RunTreeModel() override;

    /// Invalid where the run is not there.
    QModelIndex indexOf(RunId id, int column = 0) const;
    std::optional<RunId> runAt(const QModelIndex& index) const;
    std::shared_ptr<const RunRecord> recordAt(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node {
        RunId id;
        Node* parent = nullptr;
        int row = 0;
        std::vector<Node*> children; ///< by rising id
        std::shared_ptr<const RunRecord> record;
    };

    using NodeMap = std::unordered_map<std::int64_t, std::unique_ptr<Node>>;

    void allChanged(const Node& above);
    void rebuild();
    void change(const std::vector<RunId>& changed);
    void remove(const std::vector<RunId>& removed);
    void insert(std::vector<RunId> ids);
    void insertBelow(Node& parent, const std::vector<Node*>& nodes, NodeMap& fresh);
    void take(const Node& node, NodeMap& fresh);
    void adoptOrphans();
    void move(Node& node, Node& parent);
    void removeRange(Node& parent, int first, int last);
    void drop(const Node& node);
    static void renumber(Node& parent, int from);
    static bool isWithin(const Node& node, const Node& above);
    Node* parentFor(const RunRecord& record);
    Node* nodeOf(RunId id) const;
    QModelIndex indexOf(const Node& node, int column) const;
    QModelIndex indexOrRoot(const Node& node) const;
    QString tooltip(const Node& node) const;
    QIcon icon(const QString& name) const;

    ProjectDocument& m_document;
    const Theme& m_theme;
    Node m_root;
    NodeMap m_nodes;
    mutable QHash<QString, QIcon> m_icons; ///< in the theme of the moment
};

} // namespace bitscape::ui
