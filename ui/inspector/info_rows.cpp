// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/info_rows.h"

#include "ui/style/figures.h"

#include "core/base/error.h"
#include "core/jobs/parameters.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

namespace bitscape::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::Inspector)
};

void add(InfoRows& rows, const QString& name, const QString& value, const QString& exact = {}, const QString& help = {})
{
    if (!value.isEmpty())
        rows.push_back({ name, value, exact, help });
}

const std::string kThreshold = "threshold_";

/// How a figure of RunRecord::metrics is written.
enum class Writing { Share, Bits, Scaled, Size, Count, YesNo };

struct FigureWriting {
    const char* metric;
    const char* name;
    Writing writing;
    const char* help;
    const char* stepHelp = nullptr; ///< of a step run, where it is something else
};

/// In the order in which they are shown.
constexpr std::array kFigures {
    FigureWriting { "accuracy", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Accuracy"), Writing::Share,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Top-1 on the test split"),
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Top-1 of the largest subnet on the test split") },
    FigureWriting { "full_accuracy", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Full precision"), Writing::Share,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Top-1 of the same network at 32 bits, on the same images"),
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Top-1 of the original network, on the same images") },
    FigureWriting { "accuracy_before", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Before refinement"), Writing::Share,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Top-1 on the test split with the weights as the search left them") },
    FigureWriting { "search_accuracy", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Search accuracy"), Writing::Share,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Top-1 on the search split") },
    FigureWriting { "average_bits", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Average bits"), Writing::Bits,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Over the weights of all quantizable filters") },
    FigureWriting { "macs", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "MACs"), Writing::Scaled,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Multiply-accumulates for one image, without pruned filters"),
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Multiply-accumulates of the largest subnet, for one image") },
    FigureWriting { "bitops", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "BitOps"), Writing::Scaled,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "MACs times weight bits times activation bits, for one image") },
    FigureWriting { "size_bits", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Size"), Writing::Size,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Weights, scales and biases of what is not pruned") },
    FigureWriting { "reached", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Target reached"), Writing::YesNo, "" },
    FigureWriting { "evaluations", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Evaluations"), Writing::Count,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Bit assignments whose accuracy was measured") },
    FigureWriting { "images_evaluated", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Images evaluated"), Writing::Count, "" },
    FigureWriting { "looked_up", QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Looked up"), Writing::Count,
        QT_TRANSLATE_NOOP("bitscape::ui::Inspector", "Bit assignments whose accuracy was known already") },
};

QString written(Writing writing, double value)
{
    switch (writing) {
    case Writing::Share:
        return percentText(value);
    case Writing::Bits:
        return bitsText(value);
    case Writing::Scaled:
        return scaledText(value);
    case Writing::Size:
        return sizeText(value);
    case Writing::Count:
        return numberText(value, 0);
    case Writing::YesNo:
        break;
    }
    return value != 0 ? Texts::tr("yes") : Texts::tr("no");
}

QString exactly(Writing writing, double value)
{
    switch (writing) {
    case Writing::Share:
        return numberText(value * 100, 8) + QStringLiteral(" %");
    case Writing::Bits:
        return numberText(value, 8) + Texts::tr(" bits");
    case Writing::Size:
        return Texts::tr("%1 B = %2 bits").arg(numberText(value / 8, 3), numberText(value, 0));
    case Writing::YesNo:
        return {};
    default:
        return numberText(value, 3);
    }
}

/// How many subnets of a family ("stepping", "any-width") have an accuracy.
int subnetsOf(const std::map<std::string, double>& metrics, const std::string& family)
{
    int count = 0;
    while (metrics.contains(family + "_accuracy_" + std::to_string(count + 1)))
        ++count;
    return count;
}

/// "10 %" of the original network's MACs; empty where it is not known.
QString budgetText(const Run& run, int subnet)
{
    const auto found = run.parameters.find("budgets");
    const auto at = static_cast<std::size_t>(subnet - 1);
    const bool known = found != run.parameters.end() && found->is_array() && at < found->size() && found->at(at).is_number();
    return known ? percentText(found->at(at).get<double>(), 0) : QString();
}

