// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/compare_charts.h"

#include "ui/style/figures.h"
#include "ui/views/bit_map_view.h"
#include "ui/views/importance_charts.h"
#include "ui/views/run_words.h"

#include "core/jobs/comparison_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <set>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::Compare)
};

constexpr int kColours = 8, kNeutral = 7;
constexpr std::size_t kMostNamedLayers = 8;
constexpr double kBarsRoom = 0.8;
constexpr double kLeastDifference = 1; ///< percentage points at the ends of the scale

const RunResults& resultsOf(const Comparison& comparison, std::size_t run)
{
    return *comparison.runs.at(run);
}

bool hasCurve(const RunResults& results, ComparedCurve curve)
{
    return curve == ComparedCurve::Search ? std::ranges::any_of(results.trajectory, &TrajectoryPoint::kept) : !results.epochs.empty();
}

void addPoints(Series& series, const RunResults& results, ComparedCurve curve)
{
    if (curve == ComparedCurve::Search) {
        for (const TrajectoryPoint& point : results.trajectory) {
            if (!point.kept)
                continue;
            series.x.push_back(point.averageBits);
            series.y.push_back(50 * (point.accuracyLow + point.accuracyHigh));
            series.notes.push_back(Words::tr("point %1").arg(point.step));
        }
        return;
    }
    for (const Epoch& epoch : results.epochs) {
        series.x.push_back(epoch.epoch);
        series.y.push_back(curve == ComparedCurve::Accuracy ? 100 * epoch.accuracy : epoch.loss);
        series.notes.push_back(Words::tr("epoch %1").arg(epoch.epoch));
    }
}

bool hasScores(const RunResults& run, const RunResults& baseline)
{
    return !run.filterScores.empty() && run.filterScores.size() == run.layers.size()
        && baseline.filterScores.size() == baseline.layers.size();
}

/// What lies on it has the same score in both.
Series equalScores(double to)
{
    Series line;
    line.name = Words::tr("equal scores");
    line.colour = kNeutral;
    line.dashed = true;
    line.x = line.y = { 0, to };
    line.keys = { -1, -1 };
    return line;
}

Series layerScores(const RunResults& run, const RunResults& baseline, std::size_t layer)
{
    Series series;
    series.name = layerText(run, layer);
    series.style = SeriesStyle::Points;
    series.colour = static_cast<int>(layer) % kNeutral;
    series.hollow = !run.layers[layer].quantizable;
    const auto &own = run.filterScores[layer], &other = baseline.filterScores[layer];
    for (std::size_t f = 0; f < std::min(own.size(), other.size()); ++f) {
        series.x.push_back(other[f]);
        series.y.push_back(own[f]);
        series.keys.push_back(keyOf({ static_cast<int>(layer), static_cast<int>(f) }));
        series.notes.push_back(Words::tr("filter %1").arg(f));
    }
    return series;
}

QString classNote(const Comparison& comparison, const ComparedFigure& each, std::size_t run, std::size_t baseline)
{
    return Words::tr("%1: %2\n%3: %4")
        .arg(runName(comparison, run), exactPercentText(*each.values[run]), runName(comparison, baseline),
            exactPercentText(*each.values[baseline]));
}

} // namespace

QString runName(const Comparison& comparison, std::size_t run)
{
    return Words::tr("run %1").arg(static_cast<qlonglong>(resultsOf(comparison, run).run.id.value));
}

std::vector<ComparedCurve> curveChoices(const Comparison& comparison)
{
    std::vector<ComparedCurve> choices;
    for (const ComparedCurve curve : { ComparedCurve::Search, ComparedCurve::Accuracy, ComparedCurve::Loss }) {
        if (std::ranges::any_of(comparison.runs, [curve](const auto& run) { return hasCurve(*run, curve); }))
            choices.push_back(curve);
    }
    return choices;
}

QString titleOf(ComparedCurve curve)
{
    return curve == ComparedCurve::Search  ? Words::tr("Accuracy against average bits")
        : curve == ComparedCurve::Accuracy ? Words::tr("Accuracy per epoch")
                                           : Words::tr("Loss per epoch");
}

