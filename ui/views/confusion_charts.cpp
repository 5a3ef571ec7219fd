// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/confusion_charts.h"

#include "ui/style/figures.h"
#include "ui/views/run_words.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::ConfusionCharts)
};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kBarWidth = 0.4;
constexpr double kWideBar = 0.7;
constexpr double kLeastDifference = 1; ///< percentage points at the ends of the scale, so that noise does not look like a landslide

std::int64_t imagesOf(const std::vector<std::int64_t>& row)
{
    return std::accumulate(row.begin(), row.end(), std::int64_t { 0 });
}

double shareOf(const std::vector<std::int64_t>& row, std::size_t column)
{
    const std::int64_t images = imagesOf(row);
    return images > 0 && column < row.size() ? static_cast<double>(row[column]) / static_cast<double>(images) : kNaN;
}

/// Answers that are right, over all classes.
double accuracyOf(const Confusion& confusion)
{
    std::int64_t right = 0, images = 0;
    for (std::size_t m = 0; m < confusion.size(); ++m) {
        right += m < confusion[m].size() ? confusion[m][m] : 0;
        images += imagesOf(confusion[m]);
    }
    return images > 0 ? static_cast<double>(right) / static_cast<double>(images) : kNaN;
}

double cell(const Confusion& confusion, std::size_t row, std::size_t column, bool counts)
{
    if (row >= confusion.size() || column >= confusion[row].size())
        return kNaN;
    return counts ? static_cast<double>(confusion[row][column]) : 100 * shareOf(confusion[row], column);
}

QString runName(const RunResults& results)
{
    return Words::tr("run %1").arg(static_cast<qlonglong>(results.run.id.value));
}

/// The largest finite value, at least `least`.
double largest(const std::vector<double>& values, double least)
{
    for (const double value : values)
        least = std::isfinite(value) ? std::max(least, std::abs(value)) : least;
    return least;
}

void nameMap(HeatMapSpec& spec, const RunResults& results, ConfusionShown shown, bool counts)
{
    spec.rowTitle = Words::tr("true class");
    spec.columnTitle = Words::tr("answered");
    const QString what = shown == ConfusionShown::Run ? Words::tr("confusion of %1").arg(runName(results))
        : shown == ConfusionShown::Full               ? Words::tr("confusion of full precision, %1").arg(runName(results))
                                                      : Words::tr("confusion of %1 minus full precision").arg(runName(results));
    spec.name = what;
    if (shown == ConfusionShown::Difference)
        spec.valueTitle = Words::tr("difference (percentage points)");
    else
        spec.valueTitle = counts ? Words::tr("images") : Words::tr("share of the class's images (%)");
}

/// One line per figure, as a table is read.
QString barNote(const RunResults& results, std::size_t m, double run, double full)
{
    QStringList lines;
    const auto tell = [&](const Confusion& confusion, const QString& who, double share) {
        if (m < confusion.size() && m < confusion[m].size())
            lines.append(Words::tr("%1: %2 (%3 of %4 images)")
                             .arg(who, exactPercentText(share), countText(confusion[m][m]), countText(imagesOf(confusion[m]))));
    };
    tell(results.confusion, runName(results), run);
    tell(results.fullConfusion, Words::tr("full precision"), full);
    if (std::isfinite(run) && std::isfinite(full))
        lines.append(Words::tr("difference: %1").arg(pointsText(run - full)));
    return lines.join(QLatin1Char('\n'));
}

double at(const std::vector<double>& values, std::size_t i)
{
    return i < values.size() ? values[i] : kNaN;
}

QString lowestText(const RunResults& results, const Confusion& confusion, const QString& who)
{
    const auto shares = classAccuracies(confusion);
    std::size_t lowest = shares.size();
    for (std::size_t m = 0; m < shares.size(); ++m) {
        if (std::isfinite(shares[m]) && (lowest == shares.size() || shares[m] < shares[lowest]))
            lowest = m;
    }
    if (lowest == shares.size())
        return {};
    return Words::tr("%1 answers %2 of all images right; class %3 least often: %4.")
        .arg(who, exactPercentText(accuracyOf(confusion)), classText(results, lowest), exactPercentText(shares[lowest]));
}

} // namespace

