// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of `show --json` computed a second time from what else it tells (methods.md sections 1 to 3). Each check answers an empty text
// where all is well.
#pragma once

#include <nlohmann/json.hpp>

#include <QString>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace cli {

using nlohmann::json;

constexpr double kRounding = 1e-9; ///< of a few thousand additions in double

inline QString differ(const char* what, double found, double wanted)
{
    const bool same = std::fabs(found - wanted) <= kRounding * std::max(1.0, std::fabs(wanted));
    return same ? QString() : QStringLiteral("%1 is %2, not %3").arg(QLatin1String(what)).arg(found, 0, 'g', 17).arg(wanted, 0, 'g', 17);
}

/// QCOMPARE cannot take JSON.
inline QString unlike(const json& found, const json& wanted)
{
    return found == wanted ? QString() : QString::fromStdString(found.dump() + " is not " + wanted.dump());
}

inline QString missing(const json& object, const QStringList& keys)
{
    for (const QString& key : keys) {
        if (!object.contains(key.toStdString()))
            return QStringLiteral("there is no '%1'").arg(key);
    }
    return {};
}

/// What design.md section 6 promises of every run, and of every run that has ended well.
inline QString summaryFlaw(const json& run)
{
    const QString none = missing(run,
        { "id", "kind", "name", "state", "model", "data", "parent", "created", "seconds", "parameters", "seed", "threads", "versions",
            "accuracy" });
    if (!none.isEmpty())
        return none;
    if (run.at("state") != "finished" || !run.at("versions").contains("bitscape") || run.at("threads") < 1 || run.at("seconds") <= 0)
        return QStringLiteral("state, versions, threads or seconds are not those of a finished run");
    const double accuracy = run.at("accuracy");
    return accuracy >= 0 && accuracy <= 1 ? QString() : QStringLiteral("accuracy is no share");
}

inline QString layersFlaw(const json& run)
{
    for (const json& layer : run.at("layers")) {
        if (const QString none = missing(layer, { "name", "op", "filters", "weights", "macs", "quantizable" }); !none.isEmpty())
            return none;
    }
    return run.at("layers").empty() ? QStringLiteral("there are no layers") : QString();
}

/// scores[f] is the sum of classes[f], of shares that are multiples of 1 / samples.
inline QString scoresFlaw(const json& run, int classes, int samples)
{
    for (const json& layer : run.at("layers")) {
        if (layer.at("scores").size() != layer.at("filters") || layer.at("classes").size() != layer.at("filters"))
            return QStringLiteral("a layer has not one score per filter");
        for (std::size_t f = 0; f < layer.at("scores").size(); ++f) {
            const auto row = layer.at("classes").at(f).get<std::vector<double>>();
            if (row.size() != static_cast<std::size_t>(classes))
                return QStringLiteral("a filter has not one share per class");
            for (const double beta : row) {
                const double images = beta * samples;
                if (beta < 0 || beta > 1 || std::fabs(images - std::round(images)) > 1e-6)
                    return QStringLiteral("a share is none of %1 images").arg(samples);
            }
            const double sum = std::accumulate(row.begin(), row.end(), 0.0);
            if (const QString flaw = differ("score", layer.at("scores").at(f), sum); !flaw.isEmpty())
                return flaw;
        }
    }
    return {};
}

inline std::vector<int> bitsOf(const json& layer)
{
    return layer.at("bits").get<std::vector<int>>();
}

/// Of an mlp on 28x28 images: every layer is linear with a bias and reads all filters of the one before.
inline QString costFlaw(const json& run)
{
    double quantized = 0, weighted = 0, size = 0, macs = 0, bitops = 0, inputs = 784, activationBits = 8;
    for (const json& layer : run.at("layers")) {
        const auto bits = bitsOf(layer);
        if (bits.size() != layer.at("filters"))
            return QStringLiteral("a layer has not one bit-width per filter");
        const double perFilter = layer.at("weights").get<double>() / static_cast<double>(bits.size());
        const double sum = std::accumulate(bits.begin(), bits.end(), 0.0);
        const auto alive = static_cast<double>(std::ranges::count_if(bits, [](int b) { return b > 0; }));
        if (layer.at("quantizable")) {
            quantized += sum * perFilter;
            weighted += layer.at("weights").get<double>();
        }
        size += sum * perFilter + alive * (32 + 32);
        macs += alive * inputs;
        bitops += sum * inputs * activationBits;
        inputs = alive;
        activationBits = 32;
    }
    for (const QString& flaw :
        { differ("average_bits", run.at("average_bits"), quantized / weighted), differ("size_bits", run.at("size_bits"), size),
            differ("macs", run.at("macs"), macs), differ("bitops", run.at("bitops"), bitops) }) {
        if (!flaw.isEmpty())
            return flaw;
    }
    return {};
}

