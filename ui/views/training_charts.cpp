// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_charts.h"

#include "ui/style/figures.h"
#include "ui/views/run_words.h"
#include "ui/views/view_axes.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::TrainingCharts)
};

constexpr std::size_t kMostWithPoints = 60; ///< epochs; more would be a caterpillar
constexpr double kManyDecades = 100;
constexpr double kRoom = 0.1; ///< share of the largest value, above it
constexpr int kLossColour = 1;
constexpr int kAccuracyColour = 0;
constexpr int kTestColour = 2;
constexpr int kBeforeColour = 7;
constexpr int kRateColour = 3;

/// What the accuracy of an epoch is: subnets are trained without a validation split.
QString accuracyName(const RunResults& results)
{
    return results.run.kind == RunKind::Step ? Words::tr("training accuracy of the largest subnet") : Words::tr("validation accuracy");
}

QString noteOf(const RunResults& results, const Epoch& epoch)
{
    return Words::tr("loss %1 · %2 %3 · learning rate %4 · %5 s")
        .arg(QString::number(epoch.loss, 'g', 6), accuracyName(results), exactPercentText(epoch.accuracy),
            QString::number(epoch.learningRate, 'g', 4), QString::number(epoch.seconds, 'f', 2));
}

template <typename Value> Series curve(const RunResults& results, const QString& name, int colour, Value value)
{
    Series series;
    series.name = name;
    series.colour = colour;
    series.style = results.epochs.size() > kMostWithPoints ? SeriesStyle::Line : SeriesStyle::LineAndPoints;
    for (const Epoch& epoch : results.epochs) {
        series.x.push_back(epoch.epoch);
        series.y.push_back(value(epoch));
        series.keys.push_back(epoch.epoch);
        series.notes.push_back(noteOf(results, epoch));
    }
    return series;
}

/// The axis of epochs: half an epoch of room at both ends, so that one epoch has a width.
AxisSpec epochAxis(const RunResults& results)
{
    AxisSpec axis;
    axis.title = Words::tr("epoch");
    axis.whole = true;
    if (!results.epochs.empty()) {
        axis.from = results.epochs.front().epoch - 0.5;
        axis.to = results.epochs.back().epoch + 0.5;
    }
    return axis;
}

/// A line across at an accuracy, on the right axis.
Series level(const AxisSpec& x, const QString& name, double share, int colour)
{
    Series series;
    series.name = name;
    series.colour = colour;
    series.dashed = true;
    series.rightAxis = true;
    series.x = { *x.from, *x.to };
    series.y = { 100 * share, 100 * share };
    series.keys = { -1, -1 };
    return series;
}

Mark bestMark(const Epoch& epoch)
{
    Mark mark;
    mark.at = epoch.epoch;
    mark.label = Words::tr("best: epoch %1, %2").arg(epoch.epoch).arg(exactPercentText(epoch.accuracy));
    return mark;
}

double highestLoss(const std::vector<Epoch>& epochs)
{
    double highest = 0;
    for (const Epoch& epoch : epochs)
        highest = std::isfinite(epoch.loss) ? std::max(highest, epoch.loss) : highest;
    return highest;
}

QString fileName(const RunResults& results, const QString& what)
{
    return Words::tr("%1 of run %2").arg(what).arg(static_cast<qlonglong>(results.run.id.value));
}

QString keptText(const RunResults& results)
{
    const auto& parameters = results.run.parameters;
    if (!parameters.is_object() || !parameters.contains("keep") || !parameters.at("keep").is_string())
        return {};
    return parameters.at("keep").get<std::string>() == "best" ? Words::tr("the best is kept") : Words::tr("the last is kept");
}

} // namespace

std::optional<std::size_t> bestEpoch(const std::vector<Epoch>& epochs)
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        if (std::isfinite(epochs[i].accuracy) && (!best || epochs[i].accuracy > epochs[*best].accuracy))
            best = i;
    }
    return best;
}

