// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/run_words.h"

#include "ui/style/figures.h"

#include <QCoreApplication>

#include <cmath>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::RunWords)
};

} // namespace

QString runText(const Run& run)
{
    const auto number = static_cast<qlonglong>(run.id.value);
    return run.name.empty() ? Words::tr("run %1").arg(number) : Words::tr("run %1 (%2)").arg(number).arg(QString::fromStdString(run.name));
}

const Run* nearestOf(const RunResults& results, RunKind kind)
{
    if (results.run.kind == kind)
        return &results.run;
    for (const Run& run : results.ancestors) {
        if (run.kind == kind)
            return &run;
    }
    return nullptr;
}

QString strategyOf(const RunResults& results)
{
    const Run* search = nearestOf(results, RunKind::Search);
    if (!search || !search->parameters.is_object())
        return {};
    const auto found = search->parameters.find("strategy");
    return found != search->parameters.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

bool isUnderWay(const Run& run)
{
    return run.state == RunState::Queued || run.state == RunState::Running || run.state == RunState::Paused;
}

QString kindText(RunKind kind)
{
    switch (kind) {
    case RunKind::Train:
        return Words::tr("training");
    case RunKind::Score:
        return Words::tr("scoring");
    case RunKind::Search:
        return Words::tr("search");
    case RunKind::Edit:
        return Words::tr("edit");
    case RunKind::Refine:
        return Words::tr("refinement");
    case RunKind::Step:
        return Words::tr("stepping");
    case RunKind::Evaluate:
        return Words::tr("evaluation");
    case RunKind::Import:
        return Words::tr("import");
    case RunKind::Export:
        return Words::tr("export");
    case RunKind::Sweep:
        return Words::tr("sweep");
    }
    return {};
}

QString nothingYet(const Run& run)
{
    QString who = runText(run);
    who[0] = who[0].toUpper();
    switch (run.state) {
    case RunState::Queued:
        return Words::tr("%1 is waiting for its turn. Its results appear here as they come.").arg(who);
    case RunState::Running:
        return Words::tr("%1 is at work (%2 %). Its results appear here as they come.").arg(who).arg(100 * run.progress, 0, 'f', 0);
    case RunState::Paused:
        return Words::tr("%1 is paused. Resume it in the list of jobs to see its results.").arg(who);
    case RunState::Interrupted:
        return Words::tr("%1 was interrupted before it had results. Resume it with Run > Resume.").arg(who);
    case RunState::Failed:
        return Words::tr("%1 failed before it had results: %2").arg(who, QString::fromStdString(run.failure));
    case RunState::Cancelled:
        return Words::tr("%1 was cancelled before it had results. Start it anew with Run > Duplicate.").arg(who);
    case RunState::Finished:
        return Words::tr("%1 has finished without results.").arg(who);
    }
    return {};
}

std::optional<double> metricOf(const RunResults& results, const char* name)
{
    const auto found = results.metrics.find(name);
    return found != results.metrics.end() && std::isfinite(found->second) ? std::optional(found->second) : std::nullopt;
}

QString exactPercentText(double share)
{
    return std::isfinite(share) ? Words::tr("%1 %").arg(numberText(100 * share, 4)) : fixedText(share, 0);
}

QString wholeText(double count)
{
    return fixedText(count, 0);
}

QString classText(const RunResults& results, std::size_t number)
{
    const bool named = number < results.classNames.size() && !results.classNames[number].empty();
    return named ? QString::fromStdString(results.classNames[number]) : QString::number(number);
}

QString layerText(const RunResults& results, std::size_t layer)
{
    if (layer < results.layers.size() && !results.layers[layer].name.empty())
        return QString::fromStdString(results.layers[layer].name);
    return Words::tr("layer %1").arg(layer + 1);
}

} // namespace bitscape::ui
