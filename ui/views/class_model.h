// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel> // first: moc 6.4 trips over <compare> where nothing of the standard library stands before it

#include "core/project/datasets.h"

#include <cstdint>

namespace bitscape::ui {

/// The classes of a data set with their numbers of images, one per row.
class ClassModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Number, Name, Train, Test, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setDataset(const Dataset& dataset);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    /// Also kShareRole (of the largest class of the part), kSortRole and kExportRole (share_delegate.h).
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    const std::vector<std::int64_t>& counts(int column) const { return column == Train ? m_dataset.trainCounts : m_dataset.testCounts; }
    std::int64_t count(int row, int column) const;

    Dataset m_dataset;
};

} // namespace bitscape::ui