/// Rising, and whole multiples of the step.
inline QString thresholdsFlaw(const json& thresholds, double step, std::size_t count)
{
    const auto values = thresholds.get<std::vector<double>>();
    if (values.size() != count || !std::ranges::is_sorted(values))
        return QStringLiteral("there are %1 thresholds, or they fall").arg(values.size());
    for (const double value : values) {
        if (std::fabs(value / step - std::round(value / step)) > 1e-6)
            return QStringLiteral("the threshold %1 is no multiple of the step").arg(value);
    }
    return {};
}

/// A filter's bits are as many steps above the lowest as there are thresholds at or below its score.
inline QString assignmentFlaw(const json& run, const json& scores)
{
    const auto thresholds = run.at("thresholds").get<std::vector<double>>();
    const auto allowed = run.at("parameters").at("allowed_bits").get<std::vector<int>>();
    for (std::size_t i = 0; i < run.at("layers").size(); ++i) {
        const json& layer = run.at("layers").at(i);
        const auto bits = bitsOf(layer);
        for (std::size_t f = 0; f < bits.size(); ++f) {
            const double score = scores.at("layers").at(i).at("scores").at(f);
            const auto passed = static_cast<std::size_t>(std::ranges::count_if(thresholds, [&](double p) { return p <= score + 1e-9; }));
            const int wanted = layer.at("quantizable") ? allowed.at(passed) : run.at("parameters").at("edge_bits").get<int>();
            if (bits[f] != wanted)
                return QStringLiteral("layer %1 filter %2 has %3 bits, not %4").arg(i).arg(f).arg(bits[f]).arg(wanted);
        }
    }
    return {};
}

/// Steps count from 0, the first point has the most bits of all, kept points never gain bits, and the last kept one is the result.
inline QString trajectoryFlaw(const json& run)
{
    const json& points = run.at("trajectory");
    double kept = run.at("parameters").at("allowed_bits").back();
    int step = 0;
    for (const json& point : points) {
        const QString none
            = missing(point, { "step", "phase", "thresholds", "average_bits", "macs", "bitops", "size_bits", "floor", "kept", "seconds" });
        if (!none.isEmpty())
            return none;
        if (!point.contains("accuracy") && !point.contains("accuracy_bounds"))
            return QStringLiteral("a point has no accuracy");
        if (point.at("step") != step++)
            return QStringLiteral("the steps are not 0, 1, 2, ...");
        if (!point.at("kept"))
            continue;
        if (point.at("average_bits") > kept + kRounding || point.value("accuracy", 1.0) < point.at("floor"))
            return QStringLiteral("a kept point gains bits or is below its floor");
        kept = point.at("average_bits");
    }
    return points.empty() ? QStringLiteral("there are no points") : differ("the last kept average", kept, run.at("average_bits"));
}

/// accuracy is the share on the diagonal, per_class that of each row.
inline std::int64_t sumOf(const std::vector<std::int64_t>& row)
{
    return std::accumulate(row.begin(), row.end(), std::int64_t { 0 });
}

/// The diagonal adds up to accuracy times images, every row to the images of a class.
inline QString diagonalFlaw(const json& run, const char* matrix, const char* accuracy, std::int64_t imagesPerClass)
{
    std::int64_t right = 0, all = 0;
    const auto confusion = run.at(matrix).get<std::vector<std::vector<std::int64_t>>>();
    for (std::size_t label = 0; label < confusion.size(); ++label) {
        if (sumOf(confusion[label]) != imagesPerClass)
            return QStringLiteral("row %1 of %2 is of %3 images").arg(label).arg(QLatin1String(matrix)).arg(sumOf(confusion[label]));
        right += confusion[label].at(label);
        all += sumOf(confusion[label]);
    }
    return differ(accuracy, run.at(accuracy).get<double>() * static_cast<double>(all), static_cast<double>(right));
}

inline QString confusionFlaw(const json& run, std::int64_t imagesPerClass)
{
    const auto confusion = run.at("confusion").get<std::vector<std::vector<std::int64_t>>>();
    for (std::size_t label = 0; label < confusion.size(); ++label) {
        const double share = static_cast<double>(confusion[label].at(label)) / static_cast<double>(imagesPerClass);
        if (const QString flaw = differ("per_class", run.at("per_class").at(label), share); !flaw.isEmpty())
            return flaw;
    }
    return diagonalFlaw(run, "confusion", "accuracy", imagesPerClass);
}

} // namespace cli
