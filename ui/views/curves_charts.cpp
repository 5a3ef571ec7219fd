// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curves_charts.h"

#include "ui/style/figures.h"

#include "core/jobs/parameters.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitscape::ui {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
/// As many numbers of runs or seeds stand in a note.
constexpr std::size_t kMostNamed = 8;
/// The neutral colour of what no strategy made.
constexpr int kNeutral = 7;
constexpr int kSteppingColour = 2;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::Curves)
};

/// The same colour for a strategy in every project: cq has two, for its two orders.
int colourOf(const CurveWay& way)
{
    static const std::vector<std::string> strategies = parameterOf(RunKind::Search, "strategy").choices;
    if (way.strategy.empty())
        return kNeutral;
    if (way.kind == RunKind::Step)
        return way.strategy == "stepping" ? kSteppingColour : kNeutral;
    const std::string word = way.strategy.substr(0, way.strategy.find(' '));
    const auto place = static_cast<int>(std::ranges::find(strategies, word) - strategies.begin());
    return (place == 0 ? (way.strategy.ends_with("descending") ? 1 : 0) : place + 1) % kNeutral;
}

/// What a cost is divided by on the axis.
Scale axisScale(CurveCost cost, double largest)
{
    switch (cost) {
    case CurveCost::AverageBits:
        return {};
    case CurveCost::Size: {
        Scale scale = scaleFor(largest / 8);
        scale.divisor *= 8;
        return scale;
    }
    default:
        return scaleFor(largest);
    }
}

QString axisTitle(CurveCost cost, const QString& prefix)
{
    switch (cost) {
    case CurveCost::Macs:
        return prefix.isEmpty() ? Texts::tr("MACs per image") : Texts::tr("MACs per image (%1)").arg(prefix);
    case CurveCost::BitOps:
        return prefix.isEmpty() ? Texts::tr("BitOps per image") : Texts::tr("BitOps per image (%1)").arg(prefix);
    case CurveCost::Size:
        return Texts::tr("size of the weights (%1B)").arg(prefix);
    case CurveCost::AverageBits:
        break;
    }
    return Texts::tr("average bits per weight");
}

/// The whole figure, no digit left out that says something.
QString exactCost(CurveCost cost, double value)
{
    switch (cost) {
    case CurveCost::Macs:
        return numberText(value, 1) + QLatin1String(" MACs");
    case CurveCost::BitOps:
        return numberText(value, 1) + QLatin1String(" BitOps");
    case CurveCost::Size:
        return numberText(value / 8, 1) + QLatin1String(" B");
    case CurveCost::AverageBits:
        break;
    }
    return numberText(value, 4) + Texts::tr(" bits");
}

template <typename Range, typename Text> QString listed(const Range& range, Text text)
{
    QString list;
    std::size_t count = 0;
    for (const auto& item : range) {
        if (count == kMostNamed)
            return list + QStringLiteral(", …");
        if (count++ > 0)
            list += QLatin1String(", ");
        list += text(item);
    }
    return list;
}

QString noteOf(const CurvePoint& point, CurveCost cost)
{
    const QString separator = QStringLiteral(" · ");
    const QString numbers = listed(point.runs, [](const auto& record) { return QString::number(record->run.id.value); });
    const std::size_t n = point.runs.size();
    QString note = (n == 1 ? Texts::tr("run ") : Texts::tr("runs ")) + numbers + separator
        + QString::fromStdString(point.runs[point.nearest]->run.name);
    if (n > 1) {
        note += separator + QLatin1String("n = ") + QString::number(n) + Texts::tr(", seeds ")
            + listed(point.seeds, [](std::uint64_t seed) { return QString::number(seed); });
    }
    if (point.subnet > 0)
        note += separator + Texts::tr("subnet %1").arg(point.subnet);
    note += separator + numberText(point.accuracy.mean * 100, 4) + QLatin1String(" %");
    if (n > 1)
        note += QStringLiteral(" ± ") + numberText(point.accuracy.deviation * 100, 4);
    note += separator + exactCost(cost, point.cost.mean);
    if (n > 1 && point.cost.deviation > 0)
        note += QStringLiteral(" ± ") + exactCost(cost, point.cost.deviation);
    return note;
}

