// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel> // first: see selection.h

#include "core/jobs/sweep_figures.h"
#include "ui/style/theme.h"

#include <QSortFilterProxyModel>

#include <optional>

namespace bitscape::ui {

/// The children of a sweep as a table: place, run, stage, state, what is varied, seed and figures. Sorted by kSortRole.
class SweepModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit SweepModel(const Theme& theme, QObject* parent = nullptr);

    /// Rows stay where the sweep has as many and varies the same.
    void setFigures(const SweepFigures& figures);
    /// Of a row; nothing where the child was removed.
    std::optional<RunId> runAt(int row) const;
    /// -1 where it is no child.
    int rowOf(RunId id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Cell {
        QString shown;
        QVariant order, exported;
        bool isNumber = false;
    };
    Cell cell(const SweepRow& row, int column) const;
    Cell headCell(const SweepRow& row, int column) const;
    Cell figureCell(const SweepRow& row, int figure) const;

    const Theme& m_theme;
    SweepFigures m_figures;
};

/// The children that hold every word of a text, sorted by figures, those without last.
class SweepFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit SweepFilter(SweepModel& model, QObject* parent = nullptr);
    void setText(const QString& text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
};

} // namespace bitscape::ui
