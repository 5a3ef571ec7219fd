// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/importance_charts.h"

#include "ui/views/run_words.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::ImportanceCharts)
};

constexpr int kMostBins = 40;
constexpr int kMostInLegend = 10;
constexpr int kSeriesColours = 8;
constexpr int kGrey = 7;           ///< place of grey in Colours::series
constexpr double kBinSlack = 1e-9; ///< 0.3 lies in the bin that begins at 3 * 0.1

/// Layers in the order of curves: quantizable ones first. Only those with scores.
std::vector<std::size_t> layerOrder(const RunResults& results)
{
    std::vector<std::size_t> order;
    for (const bool quantizable : { true, false }) {
        for (std::size_t i = 0; i < results.filterScores.size(); ++i) {
            const bool is = i >= results.layers.size() || results.layers[i].quantizable;
            if (is == quantizable && !results.filterScores[i].empty())
                order.push_back(i);
        }
    }
    return order;
}

std::vector<double> countsPerBin(const RunResults& results, int layer, double width, std::size_t bins)
{
    std::vector<double> counts(bins, 0);
    for (std::size_t i = 0; i < results.filterScores.size(); ++i) {
        if (layer >= 0 && i != static_cast<std::size_t>(layer))
            continue;
        for (const double score : results.filterScores[i]) {
            if (!std::isfinite(score))
                continue;
            const double bin = std::floor(score / width + kBinSlack);
            ++counts[static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(bins - 1)))];
        }
    }
    return counts;
}

/// One mark for each value that thresholds have: "p1 = 3.20", "p1 to p4 = 1.90".
std::vector<Mark> thresholdMarks(const RunResults& results)
{
    std::vector<Mark> marks;
    const auto& thresholds = results.thresholds;
    for (std::size_t first = 0; first < thresholds.size();) {
        std::size_t last = first;
        while (last + 1 < thresholds.size() && thresholds[last + 1] == thresholds[first])
            ++last;
        Mark mark;
        mark.at = thresholds[first];
        const QString value = QString::number(thresholds[first], 'f', 2);
        mark.label = first == last ? Words::tr("p%1 = %2").arg(first + 1).arg(value)
                                   : Words::tr("p%1 to p%2 = %3").arg(first + 1).arg(last + 1).arg(value);
        if (last + 1 < results.allowedBits.size())
            mark.bits = results.allowedBits[last + 1];
        marks.push_back(mark);
        first = last + 1;
    }
    return marks;
}

/// NaN where there is no such filter.
double scoreOf(const RunResults& results, const FilterRef& filter)
{
    const auto layer = static_cast<std::size_t>(filter.layer);
    const auto place = static_cast<std::size_t>(filter.filter);
    if (filter.layer < 0 || filter.filter < 0 || layer >= results.filterScores.size() || place >= results.filterScores[layer].size())
        return std::numeric_limits<double>::quiet_NaN();
    return results.filterScores[layer][place];
}

/// Filters of a layer from the highest score down; what is not finite last.
std::vector<std::size_t> byScore(const std::vector<double>& scores)
{
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    std::ranges::stable_sort(order, std::greater {},
        [&](std::size_t f) { return std::isfinite(scores[f]) ? scores[f] : -std::numeric_limits<double>::infinity(); });
    return order;
}

Series curveOf(const RunResults& results, std::size_t layer)
{
    Series series;
    series.name = layerText(results, layer);
    series.style = SeriesStyle::Steps;
    series.dashed = layer < results.layers.size() && !results.layers[layer].quantizable;
    const auto& scores = results.filterScores[layer];
    const auto order = byScore(scores);
    const auto add = [&](double share, std::size_t filter) {
        series.x.push_back(100 * share);
        series.y.push_back(scores[filter]);
        series.keys.push_back(keyOf({ static_cast<int>(layer), static_cast<int>(filter) }));
        series.notes.push_back(Words::tr("filter %1").arg(filter));
    };
    for (std::size_t i = 0; i < order.size(); ++i)
        add(static_cast<double>(i) / static_cast<double>(order.size()), order[i]);
    add(1, order.back()); // the last step has a width too
    return series;
}

double beta(const LayerScores& scores, std::size_t filter, std::size_t classes, std::size_t m)
{
    const std::size_t at = filter * classes + m;
    if (at >= scores.counts.size() || scores.samples < 1)
        return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(scores.counts[at]) / static_cast<double>(scores.samples);
}

QString fileName(const RunResults& results, const QString& what)
{
    return Words::tr("%1 of run %2").arg(what).arg(static_cast<qlonglong>(results.run.id.value));
}

AxisSpec axis(const QString& title, std::optional<double> from = {}, std::optional<double> to = {})
{
    AxisSpec result;
    result.title = title;
    result.from = from;
    result.to = to;
    return result;
}

} // namespace

bool hasScores(const RunResults& results)
{
    return std::ranges::any_of(results.filterScores, [](const auto& layer) { return !layer.empty(); });
}

double scoreBinWidth(int classes)
{
    const double least = std::max(classes, 1) / static_cast<double>(kMostBins);
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (const double factor : { 1.0, 2.0, 2.5, 5.0 }) {
        if (factor * power >= least * (1 - kBinSlack))
            return factor * power;
    }
    return 10 * power;
}

