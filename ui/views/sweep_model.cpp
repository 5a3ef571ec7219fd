// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sweep_model.h"

#include "ui/plots/chart_spec.h"
#include "ui/runs/run_columns.h"
#include "ui/style/figures.h"
#include "ui/views/share_delegate.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace bitscape::ui {
namespace {

enum Head { Place, Number, Stage, State, HeadCount };

struct ColumnWords {
    const char* title;
    const char* help;
};

constexpr std::array<ColumnWords, HeadCount> kHeads { {
    { QT_TRANSLATE_NOOP("SweepModel", "#"), QT_TRANSLATE_NOOP("SweepModel", "Place among the children") },
    { QT_TRANSLATE_NOOP("SweepModel", "Run"), QT_TRANSLATE_NOOP("SweepModel", "Number and name of the run") },
    { QT_TRANSLATE_NOOP("SweepModel", "Stage"), QT_TRANSLATE_NOOP("SweepModel", "The stage of the recipe that it belongs to") },
    { QT_TRANSLATE_NOOP("SweepModel", "State"), QT_TRANSLATE_NOOP("SweepModel", "How far it is") },
} };

/// Behind what is varied and the seed: the figures in the order of sweepFigureNames(), then the time.
constexpr std::array<ColumnWords, 6> kFigures { {
    { QT_TRANSLATE_NOOP("SweepModel", "Accuracy"), QT_TRANSLATE_NOOP("SweepModel", "Top-1 on the test split") },
    { QT_TRANSLATE_NOOP("SweepModel", "Bits"), QT_TRANSLATE_NOOP("SweepModel", "Average bit-width of the quantizable filters") },
    { QT_TRANSLATE_NOOP("SweepModel", "MACs"), QT_TRANSLATE_NOOP("SweepModel", "Multiply-accumulates for one image") },
    { QT_TRANSLATE_NOOP("SweepModel", "BitOps"), QT_TRANSLATE_NOOP("SweepModel", "MACs times weight bits times activation bits") },
    { QT_TRANSLATE_NOOP("SweepModel", "Size"), QT_TRANSLATE_NOOP("SweepModel", "Weights, scales and biases") },
    { QT_TRANSLATE_NOOP("SweepModel", "Duration"), QT_TRANSLATE_NOOP("SweepModel", "Time of computing, over all sessions") },
} };

QString figureText(int figure, double value)
{
    switch (figure) {
    case 0:
        return percentText(value);
    case 1:
        return fixedText(value, 3);
    case 4:
        return sizeText(value);
    default:
        return scaledText(value);
    }
}

} // namespace

SweepModel::SweepModel(const Theme& theme, QObject* parent)
    : QAbstractTableModel(parent)
    , m_theme(theme)
{
}

void SweepModel::setFigures(const SweepFigures& figures)
{
    const bool same = figures.rows.size() == m_figures.rows.size() && figures.varied == m_figures.varied;
    if (!same)
        beginResetModel();
    m_figures = figures;
    if (!same)
        endResetModel();
    else if (!m_figures.rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

std::optional<RunId> SweepModel::runAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    const auto& run = m_figures.rows[static_cast<std::size_t>(row)].run;
    return run ? std::optional(run->id) : std::nullopt;
}

int SweepModel::rowOf(RunId id) const
{
    const auto found = std::ranges::find_if(m_figures.rows, [&](const SweepRow& row) { return row.run && row.run->id == id; });
    return found == m_figures.rows.end() ? -1 : static_cast<int>(found - m_figures.rows.begin());
}

int SweepModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_figures.rows.size());
}

int SweepModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : HeadCount + static_cast<int>(m_figures.varied.size() + 1 + kFigures.size());
}

