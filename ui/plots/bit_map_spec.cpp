// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bit_map_spec.h"

#include "ui/plots/chart_spec.h"
#include "ui/style/figures.h"

#include "core/network/cost.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::BitMap)
};

/// As much of a layer as its share in the average needs.
Layer weighted(const BitMapRow& row)
{
    Layer layer;
    layer.filters = static_cast<std::int64_t>(row.filters());
    layer.inputs = row.weightsPerFilter;
    layer.quantizable = row.quantizable;
    return layer;
}

/// The layer's filters by subnet, a line for each subnet that has some.
QStringList subnetLines(const BitMapSpec& spec, const BitMapRow& row)
{
    QStringList lines { Words::tr("%1 filters").arg(countText(static_cast<std::int64_t>(row.filters()))) };
    for (int subnet = 1; subnet <= spec.subnets + 1; ++subnet) {
        if (const auto count = std::ranges::count(row.bits, static_cast<std::uint8_t>(subnet)); count > 0)
            lines << Words::tr("%1 %2").arg(
                countText(count), subnet > spec.subnets ? spec.textOf(subnet) : Words::tr("from subnet %1 on").arg(subnet));
    }
    return lines;
}

QString signedText(int difference)
{
    return difference == 0 ? QString()
                           : (difference > 0 ? QStringLiteral("+") : QStringLiteral("\u2212")) + QString::number(std::abs(difference));
}

/// 1 bit is seen, 4 are as much as can be.
double shareOf(int difference)
{
    constexpr double kLeast = 0.35, kPerBit = 0.22;
    return std::copysign(std::min(1.0, kLeast + kPerBit * (std::abs(difference) - 1)), difference);
}

QString layerLines(const BitMapSpec& spec, const BitMapRow& row)
{
    QStringList lines { row.layer };
    if (spec.subnets > 0)
        lines << subnetLines(spec, row);
    else
        lines << Words::tr("%1 filters, %2 on average")
                     .arg(countText(static_cast<std::int64_t>(row.filters())), bitsText(averageBits(spec, row)));
    if (const auto count = filtersOut(spec, row); spec.differences)
        lines << Words::tr("%1 differ").arg(countText(count));
    else if (count > 0 && spec.subnets == 0)
        lines << Words::tr("%1 pruned (0 bits)").arg(countText(count));
    lines << (spec.subnets > 0 ? Words::tr("at most %1 weights and %2 MACs per filter") : Words::tr("%1 weights and %2 MACs per filter"))
                 .arg(countText(row.weightsPerFilter), countText(row.macsPerFilter));
    if (!row.quantizable)
        lines << Words::tr("edge layer: keeps its bits, not part of the average");
    return lines.join(QLatin1Char('\n'));
}

} // namespace

int subnetShade(int subnet, int subnets)
{
    constexpr int kStrongest = 7, kWeakest = 2; // apart in both themes, and as lines too
    if (subnet < 1 || subnet > subnets)
        return 0;
    const double place = subnets > 1 ? static_cast<double>(subnet - 1) / (subnets - 1) : 0;
    return static_cast<int>(std::ceil(kStrongest - place * (kStrongest - kWeakest)));
}

QColor BitMapSpec::colourOf(int value, const Colours& colours) const
{
    if (!differences)
        return colours.ofBits(subnets > 0 ? subnetShade(value, subnets) : value);
    return value == kNoDifference ? colours.grid : colours.difference(shareOf(value - kNoDifference));
}

QString BitMapSpec::numberOf(int value) const
{
    if (differences)
        return signedText(value - kNoDifference);
    return subnets > 0 && isOut(value) ? QStringLiteral("–") : QString::number(value);
}

QString BitMapSpec::textOf(int value) const
{
    if (differences && value == kNoDifference)
        return Words::tr("as many bits");
    if (differences)
        return std::abs(value - kNoDifference) == 1 ? Words::tr("%1 bit").arg(numberOf(value)) : Words::tr("%1 bits").arg(numberOf(value));
    if (subnets == 0)
        return bitsText(value);
    return isOut(value) ? Words::tr("in no subnet") : Words::tr("subnet %1").arg(value);
}

double BitMapRow::score(std::size_t filter) const
{
    return filter < scores.size() ? scores[filter] : std::numeric_limits<double>::quiet_NaN();
}

bool BitMapRow::operator==(const BitMapRow& other) const
{
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    return layer == other.layer && quantizable == other.quantizable && bits == other.bits && locked == other.locked
        && weightsPerFilter == other.weightsPerFilter && macsPerFilter == other.macsPerFilter
        && std::ranges::equal(scores, other.scores, same);
}

bool BitMapSpec::has(const FilterRef& filter) const
{
    return filter.layer >= 0 && filter.layer < static_cast<int>(rows.size()) && filter.filter >= 0
        && filter.filter < static_cast<int>(rows[static_cast<std::size_t>(filter.layer)].filters());
}

