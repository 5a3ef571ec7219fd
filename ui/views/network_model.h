// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <QAbstractTableModel>
#include <QString>

#include <optional>
#include <vector>

namespace bitscape::ui {

/// A node of a network as its table shows it.
struct NetworkRow {
    int layer = -1; ///< place among the weighted layers; -1: no weights to quantize
    QString name, operation;
    QString inputs; ///< names of the nodes that it reads
    Shape shape;    ///< of the output
    QString window; ///< kernel, stride and whatever else is not plain: "5×5, stride 2"; empty where there is none
    std::int64_t filters = 0;
    std::int64_t parameters = 0;
    std::int64_t macs = 0; ///< for one image
    bool quantizable = false;
    bool operator==(const NetworkRow&) const = default;
};

/// Every node of the graph, in its order.
std::vector<NetworkRow> networkRows(const ModelEntry& entry);

/// The nodes of a network, one per row.
class NetworkModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Operation, Inputs, Output, Window, Filters, Parameters, Macs, Share, Quantizable, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<NetworkRow> rows);
    const std::vector<NetworkRow>& rows() const { return m_rows; }
    /// The row of a weighted layer, -1 where there is none.
    int rowOfLayer(int layer) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    /// Also kShareRole, kSortRole and kExportRole (share_delegate.h).
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVariant shown(const NetworkRow& row, int column) const;
    QVariant sorted(const NetworkRow& row, int place, int column) const;
    QString exported(const NetworkRow& row, int column) const;
    double share(const NetworkRow& row) const;

    std::vector<NetworkRow> m_rows;
    std::int64_t m_macs = 0;
};

} // namespace bitscape::ui
