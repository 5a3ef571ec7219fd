// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/filter_charts.h"

#include "core/network/cost.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

namespace bitscape::ui {
namespace {

/// More levels than this are points without sticks.
constexpr std::size_t kMostSticks = 32;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::Inspector)
};

Series barsOf(const Histogram& histogram)
{
    Series series;
    series.name = Texts::tr("stored");
    series.style = SeriesStyle::Bars;
    series.barWidth = histogram.width;
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
        const double left = histogram.from + static_cast<double>(bin) * histogram.width;
        series.x.push_back(histogram.centre(bin));
        series.y.push_back(static_cast<double>(histogram.counts[bin]));
        series.notes.push_back(Texts::tr("%1 to %2").arg(left, 0, 'g', 4).arg(left + histogram.width, 0, 'g', 4));
    }
    return series;
}

Series pointsOf(const std::vector<LevelCount>& levels, int bits)
{
    Series series;
    series.name = bits == 1 ? Texts::tr("at 1 bit") : Texts::tr("at %1 bits").arg(bits);
    series.style = SeriesStyle::Points;
    series.colour = 1;
    for (const LevelCount& level : levels) {
        series.x.push_back(level.value);
        series.y.push_back(static_cast<double>(level.count));
    }
    return series;
}

Mark stickOf(const LevelCount& level)
{
    Mark mark;
    mark.at = level.value;
    mark.colour = 1;
    mark.dashed = false;
    mark.to = static_cast<double>(level.count);
    return mark;
}

} // namespace

Histogram histogramOf(std::span<const float> values)
{
    Histogram histogram;
    if (values.empty())
        return histogram;
    const auto [least, most] = std::ranges::minmax(values);
    const double from = static_cast<double>(least), to = static_cast<double>(most);
    if (!(to > from)) {
        histogram.width = from == 0 ? 1 : std::abs(from) / 10;
        histogram.from = from - histogram.width / 2;
        histogram.counts = { static_cast<std::int64_t>(values.size()) };
        return histogram;
    }
    const auto bins = static_cast<std::size_t>(std::clamp(std::round(2 * std::cbrt(static_cast<double>(values.size()))), 5.0, 60.0));
    histogram.from = from;
    histogram.width = (to - from) / static_cast<double>(bins);
    histogram.counts.resize(bins);
    for (const float value : values) {
        const double place = (static_cast<double>(value) - from) / histogram.width;
        ++histogram.counts[std::min(static_cast<std::size_t>(std::max(place, 0.0)), bins - 1)];
    }
    return histogram;
}

std::vector<LevelCount> levelCounts(std::span<const float> quantized)
{
    std::map<float, std::int64_t> counts;
    for (const float value : quantized)
        ++counts[value + 0.0F]; // -0 is 0
    std::vector<LevelCount> levels;
    for (const auto& [value, count] : counts)
        levels.push_back({ static_cast<double>(value), count });
    return levels;
}

ChartSpec weightsSpec(const FilterWeights& weights, const QString& name)
{
    ChartSpec spec;
    spec.name = Texts::tr("weights of %1").arg(name);
    spec.x.title = Texts::tr("weight");
    spec.y.title = Texts::tr("count of weights");
    spec.y.from = 0;
    spec.series.push_back(barsOf(histogramOf(weights.stored)));
    if (weights.quantized.empty() || weights.bits >= kFullPrecisionBits) {
        spec.legend = false;
    } else {
        const auto levels = levelCounts(weights.quantized);
        spec.series.push_back(pointsOf(levels, weights.bits));
        if (levels.size() <= kMostSticks)
            std::ranges::transform(levels, std::back_inserter(spec.marks), stickOf);
    }
    spec.marks.emplace_back(); // the line at zero
    return spec;
}

ChartSpec classProfileSpec(const RunResults& results, std::size_t layer, std::size_t filter)
{
    ChartSpec spec;
    spec.name = Texts::tr("classes of %1 filter %2").arg(QString::fromStdString(results.layers.at(layer).name)).arg(filter);
    spec.x.title = Texts::tr("class");
    spec.y.title = Texts::tr("critical images (%)");
    spec.y.from = 0;
    spec.y.to = 100;
    spec.legend = false;
    if (layer >= results.scores.size() || results.classNames.empty())
        return spec;
    Series series;
    series.name = Texts::tr("critical images");
    series.style = SeriesStyle::Bars;
    series.barWidth = 0.8;
    for (std::size_t m = 0; m < results.classNames.size(); ++m) {
        spec.x.categories.push_back(QString::fromStdString(results.classNames[m]));
        series.x.push_back(static_cast<double>(m));
        series.y.push_back(results.beta(layer, filter, m) * 100);
        series.keys.push_back(static_cast<std::int64_t>(m));
    }
    spec.series.push_back(std::move(series));
    return spec;
}

} // namespace bitscape::ui
