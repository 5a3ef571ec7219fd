// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/table_text.h"

#include "ui/plots/chart_spec.h"
#include "ui/views/share_delegate.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::Table)
};

constexpr double kRowHeight = 1.6; ///< of the writing's

QStringList headOf(const QAbstractItemModel& model)
{
    QStringList head;
    for (int column = 0; column < model.columnCount(); ++column)
        head << model.headerData(column, Qt::Horizontal).toString();
    return head;
}

QStringList cellsOf(const QAbstractItemModel& model, int row)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells << model.index(row, column).data(kExportRole).toString();
    return cells;
}

} // namespace

void setUpTable(QTableView& table, const Theme& theme, const QString& objectName, const QString& accessibleName)
{
    table.setObjectName(objectName);
    table.setAccessibleName(accessibleName);
    table.setItemDelegate(new ShareDelegate(theme, &table));
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::ExtendedSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setSortingEnabled(true);
    table.setShowGrid(false);
    table.setAlternatingRowColors(true);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(static_cast<int>(kRowHeight * table.fontMetrics().height()));
    table.horizontalHeader()->setHighlightSections(false);
    auto* copy = new QAction(Words::tr("Copy rows"), &table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, &table, [&table] { QApplication::clipboard()->setText(selectedText(table, false)); });
    auto* copyWithHead = new QAction(Words::tr("Copy rows with head line"), &table);
    QObject::connect(
        copyWithHead, &QAction::triggered, &table, [&table] { QApplication::clipboard()->setText(selectedText(table, true)); });
    table.addActions({ copy, copyWithHead });
    table.setContextMenuPolicy(Qt::ActionsContextMenu);
}

QString csvOf(const QAbstractItemModel& model)
{
    QString text = csvLine(headOf(model));
    for (int row = 0; row < model.rowCount(); ++row)
        text += csvLine(cellsOf(model, row));
    return text;
}

QString selectedText(const QTableView& table, bool head)
{
    QModelIndexList rows = table.selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QStringList lines;
    if (head)
        lines << headOf(*table.model()).join(QLatin1Char('\t'));
    for (const QModelIndex& row : rows)
        lines << cellsOf(*table.model(), row.row()).join(QLatin1Char('\t'));
    return lines.join(QLatin1Char('\n'));
}

} // namespace bitscape::ui
