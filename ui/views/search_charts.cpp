// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/search_charts.h"

#include "ui/style/figures.h"
#include "ui/views/run_words.h"
#include "ui/views/view_axes.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::SearchCharts)
};

constexpr int kAccuracyColour = 0;
constexpr int kBitsColour = 1;
constexpr int kFloorColour = 5;
constexpr int kSeriesColours = 8;
constexpr double kBitsRoom = 1.25; ///< above the curve of bits
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool isBounded(const TrajectoryPoint& point)
{
    return point.accuracyHigh > point.accuracyLow;
}

/// Consecutive points of one phase.
struct Stretch {
    int phase = 0;
    double from = 0, to = 0; ///< half an evaluation before the first and behind the last
    double floor = 0;
};

std::vector<Stretch> stretchesOf(const std::vector<TrajectoryPoint>& points)
{
    std::vector<Stretch> stretches;
    for (const TrajectoryPoint& point : points) {
        if (stretches.empty() || stretches.back().phase != point.phase || stretches.back().floor != point.floor)
            stretches.push_back({ point.phase, point.step - 0.5, 0, point.floor });
        stretches.back().to = point.step + 0.5;
    }
    return stretches;
}

QString accuracyNote(const TrajectoryPoint& point)
{
    return isBounded(point)
        ? Words::tr("accuracy between %1 and %2").arg(exactPercentText(point.accuracyLow), exactPercentText(point.accuracyHigh))
        : Words::tr("accuracy %1").arg(exactPercentText(point.accuracyLow));
}

QString noteOf(const TrajectoryPoint& point)
{
    QStringList parts { point.phase > 0 ? Words::tr("phase %1").arg(point.phase) : Words::tr("no phase"), accuracyNote(point) };
    if (point.floor > 0)
        parts.append(Words::tr("floor %1").arg(exactPercentText(point.floor)));
    parts.append(point.kept ? Words::tr("kept") : Words::tr("taken back"));
    parts.append(Words::tr("%1 bits on average").arg(numberText(point.averageBits, 4)));
    parts.append(Words::tr("%1 MACs").arg(wholeText(point.macs)));
    return parts.join(QStringLiteral(" · "));
}

/// The kept points of a figure, or those taken back.
struct Wanted {
    bool kept = true;
    bool accuracy = true; ///< else the average bits
};

Series pointsOf(const RunResults& results, const Wanted& wanted, const QString& name)
{
    Series series;
    series.name = name;
    series.style = wanted.kept ? SeriesStyle::LineAndPoints : SeriesStyle::Points;
    series.hollow = !wanted.kept;
    series.rightAxis = !wanted.accuracy;
    series.colour = wanted.accuracy ? kAccuracyColour : kBitsColour;
    bool bounded = false;
    for (const TrajectoryPoint& point : results.trajectory) {
        if (point.kept != wanted.kept)
            continue;
        series.x.push_back(point.step);
        series.y.push_back(wanted.accuracy ? 50 * (point.accuracyLow + point.accuracyHigh) : point.averageBits);
        series.low.push_back(100 * point.accuracyLow);
        series.high.push_back(100 * point.accuracyHigh);
        series.keys.push_back(point.step);
        series.notes.push_back(noteOf(point));
        bounded = bounded || isBounded(point);
    }
    if (!wanted.accuracy || !bounded) {
        series.low.clear();
        series.high.clear();
    }
    return series;
}

/// A phase without a floor leaves a gap.
Series floorsOf(const std::vector<Stretch>& stretches)
{
    Series series;
    series.name = Words::tr("accuracy floor");
    series.style = SeriesStyle::Steps;
    series.colour = kFloorColour;
    series.dashed = true;
    bool any = false;
    for (const Stretch& stretch : stretches) {
        const double floor = stretch.floor > 0 ? 100 * stretch.floor : kNaN;
        any = any || stretch.floor > 0;
        if (!any)
            continue; // what stands before the first floor is no gap
        for (const double x : { stretch.from, stretch.to }) {
            series.x.push_back(x);
            series.y.push_back(floor);
            series.keys.push_back(-1);
            series.notes.push_back(Words::tr("phase %1").arg(stretch.phase));
        }
    }
    return series;
}

Series targetOf(double target, const std::vector<Stretch>& stretches)
{
    Series series;
    series.name = Words::tr("target: %1 bits").arg(target, 0, 'f', 2);
    series.colour = kBitsColour;
    series.dashed = true;
    series.rightAxis = true;
    series.x = { stretches.front().from, stretches.back().to };
    series.y = { target, target };
    series.keys = { -1, -1 };
    return series;
}