ChartSpec scoreHistogram(const RunResults& results, int layer, const FilterRef& selected)
{
    const int classes = std::max(results.classes(), 1);
    const double width = scoreBinWidth(classes);
    const auto bins = static_cast<std::size_t>(std::ceil(classes / width - kBinSlack));
    ChartSpec spec;
    spec.name = fileName(results, Words::tr("score histogram"));
    spec.x = axis(Words::tr("score (classes)"), 0, std::max<double>(classes, width * static_cast<double>(bins)));
    spec.y = axis(Words::tr("filters"), 0);
    spec.y.whole = true;
    spec.legend = false;
    Series bars;
    bars.name = layer < 0 ? Words::tr("all layers") : layerText(results, static_cast<std::size_t>(layer));
    bars.style = SeriesStyle::Bars;
    bars.barWidth = width;
    bars.y = countsPerBin(results, layer, width, bins);
    for (std::size_t i = 0; i < bins; ++i) {
        const double from = width * static_cast<double>(i);
        bars.x.push_back(from + width / 2);
        bars.notes.push_back(i + 1 < bins ? Words::tr("score from %1, below %2").arg(from).arg(from + width)
                                          : Words::tr("score from %1 to %2").arg(from).arg(from + width));
    }
    spec.series.push_back(std::move(bars));
    if (thresholdsAreOnScores(results))
        spec.marks = thresholdMarks(results);
    const double score = scoreOf(results, selected);
    if (std::isfinite(score) && (layer < 0 || layer == selected.layer)) {
        Mark mark;
        mark.at = score;
        mark.dashed = false;
        mark.label = Words::tr("%1, filter %2").arg(layerText(results, static_cast<std::size_t>(selected.layer))).arg(selected.filter);
        spec.marks.push_back(mark);
    }
    return spec;
}

ChartSpec scoreCurves(const RunResults& results, int layer)
{
    ChartSpec spec;
    spec.name = fileName(results, Words::tr("sorted scores"));
    spec.x = axis(Words::tr("share of the layer's filters (%)"), 0, 100);
    spec.y = axis(Words::tr("score (classes)"), 0, std::max(results.classes(), 1));
    const auto order = layerOrder(results);
    for (std::size_t i = 0; i < order.size(); ++i) {
        Series series = curveOf(results, order[i]);
        const bool grey = layer >= 0 && order[i] != static_cast<std::size_t>(layer);
        series.colour = grey ? kGrey : static_cast<int>(i) % kSeriesColours;
        spec.series.push_back(std::move(series));
    }
    spec.legend = order.size() <= kMostInLegend;
    return spec;
}

std::int64_t keyOf(const FilterRef& filter)
{
    return filter.layer < 0 || filter.filter < 0 ? -1 : (static_cast<std::int64_t>(filter.layer) << 32) | filter.filter;
}

FilterRef filterOfKey(std::int64_t key)
{
    return key < 0 ? FilterRef {} : FilterRef { static_cast<int>(key >> 32), static_cast<int>(key & 0xffffffff) };
}

int ScoreMap::rowOf(const FilterRef& filter) const
{
    const auto found = std::ranges::find(rows, filter);
    return found == rows.end() ? -1 : static_cast<int>(found - rows.begin());
}

int ScoreMap::groupOf(const FilterRef& filter) const
{
    const auto found = std::ranges::find(layers, filter.layer);
    return filter.layer < 0 || found == layers.end() ? -1 : static_cast<int>(found - layers.begin());
}

ScoreMap scoreMap(const RunResults& results, FilterOrder order)
{
    const auto classes = static_cast<std::size_t>(results.classes());
    ScoreMap map;
    HeatMapSpec& spec = map.spec;
    spec.name = fileName(results, Words::tr("filters by class"));
    spec.rowTitle = Words::tr("filter");
    spec.columnTitle = Words::tr("class");
    spec.valueTitle = Words::tr("critical images (%)");
    spec.from = 0;
    spec.to = 100;
    spec.decimals = 1;
    for (std::size_t m = 0; m < classes; ++m)
        spec.columns.push_back(classText(results, m));
    for (std::size_t i = 0; i < results.scores.size() && i < results.filterScores.size(); ++i) {
        const auto& scores = results.filterScores[i];
        auto places = byScore(scores);
        if (order == FilterOrder::Index)
            std::ranges::sort(places);
        if (places.empty())
            continue;
        map.layers.push_back(static_cast<int>(i));
        const QString range = places.size() == 1 ? QStringLiteral("0") : QStringLiteral("0–%1").arg(places.size() - 1);
        spec.groups.push_back({ layerText(results, i), range, static_cast<int>(places.size()) });
        for (const std::size_t f : places) {
            map.rows.push_back({ static_cast<int>(i), static_cast<int>(f) });
            spec.rows.push_back(QString::number(f));
            for (std::size_t m = 0; m < classes; ++m)
                spec.values.push_back(100 * beta(results.scores[i], f, classes, m));
        }
    }
    return map;
}

bool thresholdsAreOnScores(const RunResults& results)
{
    const QString strategy = strategyOf(results);
    return !results.thresholds.empty() && (strategy.isEmpty() || strategy == QLatin1String("cq"));
}

QString scoreSource(const RunResults& results)
{
    QStringList sentences;
    if (results.scoreRun && *results.scoreRun != results.run.id) {
        QString from = Words::tr("run %1").arg(static_cast<qlonglong>(results.scoreRun->value));
        for (const Run& run : results.ancestors) {
            if (run.id == *results.scoreRun)
                from = runText(run);
        }
        sentences.append(Words::tr("Scores of %1.").arg(from));
    }
    if (!results.thresholds.empty() && !thresholdsAreOnScores(results))
        sentences.append(Words::tr("The thresholds of a %1 search are not on these scores.").arg(strategyOf(results)));
    return sentences.join(QLatin1Char(' '));
}

} // namespace bitscape::ui
