// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/class_effects.h"

#include "ui/style/figures.h"

#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kMostWeight = 1000;

} // namespace

void ClassEffects::setClasses(const std::vector<QString>& names, const std::vector<double>& before)
{
    beginResetModel();
    m_names = names;
    m_before = before;
    m_weights.clear();
    m_estimate.reset();
    endResetModel();
}

void ClassEffects::setEstimate(const std::optional<ServedEstimate>& estimate)
{
    m_estimate = estimate;
    if (!m_names.empty())
        emit dataChanged(index(0, Now), index(rowCount() - 1, Change));
}

void ClassEffects::setWeights(const std::vector<double>& weights, bool editable)
{
    m_weights = weights;
    m_editable = editable;
    if (!m_names.empty())
        emit dataChanged(index(0, Weight), index(rowCount() - 1, Weight));
}

std::vector<double> ClassEffects::weights() const
{
    return m_weights.size() == m_names.size() ? m_weights : std::vector<double>(m_names.size(), 1);
}

int ClassEffects::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_names.size());
}

int ClassEffects::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<double> ClassEffects::now(std::size_t row) const
{
    if (!m_estimate || row >= m_estimate->classRight.size() || row >= m_estimate->classImages.size() || m_estimate->classImages[row] == 0)
        return std::nullopt;
    return static_cast<double>(m_estimate->classRight[row]) / static_cast<double>(m_estimate->classImages[row]);
}

QString ClassEffects::text(std::size_t row, int column) const
{
    const QString unknown = QStringLiteral("–");
    const bool hasBefore = row < m_before.size();
    switch (column) {
    case Name:
        return m_names[row];
    case Before:
        return hasBefore ? percentText(m_before[row], 1) : unknown;
    case Now:
        return now(row) ? (m_estimate->done ? QString() : QStringLiteral("≈ ")) + percentText(*now(row), 1) : unknown;
    case Change:
        return now(row) && hasBefore ? pointsText(*now(row) - m_before[row], 1) : unknown;
    default:
        return numberText(weights()[row], 3);
    }
}

QVariant ClassEffects::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::EditRole:
        return index.column() == Weight ? QVariant(weights()[row]) : QVariant(text(row, index.column()));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case Qt::ToolTipRole:
        if (index.column() == Weight)
            return m_editable ? tr("How much the allocation minds errors of this class: double-click to change, 0 = not at all")
                              : tr("Weights need a sensitivity table: search this training with strategy fisher once");
        return index.column() == Now && now(row)
            ? tr("%1 of %2 images right").arg(countText(m_estimate->classRight[row]), countText(m_estimate->classImages[row]))
            : QVariant();
    default:
        return {};
    }
}

QVariant ClassEffects::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("class");
    case Before:
        return tr("before");
    case Now:
        return tr("now");
    case Change:
        return tr("change");
    default:
        return tr("weight");
    }
}

Qt::ItemFlags ClassEffects::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags plain = QAbstractTableModel::flags(index);
    return index.column() == Weight && m_editable ? plain | Qt::ItemIsEditable : plain;
}

bool ClassEffects::setData(const QModelIndex& index, const QVariant& value, int role)
{
    bool isNumber = false;
    const double weight = value.toString().replace(QLatin1Char(','), QLatin1Char('.')).toDouble(&isNumber);
    if (role != Qt::EditRole || index.column() != Weight || !m_editable || !isNumber || !(weight >= 0 && weight <= kMostWeight))
        return false;
    if (weight != weights()[static_cast<std::size_t>(index.row())])
        emit weightWanted(index.row(), weight);
    return true;
}

} // namespace bitscape::ui
