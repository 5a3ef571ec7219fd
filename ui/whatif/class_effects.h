// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel> // first: see ui/project/selection.h

#include "core/jobs/serve_protocol.h"

#include <QString>

#include <optional>
#include <vector>

namespace bitscape::ui {

/// What the edits do to each class: a row per class with its accuracy before and now, and how much the allocation minds it.
class ClassEffects final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Before, Now, Change, Weight, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// `before`: accuracy of each class, 0..1; empty where it is not known.
    void setClasses(const std::vector<QString>& names, const std::vector<double>& before);
    /// Nothing: not known yet.
    void setEstimate(const std::optional<ServedEstimate>& estimate);
    /// One per class; empty: equal ones. `editable`: whether an allocation follows them.
    void setWeights(const std::vector<double>& weights, bool editable);
    /// One per class.
    std::vector<double> weights() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// Weights, 0..1000.
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

signals:
    /// The person wants a class to count this much.
    void weightWanted(int row, double weight);

private:
    std::optional<double> now(std::size_t row) const;
    QString text(std::size_t row, int column) const;

    std::vector<QString> m_names;
    std::vector<double> m_before, m_weights;
    std::optional<ServedEstimate> m_estimate;
    bool m_editable = false;
};

} // namespace bitscape::ui