ChartSpec comparedCurves(const Comparison& comparison, ComparedCurve curve)
{
    ChartSpec spec;
    spec.name = titleOf(curve);
    spec.x.title = curve == ComparedCurve::Search ? Words::tr("average bits per weight") : Words::tr("epoch");
    spec.x.whole = curve != ComparedCurve::Search;
    spec.y.title = curve == ComparedCurve::Search ? Words::tr("accuracy (search images, %)")
        : curve == ComparedCurve::Accuracy        ? Words::tr("accuracy (validation, %)")
                                                  : Words::tr("loss");
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const RunResults& results = resultsOf(comparison, i);
        if (!hasCurve(results, curve))
            continue;
        Series series;
        series.name = runName(comparison, i) + QStringLiteral(" ") + QString::fromStdString(results.run.name);
        series.style = SeriesStyle::LineAndPoints;
        series.colour = static_cast<int>(i);
        series.hollow = i % 2 == 1; // told apart without colours too
        series.dashed = i % 2 == 1;
        addPoints(series, results, curve);
        spec.series.push_back(std::move(series));
    }
    return spec;
}

QString scoreRemark(const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const RunResults &own = resultsOf(comparison, run), &other = resultsOf(comparison, baseline);
    for (const std::size_t each : { run, baseline }) {
        if (resultsOf(comparison, each).filterScores.empty())
            return Words::tr("No scores are known for the filters of %1.").arg(runName(comparison, each));
    }
    if (const std::string unlike = unlikeLayers(own, other); !unlike.empty())
        return QString::fromStdString(unlike);
    if (own.scoreRun == other.scoreRun)
        return Words::tr("Both runs go by the scores of run %1.").arg(static_cast<qlonglong>(own.scoreRun->value));
    return {};
}

ChartSpec scoreScatter(const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    const RunResults &own = resultsOf(comparison, run), &other = resultsOf(comparison, baseline);
    ChartSpec spec;
    spec.name = Words::tr("scores of %1 against %2").arg(runName(comparison, run), runName(comparison, baseline));
    spec.x.title = Words::tr("score in %1 (classes)").arg(runName(comparison, baseline));
    spec.y.title = Words::tr("score in %1 (classes)").arg(runName(comparison, run));
    if (!hasScores(own, other) || !unlikeLayers(own, other).empty())
        return spec;
    spec.series.push_back(equalScores(own.classes()));
    for (std::size_t i = 0; i < own.layers.size(); ++i)
        spec.series.push_back(layerScores(own, other, i));
    spec.legend = own.layers.size() <= kMostNamedLayers;
    return spec;
}

BitMapSpec bitChange(const Comparison& comparison, std::size_t run, std::size_t baseline, BitMapOrder order)
{
    BitMapSpec spec = bitMapOf(resultsOf(comparison, run), order);
    spec.name = Words::tr("bits of %1 minus %2").arg(runName(comparison, run), runName(comparison, baseline));
    spec.differences = true;
    const BitDifference difference = bitDifference(resultsOf(comparison, run), resultsOf(comparison, baseline));
    spec.rows.resize(std::min(spec.rows.size(), difference.layers.size()));
    for (std::size_t i = 0; i < spec.rows.size(); ++i) {
        std::ranges::transform(difference.layers[i], spec.rows[i].bits.begin(),
            [](int by) { return static_cast<std::uint8_t>(BitMapSpec::kNoDifference + by); });
    }
    return spec;
}