std::optional<double> targetBits(const RunResults& results)
{
    const auto& parameters = results.run.parameters;
    if (!parameters.is_object() || !parameters.contains("target_bits") || !parameters.at("target_bits").is_number())
        return std::nullopt;
    return parameters.at("target_bits").get<double>();
}

/// Everything that stands on the left axis.
std::vector<double> accuraciesIn(const ChartSpec& spec)
{
    std::vector<double> values;
    for (const Series& series : spec.series) {
        for (const auto* part : { &series.y, &series.low, &series.high }) {
            if (!series.rightAxis)
                values.insert(values.end(), part->begin(), part->end());
        }
    }
    for (const Mark& mark : spec.marks) {
        if (!mark.vertical)
            values.push_back(mark.at);
    }
    return values;
}

double highestBits(const RunResults& results)
{
    double highest = targetBits(results).value_or(0);
    for (const TrajectoryPoint& point : results.trajectory)
        highest = std::max(highest, point.averageBits);
    return std::max(highest, 1.0);
}

std::vector<Mark> phaseMarks(const std::vector<Stretch>& stretches)
{
    std::vector<Mark> marks;
    for (std::size_t i = 1; i < stretches.size(); ++i) {
        if (stretches[i].phase == stretches[i - 1].phase)
            continue;
        Mark mark;
        mark.at = stretches[i].from;
        mark.label = stretches[i].phase > 0 ? Words::tr("phase %1").arg(stretches[i].phase) : Words::tr("result");
        marks.push_back(mark);
    }
    return marks;
}

Series thresholdSeries(const RunResults& results, std::size_t k)
{
    Series series;
    series.style = SeriesStyle::Steps;
    series.colour = static_cast<int>(k) % kSeriesColours;
    if (k + 1 < results.allowedBits.size())
        series.bits = results.allowedBits[k + 1];
    const bool last = k + 2 == results.allowedBits.size();
    series.name = !series.bits ? Words::tr("p%1").arg(k + 1)
        : last                 ? Words::tr("p%1: %2").arg(k + 1).arg(bitsText(*series.bits))
                               : Words::tr("p%1: %2 and up").arg(k + 1).arg(bitsText(*series.bits));
    return series;
}

void extend(Series& series, double x, std::int64_t key, double y, const QString& note)
{
    series.x.push_back(x);
    series.y.push_back(y);
    series.keys.push_back(key);
    series.notes.push_back(note);
}

/// The highest score of a filter whose bits are searched; the number of classes where there is none.
double highestScore(const RunResults& results)
{
    double highest = 0;
    for (std::size_t i = 0; i < results.filterScores.size(); ++i) {
        const bool searched = i >= results.layers.size() || results.layers[i].quantizable;
        for (const double score : results.filterScores[i])
            highest = searched && score > highest ? score : highest;
    }
    return highest > 0 ? highest : std::max(results.classes(), 1);
}

ChartSpec emptyChart(const RunResults& results, const QString& what)
{
    ChartSpec spec;
    spec.name = Words::tr("%1 of run %2").arg(what).arg(static_cast<qlonglong>(results.run.id.value));
    spec.x.title = Words::tr("evaluation");
    spec.x.whole = true;
    return spec;
}

QString outcomeText(const RunResults& results)
{
    const auto target = targetBits(results);
    const auto average = metricOf(results, "average_bits");
    const auto reached = metricOf(results, "reached");
    const QString wanted = target ? QString::number(*target, 'f', 2) : QString();
    if (reached && average && target)
        return *reached > 0 ? Words::tr("target %1 bits reached: %2").arg(wanted).arg(*average, 0, 'f', 2)
                            : Words::tr("target %1 bits not reached: ended at %2").arg(wanted).arg(*average, 0, 'f', 2);
    const auto kept = std::ranges::find_if(results.trajectory.rbegin(), results.trajectory.rend(), &TrajectoryPoint::kept);
    if (kept == results.trajectory.rend() || !target)
        return {};
    return isUnderWay(results.run) ? Words::tr("on the way to %1 bits: %2 so far").arg(wanted).arg(kept->averageBits, 0, 'f', 2)
                                   : Words::tr("target %1 bits, came to %2").arg(wanted).arg(kept->averageBits, 0, 'f', 2);
}

} // namespace

