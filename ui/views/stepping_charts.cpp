// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/stepping_charts.h"

#include "ui/style/figures.h"
#include "ui/views/run_words.h"
#include "ui/views/view_axes.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <limits>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::SteppingCharts)
};

constexpr int kAnytimeColour = 3, kNeutral = 7, kNewColour = 0;
constexpr double kBarWidth = 0.6;
constexpr double kRoomAbove = 1.05;

const SteppingResult& steppingOf(const RunResults& results)
{
    static const SteppingResult kNothing;
    return results.stepping ? *results.stepping : kNothing;
}

const std::vector<SubnetFigures>& subnetsOf(const RunResults& results)
{
    static const std::vector<SubnetFigures> kNothing;
    const auto& families = steppingOf(results).families;
    return families.empty() ? kNothing : families.front().subnets;
}

QString fileName(const RunResults& results, const QString& what)
{
    return Words::tr("%1 of run %2").arg(what).arg(static_cast<qlonglong>(results.run.id.value));
}

QString macsTitle(const Scale& scale)
{
    return scale.prefix.isEmpty() ? Words::tr("MACs per image") : Words::tr("MACs per image (%1)").arg(scale.prefix);
}

QString macsText(double macs)
{
    return Words::tr("%1 MACs").arg(numberText(macs, 1));
}

QString subnetText(std::size_t position)
{
    return Words::tr("subnet %1").arg(position + 1);
}

/// The largest MACs of what is drawn against accuracy.
double largestMacs(const SteppingResult& stepping)
{
    auto largest = static_cast<double>(stepping.originalMacs);
    for (const SubnetFamily& family : stepping.families) {
        for (const SubnetFigures& subnet : family.subnets)
            largest = std::max(largest, static_cast<double>(subnet.macs));
    }
    return largest;
}

void extend(Series& series, double x, double y, std::int64_t key, const QString& note)
{
    series.x.push_back(x);
    series.y.push_back(y);
    series.keys.push_back(key);
    series.notes.push_back(note);
}

Series stairsOf(const SubnetFamily& family, std::size_t position, const Scale& scale)
{
    Series series;
    series.name = QString::fromStdString(family.kind);
    series.style = SeriesStyle::StepsAndPoints;
    series.colour = static_cast<int>(position);
    series.dashed = position > 0;
    series.hollow = position > 0;
    for (std::size_t k = 0; k < family.subnets.size(); ++k) {
        const SubnetFigures& subnet = family.subnets[k];
        const QString note = QStringList { subnetText(k), exactPercentText(subnet.accuracy), macsText(static_cast<double>(subnet.macs)),
            Words::tr("%1 of the original's, budget %2").arg(percentText(subnet.macsShare), percentText(subnet.budget, 0)) }
                                 .join(QStringLiteral(" · "));
        extend(series, static_cast<double>(subnet.macs) / scale.divisor, 100 * subnet.accuracy, static_cast<std::int64_t>(k) + 1, note);
    }
    return series;
}

Series anytimeOf(const SteppingResult& stepping, const Scale& scale)
{
    Series series;
    series.name = Words::tr("anytime");
    series.colour = kAnytimeColour;
    for (const AnytimePoint& point : stepping.anytime) {
        const QString note = Words::tr("images stop at a confidence of %1 · %2 · %3 on average")
                                 .arg(numberText(point.threshold, 4), exactPercentText(point.accuracy), macsText(point.macs));
        extend(series, point.macs / scale.divisor, 100 * point.accuracy, -1, note);
    }
    return series;
}

Series originalOf(const SteppingResult& stepping, const Scale& scale)
{
    Series series;
    series.name = Words::tr("original");
    series.style = SeriesStyle::Points;
    series.colour = kNeutral;
    const auto macs = static_cast<double>(stepping.originalMacs);
    extend(series, macs / scale.divisor, 100 * stepping.originalAccuracy, -1,
        Words::tr("%1 · %2").arg(exactPercentText(stepping.originalAccuracy), macsText(macs)));
    return series;
}

ChartSpec constructionChart(const RunResults& results, const QString& what)
{
    ChartSpec spec;
    spec.name = fileName(results, what);
    spec.x.title = Words::tr("iteration");
    spec.x.whole = true;
    spec.x.from = 0.5;
    spec.x.to = static_cast<double>(steppingOf(results).iterations.size()) + 0.5;
    return spec;
}

