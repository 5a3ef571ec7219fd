// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/compare_model.h"

#include "ui/plots/chart_spec.h"
#include "ui/style/figures.h"
#include "ui/views/compare_charts.h"
#include "ui/views/share_delegate.h"

#include <QFont>

#include <cmath>
#include <map>

namespace bitscape::ui {
namespace {

bool isShare(const std::string& figure)
{
    return figure.find("accuracy") != std::string::npos;
}

QString titleOf(const std::string& figure)
{
    static const std::map<std::string, const char*> kTitles { { "accuracy", QT_TRANSLATE_NOOP("CompareFigureModel", "Accuracy") },
        { "full_accuracy", QT_TRANSLATE_NOOP("CompareFigureModel", "Full precision") },
        { "accuracy_before", QT_TRANSLATE_NOOP("CompareFigureModel", "Before refining") },
        { "search_accuracy", QT_TRANSLATE_NOOP("CompareFigureModel", "Search images") },
        { "average_bits", QT_TRANSLATE_NOOP("CompareFigureModel", "Average bits") },
        { "macs", QT_TRANSLATE_NOOP("CompareFigureModel", "MACs") }, { "bitops", QT_TRANSLATE_NOOP("CompareFigureModel", "BitOps") },
        { "size_bits", QT_TRANSLATE_NOOP("CompareFigureModel", "Size") }, { "seconds", QT_TRANSLATE_NOOP("CompareFigureModel", "Time") } };
    const auto found = kTitles.find(figure);
    if (found != kTitles.end())
        return CompareFigureModel::tr(found->second);
    QString name = QString::fromStdString(figure).replace(QLatin1Char('_'), QLatin1Char(' '));
    name[0] = name[0].toUpper();
    return name;
}

QString textOf(const std::string& figure, double value)
{
    if (isShare(figure))
        return percentText(value, 2);
    if (figure == "average_bits" || figure.starts_with("threshold_"))
        return fixedText(value, 3);
    if (figure == "size_bits")
        return sizeText(value);
    return figure == "seconds" ? durationText(value) : scaledText(value);
}

/// "=" for what is the same as far as it is written.
QString differenceText(const std::string& figure, double difference)
{
    const QString magnitude = isShare(figure) ? pointsText(std::abs(difference)) : textOf(figure, std::abs(difference));
    if (magnitude == (isShare(figure) ? pointsText(0) : textOf(figure, 0)))
        return QStringLiteral("=");
    return isShare(figure) ? pointsText(difference) : (difference > 0 ? QStringLiteral("+") : QStringLiteral("−")) + magnitude;
}

} // namespace

CompareModel::CompareModel(const Theme& theme, QObject* parent)
    : QAbstractTableModel(parent)
    , m_theme(theme)
{
}

void CompareModel::setComparison(std::shared_ptr<const Comparison> comparison)
{
    beginResetModel();
    m_comparison = std::move(comparison);
    m_baseline = 0;
    take();
    endResetModel();
}

void CompareModel::setBaseline(std::size_t baseline)
{
    m_baseline = baseline;
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int CompareModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_comparison ? 0 : static_cast<int>(m_comparison->runs.size()) + 1;
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 1 || section >= columnCount())
        return {};
    const auto run = static_cast<std::size_t>(section - 1);
    const QString name = QString::fromStdString(m_comparison->runs[run]->run.name);
    if (role == Qt::DisplayRole)
        return runName(*m_comparison, run);
    if (role == Qt::DecorationRole && run == m_baseline)
        return m_theme.icon("pin");
    if (role == Qt::ToolTipRole)
        return run == m_baseline ? tr("%1: the baseline").arg(name) : tr("%1\nClick to make it the baseline").arg(name);
    return {};
}

int CompareFigureModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !comparison() ? 0 : static_cast<int>(comparison()->figures.size());
}

QVariant CompareFigureModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const ComparedFigure& figure = comparison()->figures[static_cast<std::size_t>(index.row())];
    if (index.column() == 0)
        return role == Qt::DisplayRole || role == kExportRole ? QVariant(titleOf(figure.name)) : QVariant();
    const auto run = static_cast<std::size_t>(index.column() - 1);
    const bool isBest = figure.best == run;
    const auto value = figure.values[run], difference = figure.difference(run, baseline());
    switch (role) {
    case Qt::DisplayRole: {
        if (!value)
            return QStringLiteral("–");
        QString text = textOf(figure.name, *value);
        if (isBest)
            text.prepend(QStringLiteral("★ "));
        return difference ? text + QLatin1Char('\n') + differenceText(figure.name, *difference) : text;
    }
    case Qt::FontRole: {
        QFont font;
        font.setBold(isBest);
        return font;
    }
    case Qt::ToolTipRole:
        return value ? tr("%1%2").arg(exactText(*value), isBest ? tr("\nthe best of these runs") : QString()) : QString();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case kExportRole:
        return value ? csvNumber(*value) : QString();
    default:
        return {};
    }
}

void CompareParameterModel::showAll(bool all)
{
    beginResetModel();
    m_all = all;
    take();
    endResetModel();
}

void CompareParameterModel::take()
{
    m_rows.clear();
    for (std::size_t i = 0; comparison() && i < comparison()->parameters.size(); ++i) {
        if (m_all || comparison()->parameters[i].differs())
            m_rows.push_back(i);
    }
}

int CompareParameterModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant CompareParameterModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const ComparedParameter& parameter = comparison()->parameters[m_rows[static_cast<std::size_t>(index.row())]];
    const QString name = QString::fromStdString(parameter.name);
    if (role == Qt::FontRole && m_all && parameter.differs()) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role == Qt::DisplayRole && index.column() == 0)
        return m_all && parameter.differs() ? name + QStringLiteral(" ≠") : name;
    if (role != Qt::DisplayRole && role != kExportRole && role != Qt::ToolTipRole)
        return {};
    if (index.column() == 0)
        return name;
    const QString value = QString::fromStdString(parameter.values[static_cast<std::size_t>(index.column() - 1)]);
    return role == Qt::DisplayRole && value == QLatin1String("-") ? QStringLiteral("–") : value;
}

} // namespace bitscape::ui