ChartSpec trainingCurves(const RunResults& results)
{
    ChartSpec spec;
    spec.name = fileName(results, Words::tr("training"));
    spec.x = epochAxis(results);
    spec.y.title = Words::tr("loss");
    spec.right = AxisSpec {};
    spec.right->title = Words::tr("accuracy (%)");
    if (results.epochs.empty())
        return spec;
    spec.series.push_back(curve(results, Words::tr("loss"), kLossColour, [](const Epoch& epoch) { return epoch.loss; }));
    spec.series.push_back(curve(results, accuracyName(results), kAccuracyColour, [](const Epoch& epoch) { return 100 * epoch.accuracy; }));
    spec.series.back().rightAxis = true;
    if (const auto test = metricOf(results, "accuracy"))
        spec.series.push_back(level(spec.x, Words::tr("test accuracy at the end: %1").arg(exactPercentText(*test)), *test, kTestColour));
    if (const auto before = metricOf(results, "accuracy_before"))
        spec.series.push_back(level(spec.x, Words::tr("test accuracy before: %1").arg(exactPercentText(*before)), *before, kBeforeColour));
    if (const auto best = results.run.kind == RunKind::Step ? std::nullopt : bestEpoch(results.epochs))
        spec.marks.push_back(bestMark(results.epochs[*best]));
    std::vector<double> accuracies;
    for (const Series& series : spec.series) {
        if (series.rightAxis)
            accuracies.insert(accuracies.end(), series.y.begin(), series.y.end());
    }
    spec.right = percentAxis(*spec.right, accuracies);
    spec.y.from = 0;
    const double loss = highestLoss(results.epochs);
    spec.y.to = loss > 0 ? (1 + 2 * kRoom) * loss : 1;
    return spec;
}

ChartSpec learningRates(const RunResults& results)
{
    ChartSpec spec;
    spec.name = fileName(results, Words::tr("learning rate"));
    spec.x = epochAxis(results);
    spec.y.title = Words::tr("learning rate");
    spec.legend = false;
    if (results.epochs.empty())
        return spec;
    const auto [least, most] = std::ranges::minmax(results.epochs, {}, &Epoch::learningRate);
    spec.y.logarithmic = least.learningRate > 0 && most.learningRate >= kManyDecades * least.learningRate;
    if (!spec.y.logarithmic && most.learningRate > 0) {
        spec.y.from = least.learningRate > 0 ? 0 : -kRoom * most.learningRate; // a point at 0 is drawn whole
        spec.y.to = (1 + kRoom) * most.learningRate;
    }
    spec.series.push_back(curve(results, Words::tr("learning rate"), kRateColour, [](const Epoch& epoch) { return epoch.learningRate; }));
    return spec;
}

QString trainingSummary(const RunResults& results)
{
    QStringList parts;
    const std::size_t count = results.epochs.size();
    parts.append(count == 1 ? Words::tr("1 epoch") : Words::tr("%1 epochs").arg(count));
    if (results.run.kind == RunKind::Step)
        parts.append(Words::tr("the final training of its subnets"));
    else if (const auto best = bestEpoch(results.epochs)) {
        const Epoch& epoch = results.epochs[*best];
        parts.append(Words::tr("best: epoch %1, %2 on the validation split").arg(epoch.epoch).arg(exactPercentText(epoch.accuracy)));
    }
    parts.append(keptText(results));
    if (const auto test = metricOf(results, "accuracy"))
        parts.append(
            (results.run.kind == RunKind::Step ? Words::tr("the largest: %1 on the test split") : Words::tr("%1 on the test split"))
                .arg(exactPercentText(*test)));
    double seconds = 0;
    for (const Epoch& epoch : results.epochs)
        seconds += std::isfinite(epoch.seconds) ? epoch.seconds : 0;
    parts.append(Words::tr("%1 per epoch").arg(durationText(seconds / static_cast<double>(std::max<std::size_t>(count, 1)))));
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

} // namespace bitscape::ui