/// A series per subnet of a figure of every iteration.
template <typename Value> std::vector<Series> iterationSeries(const RunResults& results, Value value)
{
    const SteppingResult& stepping = steppingOf(results);
    const std::size_t subnets = subnetsOf(results).size();
    std::vector<Series> all;
    for (std::size_t k = 0; k < subnets; ++k) {
        Series series;
        series.name = subnetText(k);
        series.bits = subnetShade(static_cast<int>(k) + 1, static_cast<int>(subnets));
        for (std::size_t i = 0; i < stepping.iterations.size(); ++i) {
            const SubnetIteration& iteration = stepping.iterations[i];
            if (k >= iteration.macs.size() || k >= iteration.accuracy.size())
                continue;
            const QString note = Words::tr("%1 · %2 on its batches · loss %3")
                                     .arg(macsText(static_cast<double>(iteration.macs[k])), exactPercentText(iteration.accuracy[k]),
                                         numberText(iteration.loss, 4));
            extend(series, static_cast<double>(i) + 1, value(iteration, k), static_cast<std::int64_t>(i) + 1, note);
        }
        all.push_back(std::move(series));
    }
    return all;
}

double largestIn(const std::vector<Series>& all)
{
    double largest = 0;
    for (const Series& series : all) {
        for (const double value : series.y)
            largest = std::max(largest, value);
    }
    return largest;
}

} // namespace

bool hasSubnets(const RunResults& results)
{
    return !subnetsOf(results).empty();
}

QString steppingHeadline(const RunResults& results)
{
    const auto& subnets = subnetsOf(results);
    if (subnets.empty())
        return {};
    const bool goesOn = isUnderWay(results.run);
    const std::string verdict = steppingVerdict(*results.stepping);
    if (!verdict.empty())
        return goesOn ? Words::tr("So far: %1").arg(QString::fromStdString(verdict)) : QString::fromStdString(verdict);
    const auto [least, most] = std::ranges::minmax(subnets, {}, &SubnetFigures::accuracy);
    const QString reached
        = Words::tr("%1 subnets reach %2 to %3, the original network %4.")
              .arg(subnets.size())
              .arg(percentText(least.accuracy), percentText(most.accuracy), percentText(results.stepping->originalAccuracy));
    return reached + QLatin1Char(' ')
        + (goesOn ? Words::tr("The baselines to compare with are still to come.") : Words::tr("There is no baseline to compare with."));
}

QString steppingSummary(const RunResults& results)
{
    const SteppingResult& stepping = steppingOf(results);
    const std::size_t subnets = subnetsOf(results).size();
    std::int64_t filters = 0, out = 0;
    for (const auto& layer : stepping.groups) {
        filters += static_cast<std::int64_t>(layer.size());
        out += std::ranges::count_if(layer, [&](std::uint8_t group) { return group > subnets; });
    }
    QStringList parts { Words::tr("original network: %1, %2 MACs")
                            .arg(percentText(stepping.originalAccuracy), scaledText(static_cast<double>(stepping.originalMacs))),
        Words::tr("%1 subnets").arg(subnets), Words::tr("%1 of %2 filters in none").arg(countText(out), countText(filters)),
        Words::tr("%1 iterations").arg(countText(static_cast<std::int64_t>(stepping.iterations.size()))) };
    if (results.run.seconds > 0)
        parts << durationText(results.run.seconds);
    return parts.join(QStringLiteral(" · "));
}

BitMapSpec subnetMap(const RunResults& results, BitMapOrder order)
{
    const auto& groups = steppingOf(results).groups;
    BitMapSpec spec;
    spec.name = fileName(results, Words::tr("subnets"));
    spec.order = order;
    spec.subnets = static_cast<int>(subnetsOf(results).size());
    for (std::size_t i = 0; i < results.layers.size() && i < groups.size(); ++i) {
        BitMapRow row;
        row.layer = layerText(results, i);
        row.bits = groups[i];
        row.weightsPerFilter = results.layers[i].weightsPerFilter();
        row.macsPerFilter = results.layers[i].macsPerFilter();
        spec.rows.push_back(std::move(row));
    }
    return spec;
}

