// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_columns.h"

#include "ui/style/figures.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>
#include <cmath>

namespace bitscape::ui {
namespace {

struct ColumnWords {
    const char* title;
    const char* help;
    bool shown;
};

constexpr std::array<ColumnWords, kRunColumns> kColumns { {
    { QT_TRANSLATE_NOOP("RunColumn", "Run"), QT_TRANSLATE_NOOP("RunColumn", "Number and name"), true },
    { QT_TRANSLATE_NOOP("RunColumn", "Kind"), QT_TRANSLATE_NOOP("RunColumn", "What the run does"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "State"), QT_TRANSLATE_NOOP("RunColumn", "How far it is"), true },
    { QT_TRANSLATE_NOOP("RunColumn", "Model"), QT_TRANSLATE_NOOP("RunColumn", "The network"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Data"), QT_TRANSLATE_NOOP("RunColumn", "The data set"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Accuracy"), QT_TRANSLATE_NOOP("RunColumn", "Top-1 on the test split"), true },
    { QT_TRANSLATE_NOOP("RunColumn", "Full"), QT_TRANSLATE_NOOP("RunColumn", "Top-1 of the full-precision network on the same images"),
        false },
    { QT_TRANSLATE_NOOP("RunColumn", "Bits"), QT_TRANSLATE_NOOP("RunColumn", "Average bit-width of the quantizable filters"), true },
    { QT_TRANSLATE_NOOP("RunColumn", "MACs"), QT_TRANSLATE_NOOP("RunColumn", "Multiply-accumulates for one image"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "BitOps"), QT_TRANSLATE_NOOP("RunColumn", "MACs times weight bits times activation bits"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Size"), QT_TRANSLATE_NOOP("RunColumn", "Weights, scales and biases"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Seed"), QT_TRANSLATE_NOOP("RunColumn", "Decides everything random"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Duration"), QT_TRANSLATE_NOOP("RunColumn", "Time of computing, over all sessions"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Created"), QT_TRANSLATE_NOOP("RunColumn", "When it was queued"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Tags"), QT_TRANSLATE_NOOP("RunColumn", "Your words for it"), false },
    { QT_TRANSLATE_NOOP("RunColumn", "Note"), QT_TRANSLATE_NOOP("RunColumn", "Your notes"), false },
} };

QString translated(const char* text)
{
    return QCoreApplication::translate("RunColumn", text);
}

const ColumnWords& wordsOf(RunColumn column)
{
    return kColumns[static_cast<std::size_t>(column)];
}

std::optional<double> figure(const RunRecord& record, const char* name)
{
    const auto found = record.metrics.find(name);
    return found == record.metrics.end() || std::isnan(found->second) ? std::nullopt : std::optional(found->second);
}

std::optional<double> figureOf(RunColumn column, const RunRecord& record)
{
    switch (column) {
    case RunColumn::Accuracy:
        return figure(record, "accuracy");
    case RunColumn::FullAccuracy:
        return figure(record, "full_accuracy");
    case RunColumn::AverageBits:
        return figure(record, "average_bits");
    case RunColumn::Macs:
        return figure(record, "macs");
    case RunColumn::BitOps:
        return figure(record, "bitops");
    case RunColumn::Size:
        return figure(record, "size_bits");
    default:
        return std::nullopt;
    }
}

QString figureText(RunColumn column, double value)
{
    switch (column) {
    case RunColumn::Accuracy:
    case RunColumn::FullAccuracy:
        return percentText(value);
    case RunColumn::AverageBits:
        return fixedText(value, 3);
    case RunColumn::Size:
        return sizeText(value);
    default:
        return scaledText(value);
    }
}

QString joinedTags(const Run& run)
{
    QStringList tags;
    for (const std::string& tag : run.tags)
        tags << QString::fromStdString(tag);
    return tags.join(QStringLiteral(", "));
}

QString stateText(const Run& run)
{
    if (run.state == RunState::Finished) // its sign says it
        return {};
    const bool live = run.state == RunState::Running || run.state == RunState::Paused;
    return live ? percentText(run.progress, 0) : wordOf(run.state);
}

} // namespace

QString titleOf(RunColumn column)
{
    return translated(wordsOf(column).title);
}

QString helpOf(RunColumn column)
{
    return translated(wordsOf(column).help);
}

bool isShownAtFirst(RunColumn column)
{
    return wordsOf(column).shown;
}

QString textOf(RunColumn column, const RunRecord& record, const ProjectDocument& document)
{
    const Run& run = record.run;
    if (const auto value = figureOf(column, record))
        return figureText(column, *value);
    switch (column) {
    case RunColumn::Run:
        return QStringLiteral("#%1  %2").arg(run.id.value).arg(QString::fromStdString(run.name));
    case RunColumn::Kind:
        return wordOf(run.kind);
    case RunColumn::State:
        return stateText(run);
    case RunColumn::Model:
        return document.modelName(run.model);
    case RunColumn::Data:
        return document.datasetName(run.dataset);
    case RunColumn::Seed:
        return QString::number(run.seed);
    case RunColumn::Duration:
        return run.seconds > 0 ? durationText(run.seconds) : QString();
    case RunColumn::Created:
        return timeText(QString::fromStdString(run.created));
    case RunColumn::Tags:
        return joinedTags(run);
    case RunColumn::Note:
        return QString::fromStdString(run.note).section(QLatin1Char('\n'), 0, 0);
    default:
        return {};
    }
}

QVariant valueOf(RunColumn column, const RunRecord& record, const ProjectDocument& document)
{
    if (const auto value = figureOf(column, record))
        return *value;
    switch (column) {
    case RunColumn::Run:
        return static_cast<qlonglong>(record.run.id.value);
    case RunColumn::Seed:
        return static_cast<qulonglong>(record.run.seed);
    case RunColumn::Duration:
        return record.run.seconds;
    case RunColumn::Created:
        return QString::fromStdString(record.run.created);
    case RunColumn::State:
        return static_cast<int>(record.run.state);
    case RunColumn::Accuracy:
    case RunColumn::FullAccuracy:
    case RunColumn::AverageBits:
    case RunColumn::Macs:
    case RunColumn::BitOps:
    case RunColumn::Size:
        return {};
    default:
        return textOf(column, record, document);
    }
}

QString iconOf(RunState state)
{
    return QStringLiteral("state-") + QString::fromStdString(toString(state));
}

QString wordOf(RunState state)
{
    switch (state) {
    case RunState::Queued:
        return translated(QT_TRANSLATE_NOOP("RunColumn", "queued"));
    case RunState::Running:
        return translated(QT_TRANSLATE_NOOP("RunColumn", "running"));
    case RunState::Paused:
        return translated(QT_TRANSLATE_NOOP("RunColumn", "paused"));
    case RunState::Finished:
        return translated(QT_TRANSLATE_NOOP("RunColumn", "finished"));
    case RunState::Failed:
        return translated(QT_TRANSLATE_NOOP("RunColumn", "failed"));
    case RunState::Cancelled:
        return translated(QT_TRANSLATE_NOOP("RunColumn", "cancelled"));
    case RunState::Interrupted:
        break;
    }
    return translated(QT_TRANSLATE_NOOP("RunColumn", "interrupted"));
}

QString wordOf(RunKind kind)
{
    return QString::fromStdString(toString(kind)); // the field's words, the same as at the command line
}

} // namespace bitscape::ui