std::vector<ConfusionShown> confusionChoices(const RunResults& results)
{
    std::vector<ConfusionShown> choices;
    if (!results.confusion.empty())
        choices.push_back(ConfusionShown::Run);
    if (!results.fullConfusion.empty())
        choices.push_back(ConfusionShown::Full);
    if (choices.size() == 2)
        choices.push_back(ConfusionShown::Difference);
    return choices;
}

HeatMapSpec confusionMap(const RunResults& results, ConfusionShown shown, bool counts)
{
    HeatMapSpec spec;
    nameMap(spec, results, shown, counts);
    const bool difference = shown == ConfusionShown::Difference;
    const Confusion& confusion = shown == ConfusionShown::Full ? results.fullConfusion : results.confusion;
    const std::size_t classes = confusion.size();
    for (std::size_t m = 0; m < classes; ++m) {
        spec.rows.push_back(classText(results, m));
        for (std::size_t n = 0; n < classes; ++n) {
            const double value = cell(confusion, m, n, counts && !difference);
            spec.values.push_back(difference ? value - cell(results.fullConfusion, m, n, false) : value);
        }
    }
    spec.columns = spec.rows;
    spec.writeValues = true;
    spec.diverging = difference;
    spec.decimals = counts && !difference ? 0 : 1;
    spec.to = difference ? largest(spec.values, kLeastDifference) : counts ? largest(spec.values, 1) : 100;
    spec.from = difference ? -spec.to : 0;
    return spec;
}

std::vector<double> classAccuracies(const Confusion& confusion)
{
    std::vector<double> shares;
    for (std::size_t m = 0; m < confusion.size(); ++m)
        shares.push_back(shareOf(confusion[m], m));
    return shares;
}

ChartSpec classBars(const RunResults& results)
{
    const auto run = classAccuracies(results.confusion);
    const auto full = classAccuracies(results.fullConfusion);
    const std::size_t classes = std::max(run.size(), full.size());
    const bool both = !run.empty() && !full.empty();
    ChartSpec spec;
    spec.name = Words::tr("accuracy per class of %1").arg(runName(results));
    spec.x.title = Words::tr("class");
    spec.y.title = Words::tr("accuracy (%)");
    spec.y.from = 0;
    spec.y.to = 100;
    for (std::size_t m = 0; m < classes; ++m)
        spec.x.categories.push_back(classText(results, m));
    const auto add = [&](const std::vector<double>& shares, const QString& name, int colour, double offset) {
        Series series;
        series.name = name;
        series.style = SeriesStyle::Bars;
        series.colour = colour;
        series.barWidth = both ? kBarWidth : kWideBar;
        for (std::size_t m = 0; m < shares.size(); ++m) {
            series.x.push_back(static_cast<double>(m) + (both ? offset : 0));
            series.y.push_back(100 * shares[m]);
            series.keys.push_back(static_cast<std::int64_t>(m));
            series.notes.push_back(barNote(results, m, at(run, m), at(full, m)));
        }
        if (!shares.empty())
            spec.series.push_back(std::move(series));
    };
    add(run, runName(results), 0, -kBarWidth / 2);
    add(full, Words::tr("full precision"), 7, kBarWidth / 2);
    return spec;
}

QString confusionSummary(const RunResults& results)
{
    if (results.fullConfusion.empty())
        return lowestText(results, results.confusion, Words::tr("Run %1").arg(static_cast<qlonglong>(results.run.id.value)));
    if (results.confusion.empty())
        return lowestText(results, results.fullConfusion, Words::tr("Full precision"));
    const auto run = classAccuracies(results.confusion);
    const auto full = classAccuracies(results.fullConfusion);
    std::size_t most = run.size();
    double loss = 0;
    for (std::size_t m = 0; m < run.size() && m < full.size(); ++m) {
        if (full[m] - run[m] > loss) {
            loss = full[m] - run[m];
            most = m;
        }
    }
    const double now = accuracyOf(results.confusion), before = accuracyOf(results.fullConfusion);
    const QString all
        = Words::tr("All classes together: %1 to %2 (%3).").arg(exactPercentText(before), exactPercentText(now), pointsText(now - before));
    if (most == run.size())
        return Words::tr("No class lost accuracy against full precision.") + QLatin1Char(' ') + all;
    return Words::tr("Class %1 lost most against full precision: %2 to %3 (%4).")
               .arg(classText(results, most), exactPercentText(full[most]), exactPercentText(run[most]), pointsText(-loss))
        + QLatin1Char(' ') + all;
}

} // namespace bitscape::ui