void append(Series& series, const CurvePoint& point, double divisor, const QString& note)
{
    const double y = point.accuracy.mean * 100;
    const bool repeated = point.runs.size() > 1;
    series.x.push_back(point.cost.mean / divisor);
    series.y.push_back(y);
    series.low.push_back(repeated ? y - point.accuracy.deviation * 100 : kNothing);
    series.high.push_back(repeated ? y + point.accuracy.deviation * 100 : kNothing);
    series.notes.push_back(note);
    series.keys.push_back(point.key().value);
}

Series styled(const CurveWay& way)
{
    Series series;
    series.name = titleOf(way);
    series.colour = colourOf(way);
    series.hollow = way.kind == RunKind::Search;
    const bool uniform = way.strategy == "model-wise", subnets = way.kind == RunKind::Step && !way.strategy.empty();
    series.style = subnets ? SeriesStyle::StepsAndPoints : uniform ? SeriesStyle::LineAndPoints : SeriesStyle::Points;
    series.dashed = uniform || (subnets && way.strategy != "stepping");
    series.hollow = series.hollow || (subnets && way.strategy != "stepping");
    return series;
}

Series frontOf(const Curves& curves, double divisor, const std::vector<QString>& notes)
{
    Series series;
    series.name = Texts::tr("Pareto front");
    series.style = SeriesStyle::Steps;
    series.colour = kNeutral;
    for (const std::size_t i : curves.front) {
        const double x = curves.points[i].cost.mean / divisor, y = curves.points[i].accuracy.mean * 100;
        if (!series.x.empty() && series.x.back() == x && series.y.back() == y)
            continue; // a tie is one corner
        append(series, curves.points[i], divisor, notes[i]);
    }
    series.low.clear();
    series.high.clear();
    return series;
}

} // namespace

QString titleOf(CurveCost cost)
{
    switch (cost) {
    case CurveCost::Macs:
        return Texts::tr("MACs");
    case CurveCost::BitOps:
        return Texts::tr("BitOps");
    case CurveCost::Size:
        return Texts::tr("Size");
    case CurveCost::AverageBits:
        break;
    }
    return Texts::tr("Average bits");
}

QString titleOf(const CurveWay& way)
{
    const QString kind = QString::fromStdString(toString(way.kind));
    const QString strategy = QString::fromStdString(way.strategy);
    if (way.kind == RunKind::Step)
        return Texts::tr("%1 (run %2)").arg(strategy.isEmpty() ? kind : strategy).arg(way.stepRun);
    if (way.kind == RunKind::Search)
        return strategy.isEmpty() ? kind : kind + QLatin1Char(' ') + strategy;
    if (strategy.isEmpty())
        return way.kind == RunKind::Train || way.kind == RunKind::Evaluate ? Texts::tr("%1 (32 bits)").arg(kind) : kind;
    return Texts::tr("%1 after %2").arg(kind, strategy);
}

ChartSpec curvesSpec(const Curves& curves, CurveCost cost, bool logarithmic)
{
    double largest = 0;
    std::vector<QString> notes;
    notes.reserve(curves.points.size());
    for (const CurvePoint& point : curves.points) {
        largest = std::max(largest, point.cost.mean);
        notes.push_back(noteOf(point, cost));
    }
    const Scale scale = axisScale(cost, largest);
    ChartSpec spec;
    spec.name = Texts::tr("accuracy against %1").arg(titleOf(cost));
    spec.x.title = axisTitle(cost, scale.prefix);
    spec.x.logarithmic = logarithmic;
    spec.y.title = Texts::tr("accuracy (test, %)");
    spec.series.push_back(frontOf(curves, scale.divisor, notes));
    for (const CurveWay& way : curves.ways)
        spec.series.push_back(styled(way));
    for (std::size_t i = 0; i < curves.points.size(); ++i)
        append(spec.series[curves.points[i].way + 1], curves.points[i], scale.divisor, notes[i]);
    for (Series& series : spec.series) {
        if (std::ranges::none_of(series.low, [](double low) { return std::isfinite(low); })) {
            series.low.clear();
            series.high.clear();
        }
    }
    if (curves.fullAccuracy) {
        const double full = *curves.fullAccuracy * 100;
        Mark mark;
        mark.at = full;
        mark.vertical = false;
        mark.label = Texts::tr("full precision %1 %").arg(numberText(full));
        spec.marks.push_back(mark);
    }
    return spec;
}

} // namespace bitscape::ui