ChartSpec subnetCurves(const RunResults& results)
{
    const SteppingResult& stepping = steppingOf(results);
    const Scale scale = scaleFor(largestMacs(stepping));
    ChartSpec spec;
    spec.name = fileName(results, Words::tr("subnets' accuracy"));
    spec.x.title = macsTitle(scale);
    spec.x.from = 0;
    spec.x.to = kRoomAbove * largestMacs(stepping) / scale.divisor;
    spec.y.title = Words::tr("accuracy (%)");
    for (std::size_t i = 0; i < stepping.families.size(); ++i)
        spec.series.push_back(stairsOf(stepping.families[i], i, scale));
    if (!stepping.anytime.empty())
        spec.series.push_back(anytimeOf(stepping, scale));
    spec.series.push_back(originalOf(stepping, scale));
    Mark original;
    original.vertical = false;
    original.at = 100 * stepping.originalAccuracy;
    spec.marks.push_back(original);
    std::vector<double> accuracies;
    for (const Series& series : spec.series)
        accuracies.insert(accuracies.end(), series.y.begin(), series.y.end());
    spec.y = percentAxis(spec.y, accuracies);
    return spec;
}

ChartSpec stepBars(const RunResults& results)
{
    const auto& subnets = subnetsOf(results);
    ChartSpec spec;
    spec.name = fileName(results, Words::tr("MACs per step"));
    spec.x.title = Words::tr("step to subnet");
    const Scale scale = scaleFor(subnets.empty() ? 0 : static_cast<double>(subnets.back().macs));
    spec.y.title = scale.prefix.isEmpty() ? Words::tr("MACs") : Words::tr("MACs (%1)").arg(scale.prefix);
    spec.y.from = 0;
    Series reused, added;
    reused.name = Words::tr("reused");
    reused.colour = kNeutral;
    added.name = Words::tr("new");
    added.colour = kNewColour;
    added.stacked = true;
    for (Series* series : { &reused, &added }) {
        series->style = SeriesStyle::Bars;
        series->barWidth = kBarWidth;
    }
    for (std::size_t k = 0; k < subnets.size(); ++k) {
        spec.x.categories.push_back(QString::number(k + 1));
        const auto all = static_cast<double>(subnets[k].macs), before = k > 0 ? static_cast<double>(subnets[k - 1].macs) : 0;
        const auto note = [&](double macs) { // of one image
            return Words::tr("%1, %2 of the subnet's %3").arg(macsText(macs), percentText(all > 0 ? macs / all : 0), macsText(all));
        };
        const auto key = static_cast<std::int64_t>(k) + 1;
        extend(reused, static_cast<double>(k), before / scale.divisor, key, note(before));
        extend(added, static_cast<double>(k), (all - before) / scale.divisor, key, note(all - before));
    }
    spec.series = { std::move(reused), std::move(added) };
    return spec;
}

ChartSpec constructionMacs(const RunResults& results, bool logarithmic)
{
    ChartSpec spec = constructionChart(results, Words::tr("construction"));
    spec.series
        = iterationSeries(results, [](const SubnetIteration& iteration, std::size_t k) { return static_cast<double>(iteration.macs[k]); });
    const Scale scale = scaleFor(largestIn(spec.series));
    for (Series& series : spec.series) {
        for (double& value : series.y)
            value /= scale.divisor;
    }
    spec.y.title = macsTitle(scale);
    spec.y.logarithmic = logarithmic;
    if (!logarithmic)
        spec.y.from = 0;
    const auto& subnets = subnetsOf(results);
    for (std::size_t k = 0; k < subnets.size(); ++k) {
        Mark budget;
        budget.vertical = false;
        budget.at = subnets[k].budget * static_cast<double>(results.stepping->originalMacs) / scale.divisor;
        budget.bits = subnetShade(static_cast<int>(k) + 1, static_cast<int>(subnets.size()));
        budget.label = Words::tr("budget %1").arg(percentText(subnets[k].budget, 0));
        spec.marks.push_back(budget);
    }
    return spec;
}

ChartSpec constructionAccuracy(const RunResults& results)
{
    ChartSpec spec = constructionChart(results, Words::tr("construction's accuracy"));
    spec.series = iterationSeries(results, [](const SubnetIteration& iteration, std::size_t k) { return 100 * iteration.accuracy[k]; });
    spec.y.title = Words::tr("accuracy (%)");
    std::vector<double> accuracies;
    for (const Series& series : spec.series)
        accuracies.insert(accuracies.end(), series.y.begin(), series.y.end());
    spec.y = percentAxis(spec.y, accuracies);
    return spec;
}

} // namespace bitscape::ui