/// What a step run's subnets reach at what cost, the baselines behind; `shown` learns the metrics.
void addSubnetRows(InfoRows& rows, const RunRecord& record, std::set<std::string>& shown)
{
    const auto& metrics = record.metrics;
    for (const std::string family : { "stepping", "any-width", "slimmable" }) {
        for (int k = 1; k <= subnetsOf(metrics, family); ++k) {
            const std::string number = std::to_string(k), accuracyName = family + "_accuracy_" + number,
                              macsName = family + "_macs_" + number;
            const double accuracy = metrics.at(accuracyName);
            const auto macs = metrics.find(macsName);
            const QString name
                = family == "stepping" ? Texts::tr("Subnet %1").arg(k) : Texts::tr("%1 %2").arg(QString::fromStdString(family)).arg(k);
            QString value = percentText(accuracy), exact = exactly(Writing::Share, accuracy);
            if (macs != metrics.end()) {
                value += QStringLiteral(" · ") + scaledText(macs->second);
                exact += Texts::tr(", %1 MACs").arg(numberText(macs->second, 0));
            }
            const QString budget = budgetText(record.run, k);
            const QString help = family == "stepping" ? Texts::tr("Top-1 on the test split, multiply-accumulates for one image")
                                                      : Texts::tr("The same of a baseline under the same budget");
            add(rows, name, value, exact, budget.isEmpty() ? help : Texts::tr("%1; budget %2 of the original's MACs").arg(help, budget));
            shown.insert({ accuracyName, macsName });
        }
    }
}

/// What a quantized network's subnets reach at what cost; `shown` learns the metrics.
void addQuantizedSubnetRows(InfoRows& rows, const std::map<std::string, double>& metrics, std::set<std::string>& shown)
{
    for (int k = 1; k <= subnetsOf(metrics, "subnet"); ++k) {
        const auto figure = [&](const char* name) {
            const std::string whole = std::string("subnet_") + name + "_" + std::to_string(k);
            shown.insert(whole);
            const auto found = metrics.find(whole);
            return found == metrics.end() ? 0.0 : found->second;
        };
        const double accuracy = figure("accuracy"), full = figure("full_accuracy"), bits = figure("average_bits"),
                     bitops = figure("bitops"), macs = figure("macs");
        figure("size_bits");
        add(rows, Texts::tr("Subnet %1").arg(k), percentText(accuracy) + QStringLiteral(" · ") + scaledText(bitops),
            exactly(Writing::Share, accuracy)
                + Texts::tr(", %1 in full precision; %2 BitOps, %3 MACs, %4 bits on average")
                      .arg(percentText(full), numberText(bitops, 0), numberText(macs, 0), numberText(bits, 4)),
            Texts::tr("Top-1 on the test split, BitOps for one image; a filter has the same bits in all subnets"));
    }
}

/// "1.9, 1.9, 2.5" of threshold_1, threshold_2 and so on.
QString thresholdsText(const std::map<std::string, double>& metrics)
{
    QStringList values;
    for (int k = 1;; ++k) {
        const auto found = metrics.find(kThreshold + std::to_string(k));
        if (found == metrics.end())
            return values.join(QStringLiteral(", "));
        values << numberText(found->second);
    }
}

InfoRow figureRow(const FigureWriting& figure, double value)
{
    return { Texts::tr(figure.name), written(figure.writing, value), exactly(figure.writing, value),
        *figure.help ? Texts::tr(figure.help) : QString(), false, false };
}

InfoRow parameterRow(const ParameterSpec& spec, const nlohmann::json& value)
{
    QString text;
    try {
        text = QString::fromStdString(parameterText(value));
    } catch (const Error&) {
        text = QString::fromStdString(value.dump());
    }
    if (text.isEmpty())
        text = Texts::tr("none");
    if (value.is_null() && !spec.noneMeaning.empty())
        text = Texts::tr("none (%1)").arg(QString::fromStdString(spec.noneMeaning));
    if (!spec.unit.empty() && value.is_number())
        text += QLatin1Char(' ') + QString::fromStdString(spec.unit);
    return { QString::fromStdString(spec.name), text, {}, QString::fromStdString(describe(spec)), value != spec.fallback, false };
}

} // namespace

QString stateText(RunState state)
{
    switch (state) {
    case RunState::Queued:
        return Texts::tr("queued");
    case RunState::Running:
        return Texts::tr("running");
    case RunState::Paused:
        return Texts::tr("paused");
    case RunState::Finished:
        return Texts::tr("finished");
    case RunState::Failed:
        return Texts::tr("failed");
    case RunState::Cancelled:
        return Texts::tr("cancelled");
    case RunState::Interrupted:
        break;
    }
    return Texts::tr("interrupted: its worker ended before it was done; it can be resumed");
}

