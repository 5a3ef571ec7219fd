// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/class_model.h"

#include "ui/style/figures.h"
#include "ui/views/share_delegate.h"

#include <algorithm>
#include <numeric>

namespace bitscape::ui {
namespace {

bool isCount(int column)
{
    return column == ClassModel::Train || column == ClassModel::Test;
}

} // namespace

void ClassModel::setDataset(const Dataset& dataset)
{
    beginResetModel();
    m_dataset = dataset;
    endResetModel();
}

int ClassModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_dataset.classNames.size());
}

int ClassModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::int64_t ClassModel::count(int row, int column) const
{
    const auto& all = counts(column);
    return row < static_cast<int>(all.size()) ? all[static_cast<std::size_t>(row)] : 0;
}

QVariant ClassModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row(), column = index.column();
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((column == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (isCount(column)) {
        const std::int64_t images = count(row, column);
        const auto& all = counts(column);
        const std::int64_t most = all.empty() ? 0 : *std::ranges::max_element(all);
        const std::int64_t sum = std::accumulate(all.begin(), all.end(), std::int64_t { 0 });
        if (role == Qt::DisplayRole)
            return countText(images);
        if (role == Qt::ToolTipRole && sum > 0)
            return tr("%1 images, %2 of the part")
                .arg(countText(images), percentText(static_cast<double>(images) / static_cast<double>(sum)));
        if (role == kSortRole)
            return static_cast<qlonglong>(images);
        if (role == kExportRole)
            return QString::number(images);
        return role == kShareRole && most > 0 ? QVariant(static_cast<double>(images) / static_cast<double>(most)) : QVariant();
    }
    if (column == Number)
        return role == Qt::DisplayRole || role == kSortRole || role == kExportRole ? QVariant(row) : QVariant();
    const bool shown = role == Qt::DisplayRole || role == Qt::ToolTipRole || role == kSortRole || role == kExportRole;
    return shown ? QString::fromStdString(m_dataset.classNames[static_cast<std::size_t>(row)]) : QVariant();
}

QVariant ClassModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return section == Number ? tr("#") : section == Name ? tr("Class") : section == Train ? tr("Train") : tr("Test");
    if (role == Qt::ToolTipRole)
        return section == Number ? tr("Number of the class, from 0")
            : section == Name    ? tr("Name of the class")
            : section == Train   ? tr("Images in the training part")
                                 : tr("Images in the test part");
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == Name || section == Number ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    return {};
}

} // namespace bitscape::ui