QString colourWords(const std::vector<BitMapSpec>& maps, const Colours& colours)
{
    QStringList words;
    const auto add = [&](const QColor& colour, const QString& text) {
        words << QStringLiteral("<span style=\"color:%1\">■</span>&nbsp;%2")
                     .arg(colour.name(), QString(text).replace(QLatin1Char(' '), QStringLiteral("&nbsp;")));
    };
    std::set<int> widths;
    const BitMapSpec* change = nullptr;
    for (const BitMapSpec& map : maps) {
        if (map.differences)
            change = &map;
        for (const BitMapCount& count : map.differences ? std::vector<BitMapCount> {} : bitCounts(map))
            widths.insert(count.bits);
    }
    for (const int width : widths)
        add(colours.ofBits(width), width == 0 ? Words::tr("pruned") : bitsText(width));
    if (change) {
        constexpr int kClear = 3;
        words << Words::tr("difference:");
        add(change->colourOf(BitMapSpec::kNoDifference + kClear, colours), Words::tr("more bits"));
        add(change->colourOf(BitMapSpec::kNoDifference - kClear, colours), Words::tr("fewer, with a line"));
    }
    return words.join(QStringLiteral("&ensp; "));
}

HeatMapSpec confusionChange(const Comparison& comparison, std::size_t run, std::size_t baseline)
{
    HeatMapSpec spec;
    spec.name = Words::tr("confusion of %1 minus %2").arg(runName(comparison, run), runName(comparison, baseline));
    spec.rowTitle = Words::tr("true class");
    spec.columnTitle = Words::tr("answered");
    spec.valueTitle = Words::tr("difference (percentage points)");
    spec.writeValues = spec.diverging = true;
    spec.decimals = 1;
    spec.to = kLeastDifference;
    const auto difference = confusionDifference(resultsOf(comparison, run), resultsOf(comparison, baseline));
    for (std::size_t m = 0; m < difference.shares.size(); ++m) {
        spec.rows.push_back(classText(resultsOf(comparison, run), m));
        for (const double share : difference.shares[m]) {
            spec.values.push_back(100 * share);
            spec.to = std::isfinite(share) ? std::max(spec.to, std::abs(100 * share)) : spec.to;
        }
    }
    spec.columns = spec.rows;
    spec.from = -spec.to;
    return spec;
}

ChartSpec classChange(const Comparison& comparison, std::size_t baseline)
{
    ChartSpec spec;
    spec.name = Words::tr("accuracy per class against %1").arg(runName(comparison, baseline));
    spec.x.title = Words::tr("class");
    spec.y.title = Words::tr("accuracy less that of %1 (points)").arg(runName(comparison, baseline));
    for (const ComparedFigure& each : comparison.classes)
        spec.x.categories.push_back(QString::fromStdString(each.name));
    const double width = kBarsRoom / static_cast<double>(comparison.runs.size() - 1);
    int place = 0;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        if (i == baseline)
            continue;
        Series series;
        series.name = runName(comparison, i);
        series.style = SeriesStyle::Bars;
        series.colour = static_cast<int>(i) % kColours;
        series.barWidth = width;
        for (std::size_t m = 0; m < comparison.classes.size(); ++m) {
            const auto difference = comparison.classes[m].difference(i, baseline);
            if (!difference)
                continue;
            series.x.push_back(static_cast<double>(m) + (place + 0.5) * width - kBarsRoom / 2);
            series.y.push_back(100 * *difference);
            series.keys.push_back(static_cast<std::int64_t>(m));
            series.notes.push_back(classNote(comparison, comparison.classes[m], i, baseline));
        }
        ++place;
        spec.series.push_back(std::move(series));
    }
    Mark none;
    none.vertical = false;
    none.dashed = false;
    spec.marks.push_back(none);
    return spec;
}

QString pairLines(const Comparison& comparison, std::size_t baseline)
{
    QStringList lines;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const ComparedPair* pair = comparison.pair(i, baseline);
        if (!pair)
            continue;
        if (!pair->test) {
            lines << QString::fromStdString(pair->reason);
            continue;
        }
        const bool swapped = pair->first != i;
        lines << Words::tr("%1: right alone on %2 images, %3 on %4, of %5; p = %6 (exact McNemar test)")
                     .arg(runName(comparison, i), countText(swapped ? pair->test->onlySecond : pair->test->onlyFirst),
                         runName(comparison, baseline), countText(swapped ? pair->test->onlyFirst : pair->test->onlySecond),
                         countText(pair->test->images), QString::fromStdString(probabilityText(pair->test->p)));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace bitscape::ui