InfoRows runRows(const Run& run, const RunNames& names)
{
    InfoRows rows;
    add(rows, Texts::tr("Run"), QString::number(run.id.value));
    add(rows, Texts::tr("Name"), QString::fromStdString(run.name));
    add(rows, Texts::tr("Kind"), QString::fromStdString(toString(run.kind)));
    const bool live = run.state == RunState::Running || run.state == RunState::Paused;
    const QString progress = live ? QLatin1String(", ") + percentText(run.progress, 0) : QString();
    add(rows, Texts::tr("State"), stateText(run.state) + progress);
    if (!run.failure.empty())
        rows.push_back({ Texts::tr("What went wrong"), QString::fromStdString(run.failure), {}, {}, false, true });
    add(rows, Texts::tr("Model"), names.model);
    add(rows, Texts::tr("Data set"), names.data);
    add(rows, Texts::tr("Follows run"), names.parent, {}, Texts::tr("The run whose results it starts from"));
    add(rows, Texts::tr("Seed"), QString::number(run.seed));
    if (run.threads > 0) {
        add(rows, Texts::tr("Threads"), QString::number(run.threads));
        add(rows, Texts::tr("Device"), QString::fromStdString(run.device));
    }
    add(rows, Texts::tr("Created"), timeText(QString::fromStdString(run.created)), QString::fromStdString(run.created));
    if (run.seconds > 0) {
        add(rows, Texts::tr("Duration"), durationText(run.seconds), numberText(run.seconds, 3) + QStringLiteral(" s"),
            Texts::tr("Time of computing, over all its sessions"));
    }
    QStringList tags;
    for (const std::string& tag : run.tags)
        tags << QString::fromStdString(tag);
    add(rows, Texts::tr("Tags"), tags.join(QLatin1String(", ")));
    add(rows, Texts::tr("Note"), QString::fromStdString(run.note));
    return rows;
}

InfoRows figureRows(const RunRecord& record)
{
    const auto& metrics = record.metrics;
    InfoRows rows;
    std::set<std::string> shown;
    for (const FigureWriting& figure : kFigures) {
        const auto found = metrics.find(figure.metric);
        if (found == metrics.end())
            continue;
        shown.insert(figure.metric);
        rows.push_back(figureRow(figure, found->second));
        if (record.run.kind == RunKind::Step && figure.stepHelp)
            rows.back().help = Texts::tr(figure.stepHelp);
        if (record.run.kind == RunKind::Step && found->first == "full_accuracy")
            rows.back().name = Texts::tr("Original network");
        const auto accuracy = metrics.find("accuracy");
        if (found->first == "full_accuracy" && accuracy != metrics.end() && record.run.kind != RunKind::Score) {
            const double difference = accuracy->second - found->second;
            add(rows, Texts::tr("Difference"), pointsText(difference), numberText(difference * 100, 8) + Texts::tr(" points"),
                record.run.kind == RunKind::Step ? Texts::tr("Accuracy less that of the original network, in percentage points")
                                                 : Texts::tr("Accuracy less that of full precision, in percentage points"));
        }
    }
    if (record.run.kind == RunKind::Step)
        addSubnetRows(rows, record, shown);
    addQuantizedSubnetRows(rows, metrics, shown);
    add(rows, Texts::tr("Thresholds"), thresholdsText(metrics), {}, Texts::tr("Scores from which on a filter gets the next higher bits"));
    for (const auto& [name, value] : metrics) {
        if (!shown.contains(name) && !name.starts_with(kThreshold))
            add(rows, QString::fromStdString(name), numberText(value, 4), numberText(value, 10));
    }
    return rows;
}

InfoRows parameterRows(const Run& run)
{
    InfoRows rows;
    std::set<std::string> declared;
    for (const ParameterSpec& spec : parametersOf(run.kind)) {
        declared.insert(spec.name);
        const auto found = run.parameters.find(spec.name);
        if (found != run.parameters.end())
            rows.push_back(parameterRow(spec, *found));
    }
    for (const auto& [name, value] : run.parameters.items()) {
        if (!declared.contains(name)) // of another version of Bitscape
            rows.push_back({ QString::fromStdString(name), QString::fromStdString(value.dump()), {},
                Texts::tr("This Bitscape does not know the parameter"), true, false });
    }
    std::ranges::stable_partition(rows, &InfoRow::changed);
    return rows;
}

InfoRows versionRows(const Run& run)
{
    InfoRows rows;
    for (const auto& [name, value] : run.versions.items())
        add(rows, QString::fromStdString(name), QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump()));
    return rows;
}

} // namespace bitscape::ui
