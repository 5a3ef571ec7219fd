// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sweep_charts.h"

#include "ui/style/figures.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace bitscape::ui {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr int kColours = 7;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::SweepCharts)
};

std::optional<double> numberIn(const std::string& text)
{
    bool ok = false;
    const double value = QString::fromStdString(text).toDouble(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

QString costTitle(const std::string& figure)
{
    if (figure == "average_bits")
        return Texts::tr("Average bits");
    if (figure == "bitops")
        return Texts::tr("BitOps");
    return figure == "macs" ? Texts::tr("MACs") : Texts::tr("Size");
}

std::optional<double> meanOf(const SweepPoint& point, const std::string& figure)
{
    const auto found = point.figures.find(figure);
    return found == point.figures.end() ? std::nullopt : std::optional(found->second.mean());
}

std::optional<double> placeOf(const SweepPoint& point, const SweepAxis& axis)
{
    return axis.setting >= 0 ? numberIn(point.settings[static_cast<std::size_t>(axis.setting)]) : meanOf(point, axis.figure);
}

/// "strategy=cq, order=ascending": all that is set but what varies along the curve.
QString curveName(const SweepFigures& figures, const SweepPoint& point, int along)
{
    QStringList words;
    for (std::size_t i = 0; i < point.settings.size(); ++i) {
        if (static_cast<int>(i) != along && !point.settings[i].empty())
            words << QString::fromStdString(figures.varied[i] + "=" + point.settings[i]);
    }
    return words.isEmpty() ? QString::fromStdString(point.stage) : words.join(QStringLiteral(", "));
}

QString noteOf(const SweepFigures& figures, const SweepPoint& point)
{
    QStringList words;
    for (std::size_t i = 0; i < point.settings.size(); ++i) {
        if (!point.settings[i].empty())
            words << QString::fromStdString(figures.varied[i] + "=" + point.settings[i]);
    }
    const Spread& accuracy = point.figures.at("accuracy");
    words << QStringLiteral("n = %1").arg(accuracy.values.size());
    QString value = numberText(accuracy.mean() * 100, 4) + QStringLiteral(" %");
    if (accuracy.values.size() > 1)
        value += QStringLiteral(" ± ") + numberText(accuracy.deviation() * 100, 4);
    return (words << value).join(QStringLiteral(" · "));
}

/// What a figure is divided by on the axis, and what the axis is called then.
std::pair<double, QString> scaled(const SweepAxis& axis, double largest)
{
    if (axis.setting >= 0)
        return { 1, axis.title };
    if (axis.figure == "average_bits")
        return { 1, Texts::tr("average bits per weight") };
    const bool isSize = axis.figure == "size_bits";
    const Scale scale = scaleFor(isSize ? largest / 8 : largest);
    if (isSize)
        return { scale.divisor * 8, Texts::tr("size of the weights (%1B)").arg(scale.prefix) };
    const QString what = axis.figure == "macs" ? Texts::tr("MACs per image") : Texts::tr("BitOps per image");
    return { scale.divisor, scale.prefix.isEmpty() ? what : QStringLiteral("%1 (%2)").arg(what, scale.prefix) };
}

void append(Series& series, const SweepFigures& figures, const SweepPoint& point, double x)
{
    const Spread& accuracy = point.figures.at("accuracy");
    const bool repeated = accuracy.values.size() > 1;
    const double y = accuracy.mean() * 100, deviation = accuracy.deviation() * 100;
    series.x.push_back(x);
    series.y.push_back(y);
    series.low.push_back(repeated ? y - deviation : kNothing);
    series.high.push_back(repeated ? y + deviation : kNothing);
    series.notes.push_back(noteOf(figures, point));
    series.keys.push_back(point.runs.front().value);
}

/// By rising x, so that the curve does not run back on itself.
void sortByX(Series& series)
{
    std::vector<std::size_t> order(series.x.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return series.x[i]; });
    const auto reorder = [&](auto& values) {
        auto sorted = values;
        for (std::size_t i = 0; i < order.size(); ++i)
            sorted[i] = values[order[i]];
        values = std::move(sorted);
    };
    reorder(series.y);
    reorder(series.low);
    reorder(series.high);
    reorder(series.notes);
    reorder(series.keys);
    reorder(series.x);
}

bool isDrawn(const SweepPoint& point, const std::string& stage)
{
    return point.stage == stage && point.figures.contains("accuracy");
}

} // namespace