SweepModel::Cell SweepModel::headCell(const SweepRow& row, int column) const
{
    switch (column) {
    case Place:
        return { QString::number(row.place), row.place, row.place, true };
    case Number: {
        if (!row.run)
            return { tr("removed"), QVariant(), QString() };
        const auto number = static_cast<qlonglong>(row.run->id.value);
        return { QStringLiteral("#%1  %2").arg(number).arg(QString::fromStdString(row.run->name)), number, number };
    }
    case Stage:
        return { QString::fromStdString(row.stage), QString::fromStdString(row.stage), QString::fromStdString(row.stage) };
    default: {
        if (!row.run)
            return {};
        const bool live = row.run->state == RunState::Running || row.run->state == RunState::Paused;
        const QString word = wordOf(row.run->state);
        return { live ? word + QLatin1Char(' ') + percentText(row.run->progress, 0) : word, static_cast<int>(row.run->state), word };
    }
    }
}

SweepModel::Cell SweepModel::figureCell(const SweepRow& row, int figure) const
{
    if (figure == static_cast<int>(kFigures.size()) - 1) {
        const double seconds = row.run ? row.run->seconds : 0;
        return seconds > 0 ? Cell { durationText(seconds), seconds, csvNumber(seconds), true } : Cell { {}, {}, QString(), true };
    }
    const auto found = row.figures.find(sweepFigureNames()[static_cast<std::size_t>(figure)]);
    if (found == row.figures.end() || !std::isfinite(found->second))
        return { {}, {}, QString(), true };
    return { figureText(figure, found->second), found->second, csvNumber(found->second), true };
}

SweepModel::Cell SweepModel::cell(const SweepRow& row, int column) const
{
    if (column < HeadCount)
        return headCell(row, column);
    const int varied = static_cast<int>(m_figures.varied.size());
    if (column < HeadCount + varied) {
        const QString text = QString::fromStdString(row.settings[static_cast<std::size_t>(column - HeadCount)]);
        bool isNumber = false;
        const double number = text.toDouble(&isNumber);
        return { text, isNumber ? QVariant(number) : text.isEmpty() ? QVariant() : QVariant(text), text, isNumber };
    }
    if (column == HeadCount + varied)
        return { QString::number(row.seed), static_cast<qulonglong>(row.seed), QString::number(row.seed), true };
    return figureCell(row, column - HeadCount - varied - 1);
}

QVariant SweepModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SweepRow& row = m_figures.rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return cell(row, index.column()).shown;
    case kSortRole:
        return cell(row, index.column()).order;
    case kExportRole:
        return cell(row, index.column()).exported;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((cell(row, index.column()).isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::DecorationRole:
        return index.column() == State && row.run ? QVariant(m_theme.icon(iconOf(row.run->state))) : QVariant();
    case Qt::ToolTipRole:
        return row.run && !row.run->failure.empty() ? QVariant(QString::fromStdString(row.run->failure)) : QVariant();
    case Qt::ForegroundRole:
        return index.column() == State && row.run && row.run->state == RunState::Failed ? QVariant(m_theme.colours().bad) : QVariant();
    default:
        return {};
    }
}

QVariant SweepModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return role == Qt::TextAlignmentRole ? QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter)) : QVariant();
    const auto words = [role](const ColumnWords& column) {
        return QCoreApplication::translate("SweepModel", role == Qt::DisplayRole ? column.title : column.help);
    };
    const int varied = static_cast<int>(m_figures.varied.size());
    if (section < HeadCount)
        return words(kHeads[static_cast<std::size_t>(section)]);
    if (section < HeadCount + varied)
        return QString::fromStdString(m_figures.varied[static_cast<std::size_t>(section - HeadCount)]);
    if (section == HeadCount + varied)
        return role == Qt::DisplayRole ? tr("Seed") : tr("Decides everything random");
    return words(kFigures[static_cast<std::size_t>(section - HeadCount - varied - 1)]);
}

SweepFilter::SweepFilter(SweepModel& model, QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSourceModel(&model);
    setSortRole(kSortRole);
}

void SweepFilter::setText(const QString& text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool SweepFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_words.isEmpty())
        return true;
    QString all;
    for (int column = 0; column < sourceModel()->columnCount(); ++column)
        all += sourceModel()->index(row, column, parent).data().toString() + QLatin1Char('\n');
    return std::ranges::all_of(m_words, [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

bool SweepFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(kSortRole), b = right.data(kSortRole);
    if (a.isValid() != b.isValid())
        return a.isValid() == (sortOrder() == Qt::AscendingOrder);
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace bitscape::ui