ChartSpec searchProgress(const RunResults& results)
{
    ChartSpec spec = emptyChart(results, Words::tr("search"));
    spec.y.title = Words::tr("accuracy (%)");
    spec.right = AxisSpec {};
    spec.right->title = Words::tr("average bits");
    const auto stretches = stretchesOf(results.trajectory);
    if (stretches.empty())
        return spec;
    spec.x.from = stretches.front().from;
    spec.x.to = stretches.back().to;
    const auto add = [&spec](Series series) {
        if (!series.x.empty())
            spec.series.push_back(std::move(series));
    };
    add(pointsOf(results, { true, true }, Words::tr("accuracy")));
    add(pointsOf(results, { false, true }, Words::tr("accuracy, taken back")));
    add(floorsOf(stretches));
    add(pointsOf(results, { true, false }, Words::tr("average bits")));
    add(pointsOf(results, { false, false }, Words::tr("average bits, taken back")));
    if (const auto target = targetBits(results))
        add(targetOf(*target, stretches));
    spec.marks = phaseMarks(stretches);
    if (const auto full = metricOf(results, "full_accuracy")) {
        Mark mark;
        mark.vertical = false;
        mark.at = 100 * *full;
        mark.colour = kAccuracyColour;
        mark.label = Words::tr("full precision, test: %1").arg(exactPercentText(*full));
        spec.marks.push_back(mark);
    }
    spec.y = percentAxis(spec.y, accuraciesIn(spec));
    spec.right->from = 0;
    spec.right->to = kBitsRoom * highestBits(results);
    return spec;
}

bool hasThresholdMoves(const RunResults& results)
{
    return std::ranges::any_of(results.trajectory, [](const TrajectoryPoint& point) { return point.kept && !point.thresholds.empty(); });
}

ChartSpec thresholdMoves(const RunResults& results)
{
    ChartSpec spec = emptyChart(results, Words::tr("thresholds"));
    const bool norm = strategyOf(results) == QLatin1String("magnitude");
    spec.y.title = norm ? Words::tr("weight norm") : Words::tr("score (classes)");
    spec.y.from = 0;
    spec.y.to = norm ? std::max(results.classes(), 1) : highestScore(results);
    const auto stretches = stretchesOf(results.trajectory);
    if (stretches.empty())
        return spec;
    spec.x.from = stretches.front().from;
    spec.x.to = stretches.back().to;
    spec.marks = phaseMarks(stretches);
    for (Mark& mark : spec.marks)
        mark.label.clear(); // they stand in the chart above
    for (const TrajectoryPoint& point : results.trajectory) {
        for (std::size_t k = 0; point.kept && k < point.thresholds.size(); ++k) {
            if (k == spec.series.size())
                spec.series.push_back(thresholdSeries(results, k));
            extend(spec.series[k], point.step, point.step, point.thresholds[k], noteOf(point));
            spec.y.to = std::max(*spec.y.to, 1.05 * point.thresholds[k]); // they can end one step above the highest score
        }
    }
    const int last = results.trajectory.back().step;
    for (Series& series : spec.series) // what holds after the last kept point holds to the end
        extend(series, last + 0.5, last, series.y.back(), series.notes.back());
    return spec;
}

QString searchSummary(const RunResults& results)
{
    QStringList parts;
    const QString strategy = strategyOf(results);
    const auto& parameters = results.run.parameters;
    const bool ordered = (strategy == QLatin1String("cq") || strategy == QLatin1String("magnitude")) && parameters.contains("order")
        && parameters.at("order").is_string();
    if (!strategy.isEmpty())
        parts.append(ordered ? strategy + QLatin1Char(' ') + QString::fromStdString(parameters.at("order").get<std::string>()) : strategy);
    parts.append(outcomeText(results));
    const auto count = [&](const char* metric, const QString& one, const QString& many) {
        if (const auto value = metricOf(results, metric))
            parts.append(*value == 1 ? one : many.arg(wholeText(*value)));
    };
    count("evaluations", Words::tr("1 evaluation"), Words::tr("%1 evaluations"));
    count("images_evaluated", Words::tr("1 image evaluated"), Words::tr("%1 images evaluated"));
    count("looked_up", Words::tr("1 looked up"), Words::tr("%1 looked up"));
    if (results.run.seconds > 0)
        parts.append(durationText(results.run.seconds));
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

} // namespace bitscape::ui
