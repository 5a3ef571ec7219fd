// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel> // first: moc 6.4 trips over <compare> where nothing of the standard library stands before it

#include "core/jobs/comparison.h"
#include "ui/style/theme.h"

#include <memory>
#include <vector>

namespace bitscape::ui {

/// Runs side by side, a column each behind that of the names; the baseline's head has a pin.
class CompareModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit CompareModel(const Theme& theme, QObject* parent = nullptr);

    void setComparison(std::shared_ptr<const Comparison> comparison);
    void setBaseline(std::size_t baseline);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    const Comparison* comparison() const { return m_comparison.get(); }
    std::size_t baseline() const { return m_baseline; }
    /// Behind a reset.
    virtual void take() { }

private:
    const Theme& m_theme;
    std::shared_ptr<const Comparison> m_comparison;
    std::size_t m_baseline = 0;
};

/// A figure per row: its value, a star and bold where it is the best, and below how it differs from the baseline's.
class CompareFigureModel final : public CompareModel {
    Q_OBJECT
public:
    using CompareModel::CompareModel;
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
};

/// A parameter per row.
class CompareParameterModel final : public CompareModel {
    Q_OBJECT
public:
    using CompareModel::CompareModel;
    /// Also those that are the same in all runs.
    void showAll(bool all);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

protected:
    void take() override;

private:
    bool m_all = false;
    std::vector<std::size_t> m_rows; ///< places in Comparison::parameters
};

} // namespace bitscape::ui
