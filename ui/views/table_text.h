// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QModelIndexList>
#include <QString>

class QAbstractItemModel;
class QTableView;

namespace bitscape::ui {

/// The look and the keys that every table of figures has: whole rows, sorting, bars behind shares, Ctrl+C copies the selected rows with
/// tabs between the cells.
void setUpTable(QTableView& table, const Theme& theme, const QString& objectName, const QString& accessibleName);

/// All rows in the order shown with a head line, as CSV; cells are what they are in kExportRole.
QString csvOf(const QAbstractItemModel& model);

/// The selected rows in the order shown, a line each, tabs between the cells; with a head line where `head`.
QString selectedText(const QTableView& table, bool head);

} // namespace bitscape::ui