std::vector<BitMapCount> bitCounts(const BitMapSpec& spec)
{
    std::array<std::int64_t, 256> filters {}, weights {};
    for (const BitMapRow& row : spec.rows) {
        for (const std::uint8_t width : row.bits) {
            ++filters[width];
            weights[width] += row.weightsPerFilter;
        }
    }
    const auto all = static_cast<double>(std::accumulate(weights.begin(), weights.end(), std::int64_t { 0 }));
    std::vector<BitMapCount> counts;
    for (std::size_t width = 0; width < filters.size(); ++width) {
        if (filters[width] > 0 || std::ranges::find(spec.listed, static_cast<int>(width)) != spec.listed.end())
            counts.push_back({ static_cast<int>(width), filters[width], all > 0 ? static_cast<double>(weights[width]) / all : 0 });
    }
    return counts;
}

double averageBits(const BitMapSpec& spec)
{
    std::vector<Layer> layers;
    LayerBits bits;
    for (const BitMapRow& row : spec.rows) {
        layers.push_back(weighted(row));
        bits.push_back(row.bits);
    }
    const bool any = std::ranges::any_of(spec.rows, &BitMapRow::quantizable);
    return bitscape::averageBits(layers, bits) - (spec.differences && any ? BitMapSpec::kNoDifference : 0);
}

double averageBits(const BitMapSpec& spec, const BitMapRow& row)
{
    if (row.bits.empty())
        return 0;
    const double mean = std::accumulate(row.bits.begin(), row.bits.end(), 0.0) / static_cast<double>(row.bits.size());
    return spec.differences ? mean - BitMapSpec::kNoDifference : mean;
}

std::int64_t filtersOut(const BitMapSpec& spec, const BitMapRow& row)
{
    if (spec.differences)
        return static_cast<std::int64_t>(row.filters()) - std::ranges::count(row.bits, std::uint8_t { BitMapSpec::kNoDifference });
    return std::ranges::count_if(row.bits, [&](std::uint8_t value) { return spec.isOut(value); });
}

namespace {

QString csvWithoutScores(const BitMapSpec& spec)
{
    QString text
        = QStringLiteral("layer,filter,%1,weights,macs\n").arg(spec.differences ? QStringLiteral("difference") : QStringLiteral("subnet"));
    for (const BitMapRow& row : spec.rows) {
        for (std::size_t i = 0; i < row.filters(); ++i) {
            const QString value = spec.differences ? QString::number(row.bits[i] - BitMapSpec::kNoDifference)
                : spec.isOut(row.bits[i])          ? QString()
                                                   : QString::number(row.bits[i]);
            text += csvLine(
                { row.layer, QString::number(i), value, QString::number(row.weightsPerFilter), QString::number(row.macsPerFilter) });
        }
    }
    return text;
}

} // namespace

std::vector<int> filterOrder(const BitMapRow& row, BitMapOrder order)
{
    std::vector<int> filters(row.filters());
    std::iota(filters.begin(), filters.end(), 0);
    if (order == BitMapOrder::Score) {
        const auto rank = [&](int filter) {
            const double score = row.score(static_cast<std::size_t>(filter));
            return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
        };
        std::ranges::stable_sort(filters, std::ranges::greater {}, rank);
    } else if (order == BitMapOrder::Value) {
        std::ranges::stable_sort(filters, {}, [&](int filter) { return row.bits[static_cast<std::size_t>(filter)]; });
    }
    return filters;
}

QString csvOf(const BitMapSpec& spec)
{
    if (spec.subnets > 0 || spec.differences)
        return csvWithoutScores(spec);
    QString text = QStringLiteral("layer,filter,bits,score,weights,macs\n");
    for (const BitMapRow& row : spec.rows) {
        for (std::size_t i = 0; i < row.filters(); ++i)
            text += csvLine({ row.layer, QString::number(i), QString::number(row.bits[i]), csvNumber(row.score(i)),
                QString::number(row.weightsPerFilter), QString::number(row.macsPerFilter) });
    }
    return text;
}

QString filterText(const BitMapSpec& spec, const FilterRef& filter)
{
    if (filter.layer < 0 || filter.layer >= static_cast<int>(spec.rows.size()))
        return {};
    const BitMapRow& row = spec.rows[static_cast<std::size_t>(filter.layer)];
    if (filter.filter < 0)
        return layerLines(spec, row);
    const auto at = static_cast<std::size_t>(filter.filter);
    if (at >= row.filters())
        return {};
    QStringList lines { Words::tr("%1, filter %2").arg(row.layer).arg(filter.filter), spec.textOf(row.bits[at]) };
    if (spec.differences) {
        if (!std::isnan(row.score(at)))
            lines << Words::tr("score %1").arg(exactText(row.score(at)));
    } else if (spec.subnets == 0) {
        if (row.bits[at] == 0)
            lines.back() += Words::tr(" (pruned)");
        lines << (std::isnan(row.score(at)) ? Words::tr("score: not known") : Words::tr("score %1").arg(exactText(row.score(at))));
    } else if (row.bits[at] < spec.subnets) {
        lines.back() += Words::tr(" and all larger ones");
    }
    lines << (spec.subnets > 0 ? Words::tr("at most %1 weights, %2 MACs") : Words::tr("%1 weights, %2 MACs"))
                 .arg(countText(row.weightsPerFilter), countText(row.macsPerFilter));
    if (!row.quantizable)
        lines << Words::tr("edge layer: keeps its bits");
    if (row.isLocked(at))
        lines << Words::tr("locked");
    return lines.join(QLatin1Char('\n'));
}

} // namespace bitscape::ui