std::vector<SweepAxis> sweepAxes(const SweepFigures& figures, const std::string& stage)
{
    std::vector<SweepAxis> axes;
    for (const char* figure : { "average_bits", "bitops", "macs", "size_bits" }) {
        if (std::ranges::any_of(figures.curve, [&](const SweepPoint& point) { return isDrawn(point, stage) && meanOf(point, figure); }))
            axes.push_back({ costTitle(figure), figure, -1 });
    }
    for (std::size_t i = 0; i < figures.varied.size(); ++i) {
        const auto number = [&](const SweepPoint& point) { return isDrawn(point, stage) && numberIn(point.settings[i]); };
        if (std::ranges::any_of(figures.curve, number))
            axes.push_back({ QString::fromStdString(figures.varied[i]), {}, static_cast<int>(i) });
    }
    return axes;
}

std::vector<std::string> drawnStages(const SweepFigures& figures)
{
    std::vector<std::string> stages;
    for (const SweepPoint& point : figures.curve) {
        if (point.figures.contains("accuracy") && std::ranges::find(stages, point.stage) == stages.end())
            stages.push_back(point.stage);
    }
    return stages;
}

int settingAlong(const SweepFigures& figures, const std::string& stage)
{
    int best = -1;
    std::size_t most = 1;
    for (std::size_t i = 0; i < figures.varied.size(); ++i) {
        std::set<double> values;
        for (const SweepPoint& point : figures.curve) {
            if (const auto value = isDrawn(point, stage) ? numberIn(point.settings[i]) : std::nullopt)
                values.insert(*value);
        }
        if (values.size() > most) {
            most = values.size();
            best = static_cast<int>(i);
        }
    }
    return best;
}

ChartSpec sweepSpec(const SweepFigures& figures, const std::string& stage, const SweepAxis& axis, bool logarithmic)
{
    const int along = axis.setting >= 0 ? axis.setting : settingAlong(figures, stage);
    double largest = 0;
    for (const SweepPoint& point : figures.curve) {
        if (isDrawn(point, stage))
            largest = std::max(largest, placeOf(point, axis).value_or(0));
    }
    const auto [divisor, title] = scaled(axis, largest);
    ChartSpec spec;
    spec.name = Texts::tr("accuracy of %1 against %2").arg(QString::fromStdString(stage), axis.title);
    spec.x.title = title;
    spec.x.logarithmic = logarithmic;
    spec.y.title = Texts::tr("accuracy (test, %)");
    std::map<QString, std::size_t> known;
    for (const SweepPoint& point : figures.curve) {
        const auto x = isDrawn(point, stage) ? placeOf(point, axis) : std::nullopt;
        if (!x)
            continue;
        const QString name = curveName(figures, point, along);
        const auto [place, isNew] = known.emplace(name, spec.series.size());
        if (isNew) {
            Series series;
            series.name = name;
            series.style = SeriesStyle::LineAndPoints;
            series.colour = static_cast<int>(place->second) % kColours;
            series.dashed = place->second >= kColours;
            spec.series.push_back(std::move(series));
        }
        append(spec.series[place->second], figures, point, *x / divisor);
    }
    for (Series& series : spec.series) {
        sortByX(series);
        if (std::ranges::none_of(series.low, [](double low) { return std::isfinite(low); })) {
            series.low.clear();
            series.high.clear();
        }
    }
    return spec;
}

} // namespace bitscape::ui
